#include "scan/report.h"

#include <cstdio>

namespace cudacompat::scan {

void Links::Load(const std::string& name) {
  if (name.size() > kLongestLoad || loads.size() >= kMostLinks)
    unlinked = true;
  else
    loads.insert(name);
}

void Links::Provide(const std::string& name) {
  if (name.size() <= kLongestLoad && provides.size() < 4 * kMostLinks) provides.insert(name);
}

void Links::Take(Links&& other) {
  for (const std::string& name : other.loads) Load(name);
  for (const std::string& name : other.provides) Provide(name);
  unlinked = unlinked || other.unlinked;
}

void Problems::Add(std::string code, uint64_t offset, std::string message) {
  if (list_.size() >= kKept) {
    ++dropped_;
    return;
  }
  list_.push_back({std::move(code), offset, std::move(message)});
}

std::string KindName(uint16_t kind) {
  switch (kind) {
    case kPtx:
      return "ptx";
    case kCubin:
      return "cubin";
    case kTextCubin:
      return "text-cubin";
    case kLtoIr:
      return "lto";
    case kMercury:
      return "mercury";
    case kIndex:
      return "index";
    case kRelocatablePtx:
      return "relocatable-ptx";
    case kTileIr:
      return "tile-ir";
    case kNested:
      return "nested";
    default:
      break;
  }
  char text[16];
  std::snprintf(text, sizeof(text), "0x%x", kind);
  return text;
}

std::string CodecName(Codec codec) {
  switch (codec) {
    case Codec::kNone:
      return "none";
    case Codec::kZlib:
      return "zlib";
    case Codec::kLz4:
      return "lz4";
    case Codec::kLz4Frame:
      return "lz4-frame";
    case Codec::kZstd:
      return "zstd";
    case Codec::kSeveral:
      break;
  }
  return "several";
}

namespace {

const char* TargetPrefix(uint16_t kind) {
  switch (kind) {
    case kPtx:
    case kRelocatablePtx:
      return "compute";
    case kLtoIr:
      return "lto";
    case kCubin:
    case kTextCubin:
    case kMercury:
      return "sm";
    default:
      return "arch";
  }
}

}  // namespace

std::string TargetName(uint16_t kind, uint32_t arch, char suffix) {
  std::string name = TargetPrefix(kind);
  if (arch != 0) name += "_" + std::to_string(arch);
  if (arch != 0 && suffix != 0) name += suffix;
  return name;
}

std::string TargetName(const TargetKey& key) {
  const std::string name = TargetName(key.kind, key.arch, key.suffix);
  return key.obfuscated ? "obfuscated" + name.substr(std::min(name.size(), name.find('_'))) : name;
}

std::string IsaText(uint16_t kind, uint16_t major, uint16_t minor) {
  if (!IsPtx(kind) || (major == 0 && minor == 0)) return {};
  return std::to_string(major) + "." + std::to_string(minor);
}

TargetKey KeyOf(const Image& image) {
  TargetKey key{image.kind, image.arch, image.suffix, 0, 0};
  if (IsPtx(image.kind)) {
    key.isa_major = image.isa_major;
    key.isa_minor = image.isa_minor;
    key.obfuscated = (image.flags & kFlagObfuscated) != 0;
  }
  return key;
}

}  // namespace cudacompat::scan
