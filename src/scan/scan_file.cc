// One file through the scanner: what it is, then objects to their readers and archives to theirs, with
// everything that nests. Does not own: folders and threads (scan_paths.cc).
#include <algorithm>
#include <array>

#include "base/text.h"
#include "scan/archive.h"
#include "scan/identify.h"
#include "scan/object.h"
#include "scan/scan.h"

namespace cudacompat::scan {
namespace {

bool IsObject(Format format) {
  switch (format) {
    case Format::kElf:
    case Format::kCubin:
    case Format::kPe:
    case Format::kCoff:
    case Format::kFatbin:
    case Format::kPtx:
    case Format::kLtoIr:
      return true;
    default:
      return false;
  }
}

void ScanObject(ObjectContext& context, Format format) {
  switch (format) {
    case Format::kElf:
      return ScanElf(context);
    case Format::kCubin:
      return ScanRawCubin(context);
    case Format::kPe:
      return ScanPe(context);
    case Format::kCoff:
      return ScanCoff(context);
    case Format::kFatbin:
      return ScanRawFatbin(context);
    case Format::kPtx:
      return ScanPtx(context);
    case Format::kLtoIr:
      return ScanLtoIr(context);
    default:
      return;
  }
}

void NoteForeign(FileReport& file, Format format) {
  switch (format) {
    case Format::kLlvmOffload:
      file.notes.push_back("LLVM offload binary, whose images are not read");
      break;
    case Format::kHipBundle:
      file.notes.push_back("Clang offload bundle, whose images are not read");
      break;
    case Format::kOptixIr:
      file.notes.push_back("OptiX IR, which is compiled for any card at run time");
      break;
    case Format::kLegacyFatbin:
      file.notes.push_back("fat binary of CUDA 3 or older, which is not read");
      break;
    default:
      break;
  }
}

// What a program without device code names, and may open.
void TellNames(FileReport& file) {
  if (!file.opens.empty()) {
    file.notes.push_back("names " + Join(file.opens, ", ") + ": it may open that at run time");
  } else if (!file.other_apis.empty()) {
    file.notes.push_back("names " + Join(file.other_apis, ", ") + ", by which it may use a GPU without CUDA");
  }
}

// Where in a nest of archives we are.
struct Name {
  std::string path;     // "a.whl!b.zip!c.so"
  std::string archive;  // "a.whl!b.zip"
  std::string member;   // "c.so"

  Name Inside(const std::string& name) const { return {path + "!" + Printable(name), path, Printable(name)}; }
};

// "torch-2.6.0+cu124.dist-info/METADATA" → "torch 2.6.0+cu124".
std::string PackageOf(const std::string& member) {
  const std::string_view mark = ".dist-info/";
  const size_t end = member.find(mark);
  const size_t dash = member.find('-');
  if (end == std::string::npos || dash == std::string::npos || dash > end || member.find('/') < end)
    return {};
  return member.substr(0, dash) + " " + member.substr(dash + 1, end - dash - 1);
}

class Engine {
 public:
  Engine(const Options& options, uint64_t size, SiblingFn sibling, std::vector<FileReport>& out)
      : options_(options), sibling_(std::move(sibling)), out_(out) {
    const uint64_t by_size = size > UINT64_MAX / 2 / kUnpackRatio ? UINT64_MAX / 2 : size * kUnpackRatio;
    budget_.left = SaturatingAdd(options.most_unpacked, by_size);
  }

  /// `always`: report it even when there is nothing in it.
  Format Scan(Source& source, const Name& name, int depth, bool always);

 private:
  void ScanMember(Member& member, const Name& archive, int depth, Problems* problems);
  void ScanArArchive(Source& source, const Name& name, int depth, FileReport& file);
  void ScanCompressed(Source& source, const Name& name, int depth, Format format, FileReport& file);
  void ScanZip(Source& source, const Name& name, int depth, FileReport& file);
  void NoteLinks(FileReport& file);
  void Emit(FileReport file, bool always) {
    if (always || file.interesting() || !file.problems.empty()) out_.push_back(std::move(file));
  }

  const Options& options_;
  SiblingFn sibling_;
  std::vector<FileReport>& out_;
  Budget budget_;
  uint64_t verified_ = 0;  ///< bytes that were read for their checksum alone
  uint64_t programs_ = 0;
  Links links_;

