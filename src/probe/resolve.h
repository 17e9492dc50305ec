// Resolve: one rule for following links inside a root, used by every host that is not the live one.
// Does not own: the file system; it asks `read_link`.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace cudacompat::probe {

/// Target of the link at a path without links in its parents; nullopt when it is no link.
using LinkReader = std::function<std::optional<std::string>(const std::string&)>;

struct Resolved {
  std::string path;   ///< absolute, without links, "." or ".."; never above "/"
  bool loop = false;  ///< more than 40 links, or a path longer than 4096 bytes
};

/// Follows links as the kernel does below a changed root: ".." at the top stays there, absolute targets begin
/// at the root again. With `follow_last` false the last part may stay a link.
Resolved Resolve(const std::string& path, bool follow_last, const LinkReader& read_link);

}  // namespace cudacompat::probe
