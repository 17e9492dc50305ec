#include "error_table.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

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

class MemoryRows : public ErrorRows {
 public:
  explicit MemoryRows(ErrorTable table) : table_(std::move(table)) {}

  std::string Anchors() override {
    std::string list;
    for (const ErrorPattern& row : table_.patterns) list += row.anchors + "\t" + row.id + "\n";
    return list;
  }
  ErrorPattern Pattern(const std::string& id) override {
    return *std::find_if(table_.patterns.begin(), table_.patterns.end(),
                         [&](const ErrorPattern& row) { return row.id == id; });
  }
  std::vector<ErrorCode> Codes(const std::string&, const std::string&, const std::string&,
                               const std::string&) override {
    return table_.codes;
  }
  std::vector<Term> Words() override { return table_.words; }

 private:
  ErrorTable table_;
};

}  // namespace

std::unique_ptr<ErrorRows> RowsOf(ErrorTable table) { return std::make_unique<MemoryRows>(std::move(table)); }

ErrorTable ShippedErrorTable() {
  ErrorTable table;
  std::map<std::string, mkdb::Row> words;
  for (const mkdb::Row& row : Table("context_word.csv").rows) words[row.cells[0].text] = row;
  std::map<std::string, std::string> contexts;
  for (const mkdb::Row& row : Table("error_context.csv").rows)
    contexts[row.cells[0].text] = row.cells[1].text;
  for (const mkdb::Row& row : Table("error_pattern.csv").rows) {
    const auto& c = row.cells;
    table.patterns.push_back({c[0].text, c[1].text, c[2].text, c[3].text, c[4].text, c[5].text, c[6].text,
                              std::atoi(c[7].text.c_str()), c[8].text});
    const auto context = contexts.find(c[0].text);
    if (context == contexts.end()) continue;
    const auto& word = words.at(context->second).cells;
    table.patterns.back().context = word[1].text;
    table.patterns.back().context_lines = std::atoi(word[2].text.c_str());
    table.patterns.back().unless = word[3].text;
  }
  for (const mkdb::Row& row : Table("error_code.csv").rows) {
    const auto& c = row.cells;
    table.codes.push_back({c[0].text, c[1].text, c[2].text, c[3].text, c[4].text, c[5].text});
  }
  for (const mkdb::Row& row : Table("wording_term.csv").rows)
    table.words.push_back({row.cells[0].text, row.cells[2].text, row.cells[3].text});
  return table;
}

std::vector<Wording> ShippedWordings() {
  std::vector<Wording> wordings;
  for (const mkdb::Row& row : Table("error_wording.csv").rows) {
    const auto& c = row.cells;
    wordings.push_back({c[0].text, c[1].text, c[2].text, std::atoi(c[3].text.c_str()), c[4].text, c[5].text,
                        c[6].text, c[7].text, c[8].text, std::atoi(c[9].text.c_str()), c[10].text});
  }
  std::stable_sort(wordings.begin(), wordings.end(),
                   [](const auto& a, const auto& b) { return a.rank < b.rank; });
  return wordings;
}

}  // namespace cudacompat::report
