#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/text.h"
#include "probe/guarded.h"

namespace cudacompat::probe {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMostText = 4 * 1024 * 1024;
constexpr std::string_view kLast =
    "guarded.end=1\n";  // the work is over; leaving may still take the driver a second

void WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    ssize_t put = write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return;
    text.remove_prefix(static_cast<size_t>(put));
  }
}

[[noreturn]] void RunChild(int fd, const GuardedWork& work) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // nothing is left behind when we are interrupted
  rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  for (int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGPIPE}) signal(number, SIG_DFL);
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);  // libraries may print; our output is data
  if (null >= 0) {
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
  }
  work([fd](std::string_view key, std::string_view value) {
    std::string line(key);
    line += '=';
    for (char c : value) line += c == '\n' || c == '\r' ? ' ' : c;
    line += '\n';
    WriteAll(fd, line);
  });
  WriteAll(fd, kLast);
  _exit(0);
}

class Child : public GuardedRun {
 public:
  Child(pid_t pid, int fd, int timeout_ms)
      : pid_(pid), fd_(fd), deadline_(Clock::now() + std::chrono::milliseconds(timeout_ms)) {}

  ~Child() override {
    if (pid_ > 0) Wait();
  }

  GuardedEnd Wait() override {
    GuardedEnd end;
    if (pid_ <= 0) return {Answers(), "failed (no process)"};
    std::string text;
    bool in_time = ReadAll(&text);
    bool finished = EndsWith(text, kLast);
    close(fd_);
    end.status = Reap(in_time, finished);
    pid_ = -1;
    if (finished) text.resize(text.size() - kLast.size());
    end.answers = Answers::Parse(text);
    return end;
  }

 private:
  int Left() const {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
    return left < 0 ? 0 : static_cast<int>(left);
  }

  // False when time ran out.
  bool ReadAll(std::string* text) {
    while (!EndsWith(*text, kLast) && text->size() < kMostText) {
      pollfd wait{fd_, POLLIN, 0};
      int ready = poll(&wait, 1, Left());
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) return false;
      char buffer[4096];
      ssize_t got = read(fd_, buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return true;
      text->append(buffer, static_cast<size_t>(got));
    }
    return true;
  }

  std::string Reap(bool in_time, bool finished) {
    int status = 0;
    if (finished) {  // a driver may need a second to let go of a card; nobody has to wait for that
      waitpid(pid_, &status, WNOHANG);
      return "done";
    }
    if (!in_time) kill(pid_, SIGKILL);
    for (int i = 0; i < 200; ++i) {  // a process in the kernel's hands may not die: it is not waited for
      pid_t got = waitpid(pid_, &status, WNOHANG);
      if (got == pid_) break;
      usleep(1000);
    }
    if (!in_time) return "timeout";
    if (WIFSIGNALED(status)) return "crashed (signal " + std::to_string(WTERMSIG(status)) + ")";
    return "crashed (exit " + std::to_string(WEXITSTATUS(status)) + ")";
  }

  pid_t pid_;
  int fd_;
  Clock::time_point deadline_;
};

}  // namespace

std::unique_ptr<GuardedRun> StartGuarded(GuardedWork work, int timeout_ms) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::make_unique<Child>(-1, -1, timeout_ms);
  pid_t pid = fork();
  if (pid == 0) {
    close(ends[0]);
    RunChild(ends[1], work);
  }
  close(ends[1]);
  if (pid < 0) {
    close(ends[0]);
    return std::make_unique<Child>(-1, -1, timeout_ms);
  }
  return std::make_unique<Child>(pid, ends[0], timeout_ms);
}

}  // namespace cudacompat::probe
