// Expression: an RE2 expression of the data, without case. Does not own: the expressions.
//
// RE2 takes half as long again to compile an expression without case; so expression and text are put into
// small letters where nothing in the expression looks at them. And for the first name of a group it builds a
// table of all letters of all scripts, which takes longer than what a usual text needs altogether; so names
// are taken out before.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace re2 {
class RE2;
}

namespace cudacompat::report {

class Expression {
 public:
  /// Of bytes: logs hold any.
  explicit Expression(const std::string& named);
  ~Expression();
  Expression(const Expression&) = delete;
  Expression& operator=(const Expression&) = delete;

  bool ok() const;
  std::string error() const;

  bool Says(std::string_view text) const;

  /// Where the first match that begins at `from` or behind begins and ends.
  std::optional<std::pair<size_t, size_t>> Find(std::string_view text, size_t from) const;

  /// The first match that begins at `from` or behind: the whole, then each group, as parts of `text`; empty
  /// where there is none.
  std::vector<std::string_view> Match(std::string_view text, size_t from) const;

  /// What the named groups of a match hold, added to what is there: numbers without the dot that ends a
  /// sentence, and packed versions
  /// (`…_packed`, `…_packed_cudnn`) decoded as well.
  void Capture(const std::vector<std::string_view>& parts,
               std::map<std::string, std::string>* captures) const;

 private:
  std::string_view Small(std::string_view text, std::string* small) const;

  bool lowered_ = false;
  std::vector<std::pair<size_t, std::string>> names_;  // of groups, by their number
  std::unique_ptr<re2::RE2> regex_;
};

}  // namespace cudacompat::report
