// The record of a machine as JSON: what `device --json` writes and `--target` reads back.
// Does not own: the wording of other outputs. Each field stands in one list (record.cc) that serves both
// directions.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "base/machine.h"
#include "base/result.h"

namespace cudacompat::report {

/// One object; empty values are left out but for the keys that the contract promises of `device`.
nlohmann::ordered_json MachineToJson(const Machine& machine);

/// The other way. Unknown keys are left alone; a value of the wrong type is an error that names the key.
Result<Machine> MachineFromJson(const nlohmann::json& json);

/// A text that is a record, an array of records, or an object with "hosts". Not ok when it is no record at
/// all.
Result<std::vector<Machine>> ReadRecords(std::string_view text);

/// True when the text begins like a JSON object of ours.
bool LooksLikeRecord(std::string_view text);

}  // namespace cudacompat::report
