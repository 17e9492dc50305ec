// Answers as JSON (contract.md, docs/schema/). One object, snake_case keys, UTF-8.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "answer/answer.h"

namespace cudacompat::render {

nlohmann::ordered_json ToJson(const answer::Answer& answer);
nlohmann::ordered_json ToJson(const answer::Remedy& remedy);

/// null for a text that says nothing: empty, or "-".
nlohmann::ordered_json TextOrNull(const std::string& text);

/// The object as text with a newline behind it.
std::string Dump(const nlohmann::ordered_json& json);

}  // namespace cudacompat::render
