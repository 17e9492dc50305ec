#include "probe/python.h"

#include "catch.h"
#include "probe/host_memory.h"
#include "probe/probe.h"

using namespace cudacompat;
using namespace cudacompat::probe;

TEST_CASE("version.py of torch in its forms") {
  CHECK(PythonAssignment("cuda: Optional[str] = '12.4'\n", "cuda") == "12.4");
  CHECK(PythonAssignment("cuda = '10.1'", "cuda") == "10.1");
  CHECK(PythonAssignment("cuda = None  # cpu\n", "cuda") == "None");
  CHECK(PythonAssignment("cudart = '1'\n", "cuda").empty());
  CHECK(PythonAssignment("cuda = 'never closed", "cuda") == "never closed");
  CHECK(PythonAssignment("cuda =", "cuda").empty());
}

TEST_CASE("the tag of a build comes from its local part, else from what it says of itself") {
  CHECK(BuildTag("2.6.0+cu124", "12.4", "") == "cu124");
  CHECK(BuildTag("2.0.1+cu117.with.pypi.cudnn", "11.7", "") == "cu117");
  CHECK(BuildTag("2.6.0", "12.4", "") == "cu124");
  CHECK(BuildTag("2.6.0", "none", "") == "cpu");
  CHECK(BuildTag("2.6.0", "none", "6.2.41134-65d174c3e") == "rocm6.2");
  CHECK(BuildTag("2.6.0a0+ecf3bae40a.nv25.01", "12.8", "") == "cu128");
  CHECK(BuildTag("1.0", "", "").empty());
}

