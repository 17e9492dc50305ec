// A host made of texts, for tests and for whoever has a machine in memory.
#pragma once

#include <map>

#include "probe/host.h"
#include "probe/recorded.h"

namespace cudacompat::probe {

class MemoryHost : public Host {
 public:
  std::map<std::string, std::string> files;  ///< path → content
  std::map<std::string, std::string> links;  ///< path → target
  Recorded recorded;                         ///< nodes, environment, answers
  std::string kernel_log;
  SystemName name{"Linux", "6.8.0-45-generic", "", "x86_64"};
  View kind = View::kRecord;

  View view() const override { return kind; }
  FileText Read(const std::string& path, size_t limit, bool tail) const override;
  std::vector<std::string> List(const std::string& path, const NameFilter& filter) const override;
  Node Stat(const std::string& path) const override { return At(path, true); }
  Node Lstat(const std::string& path) const override { return At(path, false); }
  std::optional<std::string> ReadLink(const std::string& path) const override;
  std::optional<std::string> Env(const std::string& env) const override;
  std::string Access(const std::string& path, bool try_open) const override;
  SystemName Uname() const override { return name; }
  FileText KernelLog() const override;
  Answers DriverAnswers() const override { return recorded.answers; }
  Answers Identity() const override { return recorded.host; }

 private:
  std::string Follow(const std::string& path, bool follow_last) const;
  Node At(const std::string& path, bool follow) const;
};

}  // namespace cudacompat::probe
