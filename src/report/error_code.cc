#include "report/error_code.h"

#include <cstdlib>

#include "base/text.h"

namespace cudacompat::report {
namespace {

std::string Captured(const std::map<std::string, std::string>& captures, const char* name) {
  auto found = captures.find(name);
  return found == captures.end() ? "" : found->second;
}

/// Runtime numbers were renumbered to the driver's with CUDA 10.1.
bool OldNumbers(const std::string& cuda) {
  if (cuda.empty()) return false;
  std::vector<std::string_view> parts = Split(cuda, '.');
  long major = std::strtol(std::string(parts[0]).c_str(), nullptr, 10);
  long minor = parts.size() > 1 ? std::strtol(std::string(parts[1]).c_str(), nullptr, 10) : 0;
  return major > 0 && (major < 10 || (major == 10 && minor < 1));
}

using Codes = std::vector<ErrorCode>;

const ErrorCode* ByName(const Codes& codes, const std::string& name, const std::string& family) {
  const std::string lower = ToLower(name), whole = ToLower(family) + "_" + lower;  // go-nvml: ERROR_UNKNOWN
  for (const ErrorCode& row : codes) {
    const std::string known = ToLower(row.name);
    if (row.family != "runtime-before-10.1" && (known == lower || (row.family == family && known == whole)))
      return &row;
  }
  return nullptr;
}

/// The longest known message that the text starts with.
const ErrorCode* ByMessage(const Codes& codes, const std::string& text, const std::string& family) {
  const ErrorCode* best = nullptr;
  std::string lower = ToLower(text);
  for (const ErrorCode& row : codes) {
    if (row.message.size() < 8 || !StartsWith(lower, ToLower(row.message))) continue;
    bool longer = best == nullptr || row.message.size() > best->message.size();
    bool preferred = best != nullptr && row.message.size() == best->message.size() && row.family == family &&
                     best->family != family;
    if (longer || preferred) best = &row;
  }
  return best;
}

const ErrorCode* ByNumber(const Codes& codes, const std::string& code, const std::string& family) {
  for (const ErrorCode& row : codes) {
    if (row.family == family && row.code == code) return &row;
  }
  return nullptr;
}

}  // namespace

std::optional<ErrorCode> FindCode(ErrorRows& rows, const std::map<std::string, std::string>& captures,
                                  const std::string& family, const std::string& cuda) {
  const std::string name = Captured(captures, "name");
  const std::string message = Captured(captures, "message");
  const std::string code = Captured(captures, "code");
  if (name.empty() && message.empty() && code.empty()) return std::nullopt;
  const Codes codes = rows.Codes(name, message, code, family);
  const ErrorCode* row = name.empty() ? nullptr : ByName(codes, name, family);
  if (row == nullptr && !message.empty()) row = ByMessage(codes, message, family);
  if (row == nullptr && !code.empty()) {
    if (family == "runtime" && OldNumbers(cuda)) row = ByNumber(codes, code, "runtime-before-10.1");
    if (row == nullptr) row = ByNumber(codes, code, family);
    if (row == nullptr && family == "runtime") row = ByNumber(codes, code, "driver");
    if (row == nullptr && family == "driver") row = ByNumber(codes, code, "runtime");
    // A number that only the old numbering has can only mean that.
    if (row == nullptr && family == "runtime") row = ByNumber(codes, code, "runtime-before-10.1");
  }
  return row == nullptr ? std::nullopt : std::optional(*row);
}

std::string NameOfCode(ErrorRows& rows, const std::string& family, const std::string& code) {
  if (code.empty()) return "";
  const Codes codes = rows.Codes("", "", code, family);
  const ErrorCode* row = ByNumber(codes, code, family);
  return row == nullptr || row->name == "-" ? "" : row->name;
}

}  // namespace cudacompat::report
