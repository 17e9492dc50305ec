#include "report/report.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/text.h"
#include "report/common_prefix.h"
#include "report/draft.h"
#include "report/excerpt.h"
#include "report/find_errors.h"
#include "report/line.h"
#include "report/readers.h"
#include "report/record.h"
#include "report/text_input.h"

namespace cudacompat::report {
namespace {

constexpr size_t kMostUnescaped = size_t{16} << 20;

/// A line that no reader owns and that speaks of trouble, or a reader's line that does.
bool LooksLikeError(std::string_view text) {
  static constexpr std::string_view kWords[] = {"error",
                                                "fail",
                                                "cannot",
                                                "could not",
                                                "couldn't",
                                                "unable",
                                                "not found",
                                                "no such",
                                                "denied",
                                                "mismatch",
                                                "not compatible",
                                                "no longer supports",
                                                "too old",
                                                "unsupported",
                                                "not supported",
                                                "no devices were",
                                                "no cuda",
                                                "nvrm:",
                                                "xid",
                                                "insufficient",
                                                "not detected",
                                                "undefined symbol",
                                                "exception",
                                                "fallen off",
                                                "out of memory",
                                                "unavailable",
                                                "rejected",
                                                "disabled by",
                                                "warning",
                                                "ignoring visible",
                                                "is lost",
                                                "not permitted",
                                                "permission"};
  std::string lower = ToLower(text.substr(0, 2000));
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [&](std::string_view word) { return Contains(lower, word); });
}

/// Lines with a Draft's section that belong to a place, not to a key.
bool ReadLine(const Line& line, Draft& draft) {
  return ReadSmiTable(line, draft) || ReadSmiList(line, draft) || ReadSmiQuery(line, draft) ||
         ReadLabels(line, draft) || ReadKernel(line, draft) || ReadStartup(line, draft) ||
         ReadSession(line, draft) || ReadPackages(line, draft) || ReadSmiCsv(line, draft) ||
         ReadDesktop(line, draft) || ReadWindows(line, draft) || ReadField(line, draft);
}

bool ReadUnfolded(const Line& line, Draft& draft) {
  std::string inner = Unfolded(line.text);
  return !inner.empty() && ReadLine({std::move(inner), line.number, line.indent}, draft);
}

/// What tells that another machine begins: a second head of a report.
std::string HeadOf(const Line& line) {
  if (Contains(line.text, "NVIDIA-SMI ") && Contains(line.text, "ersion")) return "smi";
  if (StartsWith(line.text, "PyTorch version") && Contains(line.text, ":")) return "torch";
  if (StartsWith(line.text, "==============NVSMI LOG")) return "smi-q";
  if (Contains(line.text, "nvidia.com/gpu.product") && line.text.size() < 400) return "labels";
  if (StartsWith(line.text, "<?xml") || StartsWith(line.text, "<nvidia_smi_log")) return "xml";
  return "";
}

/// "user@node1:~$ nvidia-smi", "root@3f2a9b1c4d5e:/#": the host of a prompt.
std::string PromptHost(std::string_view text) {
  size_t at = text.find('@');
  size_t colon = at == std::string_view::npos ? at : text.find_first_of(":] ~", at);
  if (colon == std::string_view::npos || at == 0 || at > 32 || colon - at > 64 || colon == at + 1) return "";
  bool prompt = text.find_first_of("$#%", colon) != std::string_view::npos;
  std::string_view host = text.substr(at + 1, colon - at - 1);
  bool word = std::all_of(host.begin(), host.end(), [](char c) {
    return IsAlpha(c) || IsDigit(c) || c == '-' || c == '.' || c == '_';
  });
  bool user = std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), [](char c) {
    return IsAlpha(c) || IsDigit(c) || c == '-' || c == '_' || c == '(' || c == ')' || c == ' ';
  });
  return prompt && word && user ? std::string(host) : "";
}

