// The folder /.cudacompat inside a root: what a copy of files cannot hold. All of it is text, one fact a
// line.
//   host         uname.release=6.8.0-45-generic, uname.machine=x86_64, uid=1000, gids=1000,44
//   env          NAME=value, the environment the machine was seen with
//   nodes        PATH KIND MODE UID:GID MAJOR:MINOR ACCESS, as "/dev/nvidia0 char 0666 0:0 195:0 rw"
//   answers      what NVML and libcuda said: "nvml.init=0", "libcuda.version=12040", see answers.h
//   kernel-log   the kernel's message buffer
// Does not own: how a host is read (host_root_posix.cc) or written (record.h).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "probe/host.h"

namespace cudacompat::probe {

inline constexpr char kRecordFolder[] = "/.cudacompat";

/// A line of `nodes`: overrides what the file system says of a path, or makes a path exist.
struct RecordedNode {
  Node node;
  std::string access;  ///< "rw", "r", "w", "none", "EPERM" …
};

struct Recorded {
  bool present = false;
  Answers host;
  Answers env;
  Answers answers;
  std::map<std::string, RecordedNode> nodes;
  std::vector<std::string> unread;  ///< lines that were not understood, with their file
};

/// Parses the text of one file of /.cudacompat into `recorded`.
void ParseRecordedFile(const std::string& name, const std::string& text, Recorded* recorded);

std::string NodeLine(const std::string& path, const RecordedNode& node);

/// What a user may do by the permission bits: "rw", "r", "w" or "none". Unknown identity counts as others.
std::string AccessByMode(const Node& node, const Answers& identity);

}  // namespace cudacompat::probe
