#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "base/text.h"

namespace cudacompat::cli {

ProgressLine::~ProgressLine() {
  if (shown_) io_.err << "\r\x1b[K" << std::flush;
}

scan::ProgressFn ProgressLine::Hook() {
  if (!io_.err_is_terminal) return {};
  return [this](const scan::Progress& now) { Show(now); };
}

void ProgressLine::Show(const scan::Progress& progress) {
  if (std::chrono::steady_clock::now() - start_ < std::chrono::milliseconds(500)) return;
  shown_ = true;
  std::string text =
      fmt::format("{} files, {} MB  {}", progress.files, progress.bytes / 1000000, Printable(progress.path));
  if (progress.size != 0) {  // one file: how much of it
    constexpr uint64_t kSteps = 20;
    const uint64_t at = std::min(progress.at, progress.size);
    const auto steps =
        static_cast<size_t>(static_cast<double>(at) / static_cast<double>(progress.size) * kSteps);
    text = fmt::format("[{}{}] {:3}%  {} of {} MB  {}", std::string(steps, '#'),
                       std::string(kSteps - steps, '.'), steps * 5, at / 1000000, progress.size / 1000000,
                       Printable(progress.path));
  }
  io_.err << "\r\x1b[K" << text.substr(0, static_cast<size_t>(std::max(20, io_.width - 1))) << std::flush;
}

}  // namespace cudacompat::cli
