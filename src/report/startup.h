// What programs print when they find their cards, one function for each: it takes what it knows into the
// draft and says whether the line was its own.
#pragma once

#include <string>
#include <string_view>

#include "report/draft.h"

namespace cudacompat::report {

/// A card of a log: one entry per name and place, however often the log repeats it.
MachineGpu& LogCard(const std::string& name, int index, Draft& draft);

// Frameworks: startup_frameworks.cc.
bool ReadPytorchWarning(std::string_view text, Draft& draft);  ///< false always: they are errors as well
bool ReadOldTensorFlow(std::string_view text, Draft& draft);
bool ReadTensorFlow(std::string_view text, Draft& draft);
bool ReadTensorFlowVersions(std::string_view text, Draft& draft);
bool ReadJaxDevices(std::string_view text, Draft& draft);
bool ReadPaddle(std::string_view text, Draft& draft);
bool ReadBitsandbytes(std::string_view text, Draft& draft);
bool ReadUnsloth(std::string_view text, Draft& draft);

// Programs, toolkits and libraries: startup_tools.cc.
void ReadLibcudaName(std::string_view text, Draft& draft);
bool ReadGgml(std::string_view text, Draft& draft);
bool ReadNumba(std::string_view text, Draft& draft);
bool ReadDeviceQuery(std::string_view text, Draft& draft);
bool ReadJulia(std::string_view text, Draft& draft);
bool ReadCardLines(std::string_view text, Draft& draft);
bool ReadDarknet(std::string_view text, Draft& draft);
bool ReadBanners(std::string_view text, Draft& draft);
bool ReadToolkit(std::string_view text, Draft& draft);

}  // namespace cudacompat::report