namespace {

MemoryHost Venv(const std::string& prefix, const std::string& minor) {
  MemoryHost host;
  host.files[prefix + "/pyvenv.cfg"] =
      "home = /usr/bin\ninclude-system-site-packages = false\nversion = " + minor + ".4\n";
  host.files[prefix + "/bin/python" + minor] = "x";
  host.links[prefix + "/bin/python"] = "python" + minor;
  host.recorded.env.Set("PATH", prefix + "/bin");
  return host;
}

const MachinePackage* Find(const Machine& machine, const std::string& name) {
  for (const MachinePackage& package : machine.packages) {
    if (package.package == name) return &package;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("frameworks say themselves whether they were built for CUDA") {
  MemoryHost host = Venv("/v", "3.12");
  const std::string site = "/v/lib/python3.12/site-packages/";
  host.files[site + "tensorflow-2.18.0.dist-info/METADATA"] = "";
  host.files[site + "tensorflow/python/platform/build_info.py"] =
      "build_info = collections.OrderedDict([('cuda_version', '12.5.1'), ('is_cuda_build', True)])";
  host.files[site + "onnxruntime_gpu-1.20.1.dist-info/METADATA"] = "";
  host.files[site + "onnxruntime-1.20.1.dist-info/METADATA"] = "";
  host.files[site + "onnxruntime/capi/build_and_package_info.py"] = "package_name = 'onnxruntime'\n";
  host.files[site + "paddlepaddle_gpu-3.0.0.dist-info/METADATA"] = "";
  host.files[site + "paddle/version/__init__.py"] = "cuda_version     = '11.8'\n";
  host.files[site + "cupy_cuda12x-13.3.0.dist-info/METADATA"] = "";
  host.files[site + "requests-2.0.dist-info/METADATA"] = "";
  host.files[site + "~orch-2.0.dist-info/METADATA"] = "";
  Machine machine = ProbeMachine(host);
  REQUIRE(Find(machine, "tensorflow") != nullptr);
  CHECK(Find(machine, "tensorflow")->cuda == "12.5.1");
  CHECK(Find(machine, "onnxruntime-gpu")->cuda == "none");  // the CPU package was installed over it
  CHECK(Find(machine, "paddlepaddle-gpu")->tag == "cu118");
  CHECK(Find(machine, "cupy-cuda12x")->version == "13.3.0");
  CHECK(Find(machine, "requests") == nullptr);
  CHECK(Find(machine, "tensorflow")->python == "3.12");
  REQUIRE(machine.pythons.size() == 1);
  CHECK(machine.pythons[0].version == "3.12.4");
  CHECK(machine.pythons[0].active);
}

TEST_CASE("conda, uv and the user's own folder are found, each once") {
  MemoryHost host;
  host.recorded.env.Set("HOME", "/home/u");
  host.recorded.env.Set("PATH", "/home/u/miniconda3/envs/ml/bin:/usr/bin");
  host.recorded.env.Set("CONDA_PREFIX", "/home/u/miniconda3/envs/ml");
  for (const std::string prefix : {"/home/u/miniconda3", "/home/u/miniconda3/envs/ml"}) {
    host.files[prefix + "/conda-meta/python-3.11.7-h955ad1f_0.json"] = "{}";
    host.files[prefix + "/bin/python3.11"] = "x";
    host.links[prefix + "/bin/python"] = "python3.11";
    host.files[prefix + "/lib/python3.11/os.py"] = "";
  }
  host.files["/home/u/miniconda3/envs/ml/lib/python3.11/site-packages/torch-2.5.1-py3.11.egg-info/PKG-INFO"] =
      "";
  host.files["/home/u/miniconda3/envs/ml/lib/python3.11/site-packages/torch/version.py"] =
      "__version__ = '2.5.1'\ncuda = '12.4'\nhip = None\n";
  host.files["/home/u/.local/share/uv/python/cpython-3.13.1-linux-x86_64-gnu/lib/python3.13/os.py"] = "";
  host.files["/usr/bin/python3.10"] = "x";
  host.links["/usr/bin/python3"] = "python3.10";
  host.files["/home/u/.local/lib/python3.10/site-packages/jax-0.4.30.dist-info/METADATA"] = "";
  host.files["/usr/lib/python3/dist-packages/jax-0.4.10.dist-info/METADATA"] = "";
  Machine machine = ProbeMachine(host);
  REQUIRE(machine.pythons.size() == 4);
  CHECK(machine.pythons[0].kind == "conda");
  CHECK(machine.pythons[0].version == "3.11.7");
  CHECK(machine.pythons[0].active);
  CHECK(Find(machine, "torch")->tag == "cu124");
  CHECK(Find(machine, "jax")->version == "0.4.30");  // the user's own comes first
  bool shadowed = false;
  for (const Sighting& s : machine.sightings) {
    shadowed = shadowed || (s.key == "package.shadowed.jax" && s.value == "0.4.10");
  }
  CHECK(shadowed);
}

TEST_CASE("a module is kept from loading by a blacklist, a command or an alias to nothing") {
  MemoryHost host = Venv("/v", "3.12");
  host.files["/lib/modprobe.d/blacklist-nvidia.conf"] = "# Do not modify\nalias nvidia off\n";
  host.files["/etc/modprobe.d/nvidia.conf"] =
      "alias nvidia nvidia-current\ninstall nvidia modprobe -i nvidia-current\ninstall nvidia-drm /bin/false\n";
  std::vector<std::string> seen;
  for (const Sighting& s : ProbeMachine(host).sightings)
    if (s.key.rfind("blacklist.", 0) == 0) seen.push_back(s.key + " " + s.value + " " + s.where);
  REQUIRE(seen.size() == 2);
  CHECK(seen[0] == "blacklist.nvidia-drm install /etc/modprobe.d/nvidia.conf");
  CHECK(seen[1] == "blacklist.nvidia alias /lib/modprobe.d/blacklist-nvidia.conf");
}

TEST_CASE("noise in every file harms nobody") {
  for (const std::string& noise : {std::string("\xff\xfe\0\x01=\n\n=\"'", 9), std::string(100000, '\0'),
                                   std::string(70000, 'x'), std::string("cuda = '")}) {
    MemoryHost host = Venv("/v", "3.12");
    for (const char* path : {"/proc/modules",
                             "/proc/driver/nvidia/version",
                             "/proc/devices",
                             "/etc/ld.so.cache",
                             "/etc/ld.so.conf",
                             "/proc/self/mountinfo",
                             "/etc/os-release",
                             "/etc/nv_tegra_release",
                             "/proc/version",
                             "/proc/cmdline",
                             "/sys/bus/pci/devices/x/vendor",
                             "/sys/bus/pci/devices/x/class",
                             "/usr/local/cuda/version.json",
                             "/usr/local/cuda-1/version.txt",
                             "/usr/local/cuda-2/include/cuda.h",
                             "/var/log/dmesg",
                             "/proc/driver/nvidia/gpus/y/information",
                             "/var/lib/dpkg/status",
                             "/var/lib/dpkg/info/nvidia-driver-1.list",
                             "/v/pyvenv.cfg",
                             "/v/lib/python3.12/site-packages/torch-2.dist-info/METADATA",
                             "/v/lib/python3.12/site-packages/torch/version.py",
                             "/etc/modprobe.d/a.conf",
                             "/run/.containerenv",
                             "/usr/lib/libcuda.so.1",
                             "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"}) {
      host.files[path] = noise;
    }
    host.kernel_log = noise;
    host.recorded.answers =
        Answers::Parse("nvml.count=99999999999999999999\nlibcuda.count=1000000\nnvml.init=x\n" + noise);
    Machine machine = ProbeMachine(host);
    CHECK(machine.format == "record");
  }
}
