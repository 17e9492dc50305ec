#include "render/style.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace cudacompat::render {
namespace {

std::string Coloured(const Style& style, const char* code, const std::string& text) {
  return style.colour ? std::string("\x1b[") + code + "m" + text + "\x1b[0m" : text;
}

size_t Columns(const std::string& text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

std::string Bold(const Style& style, const std::string& text) { return Coloured(style, "1", text); }
std::string Dim(const Style& style, const std::string& text) { return Coloured(style, "2", text); }

std::string Verdict(const Style& style, const std::string& verdict) {
  const char* code = verdict == "compatible" ? "1;32" : verdict == "incompatible" ? "1;31" : "1;33";
  return Coloured(style, code, verdict);
}

std::string Table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                  int indent) {
  std::vector<size_t> widths;
  auto measure = [&widths](const std::vector<std::string>& row) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Columns(row[i]));
  };
  measure(header);
  for (const auto& row : rows) measure(row);
  std::string out;
  auto print = [&](const std::vector<std::string>& row) {
    std::string line(static_cast<size_t>(indent), ' ');
    for (size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line += std::string(widths[i] - Columns(row[i]) + 2, ' ');
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    out += line + "\n";
  };
  if (!header.empty()) print(header);
  for (const auto& row : rows) print(row);
  return out;
}

std::string Wrap(const Style& style, const std::string& text, int indent) {
  std::string out;
  size_t column = static_cast<size_t>(indent);
  for (std::string_view word : Words(text)) {
    if (!out.empty() && column + 1 + word.size() > static_cast<size_t>(style.width)) {
      out += "\n" + std::string(static_cast<size_t>(indent), ' ');
      column = static_cast<size_t>(indent);
    } else if (!out.empty()) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

void AddLabelled(std::string* out, const Style& style, int width, const std::string& label,
                 const std::string& text) {
  if (text.empty()) return;
  std::string head = fmt::format("  {:<{}}", label, width);
  *out += Bold(style, head) + Wrap(style, Printable(text), static_cast<int>(head.size())) + "\n";
}

std::string CsvRow(const std::vector<std::string>& cells) {
  std::string out;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    bool quote = cells[i].find_first_of(",\"\n\r") != std::string::npos;
    out += quote ? "\"" + ReplaceAll(cells[i], "\"", "\"\"") + "\"" : cells[i];
  }
  return out + "\n";
}

}  // namespace cudacompat::render
