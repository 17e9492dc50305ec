#include "cli/input.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <istream>
#include <iterator>

#include "base/text.h"

namespace cudacompat::cli {
namespace {

constexpr size_t kMostStreamed = size_t{1} << 30;
constexpr size_t kBlock = size_t{1} << 20;

Error CannotRead(const std::string& path, const std::string& why) {
  return {ErrorKind::kBadInput, path, "cannot be read: " + why,
          "name a readable file, or - for standard input"};
}

// A pipe or a terminal has no size: it is read to its end, which must come within the limit.
Result<std::string> ReadStream(int file, const std::string& path) {
  std::string text;
  std::string block(kBlock, '\0');
  while (true) {
    ssize_t got = read(file, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return CannotRead(path, std::strerror(errno));
    if (got == 0) return text;
    text.append(block, 0, static_cast<size_t>(got));
    if (text.size() > kMostStreamed) return CannotRead(path, "it is longer than 1 GiB; name a file instead");
  }
}

// "logs/run1.log", "report.txt", "C:\\temp\\x.log": what is typed as a file and is none. Sentences have
// blanks.
bool LooksLikePath(const std::string& argument) {
  if (argument.find_first_of(" \n\t:(") != std::string::npos) return false;
  static constexpr const char* kEndings[] = {".log", ".txt", ".out", ".err", ".json", ".xml", ".csv", ".md"};
  bool ending = false;
  for (const char* each : kEndings) ending = ending || EndsWith(ToLower(argument), each);
  return ending || StartsWith(argument, "/") || StartsWith(argument, "./") || StartsWith(argument, "../") ||
         StartsWith(argument, "~/") || EndsWith(argument, "/");
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
    std::string block(kBlock, '\0');
    while (io.in.read(block.data(), static_cast<std::streamsize>(block.size())) || io.in.gcount() > 0) {
      input.text_.append(block, 0, static_cast<size_t>(io.in.gcount()));
      if (input.text_.size() > kMostStreamed)
        return CannotRead("standard input", "it is longer than 1 GiB; name the file instead");
    }
    return input;
  }
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return CannotRead(path, std::strerror(errno));
  bool stream = S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode) || S_ISSOCK(status.st_mode);
  if (!stream && !S_ISREG(status.st_mode))
    return CannotRead(path, S_ISDIR(status.st_mode) ? "it is a folder" : "it is no file");
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (file < 0 || fstat(file, &status) != 0) {
    if (file >= 0) close(file);
    return CannotRead(path, std::strerror(errno));
  }
  if (stream || !S_ISREG(status.st_mode)) {
    Result<std::string> text = ReadStream(file, path);
    close(file);
    if (!text) return text.error();
    input.text_ = std::move(*text);
    return input;
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
  bool name = argument.size() < 4096 && argument.find('\n') == std::string::npos;
  bool there = name && stat(argument.c_str(), &status) == 0;
  if (argument == "-" || there || (name && LooksLikePath(argument))) return ReadFile(argument, io);
  Input input;
  input.text_ = argument;
  return input;
}

}  // namespace cudacompat::cli
