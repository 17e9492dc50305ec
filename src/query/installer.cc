#include "query/installer.h"

#include <algorithm>
#include <initializer_list>

namespace cudacompat::query {
namespace {

bool In(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "-qU": flags of one letter in one word.
bool AllOf(std::string_view option, std::string_view letters) {
  return option.size() > 1 && option[0] == '-' &&
         option.find_first_not_of(letters, 1) == std::string_view::npos;
}

Option OfPip(std::string_view option) {
  if (AllOf(option, "DIUnqvy") || In(option, {"--break-system-packages",
                                              "--compile",
                                              "--compile-bytecode",
                                              "--debug",
                                              "--dev",
                                              "--disable-pip-version-check",
                                              "--exact",
                                              "--force-reinstall",
                                              "--frozen",
                                              "--ignore-installed",
                                              "--ignore-requires-python",
                                              "--isolated",
                                              "--locked",
                                              "--native-tls",
                                              "--no-build",
                                              "--no-build-isolation",
                                              "--no-cache",
                                              "--no-cache-dir",
                                              "--no-clean",
                                              "--no-color",
                                              "--no-compile",
                                              "--no-config",
                                              "--no-deps",
                                              "--no-index",
                                              "--no-input",
                                              "--no-interaction",
                                              "--no-progress",
                                              "--no-python-version-warning",
                                              "--no-sync",
                                              "--no-verify-hashes",
                                              "--no-warn-conflicts",
                                              "--no-warn-script-location",
                                              "--offline",
                                              "--pre",
                                              "--prefer-binary",
                                              "--quiet",
                                              "--raw",
                                              "--refresh",
                                              "--reinstall",
                                              "--require-hashes",
                                              "--require-virtualenv",
                                              "--strict",
                                              "--system",
                                              "--upgrade",
                                              "--use-pep517",
                                              "--user",
                                              "--verbose",
                                              "--yes"}))
    return Option::kNothing;
  if (In(option, {"--default-index", "--extra-index-url", "--find-links", "--index", "--index-url",
                  "--torch-backend", "-f", "-i"}))
    return Option::kIndex;
  if (In(option, {"--python", "--python-version", "-p"})) return Option::kPython;
  if (In(option, {"--editable", "--requirement", "--requirements", "-e", "-r"})) return Option::kPackages;
  if (In(option, {"--allow-insecure-host",
                  "--build-constraint",
                  "--cache-dir",
                  "--cert",
                  "--client-cert",
                  "--config-setting",
                  "--config-settings",
                  "--constraint",
                  "--constraints",
                  "--dest",
                  "--directory",
                  "--exclude-newer",
                  "--exists-action",
                  "--feature",
                  "--group",
                  "--index-strategy",
                  "--keyring-provider",
                  "--link-mode",
                  "--log",
                  "--no-binary",
                  "--no-build-isolation-package",
                  "--only-binary",
                  "--prefix",
                  "--prerelease",
                  "--progress-bar",
                  "--project",
                  "--proxy",
                  "--refresh-package",
                  "--reinstall-package",
                  "--report",
                  "--resolution",
                  "--resume-retries",
                  "--retries",
                  "--root",
                  "--root-user-action",
                  "--source",
                  "--src",
                  "--target",
                  "--timeout",
                  "--trusted-host",
                  "--upgrade-package",
                  "--upgrade-strategy",
                  "--use-deprecated",
                  "--use-feature",
                  "--wheel-dir",
                  "-C",
                  "-G",
                  "-P",
                  "-c",
                  "-d",
                  "-t",
                  "-w"}))
    return Option::kValue;
  return Option::kUnknown;
}

Option OfConda(std::string_view option) {
  if (AllOf(option, "Cdkmqvy") || In(option, {"--copy",
                                              "--debug",
                                              "--download-only",
                                              "--dry-run",
                                              "--force-reinstall",
                                              "--freeze-installed",
                                              "--insecure",
                                              "--json",
                                              "--no-channel-priority",
                                              "--no-deps",
                                              "--no-pin",
                                              "--no-py-pin",
                                              "--no-update-deps",
                                              "--offline",
                                              "--only-deps",
                                              "--override-channels",
                                              "--quiet",
                                              "--strict-channel-priority",
                                              "--update-all",
                                              "--update-deps",
                                              "--update-specs",
                                              "--use-index-cache",
                                              "--use-local",
                                              "--verbose",
                                              "--yes"}))
    return Option::kNothing;
  if (In(option, {"--channel", "--channel-priority", "--experimental-solver", "--name", "--prefix",
                  "--repodata-fn", "--revision", "--root-prefix", "--solver", "-c", "-n", "-p", "-r"}))
    return Option::kValue;
  if (In(option, {"--file", "-f"})) return Option::kPackages;
  return Option::kUnknown;
}

}  // namespace

Installer InstallerOf(std::string_view tool, std::string_view verb) {
  if (In(tool, {"!", "%"}) || tool.empty()) return Installer::kNone;
  if (tool[0] == '!' || tool[0] == '%') tool.remove_prefix(1);  // of a notebook
  if (In(tool, {"pip", "pip3", "pipx", "pipenv"}) && In(verb, {"install", "download", "wheel"}))
    return Installer::kPip;
  if (In(tool, {"uv", "poetry", "pdm", "rye"}) && verb == "add") return Installer::kPip;
  if (In(tool, {"conda", "mamba", "micromamba"}) && In(verb, {"install", "create", "update"}))
    return Installer::kConda;
  if (tool == "pixi" && verb == "add") return Installer::kPip;
  return Installer::kNone;
}

Option OptionOf(Installer installer, std::string_view option) {
  return installer == Installer::kConda ? OfConda(option) : OfPip(option);
}

bool IsInstallersTool(std::string_view name) { return In(name, {"pip", "setuptools", "wheel"}); }

std::string_view CondaCuda(std::string_view word) {
  const size_t name = word.find('=');
  if (name == std::string_view::npos ||
      !In(word.substr(0, name), {"cuda-version", "cudatoolkit", "pytorch-cuda"}))
    return {};
  word.remove_prefix(std::min(word.find_first_not_of('=', name), word.size()));
  return word;
}

}  // namespace cudacompat::query
