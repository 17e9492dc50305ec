#include "mkdb/sql.h"

#include <sqlite3.h>

#include "base/text.h"

namespace cudacompat::mkdb {
namespace {

/// Around these a blank says nothing. Other operators keep theirs: "a - -1" must not become a comment.
bool IsTight(char c) { return c == ',' || c == '(' || c == ')' || c == '='; }

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<SqlStatement> Run() {
    while (at_ < text_.size()) Step();
    Finish();
    return std::move(statements_);
  }

 private:
  bool At(std::string_view word) const { return text_.substr(at_, word.size()) == word; }

  void Step() {
    const char c = text_[at_];
    if (At("--")) {
      Skip(text_.find('\n', at_));
    } else if (At("/*")) {
      const size_t end = text_.find("*/", at_ + 2);
      Skip(end == std::string_view::npos ? end : end + 2);
    } else if (IsSpace(c)) {
      Skip(at_ + 1);
    } else if (c == '\'' || c == '"' || c == '`' || c == '[') {
      Literal(c == '[' ? ']' : c);
    } else if (c == ';' && sqlite3_complete((current_.text + ";").c_str()) != 0) {
      Finish();
      ++at_;
    } else {
      Append(text_.substr(at_, 1));
    }
  }

  /// Passes over what is as good as one blank.
  void Skip(size_t end) {
    if (end == std::string_view::npos) end = text_.size();
    for (; at_ < end; ++at_) line_ += text_[at_] == '\n';
    blank_ = true;
  }

  /// A doubled quote is two literals side by side: the same bytes.
  void Literal(char close) {
    const size_t end = text_.find(close, at_ + 1);
    Append(text_.substr(at_, end == std::string_view::npos ? end : end - at_ + 1));
  }

  void Append(std::string_view piece) {
    std::string& out = current_.text;
    if (out.empty()) current_.line = line_;
    if (blank_ && !out.empty() && !IsTight(out.back()) && !IsTight(piece[0])) out += ' ';
    blank_ = false;
    out += piece;
    for (const char c : piece) line_ += c == '\n';
    at_ += piece.size();
  }

  void Finish() {
    if (!current_.text.empty()) statements_.push_back(std::move(current_));
    current_ = {};
    blank_ = false;
  }

  std::string_view text_;
  size_t at_ = 0;
  int line_ = 1;
  bool blank_ = false;
  SqlStatement current_;
  std::vector<SqlStatement> statements_;
};

}  // namespace

std::vector<SqlStatement> SplitSql(std::string_view text) { return Splitter(text).Run(); }

}  // namespace cudacompat::mkdb
