// Unix archives. Layout: ar(5); the names: GNU "//" table and "/SYM64/", BSD "#1/len", thin archives.
#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "scan/archive.h"

namespace cudacompat::scan {
namespace {

constexpr uint64_t kHeader = 60;

std::optional<uint64_t> Decimal(std::string_view text) {
  text = Trim(text);
  uint64_t value = 0;
  if (text.empty() || text.size() > 18) return std::nullopt;
  for (const char c : text) {
    if (!IsDigit(c)) return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  return value;
}

class ArReader {
 public:
  ArReader(Source& source, const Options& options, const SiblingFn& sibling, Problems* problems,
           const MemberFn& use)
      : source_(source), options_(options), sibling_(sibling), problems_(problems), use_(use) {}

  void Read();

 private:
  struct Row {
    std::string name;
    uint64_t begin = 0;  ///< of the member's bytes
    uint64_t size = 0;
  };
  std::optional<Row> ReadRow(uint64_t position);
  std::string LongName(uint64_t offset);
  void UseThin(const std::string& name);
  void UseInPlace(const Row& row);

  Source& source_;
  const Options& options_;
  const SiblingFn& sibling_;
  Problems* problems_;
  const MemberFn& use_;
  bool thin_ = false;
  std::vector<uint8_t> names_;  ///< the "//" member
};

std::optional<ArReader::Row> ArReader::ReadRow(uint64_t position) {
  std::array<char, kHeader> raw{};
  const size_t got = source_.ReadAt(position, {reinterpret_cast<uint8_t*>(raw.data()), raw.size()});
  if (got == 0) return std::nullopt;
  const std::string_view text(raw.data(), got);
  const auto size = got == kHeader ? Decimal(text.substr(48, 10)) : std::nullopt;
  if (!size || text.substr(58, 2) != "`\n") {
    problems_->Add("ar-bad-member", position, "a member header is malformed; the rest is not read");
    return std::nullopt;
  }
  Row row{std::string(Trim(text.substr(0, 16))), position + kHeader, *size};
  if (StartsWith(row.name, "#1/")) {  // BSD: the name stands in front of the bytes
    const uint64_t length = Decimal(row.name.substr(3)).value_or(0);
    if (length > row.size || length > 4096) {
      problems_->Add("ar-bad-member", position, "a member's name is longer than the member");
      return std::nullopt;
    }
    row.name = ReadText(source_, row.begin, static_cast<size_t>(length));
    row.begin += length;
    row.size -= length;
  } else if (row.name.size() > 1 && row.name[0] == '/' && IsDigit(row.name[1])) {
    row.name = LongName(Decimal(row.name.substr(1)).value_or(UINT64_MAX));
  } else if (row.name.size() > 1 && row.name.back() == '/' && row.name != "//" && row.name != "/SYM64/") {
    row.name.pop_back();
  }
  return row;
}

std::string ArReader::LongName(uint64_t offset) {
  const Bytes part = Part(names_, offset, 4096);
  const auto end = std::find_if(part.begin(), part.end(), [](uint8_t c) { return c == '\n' || c == 0; });
  std::string name(part.begin(), end);
  if (!name.empty() && name.back() == '/') name.pop_back();
  return name;
}

void ArReader::UseThin(const std::string& name) {
  const bool escapes = name.empty() || name[0] == '/' || Contains("/" + name + "/", "/../");
  if (escapes || !sibling_) {
    problems_->Add("thin-member-refused", 0,
                   "member " + Printable(name) + " lies outside the archive's folder and is not read");
    return;
  }
  std::string reason;
  const std::unique_ptr<Source> source = sibling_(name, &reason);
  if (!source) {
    problems_->Add("thin-member-missing", 0, "member " + Printable(name) + ": " + reason);
    return;
  }
  Member member{name, 0, false, source.get(), nullptr};
  use_(member);
}

void ArReader::UseInPlace(const Row& row) {
  if (source_.random_access()) {
    SliceSource slice(source_, row.begin, row.size);
    Member member{row.name, row.begin, true, &slice, nullptr};
    use_(member);
    return;
  }
  StreamSource stream([&] { return std::make_unique<SourceStream>(source_, row.begin, row.size); }, row.size,
                      nullptr);
  Member member{row.name, row.begin, true, &stream, &stream};
  use_(member);
}

void ArReader::Read() {
  constexpr uint64_t kMostNames = 16 << 20;
  std::array<uint8_t, 8> magic{};
  source_.ReadAt(0, magic);
  thin_ = magic[2] == 't';
  uint64_t position = magic.size();
  for (uint64_t count = 0; position < source_.size(); ++count) {
    if (count >= options_.most_members) {
      problems_->Add("too-many-members", position, "more members than are read");
      return;
    }
    const auto row = ReadRow(position);
    if (!row) return;
    const bool table =
        row->name == "/" || row->name == "//" || row->name == "/SYM64/" || StartsWith(row->name, "__.SYMDEF");
    if (row->name == "//") names_ = ReadBytes(source_, row->begin, std::min(row->size, kMostNames));
    if (!table && thin_) {
      UseThin(row->name);
      position = row->begin;  // a thin archive holds headers only
      continue;
    }
    if (!Fits(row->begin, row->size, source_.size())) {
      problems_->Add("ar-truncated", position, "member " + Printable(row->name) + " reaches past the end");
    }
    if (!table) UseInPlace(*row);
    position = SaturatingAdd(row->begin, row->size);
    position += position & 1;
  }
}

}  // namespace

void ReadAr(Source& source, const Options& options, const SiblingFn& sibling, Problems* problems,
            const MemberFn& use) {
  ArReader(source, options, sibling, problems, use).Read();
}

}  // namespace cudacompat::scan
