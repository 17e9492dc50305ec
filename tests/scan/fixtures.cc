#include "fixtures.h"

#include <bzlib.h>
#include <lz4.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace fixtures {

using namespace cudacompat;

void Put16(Blob* blob, uint64_t value) { blob->append(reinterpret_cast<const char*>(&value), 2); }
void Put32(Blob* blob, uint64_t value) { blob->append(reinterpret_cast<const char*>(&value), 4); }
void Put64(Blob* blob, uint64_t value) { blob->append(reinterpret_cast<const char*>(&value), 8); }
void Set16(Blob* blob, size_t offset, uint64_t value) { std::memcpy(blob->data() + offset, &value, 2); }
void Set32(Blob* blob, size_t offset, uint64_t value) { std::memcpy(blob->data() + offset, &value, 4); }
void Set64(Blob* blob, size_t offset, uint64_t value) { std::memcpy(blob->data() + offset, &value, 8); }
void Pad(Blob* blob, size_t alignment) {
  blob->resize((blob->size() + alignment - 1) / alignment * alignment);
}

Blob EntryBytes(const Entry& entry) {
  Blob payload = entry.payload;
  Pad(&payload, 8);
  const bool packed = (entry.flags & 0xF000) != 0;
  Blob tail = entry.identifier;
  Pad(&tail, 8);
  Blob blob;
  Put16(&blob, entry.kind);
  Put16(&blob, 0x0101);
  Put32(&blob, 64 + tail.size());
  Put64(&blob, payload.size());
  Put32(&blob, packed ? entry.payload.size() : 0);
  Put32(&blob, 0);
  Put16(&blob, entry.minor);
  Put16(&blob, entry.major);
  Put32(&blob, entry.arch);
  Put32(&blob, entry.identifier.empty() ? 0 : 64);
  Put32(&blob, entry.identifier.size());
  Put64(&blob, entry.flags);
  Put64(&blob, 0);
  Put64(&blob, entry.full_size);
  return blob + tail + payload;
}

Blob ContainerOf(const std::vector<Entry>& entries) {
  Blob body;
  for (const Entry& entry : entries) body += EntryBytes(entry);
  Blob blob;
  Put32(&blob, 0xBA55ED50);
  Put16(&blob, 1);
  Put16(&blob, 16);
  Put64(&blob, body.size());
  return blob + body;
}

Entry Cubin(uint32_t arch, uint64_t extra_flags) {
  Entry entry;
  entry.arch = arch;
  entry.flags |= extra_flags;
  return entry;
}

Entry Ptx(uint32_t arch, uint16_t major, uint16_t minor, uint64_t extra_flags) {
  Entry entry;
  entry.kind = 1;
  entry.arch = arch;
  entry.major = major;
  entry.minor = minor;
  entry.flags |= extra_flags;
  entry.payload = ".version " + std::to_string(major) + "." + std::to_string(minor) + "\n";
  return entry;
}

Blob Deflate(const Blob& bytes) {
  Blob out(compressBound(bytes.size()) + 64, '\0');
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

Blob Gzip(const Blob& bytes) {
  Blob out("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  out += Deflate(bytes);
  Put32(&out, crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
  Put32(&out, bytes.size());
  return out;
}

Blob ZstdBytes(const Blob& bytes) {
  Blob out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

Blob Lz4BlockBytes(const Blob& bytes) {
  Blob out(static_cast<size_t>(LZ4_compressBound(static_cast<int>(bytes.size()))), '\0');
  out.resize(static_cast<size_t>(LZ4_compress_default(
      bytes.data(), out.data(), static_cast<int>(bytes.size()), static_cast<int>(out.size()))));
  return out;
}

Blob Lz4FrameBytes(const Blob& bytes) {
  Blob out(LZ4F_compressFrameBound(bytes.size(), nullptr), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), bytes.data(), bytes.size(), nullptr));
  return out;
}

Blob XzBytes(const Blob& bytes) {
  Blob out(lzma_stream_buffer_bound(bytes.size()), '\0');
  size_t size = 0;
  (void)lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, nullptr, reinterpret_cast<const uint8_t*>(bytes.data()),
                                bytes.size(), reinterpret_cast<uint8_t*>(out.data()), &size, out.size());
  out.resize(size);
  return out;
}

Blob Bzip2Bytes(const Blob& bytes) {
  Blob out(bytes.size() + bytes.size() / 100 + 700, '\0');
  unsigned size = static_cast<unsigned>(out.size());
  BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(bytes.data()),
                           static_cast<unsigned>(bytes.size()), 1, 0, 0);
  out.resize(size);
  return out;
}

