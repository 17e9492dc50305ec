#include "mkdb/rules.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/text.h"
#include "mkdb/keys.h"
#include "mkdb/schema.h"
#include "mkdb/sql.h"

namespace cudacompat::mkdb {
namespace {

constexpr const char* kVerdicts[] = {"compatible", "incompatible", "conditional",
                                     "unknown",    "caveat",       "none"};

struct Rule {
  int line = 0;
  std::string id, verdict, code, meaning;
  int64_t stage = 0;
};

struct RuleSource {
  int line = 0;
  std::string id, locator;
};

struct Header {
  std::string title, question;
  std::string condition = "1";  ///< SQL: the view is asked only when it holds
  int condition_line = 1;
  std::vector<Rule> rules;
  std::vector<RuleSource> sources;
};

/// Fields between bars, trimmed; the last one keeps further bars.
std::vector<std::string> Fields(std::string_view text, size_t count) {
  std::vector<std::string> fields;
  while (fields.size() + 1 < count) {
    const size_t bar = text.find('|');
    if (bar == std::string_view::npos) break;
    fields.emplace_back(Trim(text.substr(0, bar)));
    text.remove_prefix(bar + 1);
  }
  fields.emplace_back(Trim(text));
  return fields;
}

class HeaderParser {
 public:
  HeaderParser(const std::string& file, Problems& problems) : file_(file), problems_(problems) {}

  Header Parse(std::string_view text) {
    for (const std::string_view raw : Split(text, '\n')) {
      ++line_;
      std::string_view line = Trim(raw);
      if (line.empty()) continue;
      if (!StartsWith(line, "--")) break;
      line = Trim(line.substr(2));
      const size_t colon = line.find(':');
      if (colon != std::string_view::npos) Field(line.substr(0, colon), Trim(line.substr(colon + 1)));
    }
    if (header_.title.empty()) problems_.Add(file_ + ":1", "the comment block has no '-- title:' line");
    if (!header_.rules.empty() && header_.sources.empty()) {
      problems_.Add(file_ + ":1",
                    "the comment block declares rules and has no '-- source: id | locator' line");
    }
    return std::move(header_);
  }

 private:
  void Field(std::string_view name, std::string_view value) {
    if (name == "title") header_.title = value;
    if (name == "question") header_.question = value;
    if (name == "when") header_.condition = value, header_.condition_line = line_;
    if (name == "rule") RuleLine(value);
    if (name == "source") SourceLine(value);
  }

  void Bad(const std::string& message) { problems_.Add(fmt::format("{}:{}", file_, line_), message); }

  void RuleLine(std::string_view value) {
    auto fields = Fields(value, 5);
    if (fields.size() != 5 || fields[4].empty()) {
      return Bad("expected 'rule: id | verdict | stage | error code or - | meaning'");
    }
    const auto stage = ParseInteger(fields[2]);
    if (!stage) return Bad(fmt::format("stage: expected a whole number, got '{}'", fields[2]));
    if (!IsVerdict(fields[1])) {
      return Bad(fmt::format("verdict: expected one of {}, got '{}'",
                             fmt::join(std::begin(kVerdicts), std::end(kVerdicts), " "), fields[1]));
    }
    if (fields[3] != "-" && !ParseInteger(fields[3])) {
      return Bad(fmt::format("error code: expected a number or -, got '{}'", fields[3]));
    }
    header_.rules.push_back({line_, fields[0], fields[1], fields[3], fields[4], *stage});
  }

  static bool IsVerdict(const std::string& word) {
    for (const char* verdict : kVerdicts) {
      if (word == verdict) return true;
    }
    return false;
  }

  void SourceLine(std::string_view value) {
    auto fields = Fields(value, 2);
    if (fields.size() != 2 || fields[1].empty()) return Bad("expected 'source: source_id | locator'");
    header_.sources.push_back({line_, fields[0], fields[1]});
  }

  std::string file_;
  Problems& problems_;
  int line_ = 0;
  Header header_;
};

class RuleLoader {
 public:
  RuleLoader(bool complete, Database& db, Problems& problems)
      : complete_(complete), db_(db), problems_(problems) {}

