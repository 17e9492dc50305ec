// Collector: where the walkers put what they find; it counts everything, keeps a bounded part, groups
// equal images and containers, and orders the result.
// Does not own: reading.
#pragma once

#include <array>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "scan/options.h"
#include "scan/report.h"
#include "scan/source.h"

namespace cudacompat::scan {

/// Which of many equal things are looked into: 0, 1, 2, 4, 8 …, spread over the file and few.
constexpr bool IsSample(uint64_t number) { return (number & (number - 1)) == 0; }

class Collector {
 public:
  Collector(FileReport& file, const Options& options);

  uint32_t AddSection(std::string name, uint64_t offset, uint64_t size, bool fatbin);
  uint32_t AddIdentifier(std::string text);

  /// A container begins; AddImage belongs to it until EndContainer. `source` is where stubs are looked up,
  /// `base` what offsets of images are relative to in it.
  void BeginContainer(uint64_t offset, uint32_t section);
  /// Returns the number of the open container.
  uint32_t AddImage(Image image);

  /// Shows the image to who asked for payloads. `local` is the image with its offset in `source`.
  void Show(const Image& image, const Image& local, Source& source);
  void EndContainer(uint64_t size, Source& source, uint64_t base);
  /// The same where it is known whether the container is a stub, and nothing is to be looked up.
  void EndContainer(uint64_t size, bool stub);

  /// The containers at these offsets (as BeginContainer gets them) were made by a device link.
  void SetDeviceLinks(std::vector<uint64_t> offsets);

  /// An image outside any container.
  void AddBareImage(Image image);

  /// "12.4"; empty text and what is known already change nothing.
  void AddToolkit(const std::string& toolkit);

  void Problem(std::string code, uint64_t offset, std::string message) {
    file_.problems.Add(std::move(code), offset, std::move(message));
  }
  FileReport& file() { return file_; }
  const Options& options() const { return options_; }

  /// Sorts by offset and renumbers containers in that order. Call once, last.
  void Finish();

 private:
  void Keep(const Image& image);
  void NoteOnce(const char* text);
  void Sum(uint32_t target_set);
  void SumBare(const Image& image);
  void FinishSums();
  void KeepDeviceLinks();
  void SampleToolkit(const Image& local, Source& source);
  bool IsStub(Source& source, uint64_t base);
  bool HasNoKernels(Source& source, const Image& local);

  FileReport& file_;
  const Options& options_;
  const bool keeps_each_;  ///< images and containers one by one
  Container current_;
  std::vector<Image> pending_;  ///< the images of the container that is open
  std::vector<TargetKey> set_;
  std::vector<uint64_t> device_links_;  ///< sorted
  bool sampled_ = false;
  uint32_t looks_ = 0;       ///< cubins that were asked for their toolkit
  bool overflowed_ = false;  ///< the open container has more images than are held back
  using StubKey = std::tuple<uint32_t, char, Codec, uint64_t, uint64_t, uint64_t>;
  std::map<StubKey, bool> kernelless_;
  std::vector<uint64_t> set_key_;                        ///< of the container that ends
  std::map<std::vector<uint64_t>, uint32_t> set_index_;  ///< the first word is the others' digest
  struct Recent {
    ImageGroup group;
    uint64_t* count = nullptr;  ///< in the report's groups
  };
  std::array<Recent, 16> recent_;  ///< groups that were counted last: equal images follow each other
  struct SumKey {
    uint32_t target_set = 0;
    std::vector<CodedTarget> images;
    auto operator<=>(const SumKey&) const = default;
  };
  struct Summed {
    uint64_t containers = 0;
    /// Of the first ones by place the container's offset, and its first image.
    std::vector<std::pair<uint64_t, Image>> first;
    void Add(uint64_t offset, const Image& image);
  };
  std::map<SumKey, Summed> sums_;
  std::map<CodedTarget, Summed> bare_sums_;
  std::vector<uint64_t> begins_;  ///< of the containers with images, to number them by place
  bool numbered_ = true;          ///< there are not too many for that
  bool sums_lost_ = false;        ///< there are too many, or too much in one container
  std::unordered_map<std::string, uint32_t> identifier_index_;
};

}  // namespace cudacompat::scan