/// The id that a container has for a host name.
bool ContainerHost(std::string_view host) {
  return host.size() == 12 &&
         std::all_of(host.begin(), host.end(), [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }) &&
         std::any_of(host.begin(), host.end(), IsDigit);
}

/// Two parts of one paste are two machines when they name different drivers or different cards.
bool OtherMachine(const Machine& a, const Machine& b) {
  bool drivers = !a.kernel_driver.empty() && !b.kernel_driver.empty() && a.kernel_driver != b.kernel_driver;
  auto names = [](const Machine& machine) {
    std::multiset<std::string> keys;
    for (const MachineGpu& gpu : machine.gpus) {
      std::string key = NameKey(gpu.name.substr(0, gpu.name.find("...")));
      if (StartsWith(key, "nvidia")) key.erase(0, 6);
      keys.insert(key.substr(0, 12));
    }
    return keys;
  };
  bool cards = !a.gpus.empty() && !b.gpus.empty() && names(a) != names(b) && a.format == b.format;
  return drivers || cards;
}

class PasteReader {
 public:
  explicit PasteReader(const Excerpt& excerpt) : excerpt_(excerpt) {}

  std::vector<Machine> Read(std::string_view text, int depth = 0);

 private:
  void ReadPart(const std::vector<Line>& lines, size_t begin, size_t end, std::string_view xml, Draft& draft);
  std::vector<size_t> Heads(const std::vector<Line>& lines) const;
  const Excerpt& excerpt_;
};

void PasteReader::ReadPart(const std::vector<Line>& lines, size_t begin, size_t end, std::string_view xml,
                           Draft& draft) {
  if (!xml.empty()) ReadSmiXml(xml, draft);
  for (size_t i = begin; i < end; ++i) {
    const Line& line = lines[i];
    draft.line = line.number;
    std::string host = PromptHost(line.text);
    if (!host.empty()) {
      if (draft.machine.host.empty()) draft.machine.host = host;
      if (ContainerHost(host)) draft.Platform("container", Trust::kFramework);
    }
    if (Contains(line.text, "tensorflow-gpu") || Contains(line.text, "tensorflow_gpu"))
      draft.tensorflow_gpu = true;
    bool read = ReadLine(line, draft) || ReadUnfolded(line, draft);
    if (read) continue;
    bool error = LooksLikeError(line.text);
    if (error) draft.ErrorLine(line.text, line.number);
    if (!error && host.empty()) draft.Unread(line.text);
  }
}

/// Where each host's part begins: at the second and later heads of one kind.
std::vector<size_t> PasteReader::Heads(const std::vector<Line>& lines) const {
  std::vector<size_t> heads{0};
  std::set<std::string> seen;
  std::string host;
  for (size_t i = 0; i < lines.size() && heads.size() < 64; ++i) {
    std::string prompt = PromptHost(lines[i].text);
    bool moved = !prompt.empty() && !host.empty() && prompt != host;
    if (!prompt.empty()) host = prompt;
    if (moved) {  // another machine's prompt; whether it is one, its driver and cards say
      heads.push_back(i);
      seen.clear();
      continue;
    }
    std::string head = HeadOf(lines[i]);
    if (head.empty()) continue;
    if (!seen.insert(head).second) {
      heads.push_back(i);
      seen = {head};
    }
  }
  return heads;
}

/// The first <nvidia_smi_log> … and the text without it.
std::string CutXml(std::string_view text, std::string_view& xml) {
  size_t begin = text.find("<nvidia_smi_log");
  if (begin == std::string_view::npos) return "";
  static constexpr std::string_view kEnd = "</nvidia_smi_log>";
  size_t end = text.find(kEnd, begin);
  end = end == std::string_view::npos ? text.size() : end + kEnd.size();
  xml = text.substr(begin, end - begin);
  std::string rest(text.substr(0, begin));
  rest.append(static_cast<size_t>(std::count(xml.begin(), xml.end(), '\n')), '\n');  // line numbers stay
  rest.append(text.substr(end));
  return rest;
}

