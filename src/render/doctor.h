// A diagnosis as text and JSON (contract.md, docs/schema/doctor.schema.json).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "answer/doctor.h"
#include "render/style.h"

namespace cudacompat::render {

nlohmann::ordered_json ToJson(const answer::Diagnosis& diagnosis);

/// The verdict, the cause with its evidence, what to do, and the checks in the order of the stack.
std::string ToText(const answer::Diagnosis& diagnosis, const Style& style);

}  // namespace cudacompat::render
