// Answers as text for people: the verdict first, then why, then what to do.
#pragma once

#include <string>

#include "answer/answer.h"
#include "base/result.h"
#include "render/style.h"

namespace cudacompat::render {

std::string ToText(const answer::Answer& answer, const Style& style);

/// The proof alone, as an indented tree.
std::string ProofText(const answer::ProofNode& proof, const Style& style);

/// Remedies as "what to do" with commands that can be pasted.
std::string RemediesText(const std::vector<answer::Remedy>& remedies, const Style& style);

/// "cudacompat: place: message" and the hint, for standard error.
std::string ToText(const Error& error);

}  // namespace cudacompat::render
