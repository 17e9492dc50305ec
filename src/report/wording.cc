#include "report/wording.h"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <string>

#include "base/text.h"
#include "report/retelling.h"
#include "report/source_code.h"
#include "report/text_input.h"

namespace cudacompat::report {
namespace {

constexpr size_t kMostBytes = size_t{2} << 20;
constexpr size_t kMostLines = 400;  // of those that name what this is about
constexpr size_t kLongest = 1000;   // of a line; what is longer is no sentence
constexpr size_t kKeptText = 400;

std::unique_ptr<re2::RE2> Compiled(const std::string& pattern) {
  re2::RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  return std::make_unique<re2::RE2>(pattern, options);
}

bool Says(std::string_view line, const re2::RE2& regex) {
  return re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), regex);
}

void Capture(std::string_view line, const re2::RE2& regex, Finding* finding) {
  std::vector<re2::StringPiece> parts(static_cast<size_t>(regex.NumberOfCapturingGroups()) + 1);
  const re2::StringPiece piece(line.data(), line.size());
  if (!regex.Match(piece, 0, line.size(), re2::RE2::UNANCHORED, parts.data(), static_cast<int>(parts.size())))
    return;
  for (const auto& [name, index] : regex.NamedCapturingGroups()) {
    const re2::StringPiece& part = parts[static_cast<size_t>(index)];
    const std::string plain = name.substr(0, name.find_last_not_of("0123456789") + 1);
    if (!part.empty())
      finding->captures.try_emplace(plain, Printable(std::string_view(part.data(), part.size())));
  }
}

}  // namespace

std::vector<Finding> FindWordings(std::string_view text, const std::vector<ErrorPattern>& wordings) {
  std::string converted;
  text = AsUtf8(text, converted).substr(0, kMostBytes);
  std::string plain;
  if (text.find("\x1b[") != std::string_view::npos) {
    plain = WithoutColours(text);
    text = plain;
  }
  const std::unique_ptr<re2::RE2> about = Compiled(
      R"(nvidia|cuda|gpu|nvcc|nvml|nvrtc|cudnn|cublas|cufft|nccl|nvrm|geforce|quadro|\bsm_?\d\d|graphics card|compute capab|\bmig\b|nvenc|driver)");
  struct Regexes {
    std::unique_ptr<re2::RE2> pattern, demand, unless;
  };
  std::vector<Regexes> regexes(wordings.size());
  std::vector<Finding> found;
  std::vector<bool> met(wordings.size());
  size_t asked = 0;
  int64_t number = 0;
  for (size_t at = 0; at < text.size() && asked < kMostLines;) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const size_t begin = at;
    const std::string_view line = Trim(text.substr(at, end - at));
    at = end + 1;
    ++number;
    if (line.empty() || line.size() > kLongest || !Says(line, *about)) continue;
    ++asked;
    if (IsCode(text, begin, line)) continue;
    for (size_t i = 0; i < wordings.size(); ++i) {
      const ErrorPattern& row = wordings[i];
      if (regexes[i].pattern == nullptr) {
        regexes[i] = {Compiled(row.regex), row.context == "-" ? nullptr : Compiled(row.context),
                      Compiled(row.unless)};
      }
      if (!Says(line, *regexes[i].pattern) || Says(line, *regexes[i].unless)) continue;
      if (regexes[i].demand != nullptr && !Says(line, *regexes[i].demand)) continue;
      if (!met[i]) {
        met[i] = true;
        Finding finding;
        finding.pattern_id = row.id;
        if (row.rule != "-") finding.rule = row.rule;
        finding.cls = row.cls;
        finding.because = row.note;
        finding.rank = row.rank;
        finding.line = number;
        finding.column = 1;
        finding.text = Printable(line.substr(0, kKeptText));
        Capture(line, *regexes[i].pattern, &finding);
        found.push_back(std::move(finding));
      }
      break;  // a line complains of one thing
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Finding& a, const Finding& b) { return a.rank < b.rank; });
  for (Finding& finding : found) {
    finding.follower = finding.rule != found.front().rule || finding.cls != found.front().cls;
  }
  return found;
}

}  // namespace cudacompat::report
