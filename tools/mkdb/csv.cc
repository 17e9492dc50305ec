#include "mkdb/csv.h"

#include <fmt/format.h>

#include "base/text.h"

namespace cudacompat::mkdb {
namespace {

/// One line's cells, or false with the reason and its byte.
class LineParser {
 public:
  explicit LineParser(std::string_view line) : line_(line) {}

  bool Parse(std::vector<Cell>& cells) {
    do {
      Cell cell;
      cell.column = static_cast<int>(at_) + 1;
      if (!(at_ < line_.size() && line_[at_] == '"' ? Quoted(cell.text) : Plain(cell.text))) return false;
      cells.push_back(std::move(cell));
    } while (at_ < line_.size() && line_[at_++] == ',');
    return true;
  }
  const char* reason() const { return reason_; }
  int column() const { return static_cast<int>(at_) + 1; }

 private:
  bool Plain(std::string& text) {
    while (at_ < line_.size() && line_[at_] != ',') {
      if (line_[at_] == '"') return Fail("a quote inside a cell: quote the whole cell and double the quote");
      text += line_[at_++];
    }
    return true;
  }

  bool Quoted(std::string& text) {
    const size_t start = at_++;
    for (; at_ < line_.size(); ++at_) {
      if (line_[at_] != '"') {
        text += line_[at_];
      } else if (at_ + 1 < line_.size() && line_[at_ + 1] == '"') {
        text += line_[at_++];
      } else {
        ++at_;
        if (at_ == line_.size() || line_[at_] == ',') return true;
        return Fail("after a closing quote: expected a comma or the end of the line");
      }
    }
    at_ = start;
    return Fail("the quote is not closed in its line: one fact is one line");
  }

  bool Fail(const char* reason) {
    reason_ = reason;
    return false;
  }

  std::string_view line_;
  size_t at_ = 0;
  const char* reason_ = "";
};

bool CheckBytes(const std::string& file, int number, std::string_view line, Problems& problems) {
  for (size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    if (byte >= 0x20 && byte != 0x7f) continue;
    problems.Add(fmt::format("{}:{}:{}", file, number, i + 1),
                 byte == '\r' ? "a carriage return: lines end in LF alone"
                              : fmt::format("control character 0x{:02x}", byte));
    return false;
  }
  if (const size_t bad = FindBadUtf8(line); bad != std::string_view::npos) {
    problems.Add(fmt::format("{}:{}:{}", file, number, bad + 1), "not UTF-8");
    return false;
  }
  return true;
}

bool CheckCell(const Csv& csv, const Row& row, size_t index, Problems& problems) {
  const Cell& cell = row.cells[index];
  const std::string name = index < csv.header.cells.size() ? csv.header.cells[index].text : "";
  const std::string column = name.empty() ? "" : "column " + name + ": ";
  if (cell.text.empty()) {
    problems.Add(Place(csv, row, cell), column +
                                            "empty cell; write unsaid (the source does not say), open (still "
                                            "going on) or - (does not apply)");
    return false;
  }
  if (Trim(cell.text).size() != cell.text.size()) {
    problems.Add(Place(csv, row, cell), column + "blank at the start or end of the cell");
    return false;
  }
  return true;
}

void AddRow(Csv& csv, Row row, Problems& problems) {
  const bool is_header = csv.header.cells.empty();
  if (!is_header && row.cells.size() != csv.header.cells.size()) {
    problems.Add(Place(csv, row), fmt::format("expected {} cells as in the header, got {}",
                                              csv.header.cells.size(), row.cells.size()));
    csv.damaged = true;
    return;
  }
  bool good = true;
  for (size_t i = 0; i < row.cells.size(); ++i) good = CheckCell(csv, row, i, problems) && good;
  if (is_header) {
    csv.header = std::move(row);
  } else if (good) {
    csv.rows.push_back(std::move(row));
  }
  csv.damaged |= !good;
}

bool NeedsQuotes(std::string_view text) { return text.find_first_of(",\"") != std::string_view::npos; }

}  // namespace

Csv ReadCsv(const std::string& file, std::string_view text, Problems& problems) {
  Csv csv;
  csv.file = file;
  if (StartsWith(text, "\xef\xbb\xbf")) {
    problems.Add(file + ":1:1", "a byte order mark: plain UTF-8 has none");
    text.remove_prefix(3);
  }
  if (text.empty()) {
    problems.Add(file + ":1:1", "empty file: expected a header line");
    csv.damaged = true;
    return csv;
  }
  auto lines = Split(text, '\n');
  if (lines.back().empty()) {
    lines.pop_back();
  } else {
    problems.Add(fmt::format("{}:{}", file, lines.size()), "the last line does not end in LF");
  }
  for (size_t i = 0; i < lines.size(); ++i) {
    Row row;
    row.line = static_cast<int>(i) + 1;
    LineParser parser(lines[i]);
    if (!CheckBytes(file, row.line, lines[i], problems)) {
      csv.damaged = true;
    } else if (!parser.Parse(row.cells)) {
      problems.Add(fmt::format("{}:{}:{}", file, row.line, parser.column()), parser.reason());
      csv.damaged = true;
    } else {
      AddRow(csv, std::move(row), problems);
    }
  }
  return csv;
}

std::string Place(const Csv& csv, const Row& row, const Cell& cell) {
  return fmt::format("{}:{}:{}", csv.file, row.line, cell.column);
}

std::string Place(const Csv& csv, const Row& row) { return fmt::format("{}:{}", csv.file, row.line); }

std::string CsvLine(const Row& row) {
  std::string line;
  for (const Cell& cell : row.cells) {
    if (!line.empty()) line += ',';
    line += NeedsQuotes(cell.text) ? '"' + ReplaceAll(cell.text, "\"", "\"\"") + '"' : cell.text;
  }
  return line + '\n';
}

}  // namespace cudacompat::mkdb
