// Terms: what lines of logs are made of, each under a name (what is spoken of, what is complained of, by what
// a line is a guide), and which of them stand in a line. Does not own: the words
// (data/facts/wording_term.csv).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "report/expression.h"

namespace cudacompat::report {

/// One way to say a term. One of the anchors must occur: small letters, kLeastTermAnchor bytes or more, '|'
/// between them, or "-" for none. The pattern covers what is said; "-": the anchor as whole words.
struct Term {
  std::string name;
  std::string anchors;
  std::string pattern;
};

inline constexpr size_t kLeastTermAnchor = 3;

class Terms {
 public:
  explicit Terms(std::vector<Term> rows);
  ~Terms();
  Terms(Terms&&) noexcept;
  Terms& operator=(Terms&&) noexcept;

  /// Names of terms as a table has them: "guide+goes-on"; "-" for none.
  using Names = std::vector<size_t>;
  Names Find(std::string_view names) const;

  struct Span {
    size_t begin = 0;
    size_t end = 0;
    size_t row = 0;
  };

  /// A line, and which terms stand in it, worked out when first asked. Both must outlive it.
  class Line {
   public:
    Line(const Terms& terms, std::string_view text);
    /// One of the anchors of one of these occurs: no expression is compiled for that.
    bool MayHold(const Names& names) const;
    bool Holds(const Names& names);
    const std::vector<Span>& Spans(size_t name);
    void Capture(const Span& span, std::map<std::string, std::string>* captures) const;

   private:
    const Terms& terms_;
    std::string_view text_;
    std::string small_;
    std::vector<bool> anchored_;                 // by row
    std::map<size_t, std::vector<Span>> spans_;  // by name
  };

  /// What is wrong with the rows; compiles everything. For tests.
  std::vector<std::string> Problems() const;

 private:
  struct Anchor {
    std::string_view text;
    size_t row;
  };
  static constexpr size_t kBits = 14;
  static uint32_t Hash(const char* at);
  const Expression* Compiled(size_t row) const;

  std::vector<Term> terms_;
  std::vector<std::string> names_;
  std::vector<std::vector<size_t>> rows_;  // of each name
  std::vector<Anchor> anchors_;            // by their first bytes
  std::vector<uint16_t> starts_;
  std::vector<bool> always_;  // rows without an anchor
  mutable std::vector<std::unique_ptr<Expression>> compiled_;
};

}  // namespace cudacompat::report
