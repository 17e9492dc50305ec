// What the scanner found, as plain data: images, containers, sections, needs and problems of each file.
// Does not own: verdicts, and no architecture, driver or toolkit is known here; which image serves which card
// is for the rules in the database.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace cudacompat::scan {

/// Something malformed, unreadable or left out. The rest of the file is still reported.
struct Problem {
  std::string code;  ///< stable, "entry-out-of-bounds"; see docs/scan.md
  uint64_t offset = 0;
  std::string message;
};

/// Problems of one file, at most kKept of them; what came after is counted.
class Problems {
 public:
  static constexpr size_t kKept = 64;
  void Add(std::string code, uint64_t offset, std::string message);
  const std::vector<Problem>& list() const { return list_; }
  uint64_t dropped() const { return dropped_; }
  bool empty() const { return list_.empty(); }

 private:
  std::vector<Problem> list_;
  uint64_t dropped_ = 0;
};

/// Entry kinds of a fat binary (fatbin.md 2.3). Others keep their number.
enum Kind : uint16_t {
  kPtx = 0x01,
  kCubin = 0x02,
  kTextCubin = 0x04,
  kLtoIr = 0x08,
  kMercury = 0x10,
  kIndex = 0x20,
  kRelocatablePtx = 0x40,
  kTileIr = 0x80,
  kNested = 0x100,
};

enum class Codec : uint8_t { kNone, kZlib, kLz4, kLz4Frame, kZstd, kSeveral };

/// Flag bits of an entry (fatbin.md 2.4).
inline constexpr uint64_t kFlag64Bit = 0x1;
inline constexpr uint64_t kFlagDebug = 0x2;
inline constexpr uint64_t kFlagHostLinux = 0x10;
inline constexpr uint64_t kFlagHostMac = 0x20;
inline constexpr uint64_t kFlagHostWindows = 0x40;
inline constexpr uint64_t kFlagObfuscated = 0x10000;
inline constexpr uint64_t kFlagArchSpecific = 0x100000;
inline constexpr uint64_t kFlagFamily = 0x200000;
inline constexpr uint64_t kFlagMercury = 0x1000000;
inline constexpr uint64_t kFlagsKnown = 0x131f07f;

inline constexpr uint32_t kNoContainer = UINT32_MAX;
inline constexpr uint32_t kNoSection = UINT32_MAX;

/// One image of device code. Offsets are bytes from the start of the file (of the archive member where the
/// file is a member of a zip or tar).
struct Image {
  uint64_t offset = 0;      ///< of the entry's header; of the bytes themselves for a bare image
  uint64_t size = 0;        ///< stored payload bytes, padding included
  uint64_t exact_size = 0;  ///< compressed bytes without padding; 0 when not compressed
  uint64_t full_size = 0;   ///< bytes when unpacked, as the header claims
  uint64_t flags = 0;
  uint32_t header_size = 0;  ///< bytes before the payload; 0 for a bare image
  uint32_t arch = 0;         ///< 75, 90, 121; 0 when the file does not say
  uint32_t container = kNoContainer;
  uint32_t section = kNoSection;  ///< index into FileReport::sections
  uint32_t identifier = 0;        ///< index into FileReport::identifiers, 0 for none
  uint16_t kind = 0;
  uint16_t isa_major = 0;  ///< PTX ISA for PTX; code version otherwise
  uint16_t isa_minor = 0;
  char suffix = 0;  ///< 0, 'a' or 'f'
  Codec codec = Codec::kNone;
  bool in_fatbin_section = false;
  bool listed_by_vendor_tool = false;
  bool stub = false;  ///< belongs to a container whose images hold no kernel (a device-link leftover)
};

/// One container of a fat binary.
struct Container {
  uint64_t offset = 0;
  uint64_t size = 0;  ///< header included
  uint32_t section = kNoSection;
  uint32_t target_set = 0;  ///< index into FileReport::target_sets
  uint32_t images = 0;
};

/// What an image is for: "sm_90a", "compute_90". Kind decides the prefix.
struct TargetKey {
  uint16_t kind = 0;
  uint32_t arch = 0;
  char suffix = 0;
  uint16_t isa_major = 0;  ///< of PTX only
  uint16_t isa_minor = 0;
  bool obfuscated = false;  ///< of PTX only: the driver refuses it
  auto operator<=>(const TargetKey&) const = default;
};

