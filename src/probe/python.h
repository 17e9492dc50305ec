// Python environments and the distributions in them, read from their files: no interpreter is started.
// Finding environments differs by system (python_env.cc, windows_machine.cc); reading one does not.
#pragma once

#include <string>
#include <vector>

#include "probe/scene.h"

namespace cudacompat::probe {

struct PythonEnvironment {
  std::string prefix;                ///< "/usr", "/home/user/venv"
  std::string kind;                  ///< "system", "venv", "conda", "uv", "pyenv"
  std::string version;               ///< "3.11.2", or "3.11" when no file says more
  std::string path;                  ///< the interpreter, or empty
  bool active = false;               ///< what `python` means here
  std::vector<std::string> folders;  ///< where its packages lie, in the order of sys.path
};

/// The distributions that matter here, from *.dist-info and *.egg-info, with what their own files say of
/// CUDA.
void ReadPackages(Scene& scene, const PythonEnvironment& environment);

/// True for the normalised name of a distribution that has to do with CUDA or a framework built on it.
bool IsWatchedPackage(std::string_view name);

/// `name = 'value'` or `name: Optional[str] = 'value'` at the start of a line of Python; "None" stays as it
/// is.
std::string PythonAssignment(std::string_view text, std::string_view name);

/// "2.6.0+cu124" and what version.py says of CUDA and HIP → "cu124", "cpu", "rocm6.2", or empty.
std::string BuildTag(std::string_view version, std::string_view cuda, std::string_view hip);

}  // namespace cudacompat::probe
