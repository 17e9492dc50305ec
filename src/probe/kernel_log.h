// Which lines of a kernel log concern the cards: the collector shows them, the recorder keeps no others.
#pragma once

#include <string_view>

namespace cudacompat::probe {

bool IsCardLine(std::string_view line);
/// The kernel would not load a module because of its signature.
bool IsRefusal(std::string_view line);

}  // namespace cudacompat::probe
