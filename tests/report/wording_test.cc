// What lines complain of where no known sentence stands in them: the shipped wordings.
#include "report/wording.h"

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/text.h"
#include "catch.h"
#include "error_table.h"

namespace cudacompat::report {
namespace {

const Terms& Words() {
  static const Terms words(ShippedErrorTable().words);
  return words;
}

std::vector<Finding> Find(std::string_view text) { return FindWordings(text, ShippedWordings(), Words()); }

std::string First(std::string_view text) {
  std::vector<Finding> found = Find(text);
  return found.empty() ? "" : found.front().rule.empty() ? found.front().cls : found.front().rule;
}

std::string File(const std::string& name) {
  std::ifstream file(std::string(CUDACOMPAT_SOURCE_DIR) + "/tests/fixtures/logs/" + name, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

TEST_CASE("Every shipped term and wording can be used, and none is for wrappers") {
  CHECK(Join(Words().Problems(), "\n") == "");
  for (const Wording& row : ShippedWordings()) {
    INFO(row.id);
    for (const std::string& names : {row.subject, row.complaint, row.demand, row.unless}) {
      INFO(names);
      const size_t count = names == "-" ? 0 : Split(names, '+').size();
      CHECK(Words().Find(names).size() == count);
    }
    CHECK(row.subject != "-");
    CHECK(row.rank < kNotes);
  }
}

// tests/fixtures/logs/wordings.tsv: a wording, whether it says the line, the line.
TEST_CASE("Every wording says the lines that it should and no others") {
  std::map<std::string, std::set<std::string>> known;
  const std::string rows = File("wordings.tsv");
  for (std::string_view row : Split(rows, '\n')) {
    if (row.empty() || StartsWith(row, "#")) continue;
    const std::vector<std::string_view> cells = Split(row, '\t');
    REQUIRE(cells.size() == 3);
    INFO(row);
    const std::vector<Finding> found = Find(cells[2]);
    const bool said = !found.empty() && found.front().pattern_id == cells[0];
    CHECK(said == (cells[1] == "yes"));
    known[std::string(cells[0])].emplace(cells[1]);
  }
  for (const Wording& row : ShippedWordings()) {
    INFO(row.id);
    CHECK(known[row.id].size() == 2);  // a line that it says and one that it does not
    known.erase(row.id);
  }
  CHECK(known.empty());
}

TEST_CASE("A subject and a complaint in any order are one wording") {
  CHECK(First("The CUDA compiler that cmake wants could not be located") == "toolkit-differs-from-build");
  CHECK(First("we could not see any NVIDIA GPU on this node") == "no-gpu");
  CHECK(First("node7: card dead?\nGPU 3 requires a reset") == "gpu-lost");
  std::vector<Finding> found = Find("start\n  the libcublas.so.12 missing\nno GPU was seen");
  REQUIRE(found.size() >= 1);
  CHECK(found.front().line == 2);
  CHECK(found.front().column == 7);
  CHECK(found.front().captures["library"] == "libcublas.so.12");
}

TEST_CASE("What tells how something is done complains of nothing") {
  for (const char* text :
       {"If no GPU is found, the CPU is used", "- Fix driver not found on Windows", "# nvcc not found",
        "To use CUDA you need a driver of 525 or newer, install it first", "-- CUDA compiler not found",
        "java.sql.SQLException: driver version is too old", "printf(\"no GPU found\");", "",
        "| GPU | not supported | - |"}) {
    INFO(text);
    CHECK(First(text) == "");
  }
}

TEST_CASE("Harmless texts hold no wording") {
  const std::string lines = File("harmless.tsv");
  for (std::string_view line : Split(lines, '\n')) {
    if (line.empty() || StartsWith(line, "# ")) continue;
    std::string text(line);
    for (size_t at = 0; (at = text.find("\\n", at)) != std::string::npos;) text.replace(at, 2, "\n");
    INFO(text);
    CHECK(First(text) == "");
  }
}

}  // namespace
}  // namespace cudacompat::report
