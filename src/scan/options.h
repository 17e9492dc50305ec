// What a caller may ask of the scanner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace cudacompat::scan {

struct FileReport;
struct Image;
class Source;

/// Sees an image while the scanner passes it, with its payload unpacked as it is read. Calls for one file
/// come in file order from one thread, calls for several files from several threads.
using ImageFn = std::function<void(FileReport& file, const Image& image, Source& payload)>;

struct Options {
  bool deep = false;                ///< search whole files, not only the sections for fat binaries
  unsigned threads = 0;             ///< 0: as many as there are cores, at most 8
  size_t most_images = 131072;      ///< kept one by one for each file; more are counted only
  int most_nesting = 4;             ///< archives in archives
  uint64_t most_members = 1000000;  ///< of one archive
  /// What an archive may unpack to: this and kUnpackRatio times its own size.
  uint64_t most_unpacked = uint64_t{1} << 30;
  ImageFn on_image;  ///< needs every payload read: leave it empty for a listing
  /// Images and containers are kept one by one; else they are counted only (groups, target_sets).
  bool keep_images = true;
  /// FileReport::modules are filled. For who judges thousands of files: images and containers are most of a
  /// report.
  bool sum_modules = false;
};

inline constexpr uint64_t kUnpackRatio = 200;

}  // namespace cudacompat::scan
