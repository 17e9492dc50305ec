// A machine as text and JSON: what `device` prints, and the key "target" of an answer.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/machine.h"
#include "render/style.h"

namespace cudacompat::render {

/// The key "target" of an answer (contract.md).
nlohmann::ordered_json TargetJson(const Machine& machine);

/// A framework and the CUDA release that it runs with, as answer::CarriedRuntimes knows it.
struct RuntimeLine {
  std::string package;
  std::string cuda;  ///< empty: not known
  std::string words;
};

/// The three CUDA versions with a line on what each is, cards, driver, toolkits, Python environments.
/// `board_cuda`: the release of a board's JetPack.
std::string ToText(const Machine& machine, const std::vector<RuntimeLine>& runtimes,
                   const std::string& board_cuda, const Style& style);

}  // namespace cudacompat::render
