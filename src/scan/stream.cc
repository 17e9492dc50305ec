#include "scan/stream.h"

#include <algorithm>

namespace cudacompat::scan {

Bytes SourceStream::Next() {
  // Most members of an archive are dropped after their first bytes: begin small.
  constexpr size_t kFirst = 4 * 1024;
  constexpr size_t kChunk = 64 * 1024;
  if (left_ == 0) return {};
  const size_t want = static_cast<size_t>(std::min<uint64_t>(first_ ? kFirst : kChunk, left_));
  first_ = false;
  if (chunk_.size() < want) chunk_.resize(want);
  const size_t got = source_.ReadAt(offset_, std::span(chunk_).first(want));
  offset_ += got;
  left_ = got < want ? 0 : left_ - got;
  return Bytes(chunk_).first(got);
}

std::unique_ptr<ByteStream> SourceStream::Fork(size_t back) const {
  return std::make_unique<SourceStream>(source_, offset_ - back, left_ + back);
}

StreamSource::StreamSource(StreamFactory open, uint64_t size, Budget* budget)
    : open_(std::move(open)), size_(size), budget_(budget), stream_(open_()) {}

std::string StreamSource::error() const {
  if (!error_.empty()) return error_;
  return stream_ ? stream_->error() : std::string();
}

// The position of the last fork that is not behind `offset`; 0 where there is none.
uint64_t StreamSource::ForkBefore(uint64_t offset) const {
  if (forks_.empty() || offset < forks_.front().position) return 0;
  const auto behind = std::upper_bound(forks_.begin(), forks_.end(), offset,
                                       [](uint64_t at, const Place& place) { return at < place.position; });
  return (behind - 1)->position;
}

bool StreamSource::Restart(uint64_t offset) {
  const uint64_t position = ForkBefore(offset);
  const auto place =
      std::find_if(forks_.begin(), forks_.end(), [&](const Place& one) { return one.position == position; });
  const bool fork = place != forks_.end();
  int& tries = fork ? returns_ : restarts_;
  if (++tries > (fork ? kReturns : kRestarts)) {
    if (error_.empty()) error_ = "would have to be unpacked again too often";
    return false;
  }
  stream_ = fork ? place->stream->Fork(0) : open_();
  position_ = tail_start_ = tail_end_ = position;
  chunk_ = {};
  ended_ = false;
  return stream_ != nullptr;
}

// Forks stand fork_step_ apart or more; when there are too many every other one goes.
void StreamSource::RememberFork() {
  if (position_ < (forks_.empty() ? 0 : forks_.back().position) + fork_step_) return;
  auto fork = stream_->Fork(0);
  if (!fork) {
    fork_step_ = kUnknownSize;  // it never can
    return;
  }
  forks_.push_back({position_, std::move(fork)});
  if (forks_.size() < kMostForks) return;
  for (size_t i = 0; i < forks_.size() / 2; ++i) forks_[i] = std::move(forks_[i * 2 + 1]);
  forks_.resize(forks_.size() / 2);
  fork_step_ *= 2;
}

bool StreamSource::Advance() {
  if (ended_ || !stream_) return false;
  if (!chunk_.empty()) Keep(chunk_);
  RememberFork();
  chunk_ = stream_->Next();
  if (chunk_.empty()) {
    ended_ = true;
    return false;
  }
  if (budget_ && !budget_->Take(chunk_.size())) {
    error_ = "unpacks to more than the limit";
    chunk_ = {};
    ended_ = true;
    return false;
  }
  if (head_.size() < kHead && position_ == head_.size()) {
    const Bytes part = Part(chunk_, 0, kHead - head_.size());
    head_.insert(head_.end(), part.begin(), part.end());
  }
  const uint64_t pin_next = pin_offset_ + pinned_.size();
  if (pinned_.size() < pin_length_ && pin_next >= position_ && pin_next - position_ < chunk_.size()) {
    const Bytes part = Part(chunk_, pin_next - position_, pin_length_ - pinned_.size());
    pinned_.insert(pinned_.end(), part.begin(), part.end());
  }
  position_ += chunk_.size();
  return true;
}

void StreamSource::Pin(uint64_t offset, uint64_t length) {
  pinned_.clear();
  pin_offset_ = offset;
  pin_length_ = std::min<uint64_t>(length, kMostPinned);
}

void StreamSource::Keep(Bytes bytes) {
  // The ring grows to its full size only for streams that are that long.
  if (bytes.size() > kTail) bytes = bytes.last(kTail);
  const uint64_t start = position_ - bytes.size();
  if (start != tail_end_) tail_start_ = tail_end_ = start;
  if (tail_.size() < kTail)
    tail_.resize(std::min<uint64_t>(kTail, std::max<uint64_t>(tail_.size() * 2, 65536)));
  if (tail_.size() < kTail && tail_end_ % kTail + bytes.size() > tail_.size()) tail_.resize(kTail);
  while (!bytes.empty()) {
    const size_t at = static_cast<size_t>(tail_end_ % kTail);
    const size_t step = std::min(bytes.size(), kTail - at);
    std::memcpy(tail_.data() + at, bytes.data(), step);
    tail_end_ += step;
    bytes = bytes.subspan(step);
  }
  if (tail_end_ - tail_start_ > kTail) tail_start_ = tail_end_ - kTail;
}

size_t StreamSource::CopyKept(uint64_t offset, std::span<uint8_t> out) const {
  const uint64_t chunk_start = position_ - chunk_.size();
  if (offset >= chunk_start && offset < position_) {
    const Bytes part = Part(chunk_, offset - chunk_start, out.size());
    std::memcpy(out.data(), part.data(), part.size());
    return part.size();
  }
  if (offset < head_.size()) {
    const Bytes part = Part(head_, offset, out.size());
    std::memcpy(out.data(), part.data(), part.size());
    return part.size();
  }
  if (offset >= pin_offset_ && offset - pin_offset_ < pinned_.size()) {
    const Bytes part = Part(pinned_, offset - pin_offset_, out.size());
    std::memcpy(out.data(), part.data(), part.size());
    return part.size();
  }
  if (offset < tail_start_ || offset >= tail_end_) return 0;
  const size_t at = static_cast<size_t>(offset % kTail);
  const size_t step = static_cast<size_t>(
      std::min({static_cast<uint64_t>(out.size()), tail_end_ - offset, static_cast<uint64_t>(kTail - at)}));
  std::memcpy(out.data(), tail_.data() + at, step);
  return step;
}

size_t StreamSource::ReadAt(uint64_t offset, std::span<uint8_t> out) {
  size_t done = 0;
  while (done < out.size()) {
    const uint64_t at = SaturatingAdd(offset, done);
    if (at >= size_) break;  // what follows in the stream belongs to somebody else
    const size_t room = static_cast<size_t>(std::min<uint64_t>(out.size() - done, size_ - at));
    const size_t copied = CopyKept(at, out.subspan(done, room));
    done += copied;
    if (copied != 0) continue;
    if ((at < position_ || ForkBefore(at) > position_) && !Restart(at)) break;
    if (!Advance()) break;
  }
  return done;
}

}  // namespace cudacompat::scan
