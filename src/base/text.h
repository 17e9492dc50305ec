// Small text helpers that more than one folder needs. ASCII only where it says so: no locale is ever
// consulted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cudacompat {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// ASCII letters lowered; all other bytes as they are.
std::string ToLower(std::string_view text);

std::string_view Trim(std::string_view text);

/// Parts between separators, empty ones included; one empty part for an empty text.
std::vector<std::string_view> Split(std::string_view text, char separator);

/// Words between runs of white space.
std::vector<std::string_view> Words(std::string_view text);

std::string Join(const std::vector<std::string>& parts, std::string_view separator);

bool StartsWith(std::string_view text, std::string_view prefix);
bool EndsWith(std::string_view text, std::string_view suffix);
bool Contains(std::string_view text, std::string_view part);
std::string ReplaceAll(std::string text, std::string_view from, std::string_view to);

/// Offset of the first byte that is not well-formed UTF-8, or npos.
size_t FindBadUtf8(std::string_view text);

/// `text` with control characters and broken UTF-8 shown as \xNN: safe to print to a terminal.
std::string Printable(std::string_view text);

/// The letters and digits of a product's name in lower case, "RTX 3060 Ti" → "rtx3060ti": how names are
/// compared.
std::string NameKey(std::string_view text);

/// Package names compare without case and with runs of "-_." as one "-" (PEP 503).
std::string PackageName(std::string_view text);

/// How deep the brackets of a JSON text nest, strings left out: to refuse what would exhaust the stack of
/// whoever copies or walks it.
size_t JsonDepth(std::string_view text);
constexpr size_t kMostJsonDepth = 100;

/// Levenshtein distance with transpositions, capped at `limit` + 1; cost is bounded by the shorter text.
int EditDistance(std::string_view a, std::string_view b, int limit);

}  // namespace cudacompat
