#include "probe/recorded.h"

#include <charconv>

#include "base/text.h"

namespace cudacompat::probe {
namespace {

bool ParseNumber(std::string_view text, int base, unsigned* value) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value, base);
  return error == std::errc() && end == text.data() + text.size();
}

bool ParsePair(std::string_view text, unsigned* first, unsigned* second) {
  size_t colon = text.find(':');
  return colon != std::string_view::npos && ParseNumber(text.substr(0, colon), 10, first) &&
         ParseNumber(text.substr(colon + 1), 10, second);
}

NodeKind KindOf(std::string_view word) {
  if (word == "char") return NodeKind::kCharDevice;
  if (word == "file") return NodeKind::kFile;
  if (word == "dir") return NodeKind::kDirectory;
  return word == "other" ? NodeKind::kOther : NodeKind::kNone;
}

const char* KindWord(NodeKind kind) {
  switch (kind) {
    case NodeKind::kCharDevice:
      return "char";
    case NodeKind::kFile:
      return "file";
    case NodeKind::kDirectory:
      return "dir";
    default:
      return "other";
  }
}

bool ParseNode(std::string_view line, std::string* path, RecordedNode* recorded) {
  std::vector<std::string_view> words = Words(line);
  if (words.size() != 6 || words[0].front() != '/') return false;
  Node& node = recorded->node;
  node.outcome = Outcome::kOk;
  node.kind = KindOf(words[1]);
  recorded->access = words[5];
  *path = words[0];
  return node.kind != NodeKind::kNone && ParseNumber(words[2], 8, &node.mode) &&
         ParsePair(words[3], &node.uid, &node.gid) && ParsePair(words[4], &node.major, &node.minor);
}

void ParseNodes(const std::string& text, Recorded* recorded) {
  for (std::string_view raw : Split(text, '\n')) {
    std::string_view line = Trim(raw);
    if (line.empty() || line.front() == '#') continue;
    std::string path;
    RecordedNode node;
    if (ParseNode(line, &path, &node)) {
      recorded->nodes[path] = node;
    } else if (recorded->unread.size() < 20) {
      recorded->unread.push_back("nodes: " + Printable(line.substr(0, 120)));
    }
  }
}

void ParsePairs(const std::string& name, const std::string& text, Answers* answers, Recorded* recorded) {
  std::vector<std::string> unread;
  *answers = Answers::Parse(text, &unread);
  for (const std::string& line : unread) recorded->unread.push_back(name + ": " + line);
}

}  // namespace

void ParseRecordedFile(const std::string& name, const std::string& text, Recorded* recorded) {
  recorded->present = true;
  if (name == "host") ParsePairs(name, text, &recorded->host, recorded);
  if (name == "env") ParsePairs(name, text, &recorded->env, recorded);
  if (name == "answers") ParsePairs(name, text, &recorded->answers, recorded);
  if (name == "nodes") ParseNodes(text, recorded);
}

std::string NodeLine(const std::string& path, const RecordedNode& recorded) {
  const Node& node = recorded.node;
  std::string mode;
  for (unsigned bits = node.mode; bits != 0 || mode.empty(); bits >>= 3) {
    mode.insert(mode.begin(), static_cast<char>('0' + (bits & 7)));
  }
  return path + " " + KindWord(node.kind) + " 0" + mode + " " + std::to_string(node.uid) + ":" +
         std::to_string(node.gid) + " " + std::to_string(node.major) + ":" + std::to_string(node.minor) +
         " " + (recorded.access.empty() ? "none" : recorded.access);
}

std::string AccessByMode(const Node& node, const Answers& identity) {
  std::string uid = identity.Get("uid");
  if (uid == "0") return "rw";
  unsigned bits = node.mode & 7;
  std::string gids = identity.Get("gids");
  for (std::string_view gid : Split(gids, ',')) {
    if (!gid.empty() && gid == std::to_string(node.gid)) bits = node.mode >> 3 & 7;
  }
  if (!uid.empty() && uid == std::to_string(node.uid)) bits = node.mode >> 6 & 7;
  bool reads = (bits & 4) != 0;
  bool writes = (bits & 2) != 0;
  if (reads && writes) return "rw";
  return reads ? "r" : writes ? "w" : "none";
}

}  // namespace cudacompat::probe
