// What frameworks print when they find their cards.
#include "report/startup.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "report/readers.h"

namespace cudacompat::report {

MachineGpu& LogCard(const std::string& name, int index, Draft& draft) {
  MachineGpu& gpu = index >= 0 ? draft.Gpu(Listing::kLog, index) : draft.NextGpu(Listing::kLog);
  if (!name.empty()) gpu.name = name;
  return gpu;
}

bool ReadStartup(const Line& line, Draft& draft) {
  std::string_view text = line.text;
  // Most lines of a log are none of these; words are cheaper than patterns.
  static constexpr std::string_view kWords[] = {
      "Cuda",      "GPU",      "gpu",       "CUDA",      "cuda",        "evice",   "name:",
      "orch",      "cuDNN",    "major:",    "id ",       "ensor",       "jax.",    "Total ",
      "nvcc",      "ersion",   "lib",       "YOLO",      "pciBus",      "emory",   "sm_",
      "- runtime", "- driver", "Packages:", "packages:", "compute cap", "driver=", "NVIDIA"};
  bool any = std::any_of(std::begin(kWords), std::end(kWords),
                         [&](std::string_view word) { return Contains(text, word); });
  if (!any) return false;
  if (text.size() > 4000) text = text.substr(0, 4000);
  ReadPytorchWarning(text, draft);
  ReadLibcudaName(text, draft);
  return ReadOldTensorFlow(text, draft) || ReadTensorFlow(text, draft) ||
         ReadTensorFlowVersions(text, draft) || ReadGgml(text, draft) || ReadBitsandbytes(text, draft) ||
         ReadNumba(text, draft) || ReadJaxDevices(text, draft) || ReadDeviceQuery(text, draft) ||
         ReadPaddle(text, draft) || ReadUnsloth(text, draft) || ReadJulia(text, draft) ||
         ReadCardLines(text, draft) || ReadDarknet(text, draft) || ReadBanners(text, draft) ||
         ReadToolkit(text, draft);
}

}  // namespace cudacompat::report
