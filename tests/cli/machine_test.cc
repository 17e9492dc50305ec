// `device`, `doctor` and `query --root` over machines made here: images without an environment, boards,
// doubled packages, several cards. Recorded machines are in doctor_test.cc.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/text.h"
#include "catch.h"
#include "run_cli.h"

using namespace cudacompat;
namespace fs = std::filesystem;

namespace {

const fs::path kFixtures = fs::path(CUDACOMPAT_SOURCE_DIR) / "tests" / "fixtures" / "hosts";

using Said = run_cli::Outcome;

/// A folder read as if it were "/"; it goes away with the test.
class Root {
 public:
  /// Empty, or a copy of a recorded machine.
  explicit Root(const std::string& fixture = "") {
    static int count = 0;
    path_ = fs::temp_directory_path() /
            ("cudacompat-machine-" + std::to_string(getpid()) + "-" + std::to_string(++count));
    fs::create_directories(path_);
    if (!fixture.empty())
      fs::copy(kFixtures / fixture, path_, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;
  ~Root() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  Root& Write(const std::string& path, const std::string& text = "") {
    fs::create_directories((path_ / path).parent_path());
    std::ofstream(path_ / path, std::ios::binary) << text;
    return *this;
  }
  /// Changes a text in a file of it; the text must be there.
  Root& Change(const std::string& path, const std::string& from, const std::string& to) {
    std::ostringstream text;
    text << std::ifstream(path_ / path, std::ios::binary).rdbuf();
    REQUIRE(Contains(text.str(), from));
    return Write(path, ReplaceAll(text.str(), from, to));
  }
  Root& Remove(const std::string& path) {
    fs::remove_all(path_ / path);
    return *this;
  }
  std::string Text() const { return path_.string(); }

  /// A Linux with /usr/bin/python3, which holds nothing.
  Root& System() {
    Write("lib64/ld-linux-x86-64.so.2").Write("etc/os-release", "ID=ubuntu\nVERSION_ID=\"24.04\"\n");
    return Write("usr/bin/python3.12").Write("usr/bin/python3").Write("usr/lib/python3.12/os.py");
  }
  Root& Venv(const std::string& prefix) {
    Write(prefix + "/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.9\n").Write(prefix + "/bin/python3.11");
    return Write(prefix + "/lib/python3.11/site-packages/pip/__init__.py");
  }
  Root& Package(const std::string& prefix, const std::string& name, const std::string& version) {
    const std::string site = prefix + "/lib/python3.11/site-packages/";
    const std::string info = ReplaceAll(name, "-", "_") + "-" + version + ".dist-info/METADATA";
    return Write(site + info, "Name: " + name + "\nVersion: " + version + "\n\n");
  }

 private:
  fs::path path_;
};

/// The line of the text that begins with these words.
std::string LineOf(const std::string& text, const std::string& words) {
  for (std::string_view line : Split(text, '\n')) {
    if (StartsWith(Trim(line), words)) return std::string(Trim(line));
  }
  return "";
}

}  // namespace

TEST_CASE("device: each framework has its runtime in the table") {
  Root root;
  root.System().Venv("opt/venv");
  root.Package("opt/venv", "tensorflow", "2.16.1").Package("opt/venv", "onnxruntime-gpu", "1.19.2");
  root.Package("opt/venv", "jax", "0.4.35").Package("opt/venv", "jaxlib", "0.4.34");
  root.Package("opt/venv", "jax-cuda12-plugin", "0.4.34").Package("opt/venv", "cupy-cuda11x", "13.3.0");
  root.Package("opt/venv", "torch", "2.6.0+cu124");
  std::string out = run_cli::Run({"device", "--root", root.Text()}).out;
  INFO(out);
  CHECK(Contains(LineOf(out, "tensorflow"), "12.3"));
  CHECK(Contains(LineOf(out, "onnxruntime-gpu"), "12.2"));
  CHECK(Contains(LineOf(out, "jax"), "12.3"));
  CHECK(Contains(LineOf(out, "cupy-cuda11x"), "11.2"));
  CHECK(Contains(LineOf(out, "torch"), "cu124"));
  CHECK(Split(out.substr(0, out.find("\n\n")), '\n').size() == 8);  // jaxlib and the plugin are jax's
  root.Package("opt/venv", "nvidia-cuda-runtime-cu12", "12.6.77");
  out = run_cli::Run({"device", "--root", root.Text()}).out;
  INFO(out);
  CHECK(Contains(LineOf(out, "tensorflow"), "12.6"));
  CHECK(Contains(LineOf(out, "cupy-cuda11x"), "11.2"));  // a runtime of another major is not its own
}

TEST_CASE("device: a board is its own card, and JetPack is its driver") {
  Root root("native-image-jetson");
  root.Remove(".cudacompat/answers");
  const std::string out = run_cli::Run({"device", "--root", root.Text()}).out;
  INFO(out);
  CHECK(Contains(LineOf(out, "card"), "Orin"));
  CHECK(!Contains(out, "not loaded"));
  CHECK(Contains(LineOf(out, "driver"), "12.6"));
}

TEST_CASE("an image without an environment: frameworks are found wherever an environment lies") {
  for (const char* place :
       {"opt/venv", "app/.venv", "venv", "workspace/venv", "srv/app/.venv", "usr/src/app/.venv", "root/.venv",
        "home/appuser/venv", "home/u/project/env", "ComfyUI/venv", "usr/local/env", "var/www/site/venv"}) {
    Root root;
    root.System().Venv(place).Package(place, "torch", "2.9.0+cpu");
    const Said said =
        run_cli::Run({"query", "--root", root.Text(), "--gpu", "RTX 4090", "--driver", "550.120", "--json"});
    INFO(place << " " << said.out);
    CHECK(said.Json()["rule"] == "cpu-only-build");
    CHECK(said.code == 1);
  }
  for (const char* place :
       {"opt/conda", "root/miniconda3", "root/miniconda3/envs/ml", "opt/mamba/envs/x",
        "root/.pyenv/versions/3.11.9", "root/.local/share/uv/python/cpython-3.11.9-linux"}) {
    Root root;
    root.System().Write(std::string(place) + "/bin/python3.11");
    if (!Contains(place, "pyenv") && !Contains(place, "uv"))
      root.Write(std::string(place) + "/conda-meta/python-3.11.9-h1_0.json", "{}");
    root.Package(place, "torch", "2.9.0+cpu");
    const Said said =
        run_cli::Run({"query", "--root", root.Text(), "--gpu", "RTX 4090", "--driver", "550.120", "--json"});
    INFO(place << " " << said.out);
    CHECK(said.Json()["rule"] == "cpu-only-build");
  }
}

TEST_CASE("an image without an environment: which Python runs is not known, and none is the wrong one") {
  Root root;
  root.System().Venv("opt/venv").Package("opt/venv", "torch", "2.6.0+cu124");
  std::string out = run_cli::Run({"device", "--root", root.Text()}).out;
  INFO(out);
  CHECK(Contains(out, "/opt/venv/bin/python, the one that is judged"));
  CHECK(!Contains(out, "the active one"));
  root.Venv("app/.venv").Package("app/.venv", "torch", "2.9.0+cpu");
  const Said both =
      run_cli::Run({"query", "--root", root.Text(), "--gpu", "RTX 4090", "--driver", "580.65.06", "--json"});
  INFO(both.out);
  CHECK(both.Json()["subjects"].size() == 2);
  CHECK(!Contains(both.out, "wrong-python"));
  CHECK(!Contains(run_cli::Run({"device", "--root", root.Text()}).out, "judged"));
  const Said doctor =
      run_cli::Run({"doctor", "--root", root.Text(), "--gpu", "RTX 4090", "--driver", "580.65.06", "--json"});
  INFO(doctor.out);
  CHECK(!Contains(doctor.out, "no Python was found"));
  // With an environment the one that is first on PATH runs, and then another may be the wrong one.
  root.Remove("app").Write(".cudacompat/env", "PATH=/usr/bin:/opt/venv/bin\n");
  const Said told =
      run_cli::Run({"query", "--root", root.Text(), "--gpu", "RTX 4090", "--driver", "580.65.06", "--json"});
  CHECK(told.Json()["rule"] == "wrong-python");
}

TEST_CASE("doctor: what the driver's remedy mends too is no second cause") {
  for (const char* build : {"2.9.0+cu130", "2.11.0+cu130"}) {
    Root root("driver-too-old");
    fs::path site;
    for (const auto& entry : fs::recursive_directory_iterator(root.Text())) {
      if (EndsWith(entry.path().filename().string(), "site-packages")) site = entry.path();
    }
    REQUIRE(!site.empty());
    for (const auto& entry : fs::directory_iterator(site)) {
      if (StartsWith(entry.path().filename().string(), "torch-")) {
        fs::rename(entry.path(), site / ("torch-" + std::string(build) + ".dist-info"));
        break;
      }
    }
    std::ofstream(site / "torch/version.py") << "__version__ = '" << build << "'\ncuda = '13.0'\n";
    const Said said = run_cli::Run({"doctor", "--root", root.Text(), "--json"});
    INFO(said.out);
    CHECK(said.Json()["rule"] == "driver-too-old");
    CHECK(said.Json()["findings"].size() == 1);
  }
}

TEST_CASE("doctor and query: each framework is judged for itself, the first decides") {
  Root root("native-image");
  const std::string venv =
      run_cli::Run({"device", "--root", root.Text(), "--json"}).Json()["python"][0]["env"];
  root.Package(venv.substr(1), "jax", "0.4.30").Package(venv.substr(1), "jaxlib", "0.4.30");
  root.Package(venv.substr(1), "onnxruntime-gpu", "1.18.0");
  for (const char* command : {"doctor", "query"}) {
    const Said said = run_cli::Run({command, "--root", root.Text(), "--json"});
    INFO(said.out);
    CHECK(said.code == 0);
    CHECK(said.Json()["rule"] == "native-image");
    REQUIRE(said.Json()["caveats"].size() == 2);
    CHECK(Contains(said.Json()["caveats"].dump(), "cpu-only-build"));
    CHECK(Contains(said.Json()["caveats"].dump(), "onnxruntime-gpu"));
  }
}

TEST_CASE("doctor: of several cards the first has no memory, another is in MIG mode") {
  Root root("native-image-two-cards");
  const nlohmann::json gpus = run_cli::Run({"device", "--root", root.Text(), "--json"}).Json()["gpus"];
  REQUIRE(gpus.size() == 2);
  auto change = [&](int card, const std::string& key, const std::string& to) {
    std::ostringstream read;
    read << std::ifstream(fs::path(root.Text()) / ".cudacompat/answers").rdbuf();
    const std::string text = read.str();
    std::string out;
    const std::string name = "nvml.gpu." + std::to_string(card) + "." + key + "=";
    for (std::string_view line : Split(text, '\n')) {
      if (!StartsWith(line, name) && !line.empty()) out += std::string(line) + "\n";
    }
    root.Write(".cudacompat/answers", out + name + to + "\n");
  };
  change(0, "memory-free", "8");
  Said said = run_cli::Run({"doctor", "--root", root.Text(), "--json"});
  INFO(said.out);
  CHECK(said.Json()["verdict"] == "conditional");
  CHECK(said.Json()["class"] == "memory");
  CHECK(Contains(said.out, "CUDA_VISIBLE_DEVICES=1"));
  change(0, "memory-free", "24264");
  change(1, "memory-free", "8");  // not the one that programs take
  change(1, "mig", "1");
  change(1, "mig-instances", "0");
  said = run_cli::Run({"doctor", "--root", root.Text(), "--json"});
  INFO(said.out);
  CHECK(said.Json()["rule"] == "mig-without-instance");
  CHECK(Contains(said.Json()["summary"].get<std::string>(), "RTX 4090 works"));
  CHECK(run_cli::Run({"query", "--root", root.Text()}).code == 0);  // programs get the other card
}

TEST_CASE("doubled packages and a plugin of another version are told") {
  auto ask = [](const std::vector<std::pair<std::string, std::string>>& packages) {
    Root root;
    root.System().Venv("opt/venv");
    for (const auto& [name, version] : packages) root.Package("opt/venv", name, version);
    const Said said = run_cli::Run(
        {"query", "--root", root.Text(), "--gpu", "RTX 4090", "--driver", "580.65.06", "--json"});
    INFO(said.out);
    return said.Json();
  };
  CHECK(ask({{"cupy-cuda11x", "13.3.0"}, {"cupy-cuda12x", "13.3.0"}})["rule"] == "works-by-facts-but-fails");
  CHECK(ask({{"onnxruntime", "1.19.2"},
             {"onnxruntime-gpu", "1.19.2"},
             {"nvidia-cudnn-cu12", "9.1.0.70"}})["rule"] == "works-by-facts-but-fails");
  CHECK(ask({{"torch", "2.6.0+cu118"},
             {"nvidia-cudnn-cu11", "9.1.0.70"},
             {"nvidia-cudnn-cu12", "9.1.0.70"}})["rule"] == "works-by-facts-but-fails");
  CHECK(ask({{"torch", "2.6.0+cu118"},
             {"nvidia-cudnn-cu11", "8.9.7.29"},
             {"nvidia-cudnn-cu12", "9.1.0.70"}})["rule"] ==
        "native-image");  // files of two majors have two names
  const nlohmann::json jax = ask({{"jax", "0.4.35"},
                                  {"jaxlib", "0.4.34"},
                                  {"jax-cuda12-plugin", "0.4.30"},
                                  {"nvidia-cudnn-cu12", "9.1.0.70"}});
  CHECK(jax["rule"] == "companion-mismatch");
  CHECK(Contains(jax["remedies"].dump(), "jax[cuda12]==0.4.35"));
  CHECK(ask({{"jax", "0.4.35"}, {"jaxlib", "0.4.34"}, {"jax-cuda12-plugin", "0.4.34"}})["rule"] !=
        "companion-mismatch");
}

TEST_CASE("doctor: a kernel whose modules are gone, and one that has none") {
  Root gone("driver-not-loaded");
  const nlohmann::json machine = run_cli::Run({"device", "--root", gone.Text(), "--json"}).Json();
  std::string release;
  for (const nlohmann::json& sighting : machine["sightings"]) {
    if (sighting["key"] == "kernel.release") release = sighting["value"];
  }
  REQUIRE(!release.empty());
  gone.Remove("lib/modules/" + release).Remove("usr/lib/modules/" + release);
  gone.Write("lib/modules/9.9.9-1-generic/modules.dep", "kernel/nvidia.ko:\n");
  Said said = run_cli::Run({"doctor", "--root", gone.Text(), "--json"});
  INFO(said.out);
  CHECK(said.Json()["rule"] == "driver-not-loaded");
  CHECK(said.Json()["remedies"].size() == 1);
  CHECK(said.Json()["remedies"][0]["commands"][0] == "sudo reboot");
  Root none("driver-not-loaded");
  none.Remove("var/lib/dkms").Write("lib/modules/" + release + "/modules.dep", "kernel/other.ko:\n");
  said = run_cli::Run({"doctor", "--root", none.Text(), "--json"});
  INFO(said.out);
  CHECK(said.Json()["rule"] == "driver-not-loaded");
  CHECK(said.Json()["remedies"][0]["commands"][0] != "sudo modprobe nvidia");
}

TEST_CASE(
    "doctor: the group that owns the device files is the one to join; root's alone need the driver's option") {
  Root root("device-permission");
  std::ostringstream read;
  read << std::ifstream(fs::path(root.Text()) / ".cudacompat/nodes").rdbuf();
  std::string nodes;
  const std::string text = read.str();
  auto own = [&](const std::string& mode, const std::string& owner) {
    nodes.clear();
    for (std::string_view line : Split(text, '\n')) {
      std::vector<std::string_view> words = Words(line);
      if (words.size() != 6) continue;
      const bool device = StartsWith(words[0], "/dev/nvidia");
      for (size_t i = 0; i < words.size(); ++i)
        nodes += (i == 0 ? "" : " ") + (device && i == 2   ? mode
                                        : device && i == 3 ? owner
                                                           : std::string(words[i]));
      nodes += "\n";
    }
    root.Write(".cudacompat/nodes", nodes);
    return run_cli::Run({"doctor", "--root", root.Text(), "--json"});
  };
  root.Write("etc/group", "root:x:0:\nvideo:x:44:\ngpuusers:x:1001:alice\n");
  Said said = own("0660", "0:1001");
  INFO(said.out);
  CHECK(said.Json()["rule"] == "device-permission");
  CHECK(said.Json()["remedies"][0]["commands"][0] == "sudo usermod -aG gpuusers \"$USER\"");
  said = own("0600", "0:0");
  CHECK(said.Json()["rule"] == "device-permission");
  CHECK(Contains(said.Json()["remedies"].dump(), "NVreg_DeviceFileMode"));
  CHECK(!Contains(said.Json()["remedies"].dump(), "usermod"));
}

TEST_CASE("doctor: a fabric manager of another branch, where only its package tells") {
  Root root("fabric-manager-down");
  const std::string driver =
      run_cli::Run({"device", "--root", root.Text(), "--json"}).Json()["kernel_driver"];
  root.Remove("var/log/fabricmanager.log").Write("var/lib/dpkg/info/nvidia-fabricmanager-418.list");
  root.Write("var/lib/dpkg/status", "Package: nvidia-fabricmanager-418\nVersion: 418.67-1\n\n");
  const Said said = run_cli::Run({"doctor", "--root", root.Text(), "--json"});
  INFO(said.out);
  CHECK(said.Json()["rule"] == "fabric-manager-down");
  CHECK(Contains(said.Json()["summary"].get<std::string>(), "418.67 and the driver " + driver));
  CHECK(Contains(said.Json()["remedies"][0]["commands"][0].get<std::string>(), "apt-get install"));
}

TEST_CASE("doctor: where no driver exists none is advised") {
  Root root("driver-not-installed");
  root.Change(".cudacompat/host", "x86_64", "ppc64le");
  const Said said = run_cli::Run({"doctor", "--root", root.Text(), "--json"});
  INFO(said.out);
  CHECK(said.Json()["rule"] == "unsupported-os");
  CHECK(said.code == 3);
  CHECK(!Contains(said.out, "ubuntu-drivers"));
}

TEST_CASE("doctor: an environment that is gone is told, and so is what was not seen") {
  Root root("native-image");
  const std::string venv =
      run_cli::Run({"device", "--root", root.Text(), "--json"}).Json()["python"][0]["env"];
  root.Remove(venv.substr(1));
  const nlohmann::json device = run_cli::Run({"device", "--root", root.Text(), "--json"}).Json();
  INFO(device.dump());
  CHECK(Contains(device["problems"].dump(), venv + ", which is not there"));
  CHECK(Contains(run_cli::Run({"doctor", "--root", root.Text()}).out, "which is not there"));
  const Said bare = run_cli::Run({"doctor", "--gpu", "GTX 1650", "--root", root.Text(), "--json"});
  CHECK(!Contains(bare.out, "from the card to the CUDA driver"));
}

TEST_CASE("an image with a cuda-compat libcuda in front, on a card and a driver that are stated") {
  Root root;
  root.System().Venv("opt/venv").Package("opt/venv", "torch", "2.8.0+cu128");
  root.Write("etc/ld.so.conf", "/usr/local/cuda-12.8/compat\n");
  root.Write("usr/local/cuda-12.8/compat/libcuda.so.1")
      .Write("usr/local/cuda-12.8/compat/libcuda.so.570.86.15", "x");
  root.Remove("usr/local/cuda-12.8/compat/libcuda.so.1");
  fs::create_symlink("libcuda.so.570.86.15",
                     fs::path(root.Text()) / "usr/local/cuda-12.8/compat/libcuda.so.1");
  Said said =
      run_cli::Run({"query", "--root", root.Text(), "--gpu", "RTX 4090", "--driver", "535.183.01", "--json"});
  INFO(said.out);
  CHECK(said.Json()["rule"] == "forward-compat-unsupported");
  said = run_cli::Run(
      {"query", "--root", root.Text(), "--gpu", "A100 40GB", "--driver", "535.183.01", "--json"});
  CHECK(said.Json()["rule"] == "forward-compat-in-use");
  said =
      run_cli::Run({"query", "--root", root.Text(), "--gpu", "RTX 4090", "--driver", "580.65.06", "--json"});
  CHECK(said.Json()["verdict"] == "compatible");
}
