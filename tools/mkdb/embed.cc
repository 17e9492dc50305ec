#include "mkdb/embed.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <vector>

#include "base/text.h"
#include "mkdb/sqlite.h"

namespace cudacompat::mkdb {
namespace {

// The names of `views` that stand in `body` as whole words, outside of string literals.
std::set<std::string> NamesIn(const std::string& body, const std::map<std::string, std::string>& views) {
  std::set<std::string> names;
  std::string word;
  bool quoted = false;
  for (char c : body + " ") {
    if (c == '\'') quoted = !quoted;
    if (!quoted && (IsAlpha(c) || IsDigit(c) || c == '_')) {
      word += c;
      continue;
    }
    if (views.count(word) != 0) names.insert(word);
    word.clear();
  }
  return names;
}

// Depth first, so that what a view needs stands before it.
void Order(const std::string& name, const std::map<std::string, std::string>& views,
           std::vector<std::string>* order) {
  for (const std::string& used : NamesIn(views.at(name), views)) {
    if (used != name) Order(used, views, order);
  }
  for (const std::string& known : *order) {
    if (known == name) return;
  }
  order->push_back(name);
}

std::map<std::string, std::string> ReadViews(Database& db) {
  std::map<std::string, std::string> views;
  Statement rows(db, "SELECT name, sql FROM sqlite_schema WHERE type = 'view'");
  while (rows.Step()) {
    const std::string sql = rows.Text(1);
    views[rows.Text(0)] = sql.substr(sql.find(" AS ") + 4);
  }
  return views;
}

bool IsWordPart(char c) { return IsAlpha(c) || IsDigit(c) || c == '_'; }

std::string_view WordAt(const std::string& text, size_t at) {
  size_t end = at;
  while (end < text.size() && IsWordPart(text[end])) ++end;
  return std::string_view(text).substr(at, end - at);
}

// Where `name` stands in `body` as a whole word, outside of string literals.
std::vector<size_t> PlacesOf(const std::string& name, const std::string& body) {
  std::vector<size_t> places;
  bool quoted = false;
  for (size_t at = 0; at < body.size(); ++at) {
    if (body[at] == '\'') quoted = !quoted;
    if (quoted || !IsWordPart(body[at])) continue;
    const std::string_view word = WordAt(body, at);
    if (word == name) places.push_back(at);
    at += word.size() - 1;
  }
  return places;
}

// Whether what stands at `at`, behind the name of a table, is another name for it.
bool IsAlias(const std::string& text, size_t at) {
  constexpr std::string_view kAfterTable[] = {"",        "CROSS", "EXCEPT", "GROUP", "HAVING", "INDEXED",
                                              "INNER",   "JOIN",  "LEFT",   "LIMIT", "NOT",    "INTERSECT",
                                              "NATURAL", "ON",    "ORDER",  "UNION", "USING",  "WHERE"};
  while (at < text.size() && text[at] == ' ') ++at;
  const std::string_view word = WordAt(text, at);
  return std::find(std::begin(kAfterTable), std::end(kAfterTable), word) == std::end(kAfterTable);
}

// The view's SELECT with all it needs. A view that is named once is written where it is named: of a WITH
// clause SQLite copies and resolves what it has parsed, which costs as much again.
std::string Selecting(const std::string& name, const std::map<std::string, std::string>& views) {
  std::vector<std::string> order;
  Order(name, views, &order);
  std::map<std::string, std::string> bodies;
  for (const std::string& each : order) bodies[each] = views.at(each);
  std::string with;
  for (const std::string& each : order) {
    std::string* only = nullptr;
    size_t place = 0, places = 0;
    for (auto& [other, body] : bodies) {
      for (size_t at : PlacesOf(each, body)) {
        only = &body;
        place = at;
        ++places;
      }
    }
    const bool once =
        places == 1 && place > 5 &&
        (only->compare(place - 5, 5, "FROM ") == 0 || only->compare(place - 5, 5, "JOIN ") == 0);
    if (once) {
      const bool named = IsAlias(*only, place + each.size());
      only->replace(place, each.size(), "(" + bodies.at(each) + ")" + (named ? "" : "AS " + each));
      bodies.erase(each);
    } else if (each != name) {
      with += (with.empty() ? "WITH " : ",") + each + " AS(" + bodies.at(each) + ")";
    }
  }
  const std::string& body = bodies.at(name);
  if (with.empty()) return body;
  return with + (StartsWith(body, "WITH ") ? "," + body.substr(5) : " " + body);
}

// Behind the parenthesis that closes the first one, literals skipped.
size_t Close(const std::string& sql, size_t at) {
  int depth = 0;
  bool quoted = false;
  for (; at < sql.size(); ++at) {
    if (sql[at] == '\'') quoted = !quoted;
    if (quoted) continue;
    if (sql[at] == '(') ++depth;
    if (sql[at] == ')' && --depth == 0) return at + 1;
  }
  return at;
}

// The parts of a condition between `word`s that stand outside of parentheses.
std::vector<std::string> PartsAt(const std::string& condition, std::string_view word) {
  std::vector<std::string> parts(1);
  for (size_t at = 0; at < condition.size();) {
    const size_t end = condition[at] == '(' ? Close(condition, at) : at + 1;
    if (condition.compare(at, word.size(), word) == 0) {
      parts.emplace_back();
      at += word.size();
    } else {
      parts.back() += condition.substr(at, end - at);
      at = end;
    }
  }
  return parts;
}

// The tables of which one must have a row for `condition` to hold, where only a machine, a scan or a wish
// fills them; empty: it may hold without.
std::string Needs(const std::string& condition) {
  constexpr std::string_view kFrom = "EXISTS (SELECT 1 FROM ";
  std::vector<std::string> any_of = PartsAt(condition, " OR ");
  if (any_of.size() == 1) {
    const std::vector<std::string> all_of = PartsAt(condition, " AND ");
    for (size_t i = 0; all_of.size() > 1 && i < all_of.size(); ++i) {
      std::string needs = Needs(all_of[i]);
      if (!needs.empty()) return needs;
    }
    if (StartsWith(condition, "(") && Close(condition, 0) == condition.size())
      return Needs(condition.substr(1, condition.size() - 2));
  }
  std::set<std::string> tables;
  for (const std::string& part : any_of) {
    if (!StartsWith(part, kFrom)) return "";
    const std::string table(WordAt(part, kFrom.size()));
    if (!StartsWith(table, "observed_") && table != "machine_state" && table != "asked_requirement")
      return "";
    tables.insert(table);
  }
  return Join(std::vector<std::string>(tables.begin(), tables.end()), " ");
}

// One statement that tells which conditions hold, a column each. What several of them ask (whether a card is
// stated) is asked once.
std::string Asking(const std::vector<std::string>& conditions) {
  constexpr std::string_view kExists = "EXISTS (";
  std::vector<std::string> asked;
  std::vector<std::string> columns;
  for (std::string condition : conditions) {
    for (size_t at = 0; (at = condition.find(kExists, at)) != std::string::npos;) {
      const size_t end = Close(condition, at + kExists.size() - 1);
      const std::string question = condition.substr(at, end - at);
      const auto known = std::find(asked.begin(), asked.end(), question);
      const std::string name = "a" + std::to_string(known - asked.begin());
      if (known == asked.end()) asked.push_back(question);
      condition.replace(at, end - at, name);
      at += name.size();
    }
    columns.push_back(std::move(condition));
  }
  for (size_t i = 0; i < asked.size(); ++i) asked[i] += " AS a" + std::to_string(i);
  return "WITH asked AS MATERIALIZED(SELECT " + Join(asked, ",") + ") SELECT " + Join(columns, ",") +
         " FROM asked";
}

// The steps, and the statements that tell which of them have anything to do.
bool FillJudging(Database& db, const std::map<std::string, std::string>& views) {
  // A database without rules (the tests' small ones) judges nothing.
  if (views.count("judging") == 0) return true;
  if (db.Run(
          "CREATE TABLE judging_step(step INTEGER PRIMARY KEY, needs TEXT NOT NULL, condition INTEGER NOT NULL, sql TEXT NOT NULL) STRICT;"
          "CREATE TABLE judging_test(needs TEXT NOT NULL PRIMARY KEY, sql TEXT NOT NULL) STRICT, WITHOUT ROWID"))
    return false;
  std::map<std::string, std::vector<std::string>> tests;
  Statement steps(db, "SELECT target, view, condition FROM judging");
  while (steps.Step()) {
    const std::string needs = Needs(steps.Text(2));
    std::vector<std::string>& conditions = tests[needs];
    const auto known = std::find(conditions.begin(), conditions.end(), steps.Text(2));
    const std::string sql = "INSERT INTO " + steps.Text(0) + " " + Selecting(steps.Text(1), views);
    if (!Statement(db, sql).ok()) return false;
    Statement insert(db, "INSERT INTO judging_step(needs, condition, sql) VALUES(?1,?2,?3)");
    insert.Bind(1, needs);
    insert.Bind(2, static_cast<int64_t>(known - conditions.begin()));
    insert.Bind(3, sql);
    insert.Step();
    if (!insert.done()) return false;
    if (known == conditions.end()) conditions.push_back(steps.Text(2));
  }
  for (const auto& [needs, conditions] : tests) {
    Statement test(db, "INSERT INTO judging_test VALUES(?1,?2)");
    test.Bind(1, needs);
    test.Bind(2, Asking(conditions));
    test.Step();
    if (!test.done()) return false;
  }
  return steps.done();
}

// Tables that are found by their primary key alone are kept in its order: no second copy of the key, one
// search instead of two. Not those whose rowid is a name elsewhere (build: build_row), nor those that a
// question fills.
bool OrderByKey(Database& db) {
  std::map<std::string, std::string> tables;
  Statement rows(
      db,
      "SELECT t.name, t.sql FROM sqlite_schema t JOIN sqlite_schema i ON i.tbl_name = t.name AND i.name = "
      "'sqlite_autoindex_' || t.name || '_1' JOIN pragma_index_list(t.name) l ON l.name = i.name AND l.origin = "
      "'pk' WHERE t.type = 'table' AND t.sql GLOB '*)STRICT' AND t.name <> 'build'");
  while (rows.Step()) tables[rows.Text(0)] = rows.Text(1);
  for (const auto& [name, sql] : tables) {
    std::vector<std::string> indexes;
    Statement index(
        db, "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL");
    index.Bind(1, name);
    while (index.Step()) indexes.push_back(index.Text(0));
    Statement filled(db, "SELECT 1 FROM " + Quoted(name));
    const bool has_rows = filled.Step();
    filled.Reset();
    if (!has_rows) continue;
    const std::string keyed = sql.substr(0, 13) + "keyed" + sql.substr(sql.find('(')) + ",WITHOUT ROWID";
    if (db.Run(keyed + "; INSERT INTO keyed SELECT * FROM " + Quoted(name) + "; DROP TABLE " + Quoted(name) +
               "; ALTER TABLE keyed RENAME TO " + Quoted(name)))
      return false;
    for (const std::string& each : indexes) {
      if (db.Run(each)) return false;
    }
  }
  return true;
}

// A table's definition without its CHECK and REFERENCES clauses.
std::string Unchecked(std::string sql) {
  constexpr std::string_view kReferences = " REFERENCES ";
  for (size_t at = 0; (at = sql.find(" CHECK(")) != std::string::npos;) sql.erase(at, Close(sql, at) - at);
  for (size_t at = 0; (at = sql.find(kReferences)) != std::string::npos;) {
    size_t end = at + kReferences.size();
    while (end < sql.size() && (IsAlpha(sql[end]) || IsDigit(sql[end]) || sql[end] == '_')) ++end;
    if (end < sql.size() && sql[end] == '(') end = Close(sql, end);
    sql.erase(at, end - at);
  }
  return sql;
}

// A table whose rowid is a name elsewhere keeps it. That its key is one was checked when the data was
// compiled, and another index finds its rows: the key's own index, a second copy of it, is left out. Returns
// the definition as it was; empty: it failed.
std::string WithoutKey(Database& db, const std::string& table) {
  Statement definition(db, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1");
  definition.Bind(1, table);
  if (!definition.Step()) return " ";
  std::string sql = definition.Text(0);
  definition.Reset();
  std::vector<std::string> indexes;
  Statement index(db,
                  "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL");
  index.Bind(1, table);
  while (index.Step()) indexes.push_back(index.Text(0));
  index.Reset();
  Statement names(db, "SELECT group_concat(name) FROM pragma_table_info(?1)");
  names.Bind(1, table);
  names.Step();
  const std::string columns = names.Text(0);
  names.Reset();
  const size_t key = sql.find(",PRIMARY KEY(");
  if (key == std::string::npos || indexes.empty()) return " ";
  const std::string bare = sql.substr(0, key) + sql.substr(Close(sql, key));
  if (db.Run("ALTER TABLE " + Quoted(table) + " RENAME TO keyed; " + bare + "; INSERT INTO " + Quoted(table) +
             "(rowid," + columns + ") SELECT rowid," + columns +
             " FROM keyed ORDER BY rowid; DROP TABLE keyed"))
    return "";
  for (const std::string& each : indexes) {
    if (db.Run(each)) return "";
  }
  return sql;
}

// The columns that tell a fact's rows apart, for every table whose facts have a sentence.
bool FillKeys(Database& db, const std::map<std::string, std::string>& views) {
  constexpr std::string_view kSentence = "sentence_";
  if (db.Run(
          "CREATE TABLE fact_key(name TEXT NOT NULL PRIMARY KEY, columns TEXT NOT NULL) STRICT, WITHOUT ROWID"))
    return false;
  Statement insert(
      db,
      "INSERT INTO fact_key SELECT ?1, k.columns FROM (SELECT group_concat(name, ' ') AS columns FROM "
      "(SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk)) k WHERE k.columns <> ''");
  for (const auto& [name, body] : views) {
    if (!StartsWith(name, kSentence)) continue;
    insert.Reset();
    insert.Bind(1, name.substr(kSentence.size()));
    insert.Step();
    if (!insert.done()) return false;
  }
  return true;
}

// SQLite parses every definition when a process first asks. The checks were made when the data was compiled
// and would cost a seventh of that: they lie beside, for the commands that show or save the database.
bool SetChecksAside(Database& db, const std::map<std::string, std::string>& whole) {
  if (db.Run("CREATE TABLE checked(name TEXT NOT NULL PRIMARY KEY, sql TEXT NOT NULL) STRICT, WITHOUT ROWID"))
    return false;
  std::map<std::string, std::string> tables;
  Statement rows(db, "SELECT name, sql FROM sqlite_schema WHERE type = 'table'");
  while (rows.Step()) tables[rows.Text(0)] = rows.Text(1);
  if (db.Run("PRAGMA writable_schema=ON")) return false;
  for (const auto& [name, sql] : tables) {
    const std::string bare = Unchecked(sql);
    const auto as_it_was = whole.find(name);
    if (bare == sql && as_it_was == whole.end()) continue;
    Statement keep(db, "INSERT INTO checked VALUES(?1,?2)");
    keep.Bind(1, name);
    keep.Bind(2, as_it_was == whole.end() ? sql : as_it_was->second);
    keep.Step();
    Statement change(db, "UPDATE sqlite_schema SET sql = ?2 WHERE type = 'table' AND name = ?1");
    change.Bind(1, name);
    change.Bind(2, bare);
    change.Step();
    if (!keep.done() || !change.done()) return false;
  }
  return !db.Run("PRAGMA writable_schema=OFF");
}

bool Fill(Database& db) {
  const std::map<std::string, std::string> views = ReadViews(db);
  if (db.Run("CREATE TABLE definition(name TEXT NOT NULL, body TEXT NOT NULL, uses TEXT NOT NULL) STRICT;"
             "CREATE INDEX definition_by_name ON definition(name)")) {
    return false;
  }
  for (const auto& [name, body] : views) {
    std::vector<std::string> order;
    Order(name, views, &order);
    order.pop_back();
    Statement insert(db, "INSERT INTO definition VALUES(?1,?2,?3)");
    insert.Bind(1, name);
    insert.Bind(2, body);
    insert.Bind(3, Join(order, " "));
    insert.Step();
    if (!insert.done()) return false;
  }
  if (!FillJudging(db, views) || !FillKeys(db, views)) return false;
  for (const auto& [name, body] : views) {
    if (db.Run("DROP VIEW " + Quoted(name))) return false;
  }
  if (!OrderByKey(db)) return false;
  std::map<std::string, std::string> whole;
  const std::string build = WithoutKey(db, "build");
  if (build.empty()) return false;
  if (build != " ") whole["build"] = build;
  return SetChecksAside(db, whole);
}

// Takes the tables out of the schema, which SQLite parses whole at each start: the Store declares those that
// a statement names (src/store/store.cc). Their pages stay where they are, so that this comes after VACUUM. A
// table with an index that has no definition of its own (sqlite_autoindex) stays: it could not be declared.
bool SetTablesAside(Database& db) {
  return !db.Run(
      "CREATE TABLE set_aside(position INTEGER PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL, tbl_name TEXT NOT NULL, rootpage INTEGER NOT NULL, sql TEXT NOT NULL) STRICT;"
      "INSERT INTO set_aside(type, name, tbl_name, rootpage, sql) SELECT s.* FROM sqlite_schema s "
      "WHERE s.tbl_name <> 'set_aside' AND NOT EXISTS (SELECT 1 FROM sqlite_schema a WHERE a.tbl_name = s.tbl_name AND a.sql IS NULL) "
      "ORDER BY s.tbl_name, s.type DESC, s.name;"
      "PRAGMA writable_schema=ON;"
      "DELETE FROM sqlite_schema WHERE tbl_name IN (SELECT tbl_name FROM set_aside);"
      "PRAGMA writable_schema=RESET");
}

}  // namespace

bool WriteEmbedded(const std::filesystem::path& database, const std::filesystem::path& out,
                   Problems& problems) {
  namespace fs = std::filesystem;
  const fs::path temporary = out.string() + ".tmp";
  std::error_code error;
  fs::copy_file(database, temporary, fs::copy_options::overwrite_existing, error);
  if (!error) {
    Database made(temporary.string());
    if (made.Run("PRAGMA journal_mode=OFF; BEGIN") || !Fill(made) || made.Run("COMMIT; VACUUM") ||
        !SetTablesAside(made)) {
      problems.Add(out.string(), made.message());
      fs::remove(temporary, error);
      return false;
    }
  }
  if (!error) fs::rename(temporary, out, error);
  if (error) problems.Add(out.string(), error.message());
  return !error;
}

bool WriteScanFacts(const std::filesystem::path& database, const std::filesystem::path& out,
                    Problems& problems) {
  Database made(database.string());
  Statement rows(made, "SELECT DISTINCT key || ' ' || value FROM scan_fact ORDER BY key");
  std::ofstream file(out, std::ios::binary);
  while (rows.Step()) {
    std::string text;
    for (const char c : rows.Text(0))
      text += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    file << "\"\\n" << text << "\"\n";
  }
  if (!rows.done()) problems.Add(out.string(), made.message());
  file << "\"\\n\"\n";
  file.close();
  if (!file) problems.Add(out.string(), "cannot be written");
  return rows.done() && file;
}

}  // namespace cudacompat::mkdb
