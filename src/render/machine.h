// A machine as text and JSON: what `device` prints, and the key "target" of an answer.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "answer/machine.h"
#include "base/machine.h"
#include "render/style.h"

namespace cudacompat::render {

/// The key "target" of an answer (contract.md).
nlohmann::ordered_json TargetJson(const Machine& machine);

/// The three CUDA versions with a line on what each is, cards, driver, toolkits, Python environments.
/// `board_cuda`: the release of a board's JetPack.
std::string ToText(const Machine& machine, const std::vector<answer::CarriedRuntime>& runtimes,
                   const std::string& board_cuda, const Style& style);

}  // namespace cudacompat::render