std::vector<Machine> PasteReader::Read(std::string_view text, int depth) {
  std::string_view xml;
  std::string rest = CutXml(text, xml);
  std::vector<Machine> xml_hosts;
  if (depth < 16 && Contains(rest, "<nvidia_smi_log")) {
    xml_hosts = Read(rest, depth + 1);  // another host's log; what stands around it goes with that
    rest.clear();
  }
  std::vector<Line> lines = CleanLines(xml.empty() ? text : std::string_view(rest));
  for (Line& line : lines) line.number = excerpt_.OriginalLine(line.number);
  std::vector<size_t> heads = Heads(lines);
  std::vector<Machine> parts;
  Draft draft;
  ReadPart(lines, 0, heads.size() > 1 ? heads[1] : lines.size(), xml, draft);
  std::vector<std::pair<size_t, size_t>> ranges{{0, heads.size() > 1 ? heads[1] : lines.size()}};
  std::vector<Machine> machines{Draft(draft).Finish()};
  std::vector<Draft> drafts;
  drafts.push_back(std::move(draft));
  for (size_t i = 1; i < heads.size(); ++i) {
    size_t end = i + 1 < heads.size() ? heads[i + 1] : lines.size();
    Draft alone;
    ReadPart(lines, heads[i], end, "", alone);
    Machine machine = Draft(alone).Finish();
    if (OtherMachine(machines.back(), machine)) {
      drafts.push_back(std::move(alone));
      machines.push_back(std::move(machine));
      continue;
    }
    ReadPart(lines, heads[i], end, "", drafts.back());  // the same machine again: one draft for both
    machines.back() = Draft(drafts.back()).Finish();
  }
  std::vector<Machine> known;
  for (size_t i = 0; i < machines.size(); ++i) {
    if (!drafts[i].Empty()) known.push_back(std::move(machines[i]));
  }
  for (Machine& each : xml_hosts) {
    if (known.empty() || OtherMachine(known.back(), each)) known.push_back(std::move(each));
  }
  return known;
}

/// How much a machine is known by.
size_t FactsOf(const std::vector<Machine>& machines) {
  size_t facts = 0;
  for (const Machine& each : machines) {
    facts += each.packages.size() + each.toolkits.size() + each.runtimes.size() + each.pythons.size() +
             each.sightings.size();
    for (const std::string* said :
         {&each.os, &each.arch, &each.kernel_driver, &each.cuda_driver, &each.available})
      facts += said->empty() ? 0 : 1;
    for (const MachineGpu& gpu : each.gpus) {
      facts += 2 + (gpu.compute_capability.empty() ? 0 : 1) + (gpu.pci_id.empty() ? 0 : 1) +
               (gpu.memory_mib > 0 ? 1 : 0);
    }
  }
  return facts;
}

/// The text without what a collector of logs put before its lines, whatever that is: where a beginning that
/// they share goes and more becomes known, it was none of the report's. The same text where nothing does.
std::string_view WithoutCommonPrefix(std::string_view text, const Excerpt& excerpt, std::string& changed) {
  constexpr size_t kSample = size_t{48} << 10;
  const std::string_view sample = text.size() <= kSample ? text : text.substr(0, text.rfind('\n', kSample));
  const CommonPrefix prefix(sample);
  if (prefix.Ends().empty()) return text;
  size_t most = FactsOf(PasteReader(excerpt).Read(sample));
  size_t best = 0;
  for (size_t end : prefix.Ends()) {
    size_t facts = FactsOf(PasteReader(excerpt).Read(prefix.Without(sample, end)));
    if (facts <= most) continue;
    most = facts;
    best = end;
  }
  if (best == 0) return text;
  changed = prefix.Without(text, best);
  return changed;
}

