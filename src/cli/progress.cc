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
  if (!io_.out_is_terminal) return {};
  return [this](const scan::Progress& now) { Show(now); };
}

void ProgressLine::Show(const scan::Progress& progress) {
  if (std::chrono::steady_clock::now() - start_ < std::chrono::milliseconds(500)) return;
  shown_ = true;
  const std::string text =
      fmt::format("{} files, {} MB  {}", progress.files, progress.bytes / 1000000, Printable(progress.path));
  io_.err << "\r\x1b[K" << text.substr(0, static_cast<size_t>(std::max(20, io_.width - 1))) << std::flush;
}

}  // namespace cudacompat::cli
