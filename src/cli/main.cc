#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <iostream>

#include "cli/cli.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

int main(int argc, char** argv) {
#ifdef __GLIBC__
  // Buffers come and go: memory that is given back to the system and fetched again costs more than the work.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  // What the scanning threads made is given back to the one that judges: with an area for each it could not
  // use it.
  mallopt(M_ARENA_MAX, 1);
#endif
  std::ios::sync_with_stdio(false);
  cudacompat::cli::Io io{std::cout, std::cerr, std::cin, false, 100, "", {}};
  io.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  io.err_is_terminal = isatty(STDERR_FILENO) == 1;
  winsize size{};
  if (io.out_is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
    io.width = size.ws_col;
  std::time_t now = std::time(nullptr);
  char today[16];
  std::strftime(today, sizeof today, "%Y-%m-%d", std::gmtime(&now));
  io.today = today;
  io.environment = [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::string(value == nullptr ? "" : value);
  };
  return cudacompat::cli::RunCli({argv + 1, argv + argc}, io);
}
