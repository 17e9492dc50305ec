#include <algorithm>
#include <string>

#include "catch.h"
#include "run_cli.h"

namespace {

// What a question says on standard error on that day, and how it ends.
std::pair<int, std::string> AskOn(const std::string& today) {
  const run_cli::Outcome said = run_cli::Run({"query", "--gpu", "T4", "--torch", "2.6.0+cu124"}, "", today);
  return {said.code, said.err};
}

}  // namespace

TEST_CASE("data of more than 120 days is one line, and no other verdict") {
  const run_cli::Outcome asked = run_cli::Run(
      {"sql", "SELECT date(value, '+120 days'), date(value, '+121 days') FROM meta WHERE key = 'as_of'",
       "--csv"});
  REQUIRE(asked.code == 0);
  const std::string days = asked.out.substr(asked.out.find('\n') + 1);
  const std::string last = days.substr(0, 10);
  const std::string next = days.substr(11, 10);
  INFO(days);
  CHECK(AskOn(last) == std::pair(0, std::string()));
  const auto [code, said] = AskOn(next);
  CHECK(code == 0);
  CHECK(said.find("121 days old") != std::string::npos);
  CHECK(std::count(said.begin(), said.end(), '\n') == 1);
}
