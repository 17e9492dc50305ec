// Many files at once: one thread walks the folders, some scan, the caller waits and shows progress. Order and
// result do not depend on the number of threads. Does not own: what is in a file (scan_file.cc).
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

#include "base/text.h"
#include "scan/folder.h"
#include "scan/scan.h"
#include "scan/site_packages.h"

namespace cudacompat::scan {
namespace {

constexpr size_t kBatch = 64;  // files that change hands at once: most take less time than a lock
constexpr size_t kMostQueued = 64;
constexpr unsigned kMostThreads = 8;

struct Work {
  uint64_t number = 0;  // its place in the report
  std::string path;
  bool given = false;  // named by the caller, not found in a folder
  size_t root = 0;     // index of the path that it was found by
};

struct Done {
  uint64_t number = 0;
  std::vector<FileReport> files;
  std::vector<Unreadable> unreadable;
};

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// A file of the kernel's that opens and gives nothing (/proc/self/mem).
bool NothingRead(const Done& done) {
  return done.files.empty() || (done.files.size() == 1 && done.files[0].format == "unknown");
}

// What a download that failed leaves in place of a package; in a folder nobody else would name it.
bool NamedAsPackage(const std::string& path) {
  return EndsWith(path, ".whl") || EndsWith(path, ".conda") || EndsWith(path, ".cubin") ||
         EndsWith(path, ".fatbin");
}

class Driver {
 public:
  Driver(const std::vector<std::string>& paths, const Options& options)
      : paths_(paths), options_(options), programs_(paths.size()), links_(paths.size()) {}

  Report Run(const ProgressFn& progress);

 private:
  Report Finish();
  void Walk();
  bool Queue(const std::string& path, bool given, size_t root);
  void HandOver();
  void Tell(const std::string& path, const std::string& reason);
  void Work_();
  void ScanBatch(std::vector<Work> batch);
  void GiveBack(std::vector<Work>& batch, size_t from);
  void Scan(const Work& work, FileSource& source, Done* done);

  const std::vector<std::string>& paths_;
  const Options& options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Work> batch_;  // of the walking thread alone
  std::deque<std::vector<Work>> queue_;
  std::vector<Done> done_;
  uint64_t next_number_ = 0;
  bool walked_ = false;
  unsigned working_ = 0;
  unsigned busy_ = 0;  // threads with a batch, of which they may give back a part
  std::string last_path_;
  std::atomic<uint64_t> files_ = 0;
  std::atomic<uint64_t> bytes_ = 0;
  std::atomic<uint64_t> position_ = 0;  // in the one file that was given
  std::atomic<uint64_t> size_ = 0;
  std::vector<std::atomic<uint64_t>> programs_;  // of each path
  std::vector<Links> links_;                     // the same
};

bool Driver::Queue(const std::string& path, bool given, size_t root) {
  batch_.push_back({next_number_++, path, given, root});
  if (batch_.size() >= kBatch || given) HandOver();
  return true;
}

void Driver::HandOver() {
  if (batch_.empty()) return;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return queue_.size() < kMostQueued; });
  queue_.push_back(std::move(batch_));
  batch_.clear();
  changed_.notify_all();
}

void Driver::Tell(const std::string& path, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  done_.push_back({next_number_++, {}, {{path, reason}}});
}

void Driver::Walk() {
  for (size_t root = 0; root < paths_.size(); ++root) {
    const std::string& path = paths_[root];
    if (!IsFolder(path)) {
      Queue(path, true, root);
      continue;
    }
    WalkFolder(path, {[&](const std::string& file) { return Queue(file, false, root); },
                      [&](const std::string& where, const std::string& reason) { Tell(where, reason); }});
  }
  HandOver();
  const std::lock_guard lock(mutex_);
  walked_ = true;
  changed_.notify_all();
}

// A large file is worth a thread: what waits behind it is for the others.
void Driver::GiveBack(std::vector<Work>& batch, size_t from) {
  if (from >= batch.size()) return;
  const auto begin = batch.begin() + static_cast<std::ptrdiff_t>(from);
  const std::lock_guard lock(mutex_);
  queue_.emplace_front(std::make_move_iterator(begin), std::make_move_iterator(batch.end()));
  batch.erase(begin, batch.end());
  changed_.notify_all();
}

