#include "scan/source.h"

#include <algorithm>

namespace cudacompat::scan {

size_t MemorySource::ReadAt(uint64_t offset, std::span<uint8_t> out) {
  const Bytes part = Part(bytes_, offset, out.size());
  if (!part.empty()) std::memcpy(out.data(), part.data(), part.size());
  return part.size();
}

SliceSource::SliceSource(Source& parent, uint64_t offset, uint64_t size)
    : parent_(parent), offset_(offset), size_(size) {
  const uint64_t rest = offset < parent.size() ? parent.size() - offset : 0;
  size_ = std::min(size_, rest);
}

size_t SliceSource::ReadAt(uint64_t offset, std::span<uint8_t> out) {
  if (offset >= size_) return 0;
  const size_t length = static_cast<size_t>(std::min<uint64_t>(out.size(), size_ - offset));
  return parent_.ReadAt(offset_ + offset, out.first(length));
}

bool SliceSource::IsCold(uint64_t offset) { return offset < size_ && parent_.IsCold(offset_ + offset); }

void SliceSource::WillNeed(uint64_t offset, uint64_t length) {
  if (offset < size_) parent_.WillNeed(offset_ + offset, std::min(length, size_ - offset));
}

Bytes Window::At(uint64_t offset, size_t length) {
  length = std::min(length, kLarge);
  if (offset >= start_ && Fits(offset - start_, length, filled_)) {
    return Bytes(buffer_).subspan(static_cast<size_t>(offset - start_), length);
  }
  const bool ahead_of_start = filled_ != 0 && offset >= start_;
  if (ahead_of_start && offset - start_ <= filled_) {  // dense headers: look further ahead each time
    ahead_ = std::min(ahead_ * 2, kLarge);
  } else if (ahead_of_start && offset - start_ <= kNear) {  // the page may hold the next ones too
    ahead_ = kPage - static_cast<size_t>(offset % kPage);
  } else {
    ahead_ = kSmall;
  }
  const size_t want = std::max(length, ahead_);
  if (buffer_.size() < want) buffer_.resize(want);
  filled_ = source_.ReadAt(offset, std::span(buffer_).first(want));
  start_ = offset;
  return Bytes(buffer_).first(std::min(length, filled_));
}

std::string ReadText(Source& source, uint64_t offset, size_t limit) {
  std::string text;
  char chunk[64];
  while (text.size() < limit) {
    const size_t want = std::min(sizeof(chunk), limit - text.size());
    const size_t got =
        source.ReadAt(SaturatingAdd(offset, text.size()), {reinterpret_cast<uint8_t*>(chunk), want});
    const char* const begin = chunk;
    const char* const end = std::find(begin, begin + got, '\0');
    text.append(begin, end);
    if (end != begin + got || got < want) break;
  }
  return text;
}

std::vector<uint8_t> ReadBytes(Source& source, uint64_t offset, uint64_t length) {
  std::vector<uint8_t> bytes;
  constexpr size_t kStep = 256 * 1024;
  while (bytes.size() < length) {
    const size_t done = bytes.size();
    const size_t want = static_cast<size_t>(std::min<uint64_t>(kStep, length - done));
    bytes.resize(done + want);
    const size_t got = source.ReadAt(SaturatingAdd(offset, done), std::span(bytes).subspan(done));
    bytes.resize(done + got);
    if (got < want) break;
  }
  return bytes;
}

}  // namespace cudacompat::scan
