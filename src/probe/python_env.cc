// Which Python environments there are on a POSIX system: every interpreter on PATH, the active venv, conda,
// uv, pyenv, pipx and the folder one stands in. An image or a disk has no PATH: there its folders are walked,
// and which environment runs is left open.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "probe/python.h"

namespace cudacompat::probe {
namespace {

constexpr size_t kMostEnvironments = 100;
constexpr int kOldestMinor = 6;
constexpr int kNewestMinor = 20;

// "python3.11", "python3.13t" → "3.11", "3.13t"
std::string MinorOf(std::string_view name) {
  if (!StartsWith(name, "python3.")) return "";
  return std::string(name.substr(6));
}

class Environments {
 public:
  Environments(Scene& scene, std::vector<std::string> homes)
      : scene_(scene), host_(scene.host), homes_(std::move(homes)) {}

  void AddInterpreter(const std::string& path, bool active) {
    std::string prefix = ParentPath(ParentPath(path));
    if (Exists(host_, prefix + "/pyvenv.cfg")) {
      AddPrefix(prefix, "venv", active, path);
      return;
    }
    if (EndsWith(ParentPath(path), "/shims")) {
      AddPyenvDefault(ParentPath(prefix + "/shims"), active);
      return;
    }
    std::string real = RealPath(host_, path);
    if (real.empty() || !StartsWith(BaseName(real), "python")) return;
    AddPrefix(ParentPath(ParentPath(real)), "", active, path, MinorOf(BaseName(real)));
  }

  /// Adds the environment below a prefix; a kind of "" is found out.
  void AddPrefix(const std::string& prefix, std::string kind, bool active, const std::string& path = "",
                 std::string minor = "") {
    if (environments_.size() >= kMostEnvironments || !IsDirectory(host_, prefix)) return;
    if (minor.empty()) minor = MinorBelow(prefix);
    if (minor.empty()) return;
    std::string key = RealPath(host_, prefix) + " " + minor;
    if (!known_.insert(key).second) return;
    PythonEnvironment env;
    env.prefix = prefix;
    env.kind = kind.empty() ? KindOf(prefix) : kind;
    env.version = FullVersion(env.kind, prefix, minor);
    env.path = path.empty() ? prefix + "/bin/python" : path;
    env.active = active;
    AddFolders(minor, &env);
    environments_.push_back(std::move(env));
  }

  const std::vector<PythonEnvironment>& all() const { return environments_; }

  /// Nothing says which one runs, and a single one is it all the same.
  void LeaveOpen() {
    for (PythonEnvironment& env : environments_) env.active = environments_.size() == 1;
  }

 private:
  std::string MinorBelow(const std::string& prefix) const {
    auto is_python = [](std::string_view name) { return !MinorOf(name).empty(); };
    std::vector<std::string> names = host_.List(prefix + "/lib", is_python);
    for (const std::string& name : names) {
      if (IsDirectory(host_, prefix + "/lib/" + name)) return MinorOf(name);
    }
    return "";
  }

  std::string KindOf(const std::string& prefix) const {
    if (Exists(host_, prefix + "/pyvenv.cfg")) return "venv";
    if (IsDirectory(host_, prefix + "/conda-meta")) return "conda";
    if (Contains(prefix, "/uv/python/")) return "uv";
    return Contains(prefix, "/.pyenv/versions/") ? "pyenv" : "system";
  }

  // The patch release, where a file says it: pyvenv.cfg, conda's record, the folder's name, the C header.
  std::string FullVersion(const std::string& kind, const std::string& prefix,
                          const std::string& minor) const {
    std::string number = CleanVersion(minor);
    std::string suffix = EndsWith(minor, "t") ? "t" : "";
    std::string version;
    if (kind == "venv") {
      std::string config = host_.Read(prefix + "/pyvenv.cfg", kSmallFile).text;
      for (const char* key : {"version", "version_info"}) {
        if (version.empty()) version = CleanVersion(PythonAssignment(config, key));
      }
    } else if (kind == "conda") {
      for (const std::string& name :
           host_.List(prefix + "/conda-meta", HasPrefix("python-" + number + "."))) {
        version = CleanVersion(name.substr(7));
      }
    } else if (kind == "uv" || kind == "pyenv") {
      std::string name = BaseName(prefix);
      size_t digit = name.find("3.");
      if (digit != std::string::npos) version = CleanVersion(std::string_view(name).substr(digit));
    }
    if (!StartsWith(version, number)) {
      std::string header = host_.Read(prefix + "/include/python" + minor + "/patchlevel.h", kSmallFile).text;
      version = CleanVersion(TextBetween(header, "#define PY_VERSION              \"", "\""));
      if (version.empty())
        version = CleanVersion(TextBetween(TextBetween(header, "#define PY_VERSION ", "\n"), "\"", "\""));
    }
    if (!StartsWith(version, number)) version = number;
    return version + suffix;
  }

