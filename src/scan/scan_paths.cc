// Many files at once: one thread walks the folders, some scan, the caller waits and shows progress. Order and
// result do not depend on the number of threads. Does not own: what is in a file (scan_file.cc).
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "scan/folder.h"
#include "scan/scan.h"
#include "scan/site_packages.h"

namespace cudacompat::scan {
namespace {

constexpr size_t kMostQueued = 1024;
constexpr unsigned kMostThreads = 8;

struct Work {
  uint64_t number = 0;  // its place in the report
  std::string path;
  bool given = false;  // named by the caller, not found in a folder
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

class Driver {
 public:
  Driver(const std::vector<std::string>& paths, const Options& options) : paths_(paths), options_(options) {}

  Report Run(const ProgressFn& progress);

 private:
  Report Finish();
  void Walk();
  bool Queue(const std::string& path, bool given);
  void Tell(const std::string& path, const std::string& reason);
  void Work_();
  void Scan(const Work& work, Done* done, uint64_t* bytes);

  const std::vector<std::string>& paths_;
  const Options& options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Work> queue_;
  std::vector<Done> done_;
  uint64_t next_number_ = 0;
  bool walked_ = false;
  unsigned working_ = 0;
  Progress progress_;
};

bool Driver::Queue(const std::string& path, bool given) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return queue_.size() < kMostQueued; });
  queue_.push_back({next_number_++, path, given});
  changed_.notify_all();
  return true;
}

void Driver::Tell(const std::string& path, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  done_.push_back({next_number_++, {}, {{path, reason}}});
}

void Driver::Walk() {
  for (const std::string& path : paths_) {
    if (!IsFolder(path)) {
      Queue(path, true);
      continue;
    }
    WalkFolder(path, {[&](const std::string& file) { return Queue(file, false); },
                      [&](const std::string& where, const std::string& reason) { Tell(where, reason); }});
  }
  const std::lock_guard lock(mutex_);
  walked_ = true;
  changed_.notify_all();
}

void Driver::Scan(const Work& work, Done* done, uint64_t* bytes) {
  std::string reason;
  const auto source = FileSource::Open(work.path, &reason);
  if (!source) {
    done->unreadable.push_back({work.path, reason});
    return;
  }
  *bytes = source->size();
  done->files = ScanSource(*source, work.path, options_, FolderOf(work.path));
  if (source->failed())
    done->files[0].problems.Add("read-failed", 0, "the file could not be read to its end");
  if (work.given) return;
  std::erase_if(done->files,
                [](const FileReport& file) { return !file.interesting() && file.problems.empty(); });
}

void Driver::Work_() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return !queue_.empty() || walked_; });
    if (queue_.empty()) break;
    const Work work = std::move(queue_.front());
    queue_.pop_front();
    if (queue_.size() + 1 == kMostQueued) changed_.notify_all();
    lock.unlock();
    Done done{work.number, {}, {}};
    uint64_t bytes = 0;
    Scan(work, &done, &bytes);
    lock.lock();
    ++progress_.files;
    progress_.bytes += bytes;
    progress_.path = work.path;
    if (!done.files.empty() || !done.unreadable.empty()) done_.push_back(std::move(done));
  }
  --working_;
  changed_.notify_all();
}

Report Driver::Finish() {
  std::sort(done_.begin(), done_.end(), [](const Done& a, const Done& b) { return a.number < b.number; });
  Report report;
  for (Done& done : done_) {
    std::move(done.files.begin(), done.files.end(), std::back_inserter(report.files));
    std::move(done.unreadable.begin(), done.unreadable.end(), std::back_inserter(report.unreadable));
  }
  report.files_examined = progress_.files;
  report.bytes_examined = progress_.bytes;
  NamePackages(report.files);
  return report;
}

Report Driver::Run(const ProgressFn& progress) {
  if (!progress && paths_.size() == 1 && !IsFolder(paths_[0])) {  // threads would cost more than they save
    Done done;
    Scan({0, paths_[0], true}, &done, &progress_.bytes);
    progress_.files = 1;
    done_.push_back(std::move(done));
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
      const Progress now = progress_;
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
