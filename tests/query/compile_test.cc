// A question as SQL: what was typed is bound, never pasted into the text.
#include "query/compile.h"

#include "catch.h"
#include "query/term.h"

using namespace cudacompat;
using namespace cudacompat::query;

TEST_CASE("What was typed is bound") {
  Question question;
  Gpu gpu;
  gpu.given = gpu.name = "x'); DROP TABLE gpu; --";
  question.gpus.push_back(gpu);
  Subject subject;
  subject.package = subject.given = "y'); DROP TABLE build; --";
  for (const auto& statements : {CompileTarget(question), CompileSubject(subject, 1)}) {
    for (const Sql& sql : statements) CHECK(sql.text.find("DROP") == std::string::npos);
  }
}

TEST_CASE("Every question asks about a system, a card and a driver, stated or not") {
  std::string text;
  for (const Sql& sql : CompileTarget(Question{})) text += sql.text + "\n";
  for (const char* table : {"asked_target", "asked_system", "asked_device", "asked_driver"}) {
    CAPTURE(table);
    CHECK(text.find(std::string("INSERT INTO ") + table) != std::string::npos);
  }
}
