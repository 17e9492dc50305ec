// How text for people looks: colour only on a terminal that wants it, tables with aligned columns, wrapped
// lines.
#pragma once

#include <string>
#include <vector>

namespace cudacompat::render {

struct Style {
  bool colour = false;
  int width = 100;  ///< columns to wrap at
};

std::string Bold(const Style& style, const std::string& text);
std::string Dim(const Style& style, const std::string& text);

/// The verdict word in its colour.
std::string Verdict(const Style& style, const std::string& verdict);

/// Columns as wide as their widest cell (UTF-8 counted by code points), two blanks between, `indent` blanks
/// in front.
std::string Table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                  int indent);

/// `text` wrapped at words, every line but the first with `indent` blanks.
std::string Wrap(const Style& style, const std::string& text, int indent);

/// Adds a line of `text` behind its label, which is bold and as wide as said; nothing where the text is
/// empty.
void AddLabelled(std::string* out, const Style& style, int width, const std::string& label,
                 const std::string& text);

/// One row of CSV (RFC 4180) with a newline.
std::string CsvRow(const std::vector<std::string>& cells);

}  // namespace cudacompat::render
