#include "render/scan_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <sstream>
#include <string_view>

#include "answer/driver_floor.h"
#include "base/text.h"
#include "scan/coverage.h"
#include "scan/kernels.h"

namespace cudacompat::render {
namespace {

using scan::Coverage;
using scan::FileReport;
using scan::Image;
using scan::TargetKey;

// The section as the list shows it: "member:.nv_fatbin", "-" for a raw file.
std::string SectionName(const FileReport& file, const Image& image) {
  const bool known = image.section != scan::kNoSection && image.section < file.sections.size();
  std::string name = known ? file.sections[image.section].name : "-";
  if (!file.member.empty()) name = known ? file.member + ":" + name : file.member;
  return Printable(name);
}

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  return "\"" + ReplaceAll(text, "\"", "\"\"") + "\"";
}

std::string Bytes(uint64_t size) {
  if (size >= 1000000) return fmt::format("{:.1f} MB", static_cast<double>(size) / 1e6);
  if (size >= 1000) return fmt::format("{:.1f} kB", static_cast<double>(size) / 1e3);
  return fmt::format("{} {}", size, size == 1 ? "byte" : "bytes");
}

// Kinds that share a name with another are told by theirs.
std::string RowName(const TargetKey& key) {
  const std::string isa = scan::IsaText(key.kind, key.isa_major, key.isa_minor);
  const bool plain = key.kind == scan::kCubin || key.kind == scan::kPtx || key.kind == scan::kLtoIr;
  return scan::TargetName(key) + (isa.empty() ? "" : "@" + isa) +
         (plain ? "" : " " + scan::KindName(key.kind));
}

std::string Count(uint64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

void Detail(std::string* out, const char* label, const std::string& text) {
  if (!text.empty()) *out += fmt::format("    {:<10} {}\n", label, text);
}

std::string Codecs(const FileReport& file) {
  std::map<std::string, uint64_t> counts;
  for (const auto& [group, count] : file.groups) counts[scan::CodecName(group.codec)] += count;
  std::vector<std::string> parts;
  for (const auto& [name, count] : counts) parts.push_back(fmt::format("{} {}", count, name));
  return Join(parts, ", ");
}

std::string Needs(const FileReport& file) {
  std::vector<std::string> parts;
  for (const scan::Need& need : file.needs)
    parts.push_back(Printable(need.name) + (need.delayed ? " (delayed)" : ""));
  return Join(parts, " ");
}

std::string LeftText(const FileReport& file) {
  std::vector<std::string> parts;
  for (const scan::LeftSection& left : file.left) {
    parts.push_back(fmt::format("{} ({})", Printable(left.name), Bytes(left.size)));
  }
  return parts.empty() ? "" : Join(parts, ", ") + "; --deep searches them";
}

// Images that stand outside the fat binary sections, when some were looked for.
std::string Outside(const FileReport& file) {
  uint64_t outside = 0;
  for (const auto& [group, count] : file.groups) outside += group.in_fatbin_section ? 0 : count;
  const bool raw = file.format != "elf" && file.format != "pe" && file.format != "ar";
  return raw || outside == 0 ? "" : Count(outside, "image", "images") + " outside the fat binary sections";
}

// How many files stand in each archive.
using Members = std::map<std::string_view, size_t>;

Members MembersOf(const scan::Report& report) {
  Members members;
  for (const FileReport& file : report.files) {
    if (!file.archive.empty()) ++members[file.archive];
  }
  return members;
}

void FileLines(std::string* out, size_t number, const FileReport& file, const Members& all) {
  const auto own = all.find(file.path);
  const size_t members = own == all.end() ? 0 : own->second;
  const Coverage coverage = CoverageOf(file);
  *out += fmt::format("[{}] {}\n", number, Printable(file.path));
  std::string what = file.format;
  if (!file.machine.empty()) what += " " + file.machine;
  if (file.size != 0) what += ", " + Bytes(file.size);
  if (file.images_total != 0) {
    what += ", " + Count(file.images_total, "image", "images") + " in " +
            Count(file.containers_total, "container", "containers");
    if (coverage.stubs != 0) what += fmt::format(" ({} without kernels)", coverage.stubs);
    if (coverage.device_links != 0) what += fmt::format(" ({} of a device link)", coverage.device_links);
  } else if (members != 0) {
    what += ", " + Count(members, "member", "members") + " with device code or CUDA libraries";
  } else {
    what += ", no device code found";
  }
  if (coverage.style != scan::Style::kNone) what += ", " + StyleName(coverage.style);
  *out += "    " + what + "\n";
  Detail(out, "package", Printable(file.package));
  Detail(out, "codecs", file.images_total == 0 ? "" : Codecs(file));
  Detail(out, "outside", Outside(file));
  Detail(out, "needs", Needs(file));
  Detail(
      out, "library",
      file.images_total == 0 && !file.cuda_library.empty() ? Printable(file.cuda_library) + " of CUDA" : "");
  Detail(out, "cudart", file.static_cudart == scan::StaticCudart::kYes ? "linked statically" : "");
  Detail(out, "built with", file.toolkits.empty() ? "" : "CUDA " + Join(file.toolkits, ", "));
  std::vector<std::string> drivers;
  for (const answer::DriverFloor& floor : answer::DriverFloors(file)) drivers.push_back(FloorText(floor));
  Detail(out, "driver", Join(drivers, ", "));
  Detail(out, "left", LeftText(file));
  for (const std::string& note : file.notes) Detail(out, "note", note);
  for (const scan::Problem& problem : file.problems.list()) {
    Detail(out, "problem",
           fmt::format("{} at {}: {}", problem.code, problem.offset, Printable(problem.message)));
  }
  if (file.problems.dropped() != 0)
    Detail(out, "problem", fmt::format("… and {} more", file.problems.dropped()));
}

// Kernels with the targets that each was compiled for, and in how many of the modules that hold it where that
// is not in all: a hole.
void KernelLines(std::ostream& out, const FileReport& file) {
  for (const auto& [name, kernel] : file.kernels) {
    std::vector<TargetKey> sorted;
    for (const auto& [key, modules] : kernel.targets) sorted.push_back(key);
    std::sort(sorted.begin(), sorted.end(), scan::TargetBefore);
    std::vector<std::string> words;
    for (const TargetKey& key : sorted) {
      const uint32_t modules = kernel.targets.at(key);
      words.push_back(RowName(key) +
                      (modules < kernel.modules ? fmt::format(" ({} of {})", modules, kernel.modules) : ""));
    }
    out << fmt::format("    {}\n        {}\n", Printable(scan::Demangled(name)), Join(words, " "));
  }
}

struct Column {
  size_t number = 0;
  uint64_t containers = 0;
  std::map<TargetKey, uint64_t> counts;
};

// Containers of a file that hold each target; images without a container count for themselves.
Column ColumnOf(size_t number, const FileReport& file) {
  Column column{number, 0, {}};
  const Coverage coverage = CoverageOf(file);
  column.containers = coverage.containers;
  for (const scan::TargetCount& target : coverage.targets) column.counts[target.target] = target.containers;
  if (coverage.containers != 0) return column;
  for (const auto& [group, count] : file.groups) {
    if (!group.stub) column.counts[group.target] += count;
  }
  return column;
}

std::string Cell(const Column& column, const TargetKey& key) {
  const auto entry = column.counts.find(key);
  if (entry == column.counts.end()) return "-";
  if (column.containers == 0) return std::to_string(entry->second);
  if (entry->second == column.containers) return "all";
  return std::to_string(entry->second);
}

void Matrix(std::string* out, const std::vector<Column>& columns, size_t width) {
  std::vector<TargetKey> rows;
  for (const Column& column : columns) {
    for (const auto& [key, count] : column.counts) rows.push_back(key);
  }
  std::sort(rows.begin(), rows.end(), scan::TargetBefore);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  size_t label = 6;
  for (const TargetKey& key : rows) label = std::max(label, RowName(key).size());
  constexpr size_t kCell = 7;
  const size_t per_block = std::max<size_t>(1, width > label + kCell ? (width - label) / kCell : 1);
  for (size_t first = 0; first < columns.size(); first += per_block) {
    const size_t last = std::min(columns.size(), first + per_block);
    *out += fmt::format("\n{:<{}}", "target", label);
    for (size_t i = first; i < last; ++i)
      *out += fmt::format("{:>{}}", fmt::format("[{}]", columns[i].number), kCell);
    *out += "\n";
    for (const TargetKey& key : rows) {
      *out += fmt::format("{:<{}}", RowName(key), label);
      for (size_t i = first; i < last; ++i) *out += fmt::format("{:>{}}", Cell(columns[i], key), kCell);
      *out += "\n";
    }
    *out += fmt::format("{:<{}}", "of", label);
    for (size_t i = first; i < last; ++i) *out += fmt::format("{:>{}}", columns[i].containers, kCell);
    *out += "\n";
  }
  *out += "\nCells count the containers (about: source files) that hold the target; \"all\" is every one.\n";
}

}  // namespace

void WriteScanList(const scan::Report& report, std::ostream& out) {
  uint64_t index = 0;
  for (const FileReport& file : report.files) {
    for (const Image& image : file.images) {
      out << fmt::format("{}\t{}\t{}\t{}\t{}\n", ++index, scan::KindName(image.kind), scan::TargetName(image),
                         scan::CodecName(image.codec), SectionName(file, image));
    }
  }
}

void WriteScanCsv(const scan::Report& report, std::ostream& out) {
  out << "path,index,kind,target,ptx_isa,compression,section,in_fatbin_section,listed_by_vendor_tool,stub,"
         "container,"
         "offset,size,unpacked_size,debug,identifier\r\n";
  for (const FileReport& file : report.files) {
    uint64_t index = 0;
    for (const Image& image : file.images) {
      const std::string container =
          image.container == scan::kNoContainer ? "" : std::to_string(image.container);
      out << fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n",
                         CsvField(Printable(file.path)), ++index, scan::KindName(image.kind),
                         scan::TargetName(image), scan::IsaText(image.kind, image.isa_major, image.isa_minor),
                         scan::CodecName(image.codec), CsvField(SectionName(file, image)),
                         image.in_fatbin_section, image.listed_by_vendor_tool, image.stub, container,
                         image.offset, image.size, image.full_size, (image.flags & scan::kFlagDebug) != 0,
                         CsvField(Printable(file.identifiers[image.identifier])));
    }
  }
}

void WriteScanTable(const scan::Report& report, const ScanTableOptions& options, std::ostream& out) {
  const Members members = MembersOf(report);
  std::vector<Column> columns;
  size_t number = 0;
  for (const FileReport& file : report.files) {
    std::string lines;
    FileLines(&lines, ++number, file, members);
    out << lines;
    KernelLines(out, file);
    if (file.images_total != 0) columns.push_back(ColumnOf(number, file));
  }
  if (report.files.empty()) out << "no file with device code\n";
  std::string matrix;
  if (!columns.empty()) Matrix(&matrix, columns, options.width);
  out << matrix;
  if (report.files_examined > 1) {
    out << fmt::format("{} files examined, {}\n", report.files_examined, Bytes(report.bytes_examined));
  }
}

std::string ScanTable(const scan::Report& report, const ScanTableOptions& options) {
  std::ostringstream out;
  WriteScanTable(report, options, out);
  return out.str();
}

std::string ScanList(const scan::Report& report) {
  std::ostringstream out;
  WriteScanList(report, out);
  return out.str();
}

std::string ScanCsv(const scan::Report& report) {
  std::ostringstream out;
  WriteScanCsv(report, out);
  return out.str();
}

}  // namespace cudacompat::render