Entry Packed(Entry entry, Pack pack) {
  entry.full_size = entry.payload.size();
  if (pack == Pack::kZlib) {
    uLongf size = compressBound(entry.payload.size());
    Blob out(size, '\0');
    compress(reinterpret_cast<Bytef*>(out.data()), &size,
             reinterpret_cast<const Bytef*>(entry.payload.data()), entry.payload.size());
    out.resize(size);
    entry.payload = out;
    entry.flags |= 0x1000;
  } else if (pack == Pack::kLz4) {
    entry.payload = Lz4BlockBytes(entry.payload);
    entry.flags |= 0x2000;
  } else if (pack == Pack::kLz4Frame) {
    entry.payload = Lz4FrameBytes(entry.payload);
    entry.flags |= 0x4000;
  } else {
    entry.payload = ZstdBytes(entry.payload);
    entry.flags |= 0x8000;
  }
  return entry;
}

namespace {

// Header, section bytes, names, section table: the parts of every ELF file here.
class ElfWriter {
 public:
  explicit ElfWriter(bool is64) : is64_(is64), blob_(is64 ? 64 : 52, '\0') { rows_.push_back({}); }
  size_t Add(const std::string& name, uint32_t type, uint64_t flags, const Blob& bytes, uint32_t link = 0) {
    Pad(&blob_, 8);
    rows_.push_back({name, type, flags, blob_.size(), bytes.size(), link});
    blob_ += bytes;
    return rows_.size() - 1;
  }
  Blob& blob() { return blob_; }
  uint64_t OffsetOf(size_t row) const { return rows_[row].offset; }

  Blob Finish(uint16_t type, uint16_t machine, uint32_t version, uint32_t flags, bool headers) {
    std::memcpy(blob_.data(),
                is64_ ? "\x7f"
                        "ELF\2\1\1"
                      : "\x7f"
                        "ELF\1\1\1",
                7);
    Set16(&blob_, 16, type);
    Set16(&blob_, 18, machine);
    Set32(&blob_, 20, version);
    Set32(&blob_, is64_ ? 48 : 36, flags);
    if (!headers) return blob_;
    Blob names(1, '\0');
    std::vector<size_t> at;
    rows_.push_back({".shstrtab", 3, 0, 0, 0, 0});
    for (const Row& row : rows_) {
      at.push_back(row.name.empty() ? 0 : names.size());
      if (!row.name.empty()) names += row.name + '\0';
    }
    rows_.back().offset = blob_.size();
    rows_.back().size = names.size();
    blob_ += names;
    Pad(&blob_, 8);
    const uint64_t table = blob_.size();
    for (size_t i = 0; i < rows_.size(); ++i) PutRow(rows_[i], at[i]);
    if (is64_)
      Set64(&blob_, 40, table);
    else
      Set32(&blob_, 32, table);
    const size_t tail = is64_ ? 58 : 46;
    Set16(&blob_, tail, is64_ ? 64 : 40);
    Set16(&blob_, tail + 2, rows_.size());
    Set16(&blob_, tail + 4, rows_.size() - 1);
    return blob_;
  }

 private:
  struct Row {
    std::string name;
    uint32_t type = 0;
    uint64_t flags = 0;
    uint64_t offset = 0;
    uint64_t size = 0;
    uint32_t link = 0;
  };
  void PutWide(uint64_t value) { is64_ ? Put64(&blob_, value) : Put32(&blob_, value); }
  void PutRow(const Row& row, size_t name) {
    Put32(&blob_, name);
    Put32(&blob_, row.type);
    PutWide(row.flags);
    PutWide(row.offset);  // address == offset
    PutWide(row.offset);
    PutWide(row.size);
    Put32(&blob_, row.link);
    Put32(&blob_, 0);
    PutWide(8);
    PutWide(0);
  }