/// Containers that hold exactly the same targets.
struct TargetSet {
  std::vector<TargetKey> targets;  ///< sorted, each once
  uint32_t section = kNoSection;
  bool stub = false;
  bool device_link = false;  ///< made by the device linker of relocatable containers that are in the file too
  uint64_t containers = 0;

  /// A part of the program: what a stub or a device link's result holds is no module beside those.
  bool module() const { return !stub && !device_link; }
};

/// An image of a module: what it is for, and how it is packed.
struct CodedTarget {
  TargetKey target;
  Codec codec = Codec::kNone;
  auto operator<=>(const CodedTarget&) const = default;
};

/// Modules (containers with code) that hold exactly the same images.
struct ModuleSet {
  static constexpr size_t kMostNames = 12;
  std::vector<CodedTarget> images;  ///< sorted, each once
  uint64_t containers = 0;
  std::vector<std::string> names;  ///< of the first ones
};

/// How the sections of relocatable containers begin (`nvcc -rdc=true`); PE cuts the name here.
inline constexpr const char* kRelocatableSection = "__nv_rel";

/// A section (ELF, PE, COFF) that holds device code; `name` carries the archive member: "k.o:.nv_fatbin".
struct Section {
  std::string name;
  uint64_t offset = 0;
  uint64_t size = 0;
  bool fatbin = false;  ///< one of the sections that are made for fat binaries
};

/// A large data section that was not searched.
struct LeftSection {
  std::string name;
  uint64_t offset = 0;
  uint64_t size = 0;
};

/// A CUDA library that the file needs.
struct Need {
  std::string name;      ///< as the file says it: "libcudart.so.12", "cudart64_110.dll"
  std::string library;   ///< "cudart"
  std::string version;   ///< from the name: "12", "11.0"; empty when it says none
  bool delayed = false;  ///< Windows: loaded at first use
};

/// What the programs without anything of CUDA among some files load, and how they are called themselves: by
/// this one can tell whether all that they need was looked at.
struct Links {
  std::set<std::string> loads;     ///< libraries, as they are asked for
  std::set<std::string> provides;  ///< file names and sonames
  /// An object or an archive of them is there, whose needs are not in it; or more names than are kept.
  bool unlinked = false;

  void Load(const std::string& name);
  void Provide(const std::string& name);
  void Take(Links&& other);
};

/// What is kept of hostile files: names that one file loads, names of one path, and the bytes of a name.
inline constexpr size_t kMostLoads = 256;
inline constexpr size_t kMostLinks = 4096;
inline constexpr size_t kLongestLoad = 255;

/// Of how many modules of a file some kernels are named, and how many of each: one more than are shown.
inline constexpr size_t kMostNamedModules = 20000;
inline constexpr size_t kMostModuleKernels = 6;

/// A group of equal images, for counts that do not need each one.
struct ImageGroup {
  TargetKey target;
  Codec codec = Codec::kNone;
  uint32_t section = kNoSection;
  bool in_fatbin_section = false;
  bool listed_by_vendor_tool = false;
  bool stub = false;
  auto operator<=>(const ImageGroup&) const = default;
};

/// A kernel: the targets that it was compiled for, each with the number of modules that hold it for that one.
struct Kernel {
  std::map<TargetKey, uint32_t> targets;
  uint32_t modules = 0;             ///< that hold it for any target
  uint64_t container = UINT64_MAX;  ///< where the last one begins that was seen
};

enum class Searched { kSections, kDeep };

/// Whether the CUDA runtime is linked into the file.
enum class StaticCudart { kUnknown, kYes, kNo };