  void AddFolder(const std::string& folder, PythonEnvironment* env) const {
    for (const std::string& old : env->folders) {
      if (old == folder) return;
    }
    std::string real = RealPath(host_, folder);
    if (real.empty()) return;
    for (const std::string& old : env->folders) {
      if (RealPath(host_, old) == real) return;
    }
    env->folders.push_back(folder);
  }

  void AddSite(const std::string& prefix, const std::string& minor, PythonEnvironment* env) const {
    for (const char* lib : {"/lib/", "/lib64/"}) {
      AddFolder(prefix + lib + "python" + minor + "/site-packages", env);
    }
  }

  void AddSystem(const std::string& prefix, const std::string& minor, PythonEnvironment* env) const {
    if (prefix == "/usr" || prefix == "/usr/local") {
      AddFolder("/usr/local/lib/python" + minor + "/dist-packages", env);
      AddSite("/usr/local", minor, env);
      AddFolder("/usr/lib/python3/dist-packages", env);
      AddFolder("/usr/lib/python" + minor + "/dist-packages", env);
    }
    AddSite(prefix, minor, env);
  }

  void AddFolders(const std::string& minor, PythonEnvironment* env) const {
    if (env->active) {
      for (const std::string& folder : PathList(scene_.host, "PYTHONPATH")) {
        if (folder.front() == '/') AddFolder(folder, env);
      }
    }
    bool venv = env->kind == "venv";
    std::string config = venv ? host_.Read(env->prefix + "/pyvenv.cfg", kSmallFile).text : "";
    bool sees_system = !venv || ToLower(PythonAssignment(config, "include-system-site-packages")) == "true";
    if (venv) AddSite(env->prefix, minor, env);
    if (sees_system && scene_.Env("PYTHONNOUSERSITE").empty()) {
      for (const std::string& home : homes_)
        AddFolder(home + "/.local/lib/python" + minor + "/site-packages", env);
    }
    if (!venv) AddSystem(env->prefix, minor, env);
    if (venv && sees_system) AddSystem(ParentPath(PythonAssignment(config, "home")), minor, env);
  }

  void AddPyenvDefault(const std::string& root, bool active) {
    std::string version = scene_.Env("PYENV_VERSION");
    if (version.empty()) version = ReadTrimmed(host_, root + "/version", 256);
    version = version.substr(0, version.find('\n'));
    if (!version.empty() && version != "system") AddPrefix(root + "/versions/" + version, "pyenv", active);
  }

