#include <windows.h>

#include <mutex>

#include "probe/guarded.h"

namespace cudacompat::probe {
namespace {

struct Shared {
  std::mutex mutex;
  Answers answers;
  GuardedWork work;
};

DWORD WINAPI Run(void* parameter) {
  auto* shared = static_cast<std::shared_ptr<Shared>*>(parameter);
  (*shared)->work([shared](std::string_view key, std::string_view value) {
    std::lock_guard<std::mutex> lock((*shared)->mutex);
    (*shared)->answers.Set(std::string(key), std::string(value));
  });
  delete shared;
  return 0;
}

// Windows has no fork: a thread that does not come back is left alone until the process ends.
class Thread : public GuardedRun {
 public:
  Thread(GuardedWork work, int timeout_ms) : shared_(std::make_shared<Shared>()), timeout_ms_(timeout_ms) {
    shared_->work = std::move(work);
    start_ = GetTickCount64();
    handle_ = CreateThread(nullptr, 0, Run, new std::shared_ptr<Shared>(shared_), 0, nullptr);
  }
  ~Thread() override {
    if (handle_ != nullptr) CloseHandle(handle_);
  }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  GuardedEnd Wait() override {
    if (handle_ == nullptr) return {Answers(), "failed (no thread)"};
    ULONGLONG passed = GetTickCount64() - start_;
    DWORD left = passed >= static_cast<ULONGLONG>(timeout_ms_)
                     ? 0
                     : static_cast<DWORD>(static_cast<ULONGLONG>(timeout_ms_) - passed);
    bool done = WaitForSingleObject(handle_, left) == WAIT_OBJECT_0;
    std::lock_guard<std::mutex> lock(shared_->mutex);
    return {shared_->answers, done ? "done" : "timeout"};
  }

 private:
  std::shared_ptr<Shared> shared_;
  HANDLE handle_ = nullptr;
  ULONGLONG start_ = 0;
  int timeout_ms_;
};

}  // namespace

std::unique_ptr<GuardedRun> StartGuarded(GuardedWork work, int timeout_ms) {
  return std::make_unique<Thread>(std::move(work), timeout_ms);
}

}  // namespace cudacompat::probe
