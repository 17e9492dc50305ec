// `scan PATH…`: which GPU code is inside these files? No verdict, no database.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <ostream>

#include "base/text.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/progress.h"
#include "render/scan_json.h"
#include "render/scan_text.h"
#include "scan/extract.h"
#include "scan/kernels.h"
#include "scan/scan.h"

namespace cudacompat::cli {
namespace {

struct ScanFlags {
  std::vector<std::string> paths;
  bool deep = false;
  bool list = false;
  bool csv = false;
  bool json = false;
  bool kernels = false;
  std::string extract;
  std::vector<std::string> only;
  unsigned threads = 0;
};

std::optional<Error> CheckFlags(const ScanFlags& flags) {
  for (const std::string& path : flags.paths) {
    if (path.empty()) return Error{ErrorKind::kUsage, "PATH", "an empty path", "name a file or a folder"};
  }
  if (flags.kernels && (flags.csv || (flags.list && !flags.json))) {
    return Error{ErrorKind::kUsage, "--kernels", "a line for each image has no place for kernels",
                 "leave out --list or --csv, or write --json"};
  }
  if (flags.csv && (flags.json || flags.list)) {
    return Error{ErrorKind::kUsage, "--csv", "one output format at a time", "leave out --json and --list"};
  }
  if (!flags.only.empty() && flags.extract.empty()) {
    return Error{ErrorKind::kUsage, "--only", "chooses images to extract", "add --extract DIR"};
  }
  for (const std::string& target : flags.only) {
    if (!ParseTarget(target)) {
      return Error{ErrorKind::kUsage, "--only", "\"" + Printable(target) + "\" is no target",
                   "sm_90a, compute_80, lto_80 …"};
    }
  }
  return std::nullopt;
}

// Both hooks want to see images; the library has room for one.
scan::ImageFn Hooks(bool kernels, scan::Extractor* extractor) {
  scan::ImageFn list = kernels ? scan::KernelHook() : scan::ImageFn();
  scan::ImageFn extract = extractor ? extractor->Hook() : scan::ImageFn();
  if (!list) return extract;
  if (!extract) return list;
  return [list, extract](scan::FileReport& file, const scan::Image& image, scan::Source& payload) {
    list(file, image, payload);
    extract(file, image, payload);
  };
}

// A file that is not whole is removed, then the signal does what it always does.
void RemovePartialAndDie(int signal) {
  scan::Extractor::RemovePartial();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void Show(const ScanFlags& flags, const scan::Report& report, Io& io) {
  if (flags.json) return render::WriteScanJson(report, {flags.list}, io.out);
  if (flags.list) {
    render::WriteScanList(report, io.out);
  } else if (flags.csv) {
    render::WriteScanCsv(report, io.out);
  } else {
    render::WriteScanTable(report, {static_cast<size_t>(io.width)}, io.out);
  }
}

int RunScan(const ScanFlags& flags, Io& io) {
  if (const auto error = CheckFlags(flags)) return Fail(io, *error);
  std::unique_ptr<scan::Extractor> extractor;
  if (!flags.extract.empty()) {
    extractor = std::make_unique<scan::Extractor>(flags.extract, flags.only);
    const std::string reason = extractor->Prepare();
    if (!reason.empty()) {
      return Fail(io, {ErrorKind::kBadInput, flags.extract, reason, "name a folder that can be written to"});
    }
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      if (std::signal(signal, RemovePartialAndDie) == SIG_IGN) std::signal(signal, SIG_IGN);  // nohup
    }
  }
  scan::Options options;
  options.deep = flags.deep;
  options.threads = flags.threads;
  options.keep_images = flags.list || flags.csv;
  options.on_image = Hooks(flags.kernels, extractor.get());
  scan::Report report;
  {
    ProgressLine line(io);
    report = scan::ScanPaths(flags.paths, options, line.Hook());
  }
  int code = TellUnreadable(flags.paths, false, report, io);
  if (code != 0 && report.files.empty()) return code;
  const std::vector<std::string> failed = extractor ? extractor->failed() : std::vector<std::string>();
  const bool none = extractor && !flags.only.empty() && failed.empty() && extractor->written().empty();
  if (failed.empty() && !none) Show(flags, report, io);  // no report beside exit 65
  if (!extractor) return code;
  constexpr size_t kMostTold = 5;  // a full disk fails each of hundreds
  for (size_t i = 0; i < std::min(failed.size(), kMostTold); ++i) {
    code = Fail(io, {ErrorKind::kBadInput, "--extract", failed[i], "extract into an empty folder"});
  }
  if (failed.size() > kMostTold) {
    io.err << fmt::format("cudacompat: {} more images were not written\n", failed.size() - kMostTold);
  }
  if (none) {
    code = Fail(
        io, {ErrorKind::kBadInput, "--only", "no image of " + Join(flags.only, ", ") + " could be written",
             "scan --list shows which images there are"});
  }
  io.err << fmt::format("cudacompat: {} {} written to {}\n", extractor->written().size(),
                        extractor->written().size() == 1 ? "image" : "images", Printable(flags.extract));
  return code;
}

}  // namespace

void AddScan(CLI::App* app, Io& io, int* code) {
  CLI::App* command = app->add_subcommand("scan", "Which GPU code is inside these files?");
  auto flags = std::make_shared<ScanFlags>();
  command->add_option("path", flags->paths, "libraries, objects, wheels, archives, folders")
      ->required()
      ->type_name("PATH");
  command->add_flag("--deep", flags->deep, "search whole files, not only the sections made for device code");
  command->add_flag("--list", flags->list, "one line per image: index, kind, target, compression, section");
  command->add_flag("--csv", flags->csv, "one row per image");
  command->add_flag("--json", flags->json, "one JSON object; with --list also every image");
  command->add_flag("--kernels", flags->kernels,
                    "names of the kernels with their targets (unpacks everything)");
  command->add_option("--extract", flags->extract, "write the images, unpacked, into this folder")
      ->type_name("DIR");
  command->add_option("--only", flags->only, "extract this target only (repeatable)")
      ->type_name("TARGET")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--threads", flags->threads, "files read at once (default: the cores, at most 8)")
      ->check(CLI::Range(1, 64));
  command->callback([flags, &io, code] { *code = RunScan(*flags, io); });
}

}  // namespace cudacompat::cli
