// What the driver's libraries said, put into a Machine: cards by their bus address, versions, and one
// sighting for each answer that is not a card's. The same for a live and for a recorded machine.
#pragma once

#include <string>
#include <vector>

#include "probe/scene.h"

namespace cudacompat::probe {

void ApplyAnswers(Scene& scene, const Answers& answers);

/// CUDA_VISIBLE_DEVICES as the driver reads it: from the left, up to the first entry that names no card.
struct Visible {
  int count = 0;           ///< entries that name a card
  std::string refused;     ///< the first that does not, "" when all do
  bool none = false;       ///< nothing is left to see
  std::string repeated{};  ///< an entry that stands twice: then nothing is left to see
  int lost = 0;            ///< entries behind the refused one that name a card
};
Visible ReadVisible(const std::string& value, int cards, const std::vector<std::string>& uuids);

/// "00000000:01:00.0" and "0000:01:00.0" are one address.
std::string BusAddress(std::string_view text);

/// 12040 → "12.4"; empty for what is no version.
std::string CudaVersionText(std::string_view number);

}  // namespace cudacompat::probe
