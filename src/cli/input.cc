#include "cli/input.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <istream>
#include <iterator>

namespace cudacompat::cli {
namespace {

constexpr size_t kMostStandardInput = size_t{1} << 30;

Error CannotRead(const std::string& path, const std::string& why) {
  return {ErrorKind::kBadInput, path, "cannot be read: " + why,
          "name a readable file, or - for standard input"};
}

}  // namespace

Input::Input(Input&& other) noexcept
    : from_file(other.from_file), text_(std::move(other.text_)), map_(other.map_), size_(other.size_) {
  other.map_ = nullptr;
}

Input::~Input() {
  if (map_ != nullptr) munmap(const_cast<char*>(map_), size_);
}

Result<Input> ReadFile(const std::string& path, Io& io) {
  Input input;
  input.from_file = true;
  if (path == "-") {
    std::string block(size_t{1} << 20, '\0');
    while (io.in.read(block.data(), static_cast<std::streamsize>(block.size())) || io.in.gcount() > 0) {
      input.text_.append(block, 0, static_cast<size_t>(io.in.gcount()));
      if (input.text_.size() > kMostStandardInput)
        return CannotRead("standard input", "it is longer than 1 GiB; name the file instead");
    }
    return input;
  }
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return CannotRead(path, std::strerror(errno));
  struct stat status {};
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(file);
    return CannotRead(path, S_ISDIR(status.st_mode) ? "it is a folder" : "it is no regular file");
  }
  if (status.st_size > 0) {
    void* map = mmap(nullptr, static_cast<size_t>(status.st_size), PROT_READ, MAP_PRIVATE, file, 0);
    if (map == MAP_FAILED) {
      close(file);
      return CannotRead(path, std::strerror(errno));
    }
    input.map_ = static_cast<const char*>(map);
    input.size_ = static_cast<size_t>(status.st_size);
  }
  close(file);
  return input;
}

Result<Input> ReadArgument(const std::string& argument, Io& io) {
  struct stat status {};
  bool path = argument == "-" || (argument.size() < 4096 && argument.find('\n') == std::string::npos &&
                                  stat(argument.c_str(), &status) == 0 && S_ISREG(status.st_mode));
  if (path) return ReadFile(argument, io);
  Input input;
  input.text_ = argument;
  return input;
}

}  // namespace cudacompat::cli
