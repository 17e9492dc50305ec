// Where this system runs: WSL, Jetson, a virtual machine, a hosted notebook, a cluster. It decides what a
// person can change. Containers have a file of their own.
#include "base/text.h"
#include "probe/scene.h"

namespace cudacompat::probe {
namespace {

void ObserveOs(Scene& scene) {
  for (const char* path : {"/etc/os-release", "/usr/lib/os-release"}) {
    FileText file = scene.host.Read(path, kSmallFile);
    if (!file.ok()) continue;
    for (std::string_view line : Split(file.text, '\n')) {
      size_t equals = line.find('=');
      if (equals == std::string_view::npos) continue;
      std::string_view key = line.substr(0, equals);
      std::string value(Trim(line.substr(equals + 1)));
      if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'')) {
        value = value.substr(1, value.size() - 2);
      }
      if (key == "PRETTY_NAME") scene.machine.os_text = Printable(value);
      if (key == "ID") scene.See("os.id", value, path);
      if (key == "VERSION_ID") scene.See("os.version", value, path);
    }
    return;
  }
}

void ObserveWsl(Scene& scene) {
  std::string version = ReadTrimmed(scene.host, "/proc/version");
  bool microsoft =
      Contains(ToLower(scene.name.release), "microsoft") || Contains(ToLower(version), "microsoft");
  if (!microsoft) return;
  scene.machine.os = "wsl";
  // WSL 1 has no kernel of its own: it calls itself 4.4.0-19041-Microsoft, WSL 2 …-microsoft-standard.
  bool second = Contains(scene.name.release, "microsoft-standard") ||
                Contains(version, "microsoft-standard") || Contains(scene.name.release, "WSL2");
  scene.See("wsl", second ? "2" : "1", "/proc/version");
  scene.SeePath("dev.dxg", "/dev/dxg", scene.host.Access("/dev/dxg", false));
  scene.SeePath("wsl.lib", "/usr/lib/wsl/lib");
  scene.SeePath("wsl.libcuda", "/usr/lib/wsl/lib/libcuda.so.1");
  for (const std::string& driver : scene.host.List("/usr/lib/wsl/drivers", HasPrefix("nv"))) {
    scene.See("wsl.driver", driver, "/usr/lib/wsl/drivers/" + driver);
  }
}

// "# R36 (release), REVISION: 4.3, GCID: …" → 36.4.3
void ObserveJetson(Scene& scene) {
  std::string model = ReadTrimmed(scene.host, "/proc/device-tree/model", 1024);
  if (!model.empty()) scene.See("device-tree.model", Printable(model), "/proc/device-tree/model");
  std::string release = ReadTrimmed(scene.host, "/etc/nv_tegra_release", 4096);
  std::string major = CleanVersion(TextBetween(release, "# R", " "));
  std::string revision = CleanVersion(TextBetween(release, "REVISION: ", ","));
  if (!major.empty()) {
    scene.See("jetson.l4t", revision.empty() ? major : major + "." + revision, "/etc/nv_tegra_release");
  }
  bool tegra = !major.empty() || Contains(ToLower(scene.name.release), "tegra") ||
               Contains(ReadTrimmed(scene.host, "/proc/device-tree/compatible", 4096), "nvidia,tegra");
  if (!tegra) return;
  scene.See("jetson", Printable(model), major.empty() ? "/proc/device-tree" : "/etc/nv_tegra_release");
  scene.machine.arch = "tegra";
  for (const std::string& name : scene.host.List("/usr/share/doc", HasPrefix("nvidia-jetpack"))) {
    scene.See("jetson.package", name, "/usr/share/doc/" + name);
  }
}

void ObserveVirtualMachine(Scene& scene) {
  const std::string dmi = "/sys/class/dmi/id/";
  std::string vendor = ReadTrimmed(scene.host, dmi + "sys_vendor", 256);
  std::string product = ReadTrimmed(scene.host, dmi + "product_name", 256);
  bool flag = Contains(scene.host.Read("/proc/cpuinfo", 16 * 1024).text, " hypervisor");
  std::string xen = ReadTrimmed(scene.host, "/sys/hypervisor/type", 64);
  if (!vendor.empty()) scene.See("dmi.vendor", Printable(vendor), dmi + "sys_vendor");
  if (!product.empty()) scene.See("dmi.product", Printable(product), dmi + "product_name");
  std::string text = ToLower(vendor + " " + product);
  for (const char* word : {"qemu", "kvm", "vmware", "virtualbox", "xen", "bochs", "virtual machine",
                           "openstack", "amazon ec2", "google", "parallels", "nutanix"}) {
    if (Contains(text, word)) flag = flag || !Contains(text, "metal");
  }
  if (flag || !xen.empty()) scene.See("vm", product.empty() ? xen : Printable(product), dmi + "product_name");
}

struct Sign {
  const char* variable;
  const char* value;
};

// One variable that each service sets in what a person runs there.
constexpr Sign kHosted[] = {
    {"COLAB_RELEASE_TAG", "colab"},
    {"COLAB_GPU", "colab"},
    {"KAGGLE_KERNEL_RUN_TYPE", "kaggle"},
    {"KAGGLE_URL_BASE", "kaggle"},
    {"SPACE_ID", "huggingface-spaces"},
    {"RUNPOD_POD_ID", "runpod"},
    {"VAST_CONTAINERLABEL", "vast"},
    {"PAPERSPACE_NOTEBOOK_REPO_ID", "paperspace"},
    {"MODAL_TASK_ID", "modal"},
    {"LIGHTNING_CLOUD_PROJECT_ID", "lightning"},
    {"DATABRICKS_RUNTIME_VERSION", "databricks"},
    {"SAGEMAKER_INTERNAL_IMAGE_URI", "sagemaker"},
    {"AZUREML_RUN_ID", "azureml"},
    {"GITHUB_ACTIONS", "github-actions"},
    {"CODESPACES", "codespaces"},
    {"REPLICATE_MODEL_ID", "replicate"},
};
constexpr Sign kSchedulers[] = {
    {"SLURM_JOB_ID", "slurm"}, {"PBS_JOBID", "pbs"}, {"LSB_JOBID", "lsf"}, {"SGE_TASK_ID", "sge"}};

void ObserveHosted(Scene& scene) {
  for (const Sign& sign : kHosted) {
    if (scene.Env(sign.variable).empty() || scene.Has("hosted")) continue;
    scene.See("hosted", sign.value, sign.variable);
  }
  for (const Sign& sign : kSchedulers) {
    if (!scene.Env(sign.variable).empty()) scene.See("scheduler", sign.value, sign.variable);
  }
  if (!scene.Has("hosted") && IsDirectory(scene.host, "/opt/google-cloud-sdk") &&
      IsDirectory(scene.host, "/content/sample_data")) {
    scene.See("hosted", "colab", "/content/sample_data");
  }
}

}  // namespace

void ObservePlatform(Scene& scene) {
  scene.machine.os = "linux";
  scene.machine.arch = scene.arch;
  ObserveOs(scene);
  ObserveWsl(scene);
  ObserveJetson(scene);
  ObserveVirtualMachine(scene);
  ObserveHosted(scene);
}

}  // namespace cudacompat::probe
