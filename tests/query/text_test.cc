// One text as a question: its order is free, and it makes what the flags make.
#include "query/text.h"

#include "catch.h"

using namespace cudacompat;
using namespace cudacompat::query;

namespace {

const Vocabulary kVocabulary{{"torch", "tensorflow", "jax", "cupy-cuda12x", "onnxruntime-gpu"}};

std::string Ast(std::string_view text) {
  Question question;
  const Status status = ParseText(text, kVocabulary, &question);
  return status ? "error: " + status->message : ToText(question);
}

}  // namespace

TEST_CASE("Clauses may stand in any order") {
  const std::string ast = Ast("torch 2.6.0+cu124 on MX450, windows, driver 560.94");
  CHECK(ast == Ast("windows, driver 560.94, torch 2.6.0+cu124 on MX450"));
  CHECK(ast == Ast("torch 2.6.0+cu124, MX450, driver 560.94, windows"));
  CHECK(ast.find("2.6.0") != std::string::npos);
}

TEST_CASE("The form of the question is read off its first words") {
  auto form = [](std::string_view text) {
    Question question;
    ParseText(text, kVocabulary, &question);
    return question.form;
  };
  CHECK(form("gpus for torch 2.6.0+cu124") == Form::kGpus);
  CHECK(form("drivers for cuda 12.4 on linux") == Form::kDrivers);
  CHECK(form("toolkits for sm_75") == Form::kToolkits);
  CHECK(form("host compilers for cuda 12.4") == Form::kHostCompilers);
  CHECK(form("torch 2.6.0 on T4") == Form::kVerdict);
}

TEST_CASE("newest asks for the newest") {
  Question question;
  REQUIRE_FALSE(ParseText("newest torch on MX450", kVocabulary, &question));
  REQUIRE(question.subjects.size() == 1);
  CHECK(question.subjects[0].newest);
  REQUIRE(question.gpus.size() == 1);
  CHECK(question.gpus[0].name == "MX450");
}

TEST_CASE("The same thing stated twice differently is an error that points") {
  Question question;
  const Status status =
      ParseText("torch 2.6.0 on T4, driver 535.183.01, driver 550.54.14", kVocabulary, &question);
  REQUIRE(status);
  CHECK(status->kind == ErrorKind::kUsage);
  CHECK(status->message.find('^') != std::string::npos);
}

TEST_CASE("Hostile text is refused or read, never more") {
  for (const std::string& text :
       {std::string(), std::string(" , , "), std::string("\x01\x02"), std::string("torch \xff\xfe"),
        std::string(100000, ','), std::string(100000, 'x'), std::string("on on on"), std::string("driver"),
        std::string("torch on"), std::string("\xe2\x80\x8b")}) {
    Question question;
    const Status status = ParseText(text, kVocabulary, &question);
    if (status) {
      CHECK_FALSE(status->message.empty());
      CHECK(status->message.size() < 1000);
    }
  }
}