  bool is64_;
  Blob blob_;
  std::vector<Row> rows_;
};

Blob Note(uint32_t type, const Blob& description) {
  Blob note;
  Put32(&note, 12);
  Put32(&note, description.size());
  Put32(&note, type);
  note += Blob("NVIDIA Corp\0", 12);
  return note + description;
}

}  // namespace

Blob CubinBytes(const CubinOptions& options) {
  ElfWriter elf(true);
  elf.blob()[7] = options.abi == 7 ? 0x33 : 0x41;
  elf.blob()[8] = static_cast<char>(options.abi);
  Blob names(1, '\0');
  Blob symbols(24, '\0');
  for (const std::string& kernel : options.kernels) {
    Put32(&symbols, names.size());
    symbols += Blob("\x12\x10\x01\0", 4);  // a global function, an entry point
    Put64(&symbols, 0);
    Put64(&symbols, 64);
    names += kernel + '\0';
  }
  const size_t strings = elf.Add(".strtab", 3, 0, names);
  elf.Add(".symtab", 2, 0, symbols, static_cast<uint32_t>(strings));
  if (options.abi == 8) {
    Blob info;
    Put16(&info, 2);
    Put16(&info, options.arch);
    Put16(&info, options.toolkit);
    Put16(&info, 0);
    elf.Add(".note.nv.cuinfo", 7, 0, Note(1000, info));
    if (!options.options.empty())
      elf.Add(".note.nv.tkinfo", 7, 0, Note(2000, Blob(24, '\0') + options.options + '\0'));
    const char compat[] = {2, 9, static_cast<char>(options.arch_specific ? 1 : 0), 0};
    elf.Add(".nv.compat", 0x70000086, 0, Blob(compat, 4));
  }
  for (const std::string& kernel : options.kernels) elf.Add(".text." + kernel, 1, 6, Blob(64, 'k'));
  const uint32_t flags = options.abi == 7
                             ? options.arch | options.arch << 16 | (options.arch_specific ? 0x800 : 0)
                             : options.arch << 8 | 0x06000004;
  return elf.Finish(2, 190, options.abi == 7 ? options.toolkit : 1, flags, true);
}

Blob ElfBytes(const ElfOptions& options) {
  ElfWriter elf(options.is64);
  const bool wide = options.is64;
  auto put = [&](Blob* blob, uint64_t value) { wide ? Put64(blob, value) : Put32(blob, value); };
  const bool dynamic = !options.needed.empty() || !options.soname.empty() || !options.imports.empty();
  const size_t program_at = elf.blob().size();
  const size_t program_size = wide ? 56 : 32;
  if (dynamic) elf.blob().resize(program_at + program_size * 2);
  Blob strings(1, '\0');
  Blob table;
  for (const std::string& name : options.needed) {
    put(&table, 1);
    put(&table, strings.size());
    strings += name + '\0';
  }
  if (!options.soname.empty()) {
    put(&table, 14);
    put(&table, strings.size());
    strings += options.soname + '\0';
  }
  for (const std::string& name : options.imports) strings += name + '\0';
  uint64_t table_at = 0;
  if (dynamic) {
    const size_t row = elf.Add(".dynstr", 3, 2, strings);
    put(&table, 5);
    put(&table, elf.OffsetOf(row));
    put(&table, 10);
    put(&table, strings.size());
    put(&table, 0);
    put(&table, 0);
    table_at = elf.OffsetOf(elf.Add(".dynamic", 6, 3, table));
  }
  for (const Section& section : options.sections)
    elf.Add(section.name, section.type, section.flags, section.bytes);
  Blob blob = elf.Finish(options.type, options.machine, 1, 0, options.section_headers);
  if (!dynamic) return blob;
  auto program = [&](size_t i, uint32_t type, uint64_t offset, uint64_t size) {
    const size_t at = program_at + i * program_size;
    Set32(&blob, at, type);
    const size_t step = wide ? 8 : 4;
    size_t field = at + step;
    for (const uint64_t value : {offset, offset, offset, size, size}) {
      wide ? Set64(&blob, field, value) : Set32(&blob, field, value);
      field += step;
    }
  };
  program(0, 1, 0, blob.size());
  program(1, 2, table_at, table.size());
  wide ? Set64(&blob, 32, program_at) : Set32(&blob, 28, program_at);
  Set16(&blob, wide ? 54 : 42, program_size);
  Set16(&blob, wide ? 56 : 44, 2);
  return blob;
}

