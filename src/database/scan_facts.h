// What is known without opening the database: the rows of the view scan_fact, lines "key value". For `scan`,
// whose whole run takes as long as opening would.
#pragma once

#include <string>
#include <string_view>

namespace cudacompat {

/// The value of "codec/linux/zstd", "library/libcudart.so.12" …; empty where there is none.
std::string_view ScanFact(const std::string& key);

}  // namespace cudacompat
