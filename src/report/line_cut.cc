// The two ways in which a whole report stands on one line: fields one after the other, or a printed dict.
#include <algorithm>

#include "base/text.h"
#include "report/line.h"

namespace cudacompat::report {
namespace {

constexpr size_t kMostPieces = 20000;

/// How lines of reports begin. Only used to cut; what they mean is told elsewhere.
constexpr std::string_view kFields[] = {"PyTorch version",
                                        "Is debug build",
                                        "CUDA used to build PyTorch",
                                        "ROCM used to build PyTorch",
                                        "OS:",
                                        "OS :",
                                        "GCC version",
                                        "Clang version",
                                        "CMake version",
                                        "Libc version",
                                        "Python version",
                                        "Python platform",
                                        "Is CUDA available",
                                        "CUDA runtime version",
                                        "CUDA_MODULE_LOADING",
                                        "GPU models and configuration",
                                        "Nvidia driver version",
                                        "cuDNN version",
                                        "HIP runtime version",
                                        "MIOpen runtime version",
                                        "Is XNNPACK available",
                                        "CPU:",
                                        "Versions of relevant",
                                        "[pip3]",
                                        "[pip]",
                                        "[conda]",
                                        "CUDA Driver Version:",
                                        "sglang:",
                                        "sgl_kernel:",
                                        "flashinfer_python:",
                                        "triton:",
                                        "transformers:",
                                        "| NVIDIA-SMI",
                                        "|-----",
                                        "+-----",
                                        "|=====",
                                        "| N/A",
                                        "| Processes",
                                        "| Fan",
                                        "| GPU",
                                        "sys.platform:",
                                        "Python:",
                                        "CUDA available:",
                                        "CUDA_HOME:",
                                        "NVCC:",
                                        "GCC:",
                                        "PyTorch:",
                                        "PyTorch compiling",
                                        "TorchVision:",
                                        "OpenCV:",
                                        "MMCV:",
                                        "NVRM version:",
                                        "nvcc: NVIDIA",
                                        "Cuda compilation tools",
                                        "Build cuda_",
                                        "- Platform:",
                                        "- Python version:",
                                        "- PyTorch version",
                                        "- Tensorflow version",
                                        "- transformers version",
                                        "- `transformers`",
                                        "Collecting environment",
                                        "Architecture:",
                                        "Vendor ID:",
                                        "Model name:",
                                        "vLLM Version",
                                        "vLLM Build Flags",
                                        "GPU Topology",
                                        "Is Flash",
                                        "paddlepaddle",
                                        "Paddle version",
                                        "Paddle With CUDA"};

bool Starts(std::string_view text, std::string_view field) {
  return text.size() >= field.size() && text.compare(0, field.size(), field) == 0;
}

/// "|   0  Tesla T4": a card's row in a table that lost its line ends.
bool StartsCardRow(std::string_view text) {
  if (!Starts(text, "| ")) return false;
  size_t at = text.find_first_not_of(' ', 1);
  if (at == std::string_view::npos || !IsDigit(text[at])) return false;
  while (at < text.size() && IsDigit(text[at])) ++at;
  // A card's name follows the number; in the second row it is "30%" or "45C".
  size_t name = text.find_first_not_of(' ', at);
  return name != std::string_view::npos && name > at && IsAlpha(text[name]);
}

/// "GPU 0:", "GPU 0,1,2,3:", "GPU 0,1 Compute Capability:".
bool StartsCardField(std::string_view text) {
  if (!Starts(text, "GPU ") || text.size() < 6 || !IsDigit(text[4])) return false;
  size_t at = text.find_first_not_of("0123456789,", 4);
  return at != std::string_view::npos && (text[at] == ':' || Starts(text.substr(at), " Compute Capability:"));
}

struct Quoted {
  std::string text;
  size_t end = std::string_view::npos;  // behind the closing quote
};

Quoted ReadQuoted(std::string_view text, size_t at) {
  char quote = text[at];
  Quoted quoted;
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      char next = text[++i];
      quoted.text += next == 'n' ? '\n' : next == 't' ? ' ' : next;
      continue;
    }
    if (text[i] == quote) {
      quoted.end = i + 1;
      return quoted;
    }
    quoted.text += text[i];
  }
  quoted.end = text.size();  // cut off
  return quoted;
}