  Scene& scene_;
  const Host& host_;
  std::vector<std::string> homes_;
  std::vector<PythonEnvironment> environments_;
  std::set<std::string> known_;
};

std::vector<std::string> InterpreterNames() {
  std::vector<std::string> names = {"python", "python3"};
  for (int minor = kNewestMinor; minor >= kOldestMinor; --minor) {
    names.push_back("python3." + std::to_string(minor));
    if (minor >= 13) names.push_back("python3." + std::to_string(minor) + "t");  // free-threaded builds
  }
  return names;
}

void AddFromPath(const Scene& scene, Environments* environments) {
  std::vector<std::string> folders;
  std::set<std::string> once;
  for (const std::string& folder : PathList(scene.host, "PATH")) {
    if (folder.front() == '/' && once.insert(folder).second) {
      folders.emplace_back(folder);
    }
  }
  if (folders.empty()) folders = {"/usr/local/bin", "/usr/bin"};  // an image without an environment
  std::vector<std::string> names = InterpreterNames();
  bool active = false;
  for (size_t i = 0; i < 2 && !active; ++i) {  // `python`; where there is none, `python3`
    for (const std::string& folder : folders) {
      std::string path = folder + "/" + names[i];
      if (active || !Exists(scene.host, path)) continue;
      environments->AddInterpreter(path, true);
      active = true;
    }
  }
  for (const std::string& folder : folders) {
    if (!IsDirectory(scene.host, folder)) continue;
    auto interpreter = [&names](std::string_view name) {
      return StartsWith(name, "python") && std::find(names.begin(), names.end(), name) != names.end();
    };
    for (const std::string& name : scene.host.List(folder, interpreter)) {
      environments->AddInterpreter(folder + "/" + name, false);
    }
  }
}

void AddChildren(const Scene& scene, const std::string& folder, const std::string& kind,
                 Environments* environments) {
  for (const std::string& name : scene.host.List(folder, AnyName())) {
    environments->AddPrefix(folder + "/" + name, kind, false);
  }
}

void AddConda(const Scene& scene, Environments* environments) {
  std::vector<std::string> roots;
  for (const char* name :
       {"miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba", "miniconda", "anaconda"}) {
    if (!scene.home.empty()) roots.push_back(scene.home + "/" + name);
    roots.push_back(std::string("/opt/") + name);
  }
  roots.push_back("/opt/conda");
  std::string exe = scene.Env("CONDA_EXE");  // …/bin/conda
  if (!exe.empty()) roots.push_back(ParentPath(ParentPath(exe)));
  std::string mamba = scene.Env("MAMBA_ROOT_PREFIX");
  if (!mamba.empty()) roots.push_back(mamba);
  for (const std::string& root : roots) {
    if (!IsDirectory(scene.host, root)) continue;
    environments->AddPrefix(root, "conda", false);
    AddChildren(scene, root + "/envs", "conda", environments);
  }
  if (scene.home.empty()) return;
  std::string list = scene.host.Read(scene.home + "/.conda/environments.txt", kSmallFile).text;
  for (std::string_view line : Split(list, '\n')) {
    if (!Trim(line).empty()) environments->AddPrefix(std::string(Trim(line)), "conda", false);
  }
}

// Looks for environments where no variable names one: pyvenv.cfg, conda-meta, or a lib/python3.x with a bin
// beside it, in every folder that is not the system's own. Bounded in depth, in entries looked at and in
// those of one folder (a data set); links are not followed.
class Walk {
 public:
  Walk(const Scene& scene, Environments* environments) : host_(scene.host), environments_(environments) {}

  void All() {
    for (const std::string& name : Folders("/")) {
      if (!IsOneOf(name, kSystem)) Visit("/" + name, 1);
    }
    for (const char* folder : {"/usr/local", "/usr/src", "/var/www", "/var/app", "/var/lib"}) {
      for (const std::string& name : Folders(folder)) {
        if (!IsOneOf(name, kOfPrefix)) Visit(std::string(folder) + "/" + name, 2);
      }
    }
  }

  bool whole() const { return whole_; }

 private:
  static constexpr int kDeepest = 8;
  static constexpr size_t kMostNames = 2000;
  static constexpr size_t kMostLooks = 50000;
  static constexpr std::string_view kSystem[] = {
      "bin", "boot", "cdrom", "dev",  "etc",  "lib", "lib32", "lib64", "libx32", "lost+found", "media",
      "nix", "proc", "run",   "sbin", "snap", "sys", "tmp",   "usr",   "var",    ".cudacompat"};
  static constexpr std::string_view kOfPrefix[] = {"bin",   "etc",     "games", "include", "lib",
                                                   "lib64", "libexec", "man",   "sbin",    "docker"};
  static constexpr std::string_view kNever[] = {"node_modules", "site-packages", "dist-packages",
                                                "__pycache__",  ".git",          ".cache"};

  template <size_t kCount>
  static bool IsOneOf(std::string_view name, const std::string_view (&list)[kCount]) {
    return std::find(std::begin(list), std::end(list), name) != std::end(list);
  }

