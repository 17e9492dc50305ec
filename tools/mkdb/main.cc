// mkdb [--strict] DATA_DIR OUT.db [EMBEDDED.db [FACTS.inc]]: compiles the data folder into the database, and
// into the form of it that the executable embeds, and what it knows without (embed.h). Exit 64 usage, 65 bad
// data, 70 cannot write.
#include <cstdio>
#include <string>
#include <vector>

#include "mkdb/build.h"
#include "mkdb/embed.h"

namespace {

using cudacompat::mkdb::BuildResult;

int Usage() {
  std::fputs("usage: mkdb [--strict] DATA_DIR OUT.db [EMBEDDED.db [FACTS.inc]]\n", stderr);
  return 64;
}

void Print(const cudacompat::mkdb::Problems& problems) {
  for (const std::string& line : problems.warnings()) std::fprintf(stderr, "warning: %s\n", line.c_str());
  for (const std::string& line : problems.lines()) std::fprintf(stderr, "%s\n", line.c_str());
  if (problems.left_off() > 0) std::fprintf(stderr, "and %zu more\n", problems.left_off());
}

}  // namespace

int main(int argc, char** argv) {
  cudacompat::mkdb::BuildOptions options;
  std::vector<std::string> paths;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--strict") {
      options.strict = true;
    } else if (argument[0] == '-') {
      return Usage();
    } else {
      paths.push_back(argument);
    }
  }
  if (paths.size() < 2 || paths.size() > 4) return Usage();
  options.data = paths[0];
  options.out = paths[1];
  cudacompat::mkdb::Problems problems;
  BuildResult result = BuildDatabase(options, problems);
  const bool embed = result == BuildResult::kBuilt && paths.size() > 2;
  if ((embed && !cudacompat::mkdb::WriteEmbedded(options.out, paths[2], problems)) ||
      (embed && paths.size() > 3 && !cudacompat::mkdb::WriteScanFacts(options.out, paths[3], problems))) {
    result = BuildResult::kCannotWrite;
  }
  Print(problems);
  return result == BuildResult::kBuilt ? 0 : result == BuildResult::kBadData ? 65 : 70;
}
