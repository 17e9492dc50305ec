// A machine as text and JSON: what `device` prints, and the key "target" of an answer.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/machine.h"
#include "render/style.h"

namespace cudacompat::render {

/// The key "target" of an answer (contract.md).
nlohmann::ordered_json TargetJson(const Machine& machine);

/// The three CUDA versions with a line on what each is, cards, driver, toolkits, Python environments.
std::string ToText(const Machine& machine, const Style& style);

}  // namespace cudacompat::render
