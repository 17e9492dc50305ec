// Proof: the tree from the verdict down to sourced facts. Fact ids are table/key/key; a sentence_TABLE view
// says each fact.
#pragma once

#include <string>
#include <vector>

#include "answer/answer.h"
#include "store/store.h"

namespace cudacompat::answer {

/// What other sources say instead of a fact, each under the id "dispute/<fact>".
std::vector<ProofNode> ReadDisputes(store::Store& store, const std::string& fact);

ProofNode BuildProof(store::Store& store, const Answer& answer);

/// One fact by its id ("toolkit_min_driver/12.4/linux"); nullopt when there is no such fact.
std::optional<ProofNode> ReadFact(store::Store& store, const std::string& id);

}  // namespace cudacompat::answer
