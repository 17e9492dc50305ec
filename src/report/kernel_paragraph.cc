#include "report/kernel_paragraph.h"

#include <algorithm>

#include "base/text.h"

namespace cudacompat::report {
namespace {

constexpr std::string_view kMark = "NVRM:";
constexpr size_t kMostRows = 12;         // a message has ten
constexpr size_t kMostLine = 400;        // a longer line is broken by nobody
constexpr size_t kMostParagraphs = 500;  // a log that repeats them says nothing new

struct Row {
  size_t mark;   // of "NVRM:"
  size_t begin;  // of the line
  size_t end;
};

/// The line around a mark.
Row RowAt(std::string_view text, size_t mark) {
  size_t begin = mark;
  while (begin > 0 && mark - begin < kMostLine && text[begin - 1] != '\n') --begin;
  size_t end = mark;
  while (end < text.size() && end - mark < kMostLine && text[end] != '\n') ++end;
  return {mark, begin, end};
}

/// A message begins at "NVRM: The NVIDIA …", "NVRM: GPU …", "NVRM: Xid …"; what follows without such a word
/// goes on with it.
bool Begins(std::string_view row) {
  row = Trim(row.substr(kMark.size()));
  for (std::string_view word : {"The NVIDIA ", "GPU ", "Xid ", "loading ", "API mismatch", "This can occur",
                                "Try unloading", "None of", "No NVIDIA"}) {
    if (StartsWith(row, word)) return true;
  }
  return false;
}

void Append(Paragraph& paragraph, std::string_view text, const Row& row) {
  bool first = paragraph.text.empty();
  if (!first) paragraph.text += ' ';
  size_t from = first ? row.mark : row.mark + kMark.size();
  while (from < row.end && text[from] == ' ') ++from;
  paragraph.pieces.emplace_back(paragraph.text.size(), from);
  paragraph.text.append(Trim(text.substr(from, row.end - from)));
}

}  // namespace

size_t Paragraph::Original(size_t at) const {
  auto after = std::upper_bound(pieces.begin(), pieces.end(), at,
                                [](size_t wanted, const auto& piece) { return wanted < piece.first; });
  if (after == pieces.begin()) return at;
  --after;
  return after->second + (at - after->first);
}

bool Paragraph::Crosses(size_t begin, size_t end) const {
  return std::any_of(pieces.begin(), pieces.end(),
                     [&](const auto& piece) { return piece.first > begin && piece.first < end; });
}

std::vector<Paragraph> KernelParagraphs(std::string_view text) {
  std::vector<Paragraph> paragraphs;
  Paragraph current;
  size_t last_end = std::string_view::npos;
  size_t search = 0;
  auto finish = [&] {
    if (current.pieces.size() > 1) paragraphs.push_back(std::move(current));
    current = Paragraph();
  };
  while (paragraphs.size() < kMostParagraphs) {
    size_t mark = text.find(kMark, search);
    if (mark == std::string_view::npos) break;
    Row row = RowAt(text, mark);
    bool next_line = last_end != std::string_view::npos && row.begin == last_end + 1;
    std::string_view said = text.substr(mark, row.end - mark);
    if (!next_line || Begins(said) || current.pieces.size() >= kMostRows) finish();
    Append(current, text, row);
    last_end = row.end;
    search = std::max(row.end, mark + kMark.size());
  }
  finish();
  return paragraphs;
}

}  // namespace cudacompat::report
