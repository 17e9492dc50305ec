// Writes the first corpus: one small file per format and codec. Run it again when a fixture gains a field.
#include <filesystem>
#include <fstream>
#include <map>

#include "fixtures.h"

int main(int argc, char** argv) {
  using namespace fixtures;
  if (argc != 2) return 64;
  CubinOptions cubin;
  cubin.kernels = {"_Z3addPf"};
  Entry full = Cubin(90);
  full.payload = CubinBytes(cubin);
  full.identifier = "k.cu";
  const Blob fatbin = ContainerOf({Packed(full, Pack::kZstd), Packed(full, Pack::kLz4),
                                   Packed(full, Pack::kZlib), Packed(full, Pack::kLz4Frame), Ptx(90, 8, 4)});
  ElfOptions elf;
  elf.sections = {
      {".nv_fatbin", fatbin}, {".nvFatBinSegment", Blob(24, '\0')}, {".ldata", ContainerOf({Cubin(75)})}};
  elf.needed = {"libcudart.so.12"};
  ElfOptions elf32 = elf;
  elf32.is64 = false;
  PeOptions pe;
  pe.sections = {{".nv_fatb", fatbin, 0, 0x40000040}};
  pe.imports = {"cudart64_12.dll"};
  pe.delayed = {"cublas64_12.dll"};
  const Blob library = ElfBytes(elf);
  const Blob tar = TarBytes({{"lib/k.so", library}});
  const std::map<std::string, std::map<std::string, Blob>> corpus = {
      {"elf", {{"library", library}, {"library32", ElfBytes(elf32)}, {"cubin", CubinBytes(cubin)}}},
      {"pe", {{"library", PeBytes(pe)}}},
      {"ar",
       {{"two", ArBytes({{"k.o", library},
                         {"a_longer_name_than_16.obj", CoffBytes({{"__nv_relfatbin", fatbin}})}})}}},
      {"zip",
       {{"deflated", ZipBytes({{"k.so", library}, {"a.txt", "text"}}, Method::kDeflated)},
        {"stored", ZipBytes({{"k.so", library}}, Method::kStored)}}},
      {"fatbin", {{"codecs", fatbin}}},
      {"tar", {{"one", tar}}},
      {"any",
       {{"ptx", "// c\n.version 8.4\n.target sm_90a\n.address_size 64\n.visible .entry k() {}\n"},
        {"tar.gz", Gzip(tar)},
        {"tar.zst", ZstdBytes(tar)},
        {"tar.xz", XzBytes(tar)},
        {"tar.bz2", Bzip2Bytes(tar)},
        {"coff", CoffBytes({{"__nv_relfatbin", fatbin}})}}},
      {"decoder",
       {{"raw", Blob(1, 0) + Deflate(full.payload)},
        {"gzip", Blob(1, 1) + Gzip(full.payload)},
        {"zstd", Blob(1, 3) + ZstdBytes(full.payload)},
        {"lz4", Blob(1, 4) + Lz4BlockBytes(full.payload)},
        {"lz4-frame", Blob(1, 5) + Lz4FrameBytes(full.payload)},
        {"bzip2", Blob(1, 6) + Bzip2Bytes(full.payload)},
        {"xz", Blob(1, 7) + XzBytes(full.payload)}}}};
  for (const auto& [target, files] : corpus) {
    const std::filesystem::path folder = std::filesystem::path(argv[1]) / target;
    std::filesystem::create_directories(folder);
    for (const auto& [name, bytes] : files) {
      std::ofstream(folder / name, std::ios::binary)
          .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
  }
  return 0;
}
