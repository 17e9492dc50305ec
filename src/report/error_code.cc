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

const ErrorCode* ByName(const ErrorTable& table, const std::string& name, const std::string& family) {
  const std::string lower = ToLower(name), whole = ToLower(family) + "_" + lower;  // go-nvml: ERROR_UNKNOWN
  for (const ErrorCode& row : table.Codes()) {
    const std::string known = ToLower(row.name);
    if (row.family != "runtime-before-10.1" && (known == lower || (row.family == family && known == whole)))
      return &row;
  }
  return nullptr;
}

/// The longest known message that the text starts with.
const ErrorCode* ByMessage(const ErrorTable& table, const std::string& text, const std::string& family) {
  const ErrorCode* best = nullptr;
  std::string lower = ToLower(text);
  for (const ErrorCode& row : table.Codes()) {
    if (row.message.size() < 8 || !StartsWith(lower, ToLower(row.message))) continue;
    bool longer = best == nullptr || row.message.size() > best->message.size();
    bool preferred = best != nullptr && row.message.size() == best->message.size() && row.family == family &&
                     best->family != family;
    if (longer || preferred) best = &row;
  }
  return best;
}

const ErrorCode* ByNumber(const ErrorTable& table, const std::string& code, const std::string& family) {
  for (const ErrorCode& row : table.Codes()) {
    if (row.family == family && row.code == code) return &row;
  }
  return nullptr;
}

}  // namespace

const ErrorCode* FindCode(const ErrorTable& table, const std::map<std::string, std::string>& captures,
                          const std::string& family, const std::string& cuda) {
  std::string name = Captured(captures, "name");
  const ErrorCode* row = name.empty() ? nullptr : ByName(table, name, family);
  std::string message = Captured(captures, "message");
  if (row == nullptr && !message.empty()) row = ByMessage(table, message, family);
  std::string code = Captured(captures, "code");
  if (row == nullptr && !code.empty()) {
    if (family == "runtime" && OldNumbers(cuda)) row = ByNumber(table, code, "runtime-before-10.1");
    if (row == nullptr) row = ByNumber(table, code, family);
    if (row == nullptr && family == "runtime") row = ByNumber(table, code, "driver");
    if (row == nullptr && family == "driver") row = ByNumber(table, code, "runtime");
    // A number that only the old numbering has can only mean that.
    if (row == nullptr && family == "runtime") row = ByNumber(table, code, "runtime-before-10.1");
  }
  return row;
}

std::string NameOfCode(const ErrorTable& table, const std::string& family, const std::string& code) {
  if (code.empty()) return "";
  const ErrorCode* row = ByNumber(table, code, family);
  return row == nullptr || row->name == "-" ? "" : row->name;
}

std::vector<ErrorCode> LookUpCode(const ErrorTable& table, std::string_view code_or_name) {
  std::vector<ErrorCode> rows;
  std::string wanted = ToLower(Trim(code_or_name));
  for (const ErrorCode& row : table.Codes()) {
    if (row.code == wanted || ToLower(row.name) == wanted) rows.push_back(row);
  }
  return rows;
}

}  // namespace cudacompat::report
