// Every known answer by three routes that must agree: the library, the command line's JSON, and plain SQL
// over the shipped database, which any SQLite client can run.
#include "vectors.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "answer/ask.h"
#include "catch.h"
#include "cli/command.h"
#include "query/compile.h"
#include "run_cli.h"
#include "store/store.h"

using namespace cudacompat;
using test::BareDatabase;
using test::Vector;

namespace {

struct Told {
  std::string verdict, rule;
  std::set<std::string> caveats;
};

/// What the vector demands and what was told, as text; equal when it agrees.
std::string Wanted(const Vector& vector) { return vector.verdict + " " + vector.rule; }
std::string Said(const Vector& vector, const Told& told) {
  return told.verdict + " " + (told.caveats.count(vector.rule) != 0 ? vector.rule : told.rule);
}

Told ByCommandLine(const std::vector<std::string>& words) {
  std::vector<std::string> arguments = {"query", "--json"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  const run_cli::Outcome said = run_cli::Run(arguments, "", "2026-10-15");
  const auto json = nlohmann::json::parse(said.out, nullptr, false);
  if (json.is_discarded()) return {"no answer: " + said.err, "", {}};
  Told told{json["verdict"], json["rule"], {}};
  for (const auto& caveat : json["caveats"]) told.caveats.insert(caveat["rule"].get<std::string>());
  return told;
}

/// The words as a Question, read by the command's own flags.
Result<query::Question> Parse(const std::vector<std::string>& words) {
  CLI::App app;
  cli::QuestionFlags flags;
  cli::AddQuestionFlags(&app, &flags, true);
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return Error{ErrorKind::kUsage, "vector", error.what(), ""};
  }
  Result<store::Store> store = store::Store::Open();
  if (!store) return store.error();
  return cli::ReadQuestion(flags, answer::ReadVocabulary(*store));
}

Told ByLibrary(const query::Question& question) {
  Result<store::Store> store = store::Store::Open();
  if (!store) return {"no store: " + store.error().message, "", {}};
  const answer::Answer answer = answer::Ask(*store, question, {});
  Told told{answer::VerdictText(answer.verdict), answer.rule, {}};
  for (const auto& caveat : answer.caveats) told.caveats.insert(caveat.rule);
  return told;
}

std::string Literal(const query::Parameter& parameter) {
  if (const auto* number = std::get_if<int64_t>(&parameter)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&parameter)) {
    return "'" + ReplaceAll(*text, "'", "''") + "'";
  }
  return "NULL";
}

/// A compiled statement with its parameters written in, numbered (?1) or not (?).
std::string Inlined(const query::Sql& sql) {
  std::string out;
  size_t next = 0;
  bool quoted = false;
  for (size_t i = 0; i < sql.text.size(); ++i) {
    const char c = sql.text[i];
    quoted = quoted != (c == '\'');
    if (c != '?' || quoted) {
      out += c;
      continue;
    }
    size_t digits = i + 1;
    while (digits < sql.text.size() && IsDigit(sql.text[digits])) ++digits;
    const size_t index = digits > i + 1 ? std::stoul(sql.text.substr(i + 1, digits - i - 1)) - 1 : next;
    next = index + 1;
    i = digits - 1;
    out += Literal(sql.parameters.at(index));
  }
  return out;
}

/// A connection that has loaded the file once; each question is rolled back.
class PlainSql {
 public:
  Told Ask(const query::Question& question) {
    failure_.clear();
    Run("BEGIN");
    for (const auto& sql : query::CompileTarget(question)) Run(Inlined(sql));
    int64_t id = 0;
    for (const auto& subject : question.subjects) {
      for (const auto& sql : query::CompileSubject(subject, ++id)) Run(Inlined(sql));
    }
    if (id == 0) {
      Run("INSERT INTO asked_build SELECT NULL, 0, system_id, driver_os, NULL, 'target', '', '', NULL, '-', build_os, "
          "arch, 'default', 'no', 'cuda', '-', NULL, 'any', '-', NULL FROM asked_system");
    }
    Conclude();
    Told told = Read(id);
    Run("ROLLBACK");
    if (!failure_.empty()) told.verdict = failure_;
    return told;
  }

 private:
  void Run(const std::string& sql) {
    const std::string said = db_.Run(sql);
    if (!said.empty() && failure_.empty()) failure_ = said + " in " + sql;
  }

