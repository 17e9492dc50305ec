// What a build needs of what lies below it: the driver, or on a Jetson the system that brings it.
#pragma once

#include <optional>
#include <vector>

#include "answer/answer.h"
#include "query/ast.h"
#include "store/store.h"

namespace cudacompat::answer {

/// One row for each thing and system: what several builds need holds together.
void Merge(Requirement more, std::vector<Requirement>* requirements);

/// Whether the question leaves open what drives the card.
bool LeavesDriverOpen(const query::Question& question);

/// What the build loads and an installer does not bring with it: cuDNN and the CUDA libraries of its major.
std::vector<Requirement> ReadLoadedLibraries(store::Store& store, const Build& build);

/// The C library that the build's wheel for Linux needs, where that of the system is not known and not every
/// distribution has it.
std::optional<Requirement> ReadLibcRequirement(store::Store& store, const query::Question& question,
                                               const Build& build);

/// The driver that a build needs on each system that was asked about, or the JetPacks that run it; none
/// where the question states one. The build is a candidate that has been judged.
std::vector<Requirement> ReadStackRequirements(store::Store& store, const query::Question& question,
                                               const Build& build);

}  // namespace cudacompat::answer
