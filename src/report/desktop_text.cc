// What desktop tools print of a card (neofetch, fastfetch, inxi's second line, glxinfo, gpustat), and what
// people write of their machine on one line.

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "report/readers.h"
#include "report/regex.h"

namespace cudacompat::report {
namespace {

/// "OpenGL version string: 4.6.0 NVIDIA 390.30", "v: 4.6.0 NVIDIA 430.40": the driver speaks of itself.
bool ReadOpenGl(std::string_view text, Draft& draft) {
  static const Regex kVersion(
      R"((?:version string:|OpenGL ES|\bv:) *\d+\.\d+(?:\.\d+)? NVIDIA (\d{3}\.\d+(?:\.\d+)?)\b)");
  std::string driver;
  if (!Contains(text, " NVIDIA ") || !kVersion.Find(text, &driver)) return false;
  draft.KernelDriver(driver, Trust::kTool);
  draft.Format("glxinfo", 15);
  return true;
}

/// gpustat: "host  Tue Mar  4 10:12:44 2025  535.183.01", then "[0] Tesla V100-PCIE-32GB | 34'C,   0 % | …".
bool ReadGpustat(std::string_view text, Draft& draft) {
  static const Regex kHead(
      R"(^\S+\s+(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3}\s+\d{1,2} [\d:]{8} \d{4}\s+(\d{3}\.\d+(?:\.\d+)?)$)");
  static const Regex kRow(
      R"(^\[(\d{1,2})\]\s+(\S[^|]*?)\s*\|\s*\d+\s?(?:'C|°C|C),.*?\|\s*\d+\s*/\s*(\d+)\s*MB)");
  std::string value;
  if (kHead.FindWhole(text, &value)) {
    draft.KernelDriver(value, Trust::kTool);
    return true;
  }
  int index = 0;
  std::string memory;
  if (!StartsWith(text, "[") || !Contains(text, "|") || !kRow.Find(text, &index, &value, &memory))
    return false;
  MachineGpu& gpu = draft.Gpu(Listing::kRow, index);
  gpu.name = value;
  gpu.memory_mib = MemoryMib(memory + " MiB");
  draft.Format("gpustat", 22);
  return true;
}

/// inxi breaks its line behind the vendor: "driver: nouveau v: kernel" and "chip ID: 10de:0f02" stand below
/// the card.
bool ReadInxi(std::string_view text, Draft& draft) {
  static const Regex kCard(
      R"((?:Device|Card)-\d+: NVIDIA (?:\w+ \[([^\]]+)\]|((?:GeForce|Quadro|Tesla|RTX|GTX) [^:\[\]]*?))(?: (?:vendor|driver):|$))");
  static const Regex kDriver(R"(\bdriver: (nvidia|nouveau)(?:\s+v: (\d{3}\.[\d.]+))?)");
  static const Regex kChip(R"(\bchip[ -]ID: (10de:[0-9a-fA-F]{4})\b)");
  std::string name;
  std::string plain;
  bool read = false;
  if (Contains(text, "-") && kCard.Find(text, &name, &plain)) {
    draft.NextGpu(Listing::kPci).name = "NVIDIA " + (name.empty() ? plain : name);
    draft.Format("inxi", 20);
    draft.section = "inxi-nvidia";
    read = true;
  }
  if (draft.section != "inxi-nvidia") return read;
  if (!read && (Contains(text, "Device-") || Contains(text, "Display:"))) {
    draft.section.clear();
    return false;
  }
  std::string version;
  MachineGpu& gpu = draft.ThisGpu(Listing::kPci);
  if (kDriver.Find(text, &name, &version)) {
    gpu.kernel_driver = name;
    if (!version.empty()) draft.KernelDriver(version, Trust::kReport);
    read = true;
  }
  if (kChip.Find(text, &name)) {
    gpu.pci_id = ToLower(name);
    read = true;
  }
  return read;
}

/// torch.__config__.show(): "Build settings: …, CUDA_VERSION=12.1, …, TORCH_VERSION=2.2.2, …".
bool ReadTorchConfig(std::string_view text, Draft& draft) {
  static const Regex kTorch(R"(\bTORCH_VERSION=(\d+\.\d[\w.+]*))");
  static const Regex kCuda(R"(\bCUDA_VERSION=(\d+\.\d+))");
  std::string version;
  if (!Contains(text, "TORCH_VERSION=") || !kTorch.Find(text, &version)) return false;
  MachinePackage* torch = draft.Package("torch", version, Trust::kReport);
  std::string cuda;
  if (torch != nullptr && torch->cuda.empty() && kCuda.Find(text, &cuda)) torch->cuda = cuda;
  if (torch != nullptr && torch->cuda.empty() && Contains(text, "USE_CUDA=OFF")) torch->cuda = "none";
  draft.Format("torch-config", 20);
  return true;
}

struct Piece {
  enum class Kind { kGpu, kDriver, kSystem, kPython, kTorch } kind;
  std::string value;
};

std::optional<Piece> PieceOf(std::string_view text) {
  static const Regex kGpu(
      R"(^(?:(?:My |Our )?(?:PC|[Ll]aptop|[Dd]esktop|[Mm]achine|[Ss]ystem|[Ss]pecs|[Ss]etup|[Hh]ardware)(?: \w{2,12})?: ?)?(?:(?:GPU|Graphics(?: card)?|Video card|Card)(?: \d)?: ?)?((?:NVIDIA |Nvidia |nvidia )?(?:(?:GeForce|Quadro|Tesla|TITAN|RTX|GTX) [\w -]{0,30}?|MX\d{3}|[ABHLTPV]\d{1,3}[A-Z]?))(?: ?\(?\d{1,3} ?GB\)?)?(?: VRAM)?$)");
  static const Regex kDriver(
      R"(^(?:NVIDIA |Nvidia |GPU )?[Dd]rivers?(?: version)?:? ?v?(\d{3}\.\d{2,3}(?:\.\d{2})?)$)");
  static const Regex kSystem(
      R"(^(?:OS: ?)?((?:Windows|Win|Ubuntu|Linux|Debian|Fedora|Arch|CentOS|WSL2?)\b[\w .-]{0,30})$)");
  static const Regex kPython(R"(^[Pp]ython:? ?v?(3\.\d{1,2}(?:\.\d+)?)$)");
  static const Regex kTorch(R"(^(?:[Pp]y)?[Tt]orch:? ?v?(\d\.\d+(?:\.\d+)?(?:\+[a-z]+[\d.]*)?)$)");
  std::string value;
  if (kDriver.FindWhole(text, &value)) return Piece{Piece::Kind::kDriver, value};
  if (kPython.FindWhole(text, &value)) return Piece{Piece::Kind::kPython, value};
  if (kTorch.FindWhole(text, &value)) return Piece{Piece::Kind::kTorch, value};
  if (kSystem.FindWhole(text, &value)) return Piece{Piece::Kind::kSystem, value};
  if (kGpu.FindWhole(text, &value)) return Piece{Piece::Kind::kGpu, value};
  return std::nullopt;
}

/// "My laptop: GPU: NVIDIA GeForce GTX 1650 (4GB), driver 472.12, Windows 10": several facts, and nothing
/// that is none.
bool ReadOneLine(std::string_view text, Draft& draft) {
  if (text.size() > 300) return false;
  const char separator = Contains(text, " | ") ? '|' : Contains(text, ";") ? ';' : ',';
  const std::vector<std::string_view> parts = Split(text, separator);
  if (parts.size() < 2 || parts.size() > 10) return false;
  std::vector<Piece> pieces;
  std::set<Piece::Kind> kinds;
  for (std::string_view part : parts) {
    const std::optional<Piece> piece = PieceOf(Trim(part));
    if (!piece) continue;
    pieces.push_back(*piece);
    kinds.insert(piece->kind);
  }
  // A list of cards alone ("supported: RTX 3090, RTX 4090") tells of no machine.
  const bool hardware = kinds.count(Piece::Kind::kDriver) + kinds.count(Piece::Kind::kTorch) != 0 ||
                        std::count_if(pieces.begin(), pieces.end(),
                                      [](const Piece& each) { return each.kind == Piece::Kind::kGpu; }) == 1;
  if (!hardware || kinds.size() < 2 || pieces.size() * 2 < parts.size()) return false;
  for (const Piece& piece : pieces) {
    switch (piece.kind) {
      case Piece::Kind::kGpu:
        AddGpuText(piece.value, Listing::kPlain, draft);
        break;
      case Piece::Kind::kDriver:
        draft.KernelDriver(piece.value, Trust::kPlain);
        break;
      case Piece::Kind::kSystem:
        draft.System(piece.value, Trust::kPlain);
        break;
      case Piece::Kind::kPython:
        draft.Python(piece.value, Trust::kPlain);
        break;
      case Piece::Kind::kTorch:
        draft.Package("torch", piece.value, Trust::kPlain);
        break;
    }
  }
  return true;
}

/// "My GPU is a GeForce GTX 680 with driver 390.157", "I have a GPU GeForce 920m, with 425.31 driver
/// version": a person tells of the one card that is theirs.
bool ReadSentence(std::string_view text, Draft& draft) {
  static const Regex kOwn(
      R"((?i)(?:\bI(?: have|'ve got|'m (?:using|running|on)| am (?:using|running|on)| use| run)\b|\bmy (?:\w+ ){0,3}(?:gpu|card|graphics|laptop|machine|pc|system|workstation|server)\b|^(?:running|using|tested|tried) (?:this |it )?(?:on|with)?))");
  static const Regex kCard(
      R"((?i)\b((?:NVIDIA )?(?:(?:GeForce |Quadro |TITAN )?(?:RTX|GTX|GTS|GT|MX) ?A?\d{2,4}M?|(?:GeForce|Quadro|Tesla|TITAN) (?:[A-Z]{1,2})?\d{1,4}M?X?)(?: ?(?:Ti|SUPER|Max-Q|Ada|Laptop GPU|Laptop|Mobile))*)\b)");
  static const Regex kDriver(
      R"((?i)(?:\bdrivers?(?: version)?(?: is| of)?[ :]+v?(\d{3}\.\d{2,3}(?:\.\d{2})?)\b|\b(\d{3}\.\d{2,3}(?:\.\d{2})?) (?:nvidia )?drivers?\b))");
  if (text.size() > 300 || draft.HasGpus(Listing::kPlain)) return false;
  std::string card;
  std::string other;
  std::string_view rest = text;
  if (!kOwn.Find(text) || !kCard.FindAndConsume(&rest, &card)) return false;
  while (kCard.FindAndConsume(&rest, &other)) {
    if (NameKey(other) != NameKey(card)) return false;  // which of them is theirs is not told
  }
  draft.Gpu(Listing::kSaid, 0).name = card;
  std::string behind;
  std::string before;
  if (kDriver.Find(text, &behind, &before))
    draft.KernelDriver(behind.empty() ? before : behind, Trust::kPlain);
  return true;
}

}  // namespace

bool ReadDesktop(const Line& line, Draft& draft) {
  const std::string_view text = line.text;
  if (text.size() < 8 || text.size() > 4000) return false;
  return ReadInxi(text, draft) || ReadOpenGl(text, draft) || ReadGpustat(text, draft) ||
         ReadTorchConfig(text, draft) || ReadOneLine(text, draft) || ReadSentence(text, draft);
}

std::string Unfolded(std::string_view text) {
  static const Regex kDots(R"(^(\S.{0,60}?) \.{3,} (\S.*)$)");  // ds_report: "torch version .......... 2.1.0"
  static const Regex kPicture(
      R"(^.*\S\s{2,}((?:OS|Kernel|GPU(?: \d)?): \S.*)$)");  // neofetch: a picture before it
  if (text.size() > 400) return "";
  std::string key;
  std::string value;
  if (Contains(text, " ...") && kDots.FindWhole(text, &key, &value)) return key + ": " + value;
  if (Contains(text, "  ") && kPicture.FindWhole(text, &value)) return value;
  return "";
}

}  // namespace cudacompat::report
