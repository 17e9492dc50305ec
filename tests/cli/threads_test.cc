// What people pasted into public threads, through the program as it is run: `explain -` of their logs, `query
// --target -` of their reports.
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "base/text.h"
#include "catch.h"
#include "run_cli.h"

namespace cudacompat::cli {
namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(CUDACOMPAT_SOURCE_DIR) / "tests" / "fixtures" / "threads";

struct Entry {
  std::vector<std::string> head;  // name, and what stands behind each bar
  std::string text;
};

std::vector<Entry> Entries(const std::string& name) {
  std::ifstream file(kFolder / name, std::ios::binary);
  std::vector<Entry> entries;
  for (std::string line; std::getline(file, line);) {
    if (StartsWith(line, "### ")) {
      entries.emplace_back();
      for (std::string_view part : Split(std::string_view(line).substr(4), '|'))
        entries.back().head.emplace_back(Trim(part));
    } else if (!entries.empty()) {
      entries.back().text += line + "\n";
    }
  }
  return entries;
}

nlohmann::json Run(std::vector<std::string> arguments, const std::string& text) {
  arguments.emplace_back("--json");
  const run_cli::Outcome said = run_cli::Run(arguments, text);
  INFO(said.err);
  return nlohmann::json::parse(said.out, nullptr, false);
}

std::string TextOr(const nlohmann::json& value, const std::string& other) {
  return value.is_string() ? value.get<std::string>() : other;
}

void CheckLogs(const std::string& file, size_t least) {
  std::vector<Entry> entries = Entries(file);
  REQUIRE(entries.size() >= least);
  for (const Entry& entry : entries) {
    REQUIRE(entry.head.size() == 4);
    std::vector<std::string> arguments{"explain", "-"};
    if (entry.head[1] != "-") {
      for (std::string_view word : Words(entry.head[1])) arguments.emplace_back(word);
    }
    nlohmann::json answer = Run(arguments, entry.text);
    std::vector<std::string_view> expected = Words(entry.head[2]);
    REQUIRE(expected.size() == 3);
    INFO(entry.head[0] << "\n" << answer["findings"].dump(1));
    CHECK(TextOr(answer["rule"], "-") == expected[1]);
    CHECK(TextOr(answer["class"], "-") == expected[2]);
    std::string line = answer["findings"].empty() ? "-" : answer["findings"][0]["line"].dump();
    if (expected[0] != "?") CHECK(line == expected[0]);
  }
}

std::string Seen(const nlohmann::json& answer, const std::string& key) {
  if (key == "hosts") return std::to_string(answer.value("hosts", nlohmann::json::array()).size());
  if (key != "cc") return TextOr(answer["target"][key], "-");
  std::set<std::string> capabilities;
  for (const nlohmann::json& device : answer["devices"])
    capabilities.insert(TextOr(device["compute_capability"], "-"));
  return Join(std::vector<std::string>(capabilities.begin(), capabilities.end()), ",");
}

TEST_CASE("Logs of public threads") { CheckLogs("logs.txt", 180); }

TEST_CASE("More sentences of public threads") { CheckLogs("more.txt", 140); }

TEST_CASE("Reports of public threads") {
  std::vector<Entry> entries = Entries("reports.txt");
  REQUIRE(entries.size() >= 90);
  for (const Entry& entry : entries) {
    REQUIRE(entry.head.size() == 4);
    nlohmann::json answer = Run({"query", "--target", "-"}, entry.text);
    INFO(entry.head[0] << "\n" << answer.dump(1).substr(0, 2000));
    CHECK_FALSE(answer.is_discarded());
    if (answer.is_discarded()) continue;
    std::vector<std::string_view> expected = Words(entry.head[1]);
    CHECK(TextOr(answer["verdict"], "-") == expected[0]);
    if (expected[1] != "(any)") CHECK(TextOr(answer["rule"], "-") == expected[1]);
    if (entry.head[2] == "-") continue;
    for (std::string_view pair : Words(entry.head[2])) {
      size_t equal = pair.find('=');
      CHECK(Seen(answer, std::string(pair.substr(0, equal))) == pair.substr(equal + 1));
    }
  }
}

std::string Remedies(const nlohmann::json& answer) {
  std::string all;
  for (const nlohmann::json& each : answer["remedies"]) {
    all += TextOr(each["title"], "") + "\n";
    for (const nlohmann::json& command : each["commands"]) all += TextOr(command, "") + "\n";
  }
  return all;
}

std::string FirstRemedies(const std::string& text, std::vector<std::string> flags = {}) {
  std::vector<std::string> arguments{"explain", "-"};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  nlohmann::json answer = Run(arguments, text);
  return answer["findings"].empty() ? "" : Remedies(answer["findings"][0]);
}

TEST_CASE("A number is of the family that is named with it") {
  const std::vector<std::array<std::string, 3>> kNumbers = {
      {"WinError 127", "library-shadowed", "windows"},
      {"nvml 3", "-", "nvml"},
      {"NVML 999", "container-lost-gpu", "nvml"},
      {"nvidia-smi exit 9", "driver-not-loaded", "nvidia-smi"},
      {"error 35", "driver-too-old", "runtime"}};
  for (const auto& [typed, rule, family] : kNumbers) {
    nlohmann::json answer = Run({"explain", typed}, "");
    INFO(typed << answer.dump(1).substr(0, 600));
    REQUIRE_FALSE(answer["findings"].empty());
    CHECK(TextOr(answer["rule"], "-") == rule);
    CHECK(TextOr(answer["findings"][0]["family"], "-") == family);
  }
}

TEST_CASE("A version with its tag on a line of its own is what the log is about") {
  const std::string text =
      "torch 2.5.1+cu121\nNVIDIA GeForce RTX 5090\nRuntimeError: CUDA error: no kernel image is available for "
      "execution on the device\n";
  const std::string all = FirstRemedies(text);
  INFO(all);
  CHECK(Contains(all, "torch"));
}

// Releases of L4T as /etc/nv_tegra_release prints them, and what JetPack's table says of their CUDA.
TEST_CASE("A board's release line reaches the rules") {
  const std::string line =
      "# R35 (release), REVISION: 3.1, GCID: 32827747, BOARD: t186ref, EABI: aarch64, DATE: Sun Mar 19 15:19:21 "
      "UTC 2023\n";
  for (const std::string& text : {line, std::string("nvidia-l4t-core  35.3.1-20230319081403\n"),
                                  std::string("declare -x JETSON_L4T=\"35.3.1\"\n")}) {
    nlohmann::json answer = Run({"query", "--target", "-", "--gpu", "Orin", "--torch", "2.15.0"}, text);
    INFO(text << answer.dump(1).substr(0, 600));
    CHECK(TextOr(answer["rule"], "-") == "driver-too-old");
    CHECK(TextOr(answer["verdict"], "-") == "incompatible");
  }
}

TEST_CASE("Labels are read with quotes of either kind") {
  for (const std::string quote : {"'", "\"", ""}) {
    std::string text = "nvidia.com/gpu.product: " + quote + "NVIDIA-A100-PCIE-40GB" + quote +
                       "\nnvidia.com/cuda.driver.major: " + quote + "450" + quote +
                       "\nnvidia.com/cuda.driver.minor: " + quote + "80" + quote +
                       "\nnvidia.com/cuda.driver.rev: " + quote + "02" + quote + "\n";
    nlohmann::json answer = Run({"query", "--target", "-", "--torch", "2.9.0+cu130"}, text);
    INFO(text);
    CHECK(TextOr(answer["rule"], "-") == "driver-too-old");
  }
}

TEST_CASE("Remedies fit the engine, the board and what the message names") {
  struct Case {
    std::string text;
    std::vector<std::string> flags;
    std::vector<std::string> holds, lacks;
  };
  const std::vector<Case> cases = {
      {"Error: setting up CDI devices: unresolvable CDI devices nvidia.com/gpu=0",
       {},
       {"nvidia-ctk cdi generate"},
       {"docker"}},
      {"failed to get sandbox runtime: no runtime for \"nvidia\" is configured",
       {},
       {"--runtime=containerd"},
       {"docker"}},
      {"NvRmMemInitNvmap failed with No such file or directory", {}, {}, {"--gpus all"}},
      {"[h264_nvenc] Driver does not support the required nvenc API version. Required: 9.1 Found: 9.0\n"
       "[h264_nvenc] The minimum required Nvidia driver for nvenc is 435.21 or newer\n",
       {},
       {"435.21"},
       {"cuda-compat", "--cuda-driver"}},
      {"E cuda_dnn.cc:9261] Unable to register cuDNN factory: Attempting to register factory for plugin cuDNN when "
       "one has already been registered",
       {},
       {},
       {"PyTorch"}},
      {"ERROR: This container was built for NVIDIA Driver Release 560.35 or later, but\n"
       "version 540.4.0 was detected\nnvidia-l4t-core   36.4.7-20250918154033\n",
       {},
       {"JetPack"},
       {"ubuntu-drivers", "Windows"}},
      {"NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver",
       {"--platform", "wsl"},
       {"wsl --update"},
       {"modprobe"}},
      {"Driver/library version mismatch", {"--platform", "hosted"}, {}, {"Windows"}},
      {"ImportError: libnvinfer.so.10: cannot open shared object file",
       {},
       {"tensorrt-cu12-libs<11"},
       {"cudacompat sql"}},
      {"ImportError: libnvinfer.so.8: cannot open shared object file",
       {},
       {"tensorrt==8.6.*"},
       {"cudacompat sql"}},
      {"ImportError: libcudart.so.10.1: cannot open shared object file",
       {},
       {"CUDA 10.1"},
       {"cudacompat sql"}},
      {"ImportError: libcudnn.so.7: cannot open shared object file", {}, {"cuDNN"}, {"cudacompat sql"}},
      {"ImportError: libc10_cuda.so: cannot open shared object file",
       {},
       {"Import torch before", "libc10_cuda.so is a part of torch"},
       {}},
      {"ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has "
       "compute capability 7.5. You can use float16 instead by explicitly setting the `dtype` flag in CLI, for example: "
       "--dtype=half.",
       {},
       {"--dtype half"},
       {"attn_implementation"}},
      {"CUDA error: MPS client failed to connect to the MPS control daemon or the MPS server",
       {},
       {"nvidia-cuda-mps-control -d", "echo quit", "CUDA_MPS_PIPE_DIRECTORY"},
       {}},
      {"CUDA_ERROR_MPS_MAX_CLIENTS_REACHED", {}, {"get_server_list"}, {}},
  };
  for (const Case& each : cases) {
    const std::string remedies = FirstRemedies(each.text, each.flags);
    INFO(each.text << "\n" << remedies);
    CHECK_FALSE(remedies.empty());
    for (const std::string& words : each.holds) CHECK(Contains(remedies, words));
    for (const std::string& words : each.lacks) CHECK_FALSE(Contains(remedies, words));
  }
}

TEST_CASE("What a package cannot do is no remedy; what a missing file of torch may come from") {
  CHECK_FALSE(Contains(Remedies(Run({"query", "--package", "vllm==0.6.3", "--gpu", "P100"}, "")),
                       "attn_implementation"));
  nlohmann::json answer =
      Run({"explain", "-"},
          "ImportError: libtorch_cuda.so: cannot open shared object file: No such file or directory");
  CHECK(answer["candidates"][0]["rule"] == "cpu-only-build");
}

TEST_CASE("A sentence alone gives no number that nobody said") {
  nlohmann::json answer = Run({"query", "--target", "-"},
                              "Driver Version: 535.104.05\nGPU 0: NVIDIA GeForce RTX 3090\n"
                              "CUDA driver version is insufficient for CUDA runtime version\n");
  CHECK(TextOr(answer["rule"], "-") == "driver-too-old");
  CHECK_FALSE(Remedies(answer).empty());
  CHECK_FALSE(Contains(Remedies(answer), "cuda-toolkit"));
  CHECK(Contains(Remedies(answer), "--cuda-driver 12.2"));
  nlohmann::json bare =
      Run({"query", "--target", "-"},
          "cuda_11.2.0_460.27.04_linux.run\nCUDA driver version is insufficient for CUDA runtime "
          "version\n");
  CHECK_FALSE(Contains(Remedies(bare), "195.22"));
  CHECK_FALSE(Contains(Remedies(bare), "347.62"));
}

TEST_CASE("Colours inside a sentence, UTF-16 without its mark, the dot behind a number") {
  std::string coloured =
      "CUDA error: no \x1b[01;31m\x1b[Kkernel image\x1b[m\x1b[K is available for execution\n";
  CHECK(TextOr(Run({"explain", "-"}, coloured)["rule"], "-") == "no-kernel-image");
  std::string wide;
  for (char c :
       std::string("RuntimeError: CUDA error: no kernel image is available for execution on the device\n"))
    wide += {c, '\0'};
  CHECK(TextOr(Run({"explain", "-"}, wide)["rule"], "-") == "no-kernel-image");
  nlohmann::json dot =
      Run({"explain", "-"},
          "Loaded runtime CuDNN library: 8.0.5 but source was compiled with: 8.1.0.  CuDNN library "
          "needs to have matching major version\n");
  CHECK(dot["findings"][0]["captures"].dump().find("8.1.0.") == std::string::npos);
}

TEST_CASE("Explain of a file that is none") {
  for (const std::string what : {"no-such-file.log", "./missing", "/tmp/", "/no/such/folder/run.txt"}) {
    INFO(what);
    const run_cli::Outcome said = run_cli::Run({"explain", what});
    CHECK(said.code == 65);
    CHECK(said.out.empty());
    CHECK(Contains(said.err, "hint"));
  }
}

TEST_CASE("A pipe is read as a file is") {
  std::string path = std::filesystem::temp_directory_path() / ("threads_test." + std::to_string(getpid()));
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  for (const char* command : {"explain", "query"}) {
    std::thread writer([&path] {
      std::ofstream pipe(path);
      pipe << "| NVIDIA-SMI 535.183.01   Driver Version: 535.183.01   CUDA Version: 12.2 |\n"
              "RuntimeError: CUDA error: no kernel image is available for execution on the device\n";
    });
    std::vector<std::string> arguments{command};
    if (std::string_view(command) == "query") arguments.emplace_back("--target");
    arguments.push_back(path);
    nlohmann::json answer = Run(arguments, "");
    writer.join();
    CHECK(TextOr(answer["rule"], "-") == "no-kernel-image");
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace cudacompat::cli
