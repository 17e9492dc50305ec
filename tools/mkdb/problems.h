// What a run of mkdb has to say: problems stop it, warnings do not. Every line starts with its place.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace cudacompat::mkdb {

class Problems {
 public:
  static constexpr size_t kShown = 50;  ///< more than this nobody reads at once

  /// `place` is "facts/gpu.csv:123:4", "rules/x.sql:2" or a file alone.
  void Add(const std::string& place, const std::string& message) {
    ++count_;
    if (lines_.size() < kShown) lines_.push_back(place + ": " + message);
  }
  void Warn(const std::string& place, const std::string& message) {
    warnings_.push_back(place + ": " + message);
  }

  bool empty() const { return count_ == 0; }
  size_t count() const { return count_; }
  size_t left_off() const { return count_ - lines_.size(); }
  const std::vector<std::string>& lines() const { return lines_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  size_t count_ = 0;
  std::vector<std::string> lines_;
  std::vector<std::string> warnings_;
};

}  // namespace cudacompat::mkdb