 public:
  uint64_t programs() const { return programs_; }
  Links& links() { return links_; }
};

FileReport NewReport(const Name& name, Source& source, Format format) {
  FileReport file;
  file.path = name.path;
  file.archive = name.archive;
  file.member = name.member;
  file.format = FormatName(format);
  file.size = source.size() == kUnknownSize ? 0 : source.size();
  return file;
}

// Of a program without anything of CUDA, what it loads decides; of all others what they hold or need does.
void Engine::NoteLinks(FileReport& file) {
  if (!file.interesting()) {
    const std::string& place = file.member.empty() ? file.path : file.member;
    for (const std::string& name : file.loads) links_.Load(name);
    links_.Provide(place.substr(place.find_last_of("/!") + 1));
    if (!file.soname.empty()) links_.Provide(file.soname);
    links_.unlinked = links_.unlinked || file.unlinked || file.loads.size() == kMostLoads;
  }
  file.loads = {};
}

Format Engine::Scan(Source& source, const Name& name, int depth, bool always) {
  const Format format = Identify(source);
  FileReport file = NewReport(name, source, format);
  if (IsObject(format)) {
    ++programs_;
    Collector collector(file, options_);
    ObjectContext context{source, 0, {}, options_, collector};
    ScanObject(context, format);
    collector.Finish();
    TellNames(file);
    NoteLinks(file);
    // A library without CUDA may be as broken as it likes.
    if (file.interesting() || always) Emit(std::move(file), always);
    return format;
  }
  NoteForeign(file, format);
  if (format == Format::kUnknown || !file.notes.empty()) {
    Emit(std::move(file), always);
    return format;
  }
  if (depth >= options_.most_nesting) {
    file.problems.Add("nested-too-deep", 0, "an archive in too many archives is not opened");
    Emit(std::move(file), true);
    return format;
  }
  // The archive's own report stands in front of its members'.
  const size_t place = out_.size();
  out_.push_back({});
  if (format == Format::kAr || format == Format::kThinAr) ScanArArchive(source, name, depth, file);
  if (format == Format::kZip) ScanZip(source, name, depth, file);
  if (format == Format::kTar) {
    ReadTar(source, options_, &file.problems,
            [&](Member& member) { ScanMember(member, name, depth, &file.problems); });
  }
  ScanCompressed(source, name, depth, format, file);
  if (always || file.interesting() || !file.problems.empty()) {
    out_[place] = std::move(file);
  } else {
    out_.erase(out_.begin() + static_cast<std::ptrdiff_t>(place));
  }
  return format;
}

void Engine::ScanMember(Member& member, const Name& archive, int depth, Problems* problems) {
  const size_t first = out_.size();
  const Format format = Scan(*member.source, archive.Inside(member.name), depth + 1, false);
  // Not what its name promises: perhaps its first bytes are damaged. A hostile archive may name one place
  // many times: it is not read for this without end.
  constexpr uint64_t kMostVerified = 1 << 30;
  std::string error = member.stream ? member.stream->error() : "";
  if (format == Format::kUnknown && error.empty() && member.verify && NamedAsCode(member.name) &&
      verified_ < kMostVerified) {
    verified_ += member.source->size();
    error = member.verify();
  }
  if (error.empty()) return;
  problems->Add("unpack-failed", 0, "member " + Printable(member.name) + ": " + error);
  for (size_t i = first; i < out_.size(); ++i) out_[i].problems.Add("unpack-failed", 0, error);
}

void Engine::ScanZip(Source& source, const Name& name, int depth, FileReport& file) {
  constexpr uint64_t kMostBuffered = 8 << 20;
  const size_t first = out_.size();
  auto use = [&](Member& member) {
    if (file.package.empty()) file.package = PackageOf(member.name);
    ScanMember(member, name, depth, &file.problems);
  };
  if (source.random_access()) {
    ReadZip(source, options_, &budget_, &file.problems, use);
  } else if (source.size() <= kMostBuffered) {
    const std::vector<uint8_t> bytes = ReadBytes(source, 0, kMostBuffered);
    MemorySource memory(bytes);
    ReadZip(memory, options_, &budget_, &file.problems, use);
  } else {
    file.problems.Add("zip-in-stream", 0, "a zip inside a compressed archive is not opened: unpack it first");
  }
  for (size_t i = first; i < out_.size(); ++i) {
    if (out_[i].package.empty()) out_[i].package = file.package;
  }
}

// The checksum of a compressed stream stands behind what was read of it: behind the padding of a tar, or
// behind something that was not recognised, perhaps because it is damaged (4 MB of it are looked at).
void Drain(StreamSource& stream) {
  constexpr uint64_t kMost = 4 << 20;
  const uint64_t begin = stream.position();
  std::array<uint8_t, 4096> rest{};
  uint64_t at = begin;
  while (at - begin < kMost && stream.ReadAt(at, rest) == rest.size()) at = stream.position();
}

void Engine::ScanCompressed(Source& source, const Name& name, int depth, Format format, FileReport& file) {
  const StreamFactory open = OpenCompressed(source, 0, source.size(), format);
  if (!open) return;
  StreamSource stream(open, kUnknownSize, &budget_);
  // A compressed tar is one archive to a person: its members stand directly below it.
  if (Identify(stream) == Format::kTar) {
    file.format = "tar." + file.format;
    ReadTar(stream, options_, &file.problems,
            [&](Member& member) { ScanMember(member, name, depth, &file.problems); });
  } else {
    Scan(stream, name.Inside("content"), depth + 1, false);
  }
  Drain(stream);
  if (!stream.error().empty()) file.problems.Add("unpack-failed", stream.position(), stream.error());
}

void Engine::ScanArArchive(Source& source, const Name& name, int depth, FileReport& file) {
  Collector collector(file, options_);
  bool debian = false;
  ReadAr(source, options_, sibling_, &file.problems, [&](Member& member) {
    if (member.name == "debian-binary") debian = true;
    const Format format = Identify(*member.source);
    if (!IsObject(format)) {
      if (format != Format::kUnknown) ScanMember(member, name, depth, &file.problems);
      return;
    }
    ++programs_;
    ObjectContext context{*member.source, member.in_place ? member.offset : 0, Printable(member.name) + ":",
                          options_, collector};
    ScanObject(context, format);
  });
  collector.Finish();
  if (file.needs.empty()) NoteCudaLibrary(file);
  TellNames(file);
  if (debian) file.format = "deb";
  NoteLinks(file);
}

}  // namespace

std::vector<FileReport> ScanSource(Source& source, const std::string& name, const Options& options,
                                   const std::string& folder, Links* links) {
  std::vector<FileReport> reports;
  SiblingFn sibling;
  if (!folder.empty()) {
    sibling = [&folder](const std::string& file, std::string* reason) -> std::unique_ptr<Source> {
      return FileSource::Open(folder + "/" + file, reason);
    };
  }
  Engine engine(options, source.size(), std::move(sibling), reports);
  engine.Scan(source, {name, {}, {}}, 0, true);
  if (!reports.empty()) reports.front().programs = engine.programs();
  if (links != nullptr) *links = std::move(engine.links());
  return reports;
}

}  // namespace cudacompat::scan
