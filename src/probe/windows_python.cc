// Python environments on Windows: the registry (PEP 514), PATH, the active venv, conda, uv.
#include <set>

#include "base/text.h"
#include "probe/python.h"
#include "probe/windows_host.h"

namespace cudacompat::probe {
namespace {

constexpr size_t kMostEnvironments = 100;

class Environments {
 public:
  explicit Environments(const Scene& scene) : host_(scene.host) {}

  /// `prefix` holds python.exe, or Scripts/python.exe for a venv.
  void Add(const std::string& prefix, bool active, const std::string& version = "") {
    if (prefix.empty() || environments_.size() >= kMostEnvironments) return;
    bool venv = Exists(host_, prefix + "/pyvenv.cfg");
    std::string path = prefix + (venv ? "/Scripts/python.exe" : "/python.exe");
    if (!Exists(host_, path) || !known_.insert(ToLower(prefix)).second) return;
    PythonEnvironment env;
    env.prefix = prefix;
    env.path = path;
    env.active = active;
    env.kind = venv ? "venv" : IsDirectory(host_, prefix + "/conda-meta") ? "conda" : "system";
    if (Contains(prefix, "/uv/python/")) env.kind = "uv";
    env.version = VersionOf(prefix, venv, version);
    env.folders = {prefix + "/Lib/site-packages"};
    environments_.push_back(std::move(env));
  }

  const std::vector<PythonEnvironment>& all() const { return environments_; }

 private:
  // pyvenv.cfg, conda's record, the name python311.dll, else what the registry called it.
  std::string VersionOf(const std::string& prefix, bool venv, const std::string& known) const {
    if (venv) {
      std::string config = host_.Read(prefix + "/pyvenv.cfg", kSmallFile).text;
      std::string version = CleanVersion(PythonAssignment(config, "version"));
      if (version.empty()) version = CleanVersion(PythonAssignment(config, "version_info"));
      if (!version.empty()) return version;
    }
    for (const std::string& name : host_.List(prefix + "/conda-meta", HasPrefix("python-3."))) {
      return CleanVersion(name.substr(7));
    }
    if (!known.empty()) return known;
    for (const std::string& name : host_.List(prefix, HasPrefix("python3"))) {
      std::string digits = CleanVersion(name.substr(6));
      if (digits.size() > 1 && EndsWith(name, ".dll")) return "3." + digits.substr(1);
    }
    return "";
  }

  const Host& host_;
  std::vector<PythonEnvironment> environments_;
  std::set<std::string> known_;
};

void AddFromPath(Scene& scene, Environments* environments) {
  bool active = true;
  for (const std::string& folder : WindowsPath(scene.host)) {
    std::string path = folder + "/python.exe";
    Node node = scene.host.Stat(path);
    if (!node.ok()) continue;
    if (Contains(folder, "/WindowsApps")) {  // opens the shop instead of a Python
      scene.See("python.store-stub", "", path);
      continue;
    }
    bool scripts = ToLower(BaseName(folder)) == "scripts";
    environments->Add(scripts ? ParentPath(folder) : folder, active);
    active = false;
  }
}

void AddFromRegistry(const WindowsHost& windows, Environments* environments) {
  for (const char* root : {"HKCU", "HKLM"}) {
    std::string base = std::string(root) + "\\SOFTWARE\\Python";
    for (const std::string& company : windows.RegistryKeys(base)) {
      for (const std::string& tag : windows.RegistryKeys(base + "\\" + company)) {
        std::string key = base + "\\" + company + "\\" + tag;
        std::string folder = ForwardSlashes(windows.Registry(key + "\\InstallPath", "").value_or(""));
        std::string version = windows.Registry(key, "Version").value_or("");
        environments->Add(folder, false, CleanVersion(version));
      }
    }
  }
}

void AddHome(Scene& scene, Environments* environments) {
  std::string home = ForwardSlashes(scene.Env("USERPROFILE"));
  std::vector<std::string> roots = {"C:/ProgramData/miniconda3", "C:/ProgramData/anaconda3"};
  if (!home.empty()) {
    for (const char* name : {"/miniconda3", "/anaconda3", "/miniforge3", "/mambaforge"})
      roots.push_back(home + name);
  }
  for (const std::string& root : roots) {
    environments->Add(root, false);
    for (const std::string& name : scene.host.List(root + "/envs", AnyName())) {
      environments->Add(root + "/envs/" + name, false);
    }
  }
  std::string uv = ForwardSlashes(scene.Env("APPDATA")) + "/uv/python";
  for (const std::string& name : scene.host.List(uv, AnyName())) environments->Add(uv + "/" + name, false);
}

}  // namespace

void ObserveWindowsPython(Scene& scene, const WindowsHost& windows) {
  Environments environments(scene);
  AddFromPath(scene, &environments);
  for (const char* variable : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
    environments.Add(ForwardSlashes(scene.Env(variable)), false);
  }
  std::string here = ForwardSlashes(scene.Env("PWD"));
  for (const char* name : {"/.venv", "/venv"}) {
    if (!here.empty()) environments.Add(here + name, false);
  }
  AddFromRegistry(windows, &environments);
  AddHome(scene, &environments);
  for (const PythonEnvironment& env : environments.all()) {
    scene.machine.pythons.push_back({env.version, env.path, env.active, env.prefix, env.kind});
    ReadPackages(scene, env);
  }
}

}  // namespace cudacompat::probe