void Driver::Scan(const Work& work, FileSource& source, Done* done) {
  bytes_ += source.size();
  Links links;
  done->files = ScanSource(source, work.path, options_, FolderOf(work.path), &links);
  if (!links.loads.empty() || !links.provides.empty() || links.unlinked) {
    const std::lock_guard lock(mutex_);
    links_[work.root].Take(std::move(links));
  }
  programs_[work.root] += done->files[0].programs;
  for (FileReport& file : done->files) file.given = work.root;
  if (source.failed()) done->files[0].problems.Add("read-failed", 0, "the file could not be read to its end");
  if (work.given) return;
  if (done->files[0].format == "unknown" && NamedAsPackage(work.path))
    done->files[0].problems.Add("not-as-named", 0, "no format that is read: it is not what its name says");
  std::erase_if(done->files,
                [](const FileReport& file) { return !file.interesting() && file.problems.empty(); });
}

void Driver::ScanBatch(std::vector<Work> batch) {
  constexpr uint64_t kLarge = 256 * 1024;
  for (size_t i = 0; i < batch.size(); ++i) {
    const Work work = std::move(batch[i]);
    Done done{work.number, {}, {}};
    std::string reason;
    const auto source = FileSource::Open(work.path, &reason);
    if (source && source->size() > kLarge) GiveBack(batch, i + 1);
    if (source && work.given && paths_.size() == 1) {
      source->TellPosition(&position_);
      size_ = source->size();
    }
    if (source) Scan(work, *source, &done);
    if (source && source->failed() && NothingRead(done)) {
      done.files.clear();
      reason = "it cannot be read: " + std::string(std::strerror(EIO));
      done.unreadable.push_back({work.path, reason});
    }
    if (!source) done.unreadable.push_back({work.path, reason});
    files_ += 1;
    if (done.files.empty() && done.unreadable.empty()) continue;
    const std::lock_guard lock(mutex_);
    last_path_ = work.path;
    done_.push_back(std::move(done));
  }
}

void Driver::Work_() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return !queue_.empty() || (walked_ && busy_ == 0); });
    if (queue_.empty()) break;
    std::vector<Work> batch = std::move(queue_.front());
    queue_.pop_front();
    ++busy_;
    lock.unlock();
    changed_.notify_all();
    ScanBatch(std::move(batch));
    lock.lock();
    --busy_;
    if (busy_ == 0) changed_.notify_all();
  }
  --working_;
  changed_.notify_all();
}

Report Driver::Finish() {
  std::sort(done_.begin(), done_.end(), [](const Done& a, const Done& b) { return a.number < b.number; });
  Report report;
  size_t files = 0;
  for (const Done& done : done_) files += done.files.size();
  report.files.reserve(files);
  for (Done& done : done_) {
    std::move(done.files.begin(), done.files.end(), std::back_inserter(report.files));
    std::move(done.unreadable.begin(), done.unreadable.end(), std::back_inserter(report.unreadable));
    done = {};  // there may be thousands: each goes as it is taken
  }
  done_.clear();
  report.files_examined = files_;
  for (size_t root = 0; root < paths_.size(); ++root)
    report.given.push_back({paths_[root], programs_[root], std::move(links_[root])});
  report.bytes_examined = bytes_;
  NamePackages(report.files);
  return report;
}

Report Driver::Run(const ProgressFn& progress) {
  if (!progress && paths_.size() == 1 && !IsFolder(paths_[0])) {  // threads would cost more than they save
    ScanBatch({{0, paths_[0], true, 0}});
    return Finish();
  }
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  unsigned threads = options_.threads != 0 ? options_.threads : std::min(cores, kMostThreads);
  working_ = threads;
  std::vector<std::thread> running;
  running.emplace_back([this] { Walk(); });
  for (unsigned i = 0; i < threads; ++i) running.emplace_back([this] { Work_(); });
  {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, std::chrono::milliseconds(100), [&] { return working_ == 0; })) {
      if (!progress) continue;
      const Progress now{files_, bytes_, size_ != 0 ? paths_.front() : last_path_, position_, size_};
      lock.unlock();
      progress(now);
      lock.lock();
    }
  }
  for (std::thread& thread : running) thread.join();
  return Finish();
}

}  // namespace

Report ScanPaths(const std::vector<std::string>& paths, const Options& options, const ProgressFn& progress) {
  return Driver(paths, options).Run(progress);
}

}  // namespace cudacompat::scan