size_t SkipBlanks(std::string_view text, size_t at) {
  while (at < text.size() && IsSpace(text[at])) ++at;
  return at;
}

/// A value's text from `at`, and where it ends. Containers are entered by the caller, not here.
Quoted ReadValue(std::string_view text, size_t at) {
  if (text[at] == '\'' || text[at] == '"') return ReadQuoted(text, at);
  Quoted value;
  value.end = text.find_first_of(",}])", at);
  if (value.end == std::string_view::npos) value.end = text.size();
  value.text = std::string(Trim(text.substr(at, value.end - at)));
  return value;
}

}  // namespace

std::vector<std::string> CutAtFields(std::string_view line) {
  std::vector<size_t> cuts;
  for (size_t at = 1; at < line.size() && cuts.size() < kMostPieces; ++at) {
    if (line[at - 1] != ' ' && line[at - 1] != '|' && line[at - 1] != ')' && line[at - 1] != '+') continue;
    std::string_view rest = line.substr(at);
    bool field = std::any_of(std::begin(kFields), std::end(kFields),
                             [&](std::string_view each) { return rest[0] == each[0] && Starts(rest, each); });
    if (field || StartsCardRow(rest) || StartsCardField(rest)) cuts.push_back(at);
  }
  if (cuts.size() < 2) return {std::string(line)};
  std::vector<std::string> pieces;
  size_t start = 0;
  for (size_t cut : cuts) {
    pieces.emplace_back(line.substr(start, cut - start));
    start = cut;
  }
  pieces.emplace_back(line.substr(start));
  return pieces;
}

std::vector<std::string> DictEntries(std::string_view line) {
  std::string_view text = Trim(line);
  size_t first = text.find_first_of("'\"");
  if (first == std::string_view::npos || first > 200) return {};
  bool opens = StartsWith(text, "{") || StartsWith(text, "[{") || Contains(text.substr(0, first), "Dict([") ||
               Contains(text.substr(0, first), "{");
  bool single = !opens && (text[0] == '\'' || text[0] == '"');  // one entry of a dict spread over lines
  if (!opens && !single) return {};
  std::vector<std::string> entries;
  for (size_t at = first; at < text.size() && entries.size() < kMostPieces;) {
    if (text[at] != '\'' && text[at] != '"') {
      ++at;
      continue;
    }
    Quoted key = ReadQuoted(text, at);
    size_t next = SkipBlanks(text, key.end);
    bool pair =
        next < text.size() && (text[next] == ':' || (text[next] == ',' && at > 0 && text[at - 1] == '('));
    if (!pair) {
      at = key.end;
      continue;
    }
    next = SkipBlanks(text, next + 1);
    if (next >= text.size()) break;
    if (text[next] == '{' || text[next] == '[' || text[next] == '(') {
      at = next + 1;
      continue;
    }
    Quoted value = ReadValue(text, next);
    std::string_view rest = value.text;
    size_t line_end = rest.find('\n');
    bool message = key.text == "log" || key.text == "msg" || key.text == "message" || key.text == "text";
    entries.push_back((message ? "" : key.text + ": ") + std::string(rest.substr(0, line_end)));
    while (line_end != std::string_view::npos && entries.size() < kMostPieces) {
      rest.remove_prefix(line_end + 1);
      line_end = rest.find('\n');
      entries.emplace_back(rest.substr(0, line_end));
    }
    at = value.end;
  }
  return entries;
}

}  // namespace cudacompat::report