/// One file: a library, an object, a raw image, or a member of an archive.
struct FileReport {
  std::string path;        ///< as given, or below what was given; "x.whl!torch/lib/y.so" for a member
  std::string archive;     ///< the part before the "!", empty for no member
  std::string member;      ///< the part after it
  std::string package;     ///< "torch 2.6.0+cu124" where a wheel or site-packages says so
  bool installed = false;  ///< the RECORD of a distribution lists it
  size_t given = 0;        ///< index into Report::given: the path that it was found by
  std::string format;      ///< elf pe coff ar thin-ar cubin fatbin ptx ltoir optixir zip tar … or "unknown"
  std::string machine;     ///< x86_64, aarch64, … as far as the host format says
  std::string soname;
  uint64_t size = 0;
  Searched searched = Searched::kSections;
  std::vector<Section> sections;
  std::vector<Image> images;  ///< in file order; may be cut short, see images_total
  std::vector<Container> containers;
  std::vector<TargetSet> target_sets;
  std::map<ImageGroup, uint64_t> groups;  ///< every image, also those not kept in `images`
  std::vector<std::string> identifiers{std::string()};
  std::vector<ModuleSet> modules;  ///< where `summed`: in place of images and containers
  bool summed = false;             ///< Options::sum_modules
  uint64_t images_total = 0;
  uint64_t containers_total = 0;
  uint64_t containers_empty = 0;
  std::vector<LeftSection> left;
  std::vector<Need> needs;
  std::vector<std::string> loads;  ///< libraries without a known name of CUDA; while it is scanned
  bool unlinked =
      false;  ///< an object, of which a program is yet to be linked; or its needs were not read whole
  std::vector<std::string> toolkits;  ///< "12.4": read from a sample of the cubins, sorted
  std::vector<std::string> notes;     ///< "HIP code", "LLVM offload bundle": said, not judged
  /// Without device code and needs: names of CUDA libraries that stand in its data, which it may open at run
  /// time ("libcuda.so"). Looked for by the deep search only.
  std::vector<std::string> opens;
  std::vector<std::string> other_apis;  ///< the same of interfaces that are not CUDA's ("clGetPlatformIDs")
  std::string cuda_library;             ///< "libcudart.so.12" where the file itself is a library of CUDA
  uint64_t programs = 0;                ///< ELF, PE and raw images among an archive's members, at any depth
  StaticCudart static_cudart = StaticCudart::kUnknown;
  std::map<std::string, Kernel> kernels;  ///< by mangled name; filled by KernelHook only
  /// By what ModuleName says of a module without its number: filled by ModuleKernelHook only.
  std::map<std::string, std::vector<std::string>> module_kernels;
  uint64_t open_container = 0;  ///< while it is scanned: where the container begins whose images are shown
  std::string needs_glibc;      ///< the newest GLIBC symbol version asked for
  Problems problems;

  /// True when there is something to tell a person about this file.
  bool interesting() const {
    return images_total != 0 || containers_total != 0 || !needs.empty() || !notes.empty() || !opens.empty() ||
           !cuda_library.empty();
  }
};

/// A path that was asked for.
struct Given {
  std::string path;
  uint64_t programs = 0;  ///< found there that could hold device code, members of archives included
  Links links;
};

/// Files that were given but could not be opened.
struct Unreadable {
  std::string path;
  std::string reason;
};

struct Report {
  std::vector<FileReport> files;  ///< in the order of the paths, folders in order of their names
  std::vector<Unreadable> unreadable;
  std::vector<Given> given;  ///< in their order
  uint64_t files_examined = 0;
  uint64_t bytes_examined = 0;  ///< sizes of the files, not what was read of them
};

/// "cubin", "ptx", "lto", "relocatable-ptx", "mercury", "tile-ir", "index", "text-cubin", "nested", "0x999".
std::string KindName(uint16_t kind);
/// "none", "lz4", "lz4-frame", "zlib", "zstd", "several".
std::string CodecName(Codec codec);
/// "sm_90a", "compute_90", "lto_80"; "arch_90" for kinds that have no word for it; without number: "lto".
std::string TargetName(uint16_t kind, uint32_t arch, char suffix);
inline std::string TargetName(const Image& image) { return TargetName(image.kind, image.arch, image.suffix); }
/// The same; "obfuscated_80" for PTX that only who has its key can read.
std::string TargetName(const TargetKey& key);
/// "8.4" for PTX, empty for others.
std::string IsaText(uint16_t kind, uint16_t major, uint16_t minor);
/// True for PTX of either kind.
inline bool IsPtx(uint16_t kind) { return kind == kPtx || kind == kRelocatablePtx; }
TargetKey KeyOf(const Image& image);
/// The flag bits nobody has a name for.
inline uint64_t UnknownFlags(uint64_t flags) { return flags & ~kFlagsKnown; }

}  // namespace cudacompat::scan
