// `scan` without the rest of the program.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "render/scan_json.h"
#include "render/scan_text.h"
#include "scan/scan.h"

int main(int argc, char** argv) {
  using namespace cudacompat;
  CLI::App app{"which GPU code is inside these files?"};
  std::vector<std::string> paths;
  scan::Options options;
  bool list = false;
  bool csv = false;
  bool json = false;
  app.add_option("paths", paths)->required();
  app.add_flag("--deep", options.deep);
  app.add_flag("--list", list);
  app.add_flag("--csv", csv);
  app.add_flag("--json", json);
  app.add_option("--threads", options.threads);
  CLI11_PARSE(app, argc, argv);
  const scan::Report report = scan::ScanPaths(paths, options);
  const std::string text = json   ? render::ScanJson(report, {list})
                           : list ? render::ScanList(report)
                           : csv  ? render::ScanCsv(report)
                                  : render::ScanTable(report);
  std::fwrite(text.data(), 1, text.size(), stdout);
  for (const scan::Unreadable& path : report.unreadable) {
    std::fprintf(stderr, "%s: %s\n", path.path.c_str(), path.reason.c_str());
  }
  return report.unreadable.empty() ? 0 : 65;
}
