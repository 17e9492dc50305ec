// FindErrors with a table of its own: places, captures, order, counts. The shipped table is tested by
// logs_test.
#include "report/find_errors.h"

#include "catch.h"
#include "error_table.h"

namespace cudacompat::report {
namespace {

std::vector<Finding> FindErrors(std::string_view text, ErrorTable table, const FindOptions& options = {}) {
  return ErrorScanner(RowsOf(std::move(table))).Find(text, options);
}

ErrorTable Table() {
  ErrorTable table;
  auto add = [&](std::string id, std::string anchor, std::string regex, std::string rule, std::string cls,
                 int rank) {
    ErrorPattern row;
    row.id = std::move(id);
    row.anchors = std::move(anchor);
    row.regex = std::move(regex);
    row.rule = std::move(rule);
    row.cls = std::move(cls);
    row.family = "runtime";
    row.code = "-";
    row.rank = rank;
    row.note = "note";
    table.patterns.push_back(row);
  };
  add("missing", "cannot open shared object", R"((?P<library>lib\S+\.so\S*): cannot open)", "library-missing",
      "library", 500);
  add("image", "no kernel image", "-", "no-kernel-image", "image", 300);
  add("wrapper", "ncclUnhandledCudaError", "-", "nccl-cuda-error", "library", 900);
  add("coded", "CUDA error ", R"(CUDA error (?P<code>\d+))", "-", "program", 400);
  add("driver", "driver version", R"(found version (?P<cuda_packed>\d+))", "driver-too-old", "driver", 200);
  table.codes.push_back(
      {"runtime", "700", "cudaErrorIllegalAddress", "an illegal memory access", "-", "program"});
  table.codes.push_back(
      {"runtime", "209", "cudaErrorNoKernelImageForDevice", "-", "no-kernel-image", "image"});
  table.codes.push_back(
      {"runtime-before-10.1", "48", "cudaErrorNoKernelImageForDevice", "-", "no-kernel-image", "image"});
  return table;
}

TEST_CASE("Root cause before followers, with place and count") {
  std::string log =
      "one\nncclUnhandledCudaError: x\n  no kernel image is available\n no kernel image is available\n";
  std::vector<Finding> findings = FindErrors(log, Table());
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].rule == "no-kernel-image");
  CHECK(findings[0].line == 3);
  CHECK(findings[0].column == 3);
  CHECK(findings[0].count == 2);
  CHECK(findings[0].text == "no kernel image is available");
  CHECK_FALSE(findings[0].follower);
  CHECK(findings[1].rule == "nccl-cuda-error");
  CHECK(findings[1].follower);
}

TEST_CASE("A sentence in source code has not been said") {
  for (const char* line :
       {"logger.error(\"no kernel image is available\")",
        "    print('no kernel image')",
        "print(f\"{e}: no kernel image\")",
        "// no kernel image is available",
        "case cudaErrorX: /* no kernel image */",
        "if \"no kernel image\" in str(e):",
        "elif 'no kernel image' in message:",
        "except NoKernel as no_image:  # no kernel image",
        "#define NO_IMAGE \"no kernel image\"",
        "self.log.warning('no kernel image')",
        "throw std::runtime_error(\"no kernel image\");",
        "std::cerr << \"no kernel image\" << std::endl;",
        "} else if (message == \"no kernel image\") {",
        "fprintf(stderr, \"no kernel image\");",
        "return \"no kernel image\";",
        "  12 |   print(\"no kernel image\")",
        "+    raise RuntimeError(\"no kernel image\")",
        "NO_IMAGE = 'no kernel image is available'",
        "def check(e):\n    # no kernel image is available: built for another card\n    return str(e)",
        "import torch\n\n# RuntimeError: no kernel image\nx = torch.zeros(1)",
        "KNOWN = [\n    \"no kernel image is available\",\n]\nfor each in KNOWN:\n    print(each)",
        "    raise RuntimeError(\n        \"no kernel image is available\"\n    )",
        "if bad:\n    message = (\n        f\"{e}: no kernel image\"\n    )",
        "static const char* kText =\n    \"no kernel image is available\";\nint main() {"}) {
    INFO(line);
    CHECK(FindErrors(line, Table()).empty());
  }
  for (
      const char* line :
      {"RuntimeError('CUDA error: no kernel image is available')",
       "RuntimeError: no kernel image is available", "ERROR: no kernel image; if it says so, see below:",
       "level=error msg=\"no kernel image is available\"", "CUDA error: no kernel image, in print(\"x\")",
       "error = \"no kernel image is available\"", "last_error = \"no kernel image\"",
       "[job]\nname = 'train'\nmessage = 'no kernel image is available'\nretries = 3",
       "# Title: no kernel image is available", "\"RuntimeError: no kernel image is available\"",
       "# Describe the bug\n# RuntimeError: no kernel image is available\nHow can I mend this?",
       "$ python train.py\n\"no kernel image is available\"", "{\"msg\":\"no kernel image is available\"}",
       "\"logs\": [\n  \"RuntimeError: no kernel image is available\",\n  \"exit 1\"\n]",
       "import torch\nx = torch.zeros(1).cuda()\nRuntimeError: no kernel image is available",
       "  File \"a.py\", line 3, in f\n    raise RuntimeError(\"no kernel image\")\nRuntimeError: no kernel image"}) {
    INFO(line);
    CHECK(FindErrors(line, Table()).size() == 1);
  }
}