  void Fill(const std::string& steps) {
    for (const std::string& row : db_.Rows(steps)) {
      const size_t first = row.find('|'), second = row.find('|', first + 1);
      const std::string target = row.substr(0, first);
      const std::string view = row.substr(first + 1, second - first - 1), condition = row.substr(second + 1);
      if (db_.One("SELECT " + condition) == "1") Run("INSERT INTO " + target + " SELECT * FROM " + view);
    }
  }

  void Conclude() { Fill("SELECT target, view, condition FROM judging"); }

  /// The best candidate of each subject in the contract's order, and of these the worst.
  Told Read(int64_t subjects) {
    Told told;
    int worst = -1;
    for (int64_t id = subjects == 0 ? 0 : 1; id <= subjects; ++id) {
      const std::string subject = std::to_string(id);
      std::string best = db_.One(
          "SELECT v.severity || '|' || s.verdict || '|' || v.rule_id || '|' || b.candidate_id FROM candidate_result v "
          "JOIN asked_build b ON b.candidate_id = v.candidate_id JOIN asked_system y ON y.system_id = b.system_id "
          "JOIN severity s ON s.severity = v.severity WHERE b.subject_id = " +
          subject +
          " ORDER BY v.severity, EXISTS (SELECT 1 FROM applied a JOIN concluded c ON c.rowid = a.conclusion JOIN rule u ON u.rule_id = c.rule_id "
          "WHERE a.candidate_id = b.candidate_id AND u.verdict = 'caveat'), b.version_key DESC, b.cuda_key, "
          "b.images_kind <> 'measured', y.arch <> 'x86_64', y.os <> 'linux', b.is_default <> 'yes', b.channel, b.tag, "
          "y.os, b.candidate_id LIMIT 1");
      if (best.empty()) {
        best = db_.One(
            "SELECT s.severity || '|' || s.verdict || '|' || c.rule_id || '|0' FROM concluded c JOIN rule u ON "
            "u.rule_id = c.rule_id JOIN severity s ON s.verdict = u.verdict WHERE c.scope = 'subject' AND "
            "c.scope_key = " +
            subject + " ORDER BY s.severity DESC LIMIT 1");
      }
      if (best.empty()) continue;
      const auto parts = Split(best, '|');
      const int severity = best[0] - '0';
      if (severity <= worst) continue;
      worst = severity;
      told.verdict = parts[1];
      told.rule = parts[2];
      told.caveats.clear();
      for (std::string& caveat :
           db_.Rows("SELECT DISTINCT rule_id FROM candidate_caveat WHERE candidate_id = " +
                    std::string(parts[3]))) {
        told.caveats.insert(std::move(caveat));
      }
    }
    return told;
  }

  BareDatabase db_;
  std::string failure_;
};

}  // namespace

TEST_CASE("every vector by three routes") {
  mkdb::Problems problems;
  const auto vectors = test::ReadVectors(problems);
  CHECK(problems.lines() == std::vector<std::string>());
  REQUIRE(vectors.size() > 300);
  PlainSql sql;
  for (const Vector& vector : vectors) {
    INFO(vector.id << ": cudacompat query " << vector.arguments);
    const auto words = test::ShellWords(vector.arguments);
    CHECK("command line: " + Said(vector, ByCommandLine(words)) == "command line: " + Wanted(vector));
    const Result<query::Question> question = Parse(words);
    REQUIRE(question);
    CHECK("library: " + Said(vector, ByLibrary(*question)) == "library: " + Wanted(vector));
    CHECK("SQL: " + Said(vector, sql.Ask(*question)) == "SQL: " + Wanted(vector));
  }
}

TEST_CASE("vectors have one id each and a known source") {
  mkdb::Problems problems;
  BareDatabase db;
  std::set<std::string> ids;
  for (const Vector& vector : test::ReadVectors(problems)) {
    INFO(vector.id);
    CHECK(ids.insert(vector.id).second);
    CHECK(db.One("SELECT count(*) FROM source WHERE source_id = '" + vector.source_id + "'") == "1");
    CHECK(db.One("SELECT count(*) FROM rule WHERE rule_id = '" + vector.rule + "'") == "1");
  }
}

TEST_CASE("words as a shell gives them") {
  CHECK(test::ShellWords("--gpu \"RTX 4090\" --os linux") ==
        std::vector<std::string>{"--gpu", "RTX 4090", "--os", "linux"});
  CHECK(test::ShellWords("\"torch on MX450\"") == std::vector<std::string>{"torch on MX450"});
  CHECK(test::ShellWords("") == std::vector<std::string>());
}