/// Bytes that no text has: a picture, an archive, a core file.
bool Binary(std::string_view text) {
  std::string_view begin = text.substr(0, 65536);
  auto odd = std::count_if(begin.begin(), begin.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte < 0x09 || (byte > 0x0D && byte < 0x20 && byte != 0x1B);
  });
  return !begin.empty() && static_cast<size_t>(odd) * 10 > begin.size();
}

void AddKnownErrors(std::string_view text, const ErrorScanner& scanner, Machine& machine) {
  for (const Finding& finding : scanner.Find(text)) {
    bool known = std::any_of(machine.errors.begin(), machine.errors.end(),
                             [&](const MachineLine& each) { return each.line == finding.line; });
    if (!known) machine.errors.push_back({finding.line, finding.text});
  }
}

}  // namespace

Result<std::vector<Machine>> ReadReport(std::string_view text, const ReadOptions& options) {
  std::string converted;
  text = AsUtf8(text, converted);
  std::string unescaped;  // the XML of nvidia-smi inside a page or a string of JSON
  if (text.size() <= kMostUnescaped && Contains(text, "&lt;nvidia_smi_log")) {
    unescaped =
        ReplaceAll(ReplaceAll(ReplaceAll(std::string(text), "&lt;", "<"), "&gt;", ">"), "&quot;", "\"");
    text = unescaped;
  } else if (text.size() <= kMostUnescaped && Contains(text, "<nvidia_smi_log>\\n")) {
    unescaped = ReplaceAll(ReplaceAll(ReplaceAll(std::string(text), "\\n", "\n"), "\\t", " "), "\\\"", "\"");
    unescaped = ReplaceAll(std::move(unescaped), "\\/", "/");
    text = unescaped;
  }
  if (LooksLikeRecord(text)) return ReadRecords(text);
  Excerpt excerpt = TakeExcerpt(text, options.most_bytes);
  std::vector<Machine> machines;
  std::string unprefixed;
  if (!Binary(text))
    machines = PasteReader(excerpt).Read(WithoutCommonPrefix(excerpt.text, excerpt, unprefixed));
  if (machines.empty()) {
    return Error{
        ErrorKind::kBadInput, "",
        Binary(text) ? "this is not a text" : "nothing in this text tells of a machine",
        "paste what nvidia-smi, python -m torch.utils.collect_env or cudacompat device --json prints"};
  }
  for (Machine& machine : machines) {
    if (!excerpt.whole) {
      machine.problems.push_back("of " + std::to_string(text.size()) +
                                 " bytes those were read that stand around what reports hold (" +
                                 std::to_string(excerpt.text.size()) + ")");
    }
  }
  if (options.scanner != nullptr) AddKnownErrors(text, *options.scanner, machines.front());
  return machines;
}

std::vector<std::string> UnreadOfCuda(const Machine& machine) {
  constexpr size_t kMost = 3;
  static constexpr std::string_view kWords[] = {
      "nvidia-smi ",   "geforce",  "quadro ",      "tesla ",         "nvidia rtx",
      "nvidia a",      "nvidia h", "cuda version", "driver version", "pytorch version",
      "torch version", "torch==",  "tensorflow==", "jaxlib",         "gtx ",
      "rtx ",          "torch: ",  "pytorch: ",    "tensorflow: "};
  // What is read and an error as well, and what is no report's.
  static constexpr std::string_view kOthers[] = {"://", "copyright", "capabilit", "$ ", "instructions"};
  std::vector<std::string> lines;
  for (const std::string& line : machine.unread) {
    const std::string lower = ToLower(line);
    const bool number = std::any_of(lower.begin(), lower.end(), IsDigit);
    const bool any = std::any_of(std::begin(kWords), std::end(kWords),
                                 [&](std::string_view word) { return Contains(lower, word); });
    const bool other = std::any_of(std::begin(kOthers), std::end(kOthers),
                                   [&](std::string_view word) { return Contains(lower, word); });
    if (number && any && !other && lines.size() < kMost) lines.push_back(line);
  }
  return lines;
}

}  // namespace cudacompat::report
