#include "report/terms.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace cudacompat::report {
namespace {

constexpr size_t kMostSpans = 20;  // of one term in one line

bool IsWord(char c) { return IsAlpha(c) || IsDigit(c) || c == '_'; }

/// Not a part of a longer word.
bool Whole(std::string_view text, size_t begin, size_t end) {
  const bool before = begin > 0 && IsWord(text[begin]) && IsWord(text[begin - 1]);
  return !before && !(end < text.size() && IsWord(text[end - 1]) && IsWord(text[end]));
}

}  // namespace

uint32_t Terms::Hash(const char* at) {
  uint32_t word = 0;
  std::memcpy(&word, at, kLeastTermAnchor);
  return (word * 2654435761U) >> (32 - kBits);
}

Terms::Terms(std::vector<Term> rows)
    : terms_(std::move(rows)), always_(terms_.size()), compiled_(terms_.size()) {
  for (size_t i = 0; i < terms_.size(); ++i) {
    auto known = std::find(names_.begin(), names_.end(), terms_[i].name);
    if (known == names_.end()) {
      known = names_.insert(names_.end(), terms_[i].name);
      rows_.emplace_back();
    }
    rows_[static_cast<size_t>(known - names_.begin())].push_back(i);
    if (terms_[i].anchors == "-") {
      always_[i] = true;
      continue;
    }
    for (std::string_view anchor : Split(terms_[i].anchors, '|')) {
      if (anchor.size() >= kLeastTermAnchor) anchors_.push_back({anchor, i});
    }
  }
  auto hash = [](const Anchor& anchor) { return Hash(anchor.text.data()); };
  std::sort(anchors_.begin(), anchors_.end(), [&](const Anchor& a, const Anchor& b) {
    return hash(a) != hash(b) ? hash(a) < hash(b) : a.row < b.row;
  });
  starts_.resize((size_t{1} << kBits) + 1);
  for (const Anchor& anchor : anchors_) ++starts_[hash(anchor) + 1];
  for (size_t i = 1; i < starts_.size(); ++i) starts_[i] = static_cast<uint16_t>(starts_[i] + starts_[i - 1]);
}

Terms::~Terms() = default;
Terms::Terms(Terms&&) noexcept = default;
Terms& Terms::operator=(Terms&&) noexcept = default;

Terms::Names Terms::Find(std::string_view names) const {
  Names found;
  if (names.empty() || names == "-") return found;
  for (std::string_view name : Split(names, '+')) {
    const auto known = std::find(names_.begin(), names_.end(), name);
    if (known != names_.end()) found.push_back(static_cast<size_t>(known - names_.begin()));
  }
  return found;
}

const Expression* Terms::Compiled(size_t row) const {
  if (terms_[row].pattern == "-") return nullptr;
  if (compiled_[row] == nullptr) compiled_[row] = std::make_unique<Expression>(terms_[row].pattern);
  return compiled_[row].get();
}

Terms::Line::Line(const Terms& terms, std::string_view text)
    : terms_(terms), text_(text), small_(ToLower(text)), anchored_(terms.always_) {
  for (size_t at = 0; at + kLeastTermAnchor <= small_.size(); ++at) {
    const uint32_t hash = Hash(small_.data() + at);
    for (size_t i = terms.starts_[hash]; i < terms.starts_[hash + 1]; ++i) {
      const Anchor& anchor = terms.anchors_[i];
      if (!anchored_[anchor.row] && small_.compare(at, anchor.text.size(), anchor.text) == 0)
        anchored_[anchor.row] = true;
    }
  }
}

bool Terms::Line::MayHold(const Names& names) const {
  return std::any_of(names.begin(), names.end(), [&](size_t name) {
    return std::any_of(terms_.rows_[name].begin(), terms_.rows_[name].end(),
                       [&](size_t row) { return anchored_[row]; });
  });
}

bool Terms::Line::Holds(const Names& names) {
  return std::any_of(names.begin(), names.end(), [&](size_t name) { return !Spans(name).empty(); });
}

const std::vector<Terms::Span>& Terms::Line::Spans(size_t name) {
  auto [place, fresh] = spans_.try_emplace(name);
  if (!fresh) return place->second;
  std::vector<Span>& spans = place->second;
  for (const size_t row : terms_.rows_[name]) {
    if (!anchored_[row]) continue;
    if (const Expression* expression = terms_.Compiled(row)) {
      for (size_t from = 0; from <= text_.size() && spans.size() < kMostSpans;) {
        const auto found = expression->Find(text_, from);
        if (!found) break;
        spans.push_back({found->first, found->second, row});
        from = std::max(found->second, from + 1);
      }
      continue;
    }
    for (std::string_view anchor : Split(terms_.terms_[row].anchors, '|')) {
      for (size_t at = 0; (at = small_.find(anchor, at)) != std::string::npos && spans.size() < kMostSpans;
           ++at) {
        if (Whole(small_, at, at + anchor.size())) spans.push_back({at, at + anchor.size(), row});
      }
    }
  }
  return spans;
}

void Terms::Line::Capture(const Span& span, std::map<std::string, std::string>* captures) const {
  const Expression* expression = terms_.Compiled(span.row);
  if (expression == nullptr) return;
  const std::vector<std::string_view> parts = expression->Match(text_, span.begin);
  if (!parts.empty()) expression->Capture(parts, captures);
}

std::vector<std::string> Terms::Problems() const {
  std::vector<std::string> problems;
  for (size_t i = 0; i < terms_.size(); ++i) {
    auto say = [&](const std::string& what) {
      problems.push_back(terms_[i].name + " (" + terms_[i].anchors + "): " + what);
    };
    const Expression* expression = Compiled(i);
    if (expression != nullptr && !expression->ok())
      say("the pattern does not compile: " + expression->error());
    if (expression != nullptr && expression->Says("")) say("the pattern covers nothing");
    if (terms_[i].anchors == "-" && expression == nullptr) say("neither anchor nor pattern");
    if (terms_[i].anchors == "-") continue;
    for (std::string_view anchor : Split(terms_[i].anchors, '|')) {
      if (anchor.size() < kLeastTermAnchor) say("the anchor '" + std::string(anchor) + "' is too short");
      if (ToLower(anchor) != anchor) say("an anchor with capitals");
    }
  }
  return problems;
}

}  // namespace cudacompat::report
