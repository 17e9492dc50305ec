// The command line: one entry that takes streams, environment and arguments, so that tests run it in-process.
#pragma once

#include <cstdio>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace cudacompat::cli {

/// Everything outside the program that a command may touch.
struct Io {
  std::ostream& out;
  std::ostream& err;
  std::istream& in;
  bool out_is_terminal = false;
  int width = 100;
  std::string today = "";  ///< YYYY-MM-DD, for the data's age
  std::function<std::string(const std::string&)> environment = [](const std::string&) {
    return std::string();
  };
  bool err_is_terminal = false;
};

/// Runs one command; the exit code is the contract's (0 to 3, 64, 65, 70).
int RunCli(const std::vector<std::string>& arguments, Io& io);

}  // namespace cudacompat::cli
