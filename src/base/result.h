// Result<T>: a value or an Error that points. No exception crosses a folder of src/.
// Does not own: verdicts. Missing knowledge is a verdict ("unknown"), not an Error.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace cudacompat {

/// What went wrong, so that the command line can choose its exit code.
enum class ErrorKind {
  kUsage,     ///< what was typed: exit 64
  kBadInput,  ///< a file's content, or a file that cannot be read: exit 65
  kInternal,  ///< our own fault, or a full disk: exit 70
};

/// A failure a person can act on. `place` is "file:line:column", "file, offset N", a flag, or empty.
struct Error {
  ErrorKind kind = ErrorKind::kUsage;
  std::string place;
  std::string message;
  std::string hint;  ///< what to do instead; may be empty
};

/// A T, or the Error that stands in its way. Test with ok() before value() or error().
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : data_(std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Error error) : data_(std::move(error)) {}  // NOLINT: implicit on purpose

  bool ok() const { return std::holds_alternative<T>(data_); }
  explicit operator bool() const { return ok(); }
  T& value() { return std::get<T>(data_); }
  const T& value() const { return std::get<T>(data_); }
  const Error& error() const { return std::get<Error>(data_); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }

 private:
  std::variant<T, Error> data_;
};

/// A step that yields nothing but may fail. An empty optional is success.
using Status = std::optional<Error>;

}  // namespace cudacompat
