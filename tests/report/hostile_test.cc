// Input that nobody means well: noise, one endless line, deep nesting, lies about sizes. Bounded, and never a
// crash.
#include <chrono>
#include <random>

#include "base/text.h"
#include "catch.h"
#include "report/line.h"
#include "report/record.h"
#include "report/report.h"

namespace cudacompat::report {
namespace {

double SecondsToRead(const std::string& text) {
  auto begin = std::chrono::steady_clock::now();
  Result<std::vector<Machine>> machines = ReadReport(text);
  if (!machines.ok()) CHECK(machines.error().kind == ErrorKind::kBadInput);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

TEST_CASE("What is no report is refused with a hint") {
  for (std::string text :
       {std::string(), std::string("\n\n\n"), std::string("hello world\n"), std::string(5000, '\0')}) {
    Result<std::vector<Machine>> machines = ReadReport(text);
    REQUIRE_FALSE(machines.ok());
    CHECK(machines.error().kind == ErrorKind::kBadInput);
    CHECK_FALSE(machines.error().hint.empty());
  }
}

TEST_CASE("Random bytes and broken UTF-8") {
  std::mt19937 random(11);
  for (int round = 0; round < 60; ++round) {
    std::string text = "PyTorch version: 2.1.0\n";
    for (int i = 0; i < 3000; ++i) text += static_cast<char>(random());
    Result<std::vector<Machine>> machines = ReadReport(text);
    if (machines.ok()) MachineToJson(machines->front()).dump();  // throws on broken UTF-8
  }
}

TEST_CASE("Fields shuffled into nonsense") {
  std::mt19937 random(5);
  const std::vector<std::string> parts = {"GPU 0: ",          "| NVIDIA-SMI ",
                                          "Driver Version: ", "nvidia.com/gpu.product=",
                                          "{'a': '",          "\"name\": ",
                                          "<nvidia_smi_log>", "torch==",
                                          "[pip3] ",          "\\n",
                                          "(UUID: ",          "999999999999",
                                          "|   0  ",          "12.4",
                                          "\xEF\xBC\x9A",     "\n",
                                          "  MIG ",           ">>> torch.__version__",
                                          "\x1b[31m",         "NVSMI LOG"};
  for (int round = 0; round < 400; ++round) {
    std::string text;
    for (int i = 0; i < 60; ++i) text += parts[random() % parts.size()];
    Result<std::vector<Machine>> machines = ReadReport(text);
    if (machines.ok()) MachineToJson(machines->front()).dump();
  }
}

TEST_CASE("A line of 50 MB, a million lines, many heads: time stays in bounds") {
  std::string line(50 << 20, 'x');
  CHECK(SecondsToRead("PyTorch version: 2.1.0 " + line) < 20);
  std::string spaced;
  while (spaced.size() < (50 << 20)) spaced += "GPU 0: | word ";
  CHECK(SecondsToRead(spaced) < 20);
  std::string lines;
  for (int i = 0; i < 400000; ++i) lines += "some line of a log, number " + std::to_string(i) + "\n";
  CHECK(SecondsToRead(lines + "Is CUDA available: True\n") < 40);
  std::string heads;
  for (int i = 0; i < 3000; ++i)
    heads += "| NVIDIA-SMI 535." + std::to_string(i % 900) + "   Driver Version: 535." +
             std::to_string(100 + i % 900) + " |\n";
  CHECK(SecondsToRead(heads) < 20);
  std::string logs;
  for (int i = 0; i < 3000; ++i) logs += "<nvidia_smi_log><gpu/></nvidia_smi_log>\n";
  CHECK(SecondsToRead(logs) < 20);
}

TEST_CASE("Only the ends of a long text are read, and that is said") {
  std::string text =
      "Nvidia driver version: 535.104.05\n" + std::string(40 << 20, '\n') + "Is CUDA available: True\n";
  Result<std::vector<Machine>> machines = ReadReport(text);
  REQUIRE(machines.ok());
  CHECK(machines->front().kernel_driver == "535.104.05");
  CHECK(machines->front().available == "true");
  REQUIRE(machines->front().problems.size() == 1);
  CHECK(Contains(machines->front().problems[0], "of 41943098 bytes those were read"));
  std::string middle =
      std::string(30 << 20, '\n') + "GPU models and configuration: GPU 0: Tesla T4\nCUDA error 35\n";
  machines = ReadReport(middle + std::string(30 << 20, '\n') + "the end failed\n");
  REQUIRE(machines.ok());
  REQUIRE(machines->front().gpus.size() == 1);
  REQUIRE(machines->front().errors.size() == 2);
  CHECK(machines->front().errors[0].line == (30 << 20) + 2);
  CHECK(machines->front().errors[1].line == (60 << 20) + 3);
}

TEST_CASE("A damaged record says what is wrong with it") {
  const std::string schema = R"({"schema": "cudacompat/device/1", )";
  auto cut = ReadReport(schema + R"("os": "linux", "gpus": [)");
  REQUIRE_FALSE(cut.ok());
  CHECK(cut.error().message == "the record is not complete JSON: it is cut off or was changed by hand");
  auto wrong = ReadReport(schema + R"("gpus": [{"gpu": 5}]})");
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().message == "\"gpus.gpu\" is not a text");
  auto huge = ReadReport(schema + R"("gpus": [{"count": 99999999999999999999}]})");
  REQUIRE_FALSE(huge.ok());
  auto later = ReadReport(R"({"schema": "cudacompat/device/99", "os": "linux"})");
  REQUIRE_FALSE(later.ok());
  CHECK(Contains(later.error().message, "cudacompat/device/99"));
  auto nested = ReadReport(schema + "\"x\": " + std::string(100000, '[') + std::string(100000, ']') + "}");
  REQUIRE_FALSE(nested.ok());
  CHECK(Contains(nested.error().message, "deeper"));
}

TEST_CASE("Lines are freed from what forums put around them") {
  auto only = [](std::string_view text) {
    std::vector<Line> lines = CleanLines(text);
    return lines.empty() ? std::string() : lines.front().text;
  };
  CHECK(only("> > **OS:** Ubuntu") == "OS: Ubuntu");
  CHECK(only("Nov 21 10:00:00 box ollama[77]: CUDA driver version: 12.8") == "CUDA driver version: 12.8");
  CHECK(only("[   12.345678] NVRM: text") == "NVRM: text");
  CHECK(only("2024-01-01T00:00:00.0000000Z torch==2.0") == "torch==2.0");
  CHECK(only("OS\xEF\xBC\x9AUbuntu") == "OS: Ubuntu");
  CHECK(only("(Worker pid=12) ERROR 07-21 10:19:29 [core.py:1] boom") == "boom");
  CHECK(CleanLines("a\\nb\\nc\\nd").size() == 4);
}

}  // namespace
}  // namespace cudacompat::report
