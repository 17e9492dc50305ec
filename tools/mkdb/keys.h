// Values of one cell: derived keys, integers, and how two cells of a primary key compare.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "mkdb/schema.h"

namespace cudacompat::mkdb {

/// A value as SQLite stores it; monostate is NULL.
using Value = std::variant<std::monostate, int64_t, std::string>;

/// The key made from `text`; nothing when it cannot be made. unsaid and - are NULL, open the largest integer.
std::optional<Value> DeriveKey(Derivation derivation, const std::string& text);

/// What DeriveKey takes, as an example for the message.
const char* ExpectedFor(Derivation derivation);

/// A whole number and nothing else.
std::optional<int64_t> ParseInteger(const std::string& text);

/// Below, equal or above zero: numbers in INTEGER columns, bytes elsewhere.
int CompareCells(bool integer, const std::string& a, const std::string& b);

}  // namespace cudacompat::mkdb
