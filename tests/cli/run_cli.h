// The program run in this process, as the tests run it: what it says, and how it ends.
#pragma once

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/cli.h"

namespace run_cli {

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
  nlohmann::json Json() const { return nlohmann::json::parse(out); }
};

/// `today` as year-month-day; empty: the data's own day. No variable of the environment is seen.
inline Outcome Run(const std::vector<std::string>& arguments, const std::string& input = "",
                   const std::string& today = "") {
  std::ostringstream out, err;
  std::istringstream in(input);
  cudacompat::cli::Io io{out, err, in, false, 100, today, [](const std::string&) { return std::string(); }};
  const int code = cudacompat::cli::RunCli(arguments, io);
  return {code, out.str(), err.str()};
}

}  // namespace run_cli