TEST_CASE("Captures, decoded versions and numbers") {
  auto missing = FindErrors("OSError: libcudart.so.11.0: cannot open shared object file", Table());
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].captures["library"] == "libcudart.so.11.0");
  auto driver = FindErrors("the driver version is too old (found version 11040)", Table());
  REQUIRE(driver.size() == 1);
  CHECK(driver[0].captures["cuda"] == "11.4");
  auto code = FindErrors("CUDA error 209", Table());
  REQUIRE(code.size() == 1);
  CHECK(code[0].rule == "no-kernel-image");
  CHECK(code[0].name == "cudaErrorNoKernelImageForDevice");
  auto program = FindErrors("CUDA error 700", Table());
  REQUIRE(program.size() == 1);
  CHECK(program[0].rule.empty());
  CHECK(program[0].cls == "program");
  FindOptions old;
  old.cuda = "9.0";
  CHECK(FindErrors("CUDA error 48", Table(), old)[0].rule == "no-kernel-image");
}

TEST_CASE("Places stay those of the log where its signs or line ends were changed") {
  auto spelled = FindErrors("one\nx\xC2\xA0 \xE2\x80\x9Cno\xC2\xA0kernel image\xE2\x80\x9D", Table());
  REQUIRE(spelled.size() == 1);
  CHECK(spelled[0].line == 2);
  CHECK(spelled[0].column == 8);
  CHECK(spelled[0].text == "x \"no kernel image\"");
  const std::string broken = "one\n\na program of many words says that no kernel\nimage is here\n";
  auto wrapped = FindErrors(broken, Table());
  REQUIRE(wrapped.size() == 1);
  CHECK(wrapped[0].line == 3);
  CHECK(wrapped[0].column == 35);
  CHECK(wrapped[0].text == "a program of many words says that no kernel image is here");
  // Lines that nobody broke: the next word would have fitted.
  CHECK(FindErrors("There is still no kernel for this one here\nimage " + std::string(60, 'x'), Table())
            .empty());
  CHECK(FindErrors("C:\\nothing\\no kernel image", Table()).size() == 1);
  CHECK(FindErrors("{\"msg\":\"no\\u00a0kernel image\"}", Table()).size() == 1);
  CHECK(FindErrors("&amp;quot;no&nbsp;kernel&#32;image&quot;", Table()).size() == 1);
}

TEST_CASE("One line of 50 MB, colours, UTF-16 and noise") {
  std::string line(50 << 20, 'a');
  line.replace(25 << 20, 15, "no kernel image");
  auto findings = FindErrors(line, Table());
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].column == (25 << 20) + 1);
  CHECK(findings[0].text.size() < 1000);
  CHECK(FindErrors("\x1b[31mno kernel image\x1b[0m", Table())[0].text == "no kernel image");
  std::string wide = "\xFF\xFE";
  for (char c : std::string("no kernel image")) {
    wide += c;
    wide += '\0';
  }
  CHECK(FindErrors(wide, Table()).size() == 1);
  CHECK(FindErrors(std::string_view("\0\xff\xfe\x80no kernel image\0\x01", 21), Table()).size() == 1);
}

TEST_CASE("One pattern, several anchors") {
  ErrorTable table = Table();
  table.patterns[0].anchors = "cannot open shared object|object file";
  table.patterns[0].regex = R"((?P<library>lib\S+\.so\S*): cannot open shared object(?: file)?)";
  const std::string line = "libx.so.1: cannot open shared object file\n";
  auto findings = FindErrors(line + line + "an object file\n", table);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].count == 2);  // both anchors lie in the same words
  CHECK(findings[0].captures["library"] == "libx.so.1");
}

TEST_CASE("A table that cannot be used says so") {
  ErrorTable table = Table();
  CHECK(ErrorScanner(RowsOf(table)).Problems().empty());
  table.patterns[0].regex = "(";
  table.patterns[1].anchors = "short|no kernel image";
  CHECK(ErrorScanner(RowsOf(table)).Problems().size() == 2);
}

}  // namespace
}  // namespace cudacompat::report
