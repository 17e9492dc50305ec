#include "probe/anonymous.h"

#include <cstdio>

#include "base/text.h"

namespace cudacompat::probe {
namespace {

// GUIDs that are the same on every machine: UEFI's own.
constexpr std::string_view kPublicGuid = "8be4df61-93ca-11d2-aa0d-00e098032b8c";
constexpr std::string_view kStandIn = "00000000-0000-0000-0000-";  // what an earlier record put in
constexpr size_t kUuidSize = 36;

bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool IsWord(char c) { return IsDigit(c) || IsAlpha(c) || c == '_' || c == '-'; }

// 8-4-4-4-12 hexadecimal digits
bool IsUuid(std::string_view text) {
  if (text.size() < kUuidSize) return false;
  for (size_t i = 0; i < kUuidSize; ++i) {
    bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !IsHex(text[i])) return false;
  }
  return text.size() == kUuidSize || !IsHex(text[kUuidSize]);
}

// Six pairs of hexadecimal digits, as in a network card's address; a bus address has fewer.
size_t MacSize(std::string_view text) {
  constexpr size_t kSize = 17;
  if (text.size() < kSize) return 0;
  for (size_t i = 0; i < kSize; ++i) {
    if (i % 3 == 2 ? text[i] != ':' : !IsHex(text[i])) return 0;
  }
  return text.size() > kSize && (IsHex(text[kSize]) || text[kSize] == ':') ? 0 : kSize;
}

bool IsEveryday(const std::string& name) {
  static constexpr std::string_view kNames[] = {"root",   "user",   "ubuntu", "debian", "localhost",
                                                "linux",  "nvidia", "cuda",   "home",   "admin",
                                                "docker", "python", "conda",  "wsl",    "host"};
  for (std::string_view everyday : kNames) {
    if (name == everyday) return true;
  }
  return name.size() < 3;
}

// "Serial Number : 0324…": the value behind a name that holds the word.
std::string DropSerials(const std::string& text) {
  std::string out;
  for (std::string_view line : Split(text, '\n')) {
    size_t colon = line.find(':');
    std::string lower = ToLower(line.substr(0, colon == std::string_view::npos ? 0 : colon));
    bool serial = Contains(lower, "serial") || Contains(lower, "uuid");
    if (!out.empty() || line.data() != text.data()) out += '\n';
    if (serial && !Contains(line, "-0000-0000-")) {
      out += std::string(line.substr(0, colon + 1)) + " removed";
    } else {
      out += line;
    }
  }
  return out;
}

}  // namespace

void Anonymous::AddHost(const std::string& name) {
  std::string word = name.substr(0, name.find('.'));
  if (!IsEveryday(ToLower(word))) names_.emplace_back(word, "host");
}

void Anonymous::AddUser(const std::string& name) {
  if (IsEveryday(ToLower(name))) return;
  names_.emplace_back(name, StandIn("user", name));
}

std::string Anonymous::StandIn(const std::string& kind, const std::string& found) {
  auto [entry, fresh] = users_.try_emplace(found, "");
  if (fresh) entry->second = users_.size() == 1 ? kind : kind + std::to_string(users_.size());
  return entry->second;
}

// "/home/alice/…" and "/Users/alice/…": whoever it is.
std::string Anonymous::Homes(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    size_t at = std::string_view::npos;
    size_t length = 0;
    for (std::string_view home : {"/home/", "/Users/", "\\Users\\"}) {
      size_t found = text.find(home);
      if (found < at) {
        at = found;
        length = home.size();
      }
    }
    if (at == std::string_view::npos) return out + std::string(text);
    size_t start = at + length;
    size_t end = start;
    while (end < text.size() && text[end] != '/' && text[end] != '\\' && text[end] != ':' &&
           !IsSpace(text[end]) && text[end] != '"' && text[end] != '\'') {
      ++end;
    }
    std::string name(text.substr(start, end - start));
    out += text.substr(0, start);
    out += name.empty() || name == "user" ? name : StandIn("user", name);
    text.remove_prefix(end);
  }
  return out;
}

std::string Anonymous::Words(const std::string& text) const {
  std::string out = text;
  for (const auto& [name, stand_in] : names_) {
    size_t at = out.find(name);
    while (at != std::string::npos) {
      bool starts = at == 0 || !IsWord(out[at - 1]);
      bool ends = at + name.size() == out.size() || !IsWord(out[at + name.size()]);
      if (starts && ends) out.replace(at, name.size(), stand_in);
      at = out.find(name, at + (starts && ends ? stand_in.size() : name.size()));
    }
  }
  return out;
}

std::string Anonymous::Identities(const std::string& text) {
  std::string out;
  size_t i = 0;
  while (i < text.size()) {
    std::string_view rest = std::string_view(text).substr(i);
    bool fresh = i == 0 || !IsHex(text[i - 1]);
    if (fresh && IsUuid(rest)) {
      std::string uuid = ToLower(rest.substr(0, kUuidSize));
      auto [entry, added] = uuids_.try_emplace(uuid, uuid);
      if (added && uuid != kPublicGuid && !StartsWith(uuid, kStandIn)) {
        char stand_in[64];
        std::snprintf(stand_in, sizeof stand_in, "00000000-0000-0000-0000-%012zu", uuids_.size());
        entry->second = stand_in;
      }
      out += entry->second;
      i += kUuidSize;
    } else if (size_t mac = fresh && (i == 0 || text[i - 1] != ':') ? MacSize(rest) : 0) {
      out += "00:00:00:00:00:00";
      i += mac;
    } else {
      out += text[i++];
    }
  }
  return out;
}

std::string Anonymous::Clean(std::string_view text) { return DropSerials(Identities(Words(Homes(text)))); }

}  // namespace cudacompat::probe
