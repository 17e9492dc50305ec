// RecordingHost: a host around another that notes what was asked of it.
// Does not own: writing it down (record.cc).
#pragma once

#include <map>
#include <set>

#include "probe/host.h"
#include "probe/recorded.h"

namespace cudacompat::probe {

class RecordingHost : public Host {
 public:
  explicit RecordingHost(const Host& inner) : inner_(inner) {}

  View view() const override { return inner_.view(); }
  FileText Read(const std::string& path, size_t limit, bool tail) const override;
  std::vector<std::string> List(const std::string& path, const NameFilter& filter) const override;
  Node Stat(const std::string& path) const override;
  Node Lstat(const std::string& path) const override;
  std::optional<std::string> ReadLink(const std::string& path) const override;
  std::optional<std::string> Env(const std::string& name) const override;
  std::string Access(const std::string& path, bool try_open) const override;
  SystemName Uname() const override { return inner_.Uname(); }
  FileText KernelLog() const override;
  Answers DriverAnswers() const override { return inner_.DriverAnswers(); }
  Answers Identity() const override { return inner_.Identity(); }

  // What was seen, by path without links. Links met on the way are in `links`.
  struct Notes {
    std::map<std::string, FileText> files;  ///< the longest that was read of each
    std::map<std::string, Node> nodes;
    std::map<std::string, std::string> links;
    std::map<std::string, std::string> access;
    std::map<std::string, std::string> env;
    FileText kernel_log;
  };
  const Notes& notes() const { return notes_; }

 private:
  std::string Note(const std::string& path, bool follow_last) const;

  const Host& inner_;
  mutable Notes notes_;
};

}  // namespace cudacompat::probe
