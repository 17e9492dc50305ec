#include "error_table.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "mkdb/csv.h"

namespace cudacompat::report {
namespace {

mkdb::Csv Table(const std::string& name) {
  std::ifstream file(std::string(CUDACOMPAT_SOURCE_DIR) + "/data/facts/" + name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  mkdb::Problems problems;
  return mkdb::ReadCsv(name, text.str(), problems);
}

}  // namespace

ErrorTable ShippedErrorTable() {
  ErrorTable table;
  for (const mkdb::Row& row : Table("error_pattern.csv").rows) {
    const auto& c = row.cells;
    table.patterns.push_back({c[0].text, c[1].text, c[2].text, c[3].text, c[4].text, c[5].text, c[6].text,
                              std::atoi(c[7].text.c_str()), c[8].text});
  }
  for (const mkdb::Row& row : Table("error_code.csv").rows) {
    const auto& c = row.cells;
    table.codes.push_back({c[0].text, c[1].text, c[2].text, c[3].text, c[4].text, c[5].text});
  }
  return table;
}

}  // namespace cudacompat::report
