#include "answer/remedy.h"
#include "base/text.h"
#include "base/version.h"

namespace cudacompat::answer {
namespace {

/// How one build is named to an installer, and from where.
struct Form {
  std::string install;  ///< "{package}=={version}+{tag}"
  std::string option;   ///< "--index-url", or "-" for what an installer asks by itself
  std::string url;
};

Form FormOf(store::Store& store, const Build& build) {
  Form form;
  form.install = store.Text("SELECT install FROM package WHERE package = ?", {build.package});
  form.url = store.Text(
      "SELECT index_url FROM package_index WHERE package = ?1 AND channel = ?2 AND ?3 GLOB tag ORDER BY "
      "length(tag) DESC LIMIT 1",
      {build.package, build.channel, build.tag});
  form.option = build.channel == "framework" && !form.url.empty() && form.url != "-" ? "--index-url" : "-";
  store::Statement row = store.Prepare(
      "SELECT install, option, index_url FROM install_form WHERE package = ?1 AND channel = ?2 AND os IN ('*', ?3) AND "
      "?4 BETWEEN first_version_key AND last_version_key AND ?5 GLOB tag ORDER BY os = '*', tag = '*' LIMIT 1",
      {build.package, build.channel, BuildOs(build), PackageKey(build.version).value_or(0), build.tag});
  if (row.Step()) {
    form.install = row.text(0);
    form.option = row.text(1);
    if (row.text(2) != "-") form.url = row.text(2);
  }
  return form;
}

}  // namespace

bool NamesTag(store::Store& store, const Build& build) {
  const Form form = FormOf(store, build);
  return form.option != "-" && Contains(form.install, "+{tag}");
}

std::string NewestPython(const Build& build, bool free_threaded) {
  if (build.python.empty() || build.python[0] == "unsaid" || build.python[0] == "any") return "";
  std::string plain, threaded;
  for (const std::string& each : build.python) (each.back() == 't' ? threaded : plain) = each;
  return (free_threaded && !threaded.empty()) || plain.empty() ? threaded : plain;
}

std::string PythonFor(store::Store& store, const Build& build, const std::string& stated) {
  if (!Contains(FormOf(store, build).install, "{python}")) return "";
  return stated.empty() ? NewestPython(build) : stated;
}

std::vector<std::string> InstallCommands(store::Store& store, const Build& build, bool alone,
                                         const std::string& python) {
  Form form = FormOf(store, build);
  // A build of the default index has no local part in its name.
  const bool tagged = form.option != "-" && Contains(form.install, "+{tag}");
  if (!tagged && build.channel == "default") form.install = ReplaceAll(form.install, "+{tag}", "");
  auto fill = [&](const std::string& text) {
    std::string out = text;
    for (const auto& [place, value] : {std::pair<std::string, std::string>{"{package}", build.package},
                                       {"{version}", build.version},
                                       {"{tag}", build.tag},
                                       {"{arch}", build.arch},
                                       {"{python}", ReplaceAll(python, ".", "")}})
      out = ReplaceAll(out, place, value);
    return out;
  };
  std::string what = fill(form.install);
  if (what.find('[') != std::string::npos) what = "\"" + what + "\"";
  // Companions move with the build: with its tag where they were built for it, else by their version alone
  // and from the default index.
  store::Statement companions = store.Prepare(
      "SELECT c.companion, c.companion_version, c.same_tag = 'yes' OR EXISTS (SELECT 1 FROM build b WHERE b.package = c.package "
      "AND b.version_key = c.companion_version_key AND b.tag = ?3 AND b.channel = 'framework') FROM companion c JOIN package p "
      "ON p.package = c.companion WHERE c.package = ?1 AND c.version = ?2 AND c.companion_version NOT IN ('-', 'unsaid') "
      "AND (c.same_tag = 'yes' OR p.kind = 'companion') ORDER BY c.companion DESC",
      {build.package, build.version, build.tag});
  std::string apart;
  while (!alone && companions.Step()) {
    const std::string companion = companions.text(0) + "==" + companions.text(1);
    if (form.option == "-" || companions.integer(2) != 0)
      what += " " + companion + (tagged ? "+" + build.tag : "");
    else
      apart += " " + companion;
  }
  const std::string index = form.option == "-" ? "" : " " + form.option + " " + fill(form.url);
  // Two ways, pip's and uv's, each in one or two lines: not every shell of Windows knows &&.
  if (alone) what = "--no-deps " + what;
  std::vector<std::string> commands = {"pip install --force-reinstall " + what + index};
  if (!apart.empty()) commands.push_back("pip install --force-reinstall --no-deps" + apart);
  commands.push_back("uv pip install --reinstall " + what + index);
  if (!apart.empty()) commands.push_back("uv pip install --reinstall --no-deps" + apart);
  return commands;
}

std::vector<std::string> FreshInstallCommands(store::Store& store, const Build& build) {
  std::vector<std::string> commands;
  for (const std::string& command : InstallCommands(store, build)) {
    if (StartsWith(command, "uv ")) commands.push_back(command);
  }
  return commands;
}

}  // namespace cudacompat::answer