namespace {

// The import directory as the bytes of a section that stands at `address`.
Blob ImportTable(const std::vector<std::string>& names, uint32_t address, bool delayed) {
  const size_t row = delayed ? 32 : 20;
  Blob table(row * (names.size() + 1), '\0');
  for (size_t i = 0; i < names.size(); ++i) {
    if (delayed) Set32(&table, i * row, 1);
    Set32(&table, i * row + (delayed ? 4 : 12), address + table.size());
    table += names[i] + '\0';
  }
  return table;
}

}  // namespace

Blob PeBytes(const PeOptions& options) {
  std::vector<Section> sections = options.sections;
  constexpr uint32_t kAlign = 512;
  auto address_of = [](size_t i) { return static_cast<uint32_t>(0x1000 * 64 * (i + 1)); };
  const size_t imports = sections.size();
  sections.push_back({".idata", ImportTable(options.imports, address_of(imports), false), 0, 0x40000040});
  sections.push_back({".didat", ImportTable(options.delayed, address_of(imports + 1), true), 0, 0x40000040});
  Blob blob(64, '\0');
  blob[0] = 'M';
  blob[1] = 'Z';
  Set32(&blob, 0x3C, 64);
  blob += Blob("PE\0\0", 4);
  Put16(&blob, 0x8664);
  Put16(&blob, sections.size());
  blob += Blob(12, '\0');
  Put16(&blob, 240);
  Put16(&blob, 0x2022);
  const size_t optional = blob.size();
  blob += Blob(240, '\0');
  Set16(&blob, optional, 0x20b);
  Set64(&blob, optional + 24, 0x180000000);
  Set32(&blob, optional + 108, 16);
  if (!options.imports.empty()) Set32(&blob, optional + 112 + 8, address_of(imports));
  if (!options.delayed.empty()) Set32(&blob, optional + 112 + 13 * 8, address_of(imports + 1));
  size_t raw = blob.size() + sections.size() * 40;
  raw = (raw + kAlign - 1) / kAlign * kAlign;
  Blob body;
  for (size_t i = 0; i < sections.size(); ++i) {
    Blob name = sections[i].name;
    name.resize(8);
    const size_t padded = (sections[i].bytes.size() + kAlign - 1) / kAlign * kAlign;
    blob += name;
    Put32(&blob, sections[i].bytes.size());
    Put32(&blob, address_of(i));
    Put32(&blob, padded);
    Put32(&blob, raw + body.size());
    blob += Blob(12, '\0');
    Put32(&blob, sections[i].flags);
    body += sections[i].bytes;
    Pad(&body, kAlign);
  }
  Pad(&blob, kAlign);
  return blob + body;
}

Blob CoffBytes(const std::vector<Section>& sections) {
  Blob strings;
  Put32(&strings, 0);
  Blob table;
  Blob body;
  const size_t start = 20 + sections.size() * 40 + 1;  // odd on purpose: real ones are (fatbin.md 5)
  for (const Section& section : sections) {
    Blob name = section.name;
    if (name.size() > 8) {
      name = "/" + std::to_string(strings.size());
      strings += section.name + '\0';
    }
    name.resize(8);
    table += name;
    Put32(&table, 0);
    Put32(&table, 0);
    Put32(&table, section.bytes.size());
    Put32(&table, start + body.size());
    table += Blob(12, '\0');
    Put32(&table, 0x40000040);
    body += section.bytes;
  }
  Set32(&strings, 0, strings.size());
  Blob blob;
  Put16(&blob, 0x8664);
  Put16(&blob, sections.size());
  Put32(&blob, 0);
  Put32(&blob, start + body.size());
  Put32(&blob, 0);
  Put32(&blob, 0);
  return blob + table + Blob(1, '\0') + body + strings;
}