  std::vector<std::string> Folders(const std::string& path) {
    std::vector<std::string> folders;
    std::vector<std::string> names = host_.List(path, AnyName());
    if (names.size() > kMostNames) {
      whole_ = false;
      return folders;
    }
    for (std::string& name : names) {
      if (++looks_ > kMostLooks) {
        whole_ = false;
        break;
      }
      if (host_.Lstat((path == "/" ? "" : path) + "/" + name).kind == NodeKind::kDirectory)
        folders.push_back(std::move(name));
    }
    return folders;
  }

  void Visit(const std::string& path, int depth) {
    const std::vector<std::string> folders = Folders(path);
    auto has = [&folders](const char* name) {
      return std::find(folders.begin(), folders.end(), name) != folders.end();
    };
    const bool prefix =
        has("lib") && (has("bin") || has("conda-meta") || Exists(host_, path + "/pyvenv.cfg"));
    if (prefix && BaseName(path) != ".local") environments_->AddPrefix(path, "", false);
    for (const std::string& name : folders) {
      if (depth >= kDeepest || IsOneOf(name, kNever) || (prefix && IsOneOf(name, kOfPrefix))) continue;
      Visit(path + "/" + name, depth + 1);
    }
  }

  const Host& host_;
  Environments* environments_;
  size_t looks_ = 0;
  bool whole_ = true;
};

// The environment that a variable names: one that is gone or may not be read is not the one that runs, and
// what is judged instead must be said.
void SeeChosen(Scene& scene, const std::string& variable, const std::string& prefix) {
  const Host& host = scene.host;
  const bool denied = host.Stat(prefix).outcome == Outcome::kDenied ||
                      host.Stat(prefix + "/bin").outcome == Outcome::kDenied ||
                      host.Stat(prefix + "/pyvenv.cfg").outcome == Outcome::kDenied;
  if (denied) {
    scene.Problem(variable + " names " + prefix + ", which this user may not read");
    scene.Miss("python." + variable, prefix);
  } else if (!IsDirectory(host, prefix)) {
    scene.Problem(variable + " names " + prefix + ", which is not there");
    scene.Miss("python." + variable, prefix);
  }
}

std::vector<std::string> Homes(const Scene& scene, bool told) {
  if (!scene.home.empty()) return {scene.home};
  std::vector<std::string> homes;
  if (told) return homes;
  homes.emplace_back("/root");
  for (const std::string& name : scene.host.List("/home", AnyName())) homes.push_back("/home/" + name);
  return homes;
}

}  // namespace

void ObservePython(Scene& scene) {
  // What an image holds runs with the PATH of its configuration, which is no file of it.
  const bool told = scene.host.view() == Host::View::kLive || scene.host.Env("PATH").has_value();
  Environments environments(scene, Homes(scene, told));
  AddFromPath(scene, &environments);
  for (const char* variable : {"VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT"}) {
    std::string prefix = scene.Env(variable);
    if (prefix.empty() || prefix.front() != '/') continue;
    environments.AddPrefix(prefix, "", false);
    SeeChosen(scene, variable, prefix);
  }
  std::string here = scene.Env("PWD");
  if (!here.empty()) {
    for (const char* name : {"/.venv", "/venv", "/env"}) environments.AddPrefix(here + name, "venv", false);
  }
  AddConda(scene, &environments);
  if (!scene.home.empty()) {
    AddChildren(scene, scene.home + "/.local/share/uv/python", "uv", &environments);
    AddChildren(scene, scene.home + "/.local/share/uv/tools", "venv", &environments);
    AddChildren(scene, scene.home + "/.local/share/pipx/venvs", "venv", &environments);
    AddChildren(scene, scene.home + "/.pyenv/versions", "pyenv", &environments);
  }
  if (!told) {
    Walk walk(scene, &environments);
    walk.All();
    if (!walk.whole())
      scene.Problem("not every folder was searched for Python environments: there are too many files");
    environments.LeaveOpen();
    scene.Miss("python.chosen", "PATH");
  }
  for (const PythonEnvironment& env : environments.all()) {
    scene.machine.pythons.push_back({env.version, env.path, env.active, env.prefix, env.kind});
    ReadPackages(scene, env);
  }
}

}  // namespace cudacompat::probe
