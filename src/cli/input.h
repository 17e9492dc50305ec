// Texts that a person names: a file, "-" for standard input, or the argument itself. Large files are mapped,
// not copied.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/cli.h"

namespace cudacompat::cli {

class Input {
 public:
  Input() = default;
  Input(Input&& other) noexcept;
  Input& operator=(Input&&) = delete;
  ~Input();

  std::string_view text() const {
    return map_ != nullptr ? std::string_view(map_, size_) : std::string_view(text_);
  }
  bool from_file = false;  ///< a file or standard input, not the argument itself

 private:
  friend Result<Input> ReadFile(const std::string& path, Io& io);
  friend Result<Input> ReadArgument(const std::string& argument, Io& io);
  std::string text_;
  const char* map_ = nullptr;
  size_t size_ = 0;
};

/// A file, a pipe or "-", a stream up to 1 GiB; an Error (bad input) names the path.
Result<Input> ReadFile(const std::string& path, Io& io);

/// A file when there is one of that name or the argument is written as one, "-" for standard input, else the
/// argument itself.
Result<Input> ReadArgument(const std::string& argument, Io& io);

}  // namespace cudacompat::cli
