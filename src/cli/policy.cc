#include "cli/policy.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "base/text.h"

namespace cudacompat::cli {
namespace {

constexpr size_t kMostBytes = 1 << 20;

std::string PlaceOf(const std::string& name, const toml::node& node) {
  return fmt::format("{}:{}:{}", name, node.source().begin.line, node.source().begin.column);
}

Error Bad(const std::string& name, const toml::source_region& region, const std::string& message,
          const std::string& hint) {
  return {ErrorKind::kBadInput, fmt::format("{}:{}:{}", name, region.begin.line, region.begin.column),
          message, hint};
}

Status Words(const std::string& name, const toml::node& node, std::string_view key,
             std::vector<Policy::Word>* out) {
  const Error wrong = Bad(name, node.source(), fmt::format("{} is no text and no list of texts", key),
                          fmt::format("write {} = [\"sm_80\", \"compute_90\"]", key));
  if (const auto* text = node.as_string()) {
    out->push_back({text->get(), PlaceOf(name, node)});
    return std::nullopt;
  }
  const toml::array* list = node.as_array();
  if (list == nullptr) return wrong;
  for (const toml::node& element : *list) {
    if (!element.is_string()) return wrong;
    out->push_back({element.as_string()->get(), PlaceOf(name, element)});
  }
  return std::nullopt;
}

Status Key(const std::string& name, std::string_view key, const toml::node& node, Policy* policy) {
  if (key == "require") return Words(name, node, key, &policy->require);
  if (key == "forbid") return Words(name, node, key, &policy->forbid);
  if (key == "ignore") return Words(name, node, key, &policy->ignore);
  if (key == "oldest-driver") {
    if (!node.is_string())
      return Bad(name, node.source(), "oldest-driver is no text", "write oldest-driver = \"525.60.13\"");
    policy->oldest_driver = Policy::Word{node.as_string()->get(), PlaceOf(name, node)};
    return std::nullopt;
  }
  return Bad(name, node.source(), fmt::format("unknown key '{}' in [check]", Printable(key)),
             "known: require, forbid, oldest-driver, ignore");
}

bool IsKey(std::string_view key) {
  return key == "require" || key == "forbid" || key == "ignore" || key == "oldest-driver";
}

// Of what stands beside the table [check] that which comes first in the file: a table is in order of its
// keys.
std::optional<std::pair<std::string, const toml::node*>> FirstStray(const toml::table& root) {
  std::optional<std::pair<std::string, const toml::node*>> first;
  for (const auto& [key, node] : root) {
    if (key.str() == "check" && node.is_table()) continue;
    if (!first || node.source().begin < first->second->source().begin) first.emplace(key.str(), &node);
  }
  return first;
}

}  // namespace

Result<Policy> ParsePolicy(std::string_view text, const std::string& name) {
  const toml::parse_result parsed = toml::parse(text, name);
  if (!parsed) {
    return Bad(name, parsed.error().source(), std::string(parsed.error().description()),
               "a policy is a TOML file");
  }
  Policy policy;
  if (const auto stray = FirstStray(parsed.table())) {
    const bool known = IsKey(stray->first);
    return Bad(name, stray->second->source(),
               known ? fmt::format("'{}' stands outside [check]", Printable(stray->first))
                     : fmt::format("unknown entry '{}'", Printable(stray->first)),
               known ? "write a line [check] above it" : "a policy has one table, [check]");
  }
  for (const auto& [table, content] : parsed.table()) {
    for (const auto& [key, node] : *content.as_table()) {
      if (Status error = Key(name, key.str(), node, &policy)) return *error;
    }
  }
  return policy;
}

bool GlobMatches(std::string_view pattern, std::string_view text) {
  size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Result<std::string> ReadWholeFile(const std::string& path) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) {
    return Error{ErrorKind::kBadInput, Printable(path), std::strerror(EISDIR), "name a file"};
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (file) {
    text.resize(kMostBytes + 1);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<size_t>(file.gcount()));
  }
  if (!file.is_open() || file.bad()) {
    return Error{ErrorKind::kBadInput, Printable(path), errno != 0 ? std::strerror(errno) : "cannot be read",
                 "check the path and its permissions"};
  }
  if (text.size() > kMostBytes) {
    return Error{ErrorKind::kBadInput, Printable(path), "the file is larger than 1 MiB",
                 "name a list or a policy"};
  }
  return text;
}

}  // namespace cudacompat::cli
