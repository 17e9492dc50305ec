// The commands of installers as people paste them, and what their options mean for a question.
#pragma once

#include <string_view>

namespace cudacompat::query {

enum class Installer {
  kNone,
  kPip,    ///< pip, uv, poetry and others with its options
  kConda,  ///< conda and those that are typed like it
};

/// Whether `tool verb` installs what stands behind it: pip install, uv add, conda create. Lower case.
Installer InstallerOf(std::string_view tool, std::string_view verb);

enum class Option {
  kUnknown,
  kNothing,   ///< changes nothing of what is asked
  kValue,     ///< as kNothing, and takes a value
  kIndex,     ///< its value says where packages come from, and may end in their tag: …/whl/cu124
  kPython,    ///< its value is the Python
  kPackages,  ///< its value is a file or folder that names packages
};

/// What an option, as typed and without its value, does: --index-url, -U, -qU.
Option OptionOf(Installer installer, std::string_view option);

/// An installer's own tool that is brought up to date beside what is asked about: pip, wheel.
bool IsInstallersTool(std::string_view name);

/// The CUDA release that a word of a conda command asks for: "12.1" of pytorch-cuda=12.1; else empty.
std::string_view CondaCuda(std::string_view word);

}  // namespace cudacompat::query
