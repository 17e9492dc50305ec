// CSV as this project writes it: UTF-8, LF, one fact a line, RFC 4180 quotes, no empty cell.
// Does not own: what a column means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mkdb/problems.h"

namespace cudacompat::mkdb {

struct Cell {
  std::string text;
  int column = 0;  ///< byte in its line where the cell starts, from 1
};

struct Row {
  int line = 0;
  std::vector<Cell> cells;
};

struct Csv {
  std::string file;  ///< as shown in messages: "facts/gpu.csv"
  Row header;
  std::vector<Row> rows;  ///< only those without a problem
  bool damaged = false;   ///< a row was left out
};

/// Reads a whole file; every line that breaks a rule is a problem and no row.
Csv ReadCsv(const std::string& file, std::string_view text, Problems& problems);

/// "facts/gpu.csv:12:5"
std::string Place(const Csv& csv, const Row& row, const Cell& cell);
std::string Place(const Csv& csv, const Row& row);

/// The other way: quotes where RFC 4180 needs them.
std::string CsvLine(const Row& row);

}  // namespace cudacompat::mkdb
