// `check` for people and for the line formats of pipelines.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "render/check.h"

namespace cudacompat::render {
namespace {

using answer::CheckAnswer;
using answer::CheckedFile;
using answer::CheckFinding;

constexpr size_t kShownModules = 4;
constexpr size_t kCellWidth = 7;

std::string Modules(const CheckFinding& finding) {
  if (finding.modules.empty()) return "";
  std::vector<std::string> shown(
      finding.modules.begin(),
      finding.modules.begin() + static_cast<std::ptrdiff_t>(std::min(kShownModules, finding.modules.size())));
  const int64_t left = finding.modules_total - static_cast<int64_t>(shown.size());
  return "modules: " + Printable(Join(shown, ", ")) + (left > 0 ? fmt::format(" and {} more", left) : "");
}

std::string Full(const CheckFinding& finding) {
  std::string text = Printable(finding.summary);
  if (!finding.driver.empty() && !Contains(finding.summary, finding.driver))
    text += " (driver " + Printable(finding.driver) + ")";
  const std::string modules = Modules(finding);
  return modules.empty() ? text : text + " " + modules;
}

// Which modules is worth telling where it is not all of them.
std::string Told(const CheckedFile& file, const CheckFinding& finding) {
  CheckFinding told = finding;
  if (finding.modules_total >= file.modules) told.modules.clear();
  return Full(told);
}

const char* Word(const CheckFinding& finding) {
  if (finding.fails) return "error";
  // What stops a file that decides nothing is a caveat of what uses it.
  const bool open =
      finding.verdict == answer::Verdict::kConditional || finding.verdict == answer::Verdict::kUnknown;
  return open ? "open" : "caveat";
}

void FindingLines(const CheckAnswer& answer, const scan::Report& report, const Style& style,
                  std::string* out) {
  for (const CheckedFile& file : answer.files) {
    if (file.findings.empty()) continue;
    *out += "\n" + Bold(style, Printable(report.files[file.report_index].path)) +
            (file.decides ? "" : Dim(style, " (" + file.role + ": does not decide)")) + "\n";
    for (const CheckFinding& finding : file.findings) {
      const std::string head = fmt::format("  {:<7}{}: ", Word(finding), finding.rule);
      *out += head + Wrap(style, Told(file, finding), 9) + "\n";
    }
  }
}

std::string Cell(const answer::Served& served) {
  if (served.level == 0) return "-";
  const std::string how = served.how == "native" ? "" : served.how == "jit" ? " ptx" : "+ptx";
  return (served.level == 2 ? "all" : "some") + how;
}

// Rows: capabilities that a file serves. Columns: files, as many as the width holds, then the next block.
void Matrix(const CheckAnswer& answer, const Style& style, std::string* out) {
  std::vector<const CheckedFile*> columns;
  for (const CheckedFile& file : answer.files) {
    if (file.modules != 0) columns.push_back(&file);
  }
  if (columns.empty()) return;
  const size_t rows = columns.front()->served->size();
  const size_t block = std::max<size_t>(1, (static_cast<size_t>(style.width) - 12) / (kCellWidth + 2));
  for (size_t first = 0; first < columns.size(); first += block) {
    const size_t last = std::min(columns.size(), first + block);
    std::vector<std::string> header{"serves"};
    for (size_t i = first; i < last; ++i)
      header.push_back(fmt::format("[{}]", columns[i] - answer.files.data() + 1));
    std::vector<std::vector<std::string>> table;
    for (size_t row = 0; row < rows; ++row) {
      std::vector<std::string> cells{columns.front()->served->at(row).capability};
      bool any = false;
      for (size_t i = first; i < last; ++i) {
        cells.push_back(Cell(columns[i]->served->at(row)));
        any = any || columns[i]->served->at(row).level != 0;
      }
      if (any) table.push_back(std::move(cells));
    }
    *out += "\n" + Table(header, table, 0);
  }
  *out +=
      Dim(style,
          "all, some: modules with an image for the capability; ptx: compiled by the driver at the first start; "
          "+ptx: for part of the modules") +
      "\n";
}

// Without device code, and with nothing to say against it: counted in one line.
bool Folds(const CheckedFile& file) {
  return file.modules == 0 && file.findings.empty() && file.verdict == answer::Verdict::kCompatible;
}

// What lies in one archive stands below its name, which may be long.
void FileLines(const CheckAnswer& answer, const scan::Report& report, std::string* out) {
  size_t folding = 0;
  for (const CheckedFile& file : answer.files) folding += Folds(file) ? 1 : 0;
  const bool fold = folding > 1 && folding < answer.files.size();
  std::string archive;
  std::vector<std::vector<std::string>> rows;
  auto flush = [&] {
    if (!rows.empty()) *out += Table({}, rows, 0);
    rows.clear();
  };
  *out += "\n";
  size_t number = 0;
  for (const CheckedFile& file : answer.files) {
    ++number;
    if (fold && Folds(file)) continue;
    const scan::FileReport& scanned = report.files[file.report_index];
    if (scanned.archive != archive) {
      flush();
      archive = scanned.archive;
      if (!archive.empty()) *out += Printable(archive) + "!\n";
    }
    rows.push_back({fmt::format("[{}]", number), Printable(archive.empty() ? scanned.path : scanned.member),
                    fmt::format("{} {}", file.modules, file.modules == 1 ? "module" : "modules"),
                    answer::VerdictText(file.verdict), file.rule, file.role == "own" ? "" : file.role});
  }
  flush();
  if (fold) *out += fmt::format("{} more files hold no device code and load CUDA libraries.\n", folding);
}

// The two characters that end a message, and what stands for itself in a property.
std::string Escaped(std::string text, bool property) {
  text = ReplaceAll(ReplaceAll(ReplaceAll(std::move(text), "%", "%25"), "\r", "%0D"), "\n", "%0A");
  return property ? ReplaceAll(ReplaceAll(std::move(text), ":", "%3A"), ",", "%2C") : text;
}

std::string Xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::vector<answer::DriverFloor> FloorsOf(const CheckAnswer& answer, const scan::Report& report) {
  std::vector<answer::DriverFloor> floors;
  for (const CheckedFile& file : answer.files) {
    if (file.decides) MergeFloors(answer::DriverFloors(report.files[file.report_index]), &floors);
  }
  return floors;
}

std::string CheckText(const CheckAnswer& answer, const scan::Report& report, const Style& style) {
  std::string out = Verdict(style, answer::VerdictText(answer.verdict)) + " (" + answer.rule + ")\n" +
                    Wrap(style, Printable(answer.summary), 0) + "\n";
  for (const std::string& asked : answer.asked) out += "  asked       " + Printable(asked) + "\n";
  if (!answer.not_asked.empty()) out += "  not asked   " + Join(answer.not_asked, ", ") + "\n";
  std::vector<std::string> drivers;
  for (const answer::DriverFloor& floor : FloorsOf(answer, report)) drivers.push_back(FloorText(floor));
  if (!drivers.empty()) out += "  driver      " + Join(drivers, ", ") + "\n";
  if (answer.predicted_error)
    out += fmt::format("  error       it would fail with {} {}\n", answer.predicted_error->code,
                       answer.predicted_error->name);
  for (const answer::Missing& missing : answer.missing) {
    if (!missing.nearest.empty())
      out += "  nearest     to " + Printable(missing.given) + ": " + Printable(Join(missing.nearest, ", ")) +
             "\n";
  }
  FindingLines(answer, report, style, &out);
  if (!answer.files.empty()) FileLines(answer, report, &out);
  Matrix(answer, style, &out);
  return out;
}

std::string CheckAnnotations(const CheckAnswer& answer, const scan::Report& report) {
  std::string out;
  for (const CheckedFile& file : answer.files) {
    const std::string path = Escaped(Printable(report.files[file.report_index].path), true);
    for (const CheckFinding& finding : file.findings) {
      const char* word = finding.fails                                     ? "error"
                         : finding.verdict == answer::Verdict::kCompatible ? "notice"
                                                                           : "warning";
      out += fmt::format("::{} file={},title={}::{}\n", word, path, Escaped(finding.rule, true),
                         Escaped(Told(file, finding), false));
    }
  }
  for (const scan::Unreadable& path : report.unreadable) {
    out += fmt::format("::error file={},title=unreadable::{}\n", Escaped(Printable(path.path), true),
                       Escaped(path.reason, false));
  }
  return out;
}

std::string CheckJunit(const CheckAnswer& answer, const scan::Report& report) {
  std::string cases;
  size_t failures = 0;
  for (const CheckedFile& file : answer.files) {
    const std::string path = Xml(Printable(report.files[file.report_index].path));
    std::string failed, said;
    for (const CheckFinding& finding : file.findings)
      (finding.fails ? failed : said) += finding.rule + ": " + Told(file, finding) + "\n";
    const bool fails = file.verdict != answer::Verdict::kCompatible && (file.decides || !failed.empty());
    cases += fmt::format("    <testcase classname=\"cudacompat.check\" name=\"{}\"", path);
    if (fails) {
      ++failures;
      cases += fmt::format(">\n      <failure message=\"{}\" type=\"{}\">{}</failure>\n",
                           Xml(Printable(file.summary)), Xml(file.rule), Xml(failed + said));
      cases += "    </testcase>\n";
    } else if (!said.empty()) {
      cases += fmt::format(">\n      <system-out>{}</system-out>\n    </testcase>\n", Xml(said));
    } else {
      cases += "/>\n";
    }
  }
  for (const scan::Unreadable& path : report.unreadable) {
    cases += fmt::format(
        "    <testcase classname=\"cudacompat.check\" name=\"{}\">\n      <error message=\"{}\" type=\"unreadable\"/>\n    </testcase>\n",
        Xml(Printable(path.path)), Xml(path.reason));
  }
  const size_t tests = answer.files.size() + report.unreadable.size();
  const std::string counts =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"", tests, failures, report.unreadable.size());
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {0}>\n  <testsuite name=\"cudacompat check\" {0}>\n{1}  </testsuite>\n</testsuites>\n",
      counts, cases);
}

}  // namespace cudacompat::render
