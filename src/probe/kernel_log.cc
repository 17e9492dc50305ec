// Lines of the kernel's log that speak of the cards: copied to machine.errors as they stand. What they mean
// is the business of the error patterns, which are data.
#include <set>

#include "base/text.h"
#include "probe/kernel_log.h"
#include "probe/scene.h"

namespace cudacompat::probe {
namespace {

constexpr size_t kTail = 512 * 1024;
constexpr size_t kMostLines = 60;

// "[   12.345678] NVRM: …" or "Nov 21 13:27:23 host kernel: [ 12.34] NVRM: …" → the message itself.
std::string_view Message(std::string_view line) {
  size_t kernel = line.find("kernel: ");
  if (kernel != std::string_view::npos) line = line.substr(kernel + 8);
  line = Trim(line);
  if (StartsWith(line, "<")) line = line.substr(std::min(line.find('>') + 1, line.size()));
  if (StartsWith(line, "[")) {
    size_t close = line.find(']');
    if (close != std::string_view::npos) line = line.substr(close + 1);
  }
  return Trim(line);
}

struct Source {
  std::string path;
  FileText file;
};

// The first log that can be read and says something of a boot; a log of several boots counts from the last.
Source ReadLog(const Host& host) {
  Source source{"kernel log", host.KernelLog()};
  if (source.file.ok() && !source.file.text.empty()) return source;
  for (const char* path : {"/var/log/dmesg", "/var/log/kern.log", "/var/log/messages", "/var/log/syslog"}) {
    FileText file = host.Read(path, kTail, true);
    if (file.ok() && !file.text.empty()) return {path, std::move(file)};
    if (file.outcome == Outcome::kDenied) source.file.outcome = Outcome::kDenied;
  }
  return source;
}

}  // namespace

bool IsCardLine(std::string_view line) {
  static constexpr std::string_view kWords[] = {"NVRM", "nvidia", "nouveau", "NVIDIA", "dxgk", "nvgpu"};
  for (std::string_view word : kWords) {
    if (Contains(line, word)) return true;
  }
  // What the kernel says of a module it refuses, which need not name the module.
  return Contains(line, "Loading of ") || Contains(line, "Lockdown:") || Contains(line, "Key was rejected") ||
         Contains(line, "Required key not available") || Contains(line, "module verification failed");
}

bool IsRefusal(std::string_view line) {
  return Contains(line, "Key was rejected") || Contains(line, "Required key not available") ||
         Contains(line, "with unavailable key is rejected") ||
         Contains(line, "unsigned module loading is restricted");
}

void ObserveKernelLog(Scene& scene) {
  Source source = ReadLog(scene.host);
  if (!source.file.ok()) {
    if (source.file.outcome == Outcome::kDenied) {
      scene.Miss("log.kernel", source.path);
      scene.Problem("the kernel's log cannot be read without privilege; run `sudo dmesg` for its lines");
    }
    return;
  }
  scene.See("log.kernel", "", source.path);
  std::string_view text = source.file.text;
  size_t boot = text.rfind("] Linux version ");
  std::set<std::string, std::less<>> once;
  int64_t number = 0;
  size_t offset = 0;
  for (std::string_view line : Split(text, '\n')) {
    ++number;
    bool old = boot != std::string_view::npos && offset + line.size() < boot;
    offset += line.size() + 1;
    if (old || !IsCardLine(line)) continue;
    std::string message = Printable(Message(line).substr(0, 400));
    if (IsRefusal(line)) scene.See("module.refused", message, source.path);
    if (scene.machine.errors.size() >= kMostLines || !once.insert(message).second) continue;
    scene.machine.errors.push_back({number, message, source.path});
  }
}

}  // namespace cudacompat::probe
