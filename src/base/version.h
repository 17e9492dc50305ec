// Versions compare as integers. One set of keys serves the data compiler, the probe, the reports and the
// query. Does not own: what a version means (that is data).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cudacompat {

/// Key of a driver, CUDA, toolkit, PTX ISA or library version of one to four dotted numbers: "525.60.13" →
/// 525060013 * 1000000, "450.80.2" == "450.80.02", "9.10.2.21" has its fourth part in the last six digits.
/// Each of the first three parts is below 1000 but the first, which is below 100000; the fourth is below
/// 1000000. Nothing else parses: no letters, no blanks, no empty part.
std::optional<int64_t> DottedKey(std::string_view text);

/// The other way, without trailing zeros beyond the second part; driver minors keep no leading zero.
std::string DottedText(int64_t key);

/// What Windows calls a driver as NVIDIA counts it: "32.0.15.6094" → "560.94", the last five digits. Empty
/// where it is no such number.
std::string NvidiaVersion(std::string_view windows_version);

/// Key of a package version as PEP 440 orders it: dev < a < b < rc < final < post. Up to four release parts,
/// each below 4096; a local part ("+cu124") is not part of the key and makes this fail. "2.6" == "2.6.0".
std::optional<int64_t> PackageKey(std::string_view text);

/// True when a PackageKey belongs to a pre-release or development release.
bool IsPrerelease(int64_t package_key);

/// Key of a compute capability "7.5" → 75, "12.0" → 120. One digit after the dot, major 1 to 99.
std::optional<int64_t> CapabilityKey(std::string_view text);
std::string CapabilityText(int64_t key);

/// An image target's parts: "sm_90a" → kind "sm", cc 90, suffix 'a' (0 when none). Kinds: sm, compute, lto.
struct Target {
  std::string kind;
  int64_t capability = 0;  ///< a CapabilityKey
  char suffix = 0;         ///< 0, 'a' or 'f'
};
std::optional<Target> ParseTarget(std::string_view text);

}  // namespace cudacompat
