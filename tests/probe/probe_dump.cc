// Developer's view of the probe: probe_dump [--no-driver] [--root DIR] [--time] [--record DIR]
#include <chrono>
#include <cstdio>
#include <string>

#include "probe/machine_text.h"
#include "probe/probe.h"
#include "probe/record.h"

int main(int argc, char** argv) {
  using namespace cudacompat;
  probe::ProbeOptions options;
  std::unique_ptr<probe::Host> host = probe::LiveHost();
  bool time = false;
  for (int i = 1; i < argc; ++i) {
    std::string arg = argv[i];
    if (arg == "--no-driver") options.ask_driver = false;
    if (arg == "--ask-always") options.ask_always = true;
    if (arg == "--time") time = true;
    if (arg == "--record" && i + 1 < argc) {
      auto recorded = probe::RecordMachine(*host, argv[++i], options);
      if (!recorded)
        std::fprintf(stderr, "%s: %s\n", recorded.error().place.c_str(), recorded.error().message.c_str());
      if (recorded)
        std::printf("%d files, %d links, %zu left out\n", recorded->files, recorded->links,
                    recorded->left_out.size());
      if (recorded)
        for (const auto& line : recorded->left_out) std::printf("%s\n", line.c_str());
      return recorded ? 0 : 65;
    }
    if (arg != "--root" || i + 1 >= argc) continue;
    auto rooted = probe::RootedHost(argv[++i]);
    if (!rooted) {
      std::fprintf(stderr, "%s: %s\n", rooted.error().place.c_str(), rooted.error().message.c_str());
      return 65;
    }
    host = std::move(*rooted);
  }
  auto start = std::chrono::steady_clock::now();
  Machine machine = probe::ProbeMachine(*host, options);
  std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - start;
  if (!time) std::fputs(probe::MachineText(machine).c_str(), stdout);
  std::fprintf(stderr, "%.2f ms\n", passed.count());
  return 0;
}
