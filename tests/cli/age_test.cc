#include <algorithm>
#include <sstream>
#include <string>

#include "catch.h"
#include "cli/cli.h"

namespace {

// What a question says on standard error on that day, and how it ends.
std::pair<int, std::string> AskOn(const std::string& today) {
  std::ostringstream out, err;
  std::istringstream in;
  cudacompat::cli::Io io{out, err, in, false, 100, today, [](const std::string&) { return std::string(); }};
  const int code = cudacompat::cli::RunCli({"query", "--gpu", "T4", "--torch", "2.6.0+cu124"}, io);
  return {code, err.str()};
}

}  // namespace

TEST_CASE("data of more than 120 days is one line, and no other verdict") {
  std::ostringstream out, err;
  std::istringstream in;
  cudacompat::cli::Io io{out, err, in, false, 100, "", [](const std::string&) { return std::string(); }};
  REQUIRE(
      cudacompat::cli::RunCli(
          {"sql", "SELECT date(value, '+120 days'), date(value, '+121 days') FROM meta WHERE key = 'as_of'",
           "--csv"},
          io) == 0);
  const std::string days = out.str().substr(out.str().find('\n') + 1);
  const std::string last = days.substr(0, 10);
  const std::string next = days.substr(11, 10);
  INFO(days);
  CHECK(AskOn(last) == std::pair(0, std::string()));
  const auto [code, said] = AskOn(next);
  CHECK(code == 0);
  CHECK(said.find("121 days old") != std::string::npos);
  CHECK(std::count(said.begin(), said.end(), '\n') == 1);
}
