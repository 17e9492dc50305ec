#include "mkdb/pages.h"

#include <fmt/format.h>

namespace cudacompat::mkdb {
namespace {

constexpr const char* kFolder = "../docs/rules";
constexpr size_t kLongest = 1536;  ///< a page is one screen

void Insert(const std::string& file, const std::string& text, Database& db, Problems& problems) {
  Statement insert(db, "INSERT INTO rule_page VALUES(?1,?2)");
  insert.Bind(1, Stem(file));
  insert.Bind(2, text);
  insert.Step();
  if (!insert.done()) problems.Add(file, db.message());
}

}  // namespace

void LoadPages(DataDir& data, const Schema& schema, Database& db, Problems& problems) {
  if (schema.count("rule_page") == 0) return;
  for (const std::string& file : data.List(kFolder, ".md")) {
    const std::string text = data.Read(file).value_or("");
    if (text.size() > kLongest) {
      problems.Add(file, fmt::format("{} bytes; a page has {} at most", text.size(), kLongest));
    }
    Insert(file, text, db, problems);
  }
  Statement without(
      db, "SELECT rule_id FROM rule WHERE rule_id NOT IN (SELECT rule_id FROM rule_page) ORDER BY 1");
  while (without.Step()) {
    problems.Add(fmt::format("{}/{}.md", kFolder, without.Text(0)), "missing: every rule has a page");
  }
  Statement extra(db,
                  "SELECT rule_id FROM rule_page WHERE rule_id NOT IN (SELECT rule_id FROM rule) ORDER BY 1");
  while (extra.Step()) {
    problems.Warn(fmt::format("{}/{}.md", kFolder, extra.Text(0)), "no rule of that name is declared");
  }
}

}  // namespace cudacompat::mkdb
