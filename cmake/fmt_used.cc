// Asks of cmake/fmt.cc what the program asks of it; CMake compiles the two to know that they fit the installed fmt.
#include <fmt/format.h>

int main(int argc, char** argv) {
  const std::string text = fmt::format("{:>8} {} {:.2f} {:L}", argv[0], argc, 1.5 * argc, 100000);
  return fmt::format(fmt::runtime(text)).empty() ? 1 : 0;
}