namespace {

Blob ArRow(const std::string& name, size_t size) {
  Blob row = name;
  row.resize(16, ' ');
  row += "0           0     0     100644  ";
  Blob digits = std::to_string(size);
  digits.resize(10, ' ');
  return row + digits + "`\n";
}

Blob ArArchive(const char* magic, const std::vector<File>& files, bool thin) {
  Blob names;
  std::vector<std::string> shown;
  for (const File& file : files) {
    if (!thin && file.name.size() < 16) {
      shown.push_back(file.name + "/");
      continue;
    }
    shown.push_back("/" + std::to_string(names.size()));
    names += file.name + "/\n";
  }
  Blob blob = magic;
  if (!names.empty()) {
    blob += ArRow("//", names.size()) + names;
    Pad(&blob, 2);
  }
  for (size_t i = 0; i < files.size(); ++i) {
    blob += ArRow(shown[i], files[i].bytes.size());
    if (!thin) blob += files[i].bytes;
    if (blob.size() % 2 != 0) blob += '\n';
  }
  return blob;
}

}  // namespace

Blob ArBytes(const std::vector<File>& files) { return ArArchive("!<arch>\n", files, false); }
Blob ThinArBytes(const std::vector<File>& files) { return ArArchive("!<thin>\n", files, true); }

Blob TarBytes(const std::vector<File>& files) {
  Blob blob;
  for (const File& file : files) {
    Blob header(512, '\0');
    std::memcpy(header.data(), file.name.data(), std::min<size_t>(file.name.size(), 100));
    std::memcpy(header.data() + 100, "0000644", 7);
    std::snprintf(header.data() + 124, 12, "%011zo", file.bytes.size());
    std::memset(header.data() + 148, ' ', 8);
    header[156] = '0';
    std::memcpy(header.data() + 257, "ustar\00000", 8);
    unsigned sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    std::snprintf(header.data() + 148, 8, "%06o", sum);
    blob += header + file.bytes;
    Pad(&blob, 512);
  }
  return blob + Blob(1024, '\0');
}

Blob ZipBytes(const std::vector<File>& files, Method method) {
  Blob blob;
  Blob directory;
  for (const File& file : files) {
    const Blob data = method == Method::kStored ? file.bytes : Deflate(file.bytes);
    const uint32_t crc = static_cast<uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(file.bytes.data()), static_cast<uInt>(file.bytes.size())));
    Blob row;
    Put16(&row, 20);
    Put16(&row, 0);
    Put16(&row, method == Method::kStored ? 0 : 8);
    Put32(&row, 0);
    Put32(&row, crc);
    Put32(&row, data.size());
    Put32(&row, file.bytes.size());
    Put16(&row, file.name.size());
    Put16(&row, 0);
    Put32(&directory, 0x02014B50);
    Put16(&directory, 20);
    directory += row;
    Put16(&directory, 0);
    Put16(&directory, 0);
    Put16(&directory, 0);
    Put32(&directory, 0);
    Put32(&directory, blob.size());
    directory += file.name;
    Put32(&blob, 0x04034B50);
    blob += row + file.name + data;
  }
  const size_t start = blob.size();
  blob += directory;
  Put32(&blob, 0x06054B50);
  Put32(&blob, 0);
  Put16(&blob, files.size());
  Put16(&blob, files.size());
  Put32(&blob, directory.size());
  Put32(&blob, start);
  Put16(&blob, 0);
  return blob;
}

std::vector<scan::FileReport> ScanBytes(const Blob& bytes, const scan::Options& options) {
  scan::MemorySource source({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  return scan::ScanSource(source, "file", options);
}

std::vector<scan::FileReport> DeepScan(const Blob& bytes) {
  scan::Options options;
  options.deep = true;
  return ScanBytes(bytes, options);
}

std::vector<std::string> Images(const scan::FileReport& file) {
  std::vector<std::string> lines;
  for (const scan::Image& image : file.images) {
    const std::string isa = scan::IsaText(image.kind, image.isa_major, image.isa_minor);
    lines.push_back(scan::KindName(image.kind) + " " + scan::TargetName(image) +
                    (isa.empty() ? "" : "@" + isa) + " " + scan::CodecName(image.codec));
  }
  return lines;
}

std::vector<std::string> Codes(const scan::FileReport& file) {
  std::vector<std::string> codes;
  for (const scan::Problem& problem : file.problems.list()) codes.push_back(problem.code);
  return codes;
}

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "cudacompat-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}
TempFolder::~TempFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}
std::string TempFolder::Write(const std::string& name, const Blob& bytes) const {
  const std::filesystem::path path = std::filesystem::path(path_) / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return path.string();
}

}  // namespace fixtures
