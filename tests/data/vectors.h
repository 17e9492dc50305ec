// data/vectors/*.csv: known answers. A row whose rule is a caveat demands that caveat beside the verdict.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/text.h"
#include "database_file.h"
#include "mkdb/csv.h"
#include "mkdb/problems.h"

namespace cudacompat::test {

struct Vector {
  std::string id, arguments, verdict, rule, source_id;
};

inline std::vector<Vector> ReadVectors(mkdb::Problems& problems) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(DataSource() / "vectors")) {
    if (entry.path().extension() == ".csv") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Vector> vectors;
  for (const auto& file : files) {
    const mkdb::Csv csv = mkdb::ReadCsv(file.filename().string(), ReadFile(file), problems);
    for (const mkdb::Row& row : csv.rows) {
      const auto& cells = row.cells;
      vectors.push_back({cells[0].text, cells[1].text, cells[2].text, cells[3].text, cells[4].text});
    }
  }
  return vectors;
}

/// Words as a shell would give them; double quotes hold blanks together.
inline std::vector<std::string> ShellWords(const std::string& text) {
  std::vector<std::string> words;
  bool quoted = false, open = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      if (!open) words.emplace_back();
      open = true;
    } else if (c == ' ' && !quoted) {
      open = false;
    } else {
      if (!open) words.emplace_back();
      open = true;
      words.back() += c;
    }
  }
  return words;
}

}  // namespace cudacompat::test