  void File(const std::string& file, const std::string& text) {
    file_ = file;
    const Header header = HeaderParser(file, problems_).Parse(text);
    if (!Views(text)) return;
    CheckCondition(header);
    Insert(1, "INSERT INTO rule_view VALUES(?1,?2,?3,?4)",
           {Stem(file), header.title, header.question, header.condition});
    for (const Rule& rule : header.rules) Declare(rule, header);
  }

 private:
  bool Views(const std::string& text) {
    for (const SqlStatement& statement : SplitSql(text)) {
      if (StartsWith(ToLower(statement.text.substr(0, 12)), "create view ")) continue;
      problems_.Add(fmt::format("{}:{}", file_, statement.line),
                    "a rule file defines views only; tables made from facts go to derived/");
      return false;
    }
    if (!RunSqlFile(file_, text, db_, problems_)) return false;
    Statement select(db_, "SELECT 1 FROM sqlite_schema WHERE type='view' AND name=?1");
    select.Bind(1, Stem(file_));
    if (select.Step()) return true;
    problems_.Add(file_, fmt::format("defines no view {}: the file is named after its view", Stem(file_)));
    return false;
  }

  void CheckCondition(const Header& header) {
    Statement select(db_, "SELECT 1 WHERE " + header.condition);
    if (!select.ok()) {
      problems_.Add(fmt::format("{}:{}", file_, header.condition_line), "when: " + db_.message());
    }
  }

  void Declare(const Rule& rule, const Header& header) {
    const auto [found, is_new] = declared_.emplace(rule.id, fmt::format("{}:{}", file_, rule.line));
    if (!is_new) {
      return problems_.Add(fmt::format("{}:{}", file_, rule.line),
                           fmt::format("rule {} is already declared at {}", rule.id, found->second));
    }
    Insert(rule.line, "INSERT INTO rule VALUES(?1,?2,?3,?4,?5,?6)",
           {rule.id, rule.verdict, std::to_string(rule.stage), rule.code, rule.meaning, Stem(file_)});
    for (const RuleSource& source : header.sources) {
      if (KnownSource(source)) {
        Insert(source.line, "INSERT INTO rule_source VALUES(?1,?2,?3)", {rule.id, source.id, source.locator});
      }
    }
  }

  bool KnownSource(const RuleSource& source) {
    Statement select(db_, "SELECT 1 FROM source WHERE source_id=?1");
    select.Bind(1, source.id);
    if (select.Step()) return true;
    const std::string place = fmt::format("{}:{}", file_, source.line);
    if (!reported_.insert(place).second) return false;
    const std::string message = fmt::format("source: expected a row of sources.csv, got '{}'", source.id);
    complete_ ? problems_.Add(place, message) : problems_.Warn(place, message);
    return false;
  }

  void Insert(int line, const std::string& sql, const std::vector<std::string>& values) {
    Statement insert(db_, sql);
    for (size_t i = 0; i < values.size(); ++i) insert.Bind(static_cast<int>(i) + 1, values[i]);
    if (insert.ok()) insert.Step();
    if (!insert.ok() || !insert.done()) problems_.Add(fmt::format("{}:{}", file_, line), db_.message());
  }

  bool complete_;  ///< otherwise a source may still come
  Database& db_;
  Problems& problems_;
  std::string file_;
  std::map<std::string, std::string> declared_;  ///< rule id → place
  std::set<std::string> reported_;
};

}  // namespace

void RunDerived(DataDir& data, Database& db, Problems& problems) {
  for (const std::string& file : data.List("derived", ".sql")) {
    RunSqlFile(file, data.Read(file).value_or(""), db, problems);
  }
}

void RunRules(DataDir& data, bool complete, Database& db, Problems& problems) {
  RuleLoader loader(complete, db, problems);
  for (const std::string& file : data.List("rules", ".sql")) loader.File(file, data.Read(file).value_or(""));
}

void CheckViews(Database& db, Problems& problems) {
  Statement views(db, "SELECT name FROM sqlite_schema WHERE type='view' ORDER BY name");
  while (views.Step()) {
    Statement select(db, "SELECT * FROM " + Quoted(views.Text(0)) + " LIMIT 0");
    if (!select.ok()) problems.Add("view " + views.Text(0), db.message());
  }
}

}  // namespace cudacompat::mkdb
