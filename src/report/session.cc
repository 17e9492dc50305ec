// A Python prompt: the expression stands on one line, its value on the next.

#include "base/text.h"
#include "report/readers.h"
#include "report/regex.h"

namespace cudacompat::report {
namespace {

/// What an expression asks for, as the key of a report's field.
std::string Asks(std::string_view expression) {
  struct Known {
    std::string_view part;
    std::string_view key;
  };
  static constexpr Known kKnown[] = {{"torch.cuda.is_available", "torch.cuda.is_available"},
                                     {"torch.version.cuda", "torch.version.cuda"},
                                     {"torch.__version__", "torch"},
                                     {"torchvision.__version__", "torchvision"},
                                     {"torch.cuda.get_device_name", "devices"},
                                     {"torch.cuda.get_device_capability", "compute capability"},
                                     {"torch.cuda.get_arch_list", "torch_cuda_arch_list"},
                                     {"torch.backends.cudnn.version", "cudnn version"},
                                     {"tf.__version__", "tensorflow"},
                                     {"tensorflow.__version__", "tensorflow"},
                                     {"jax.__version__", "jax"},
                                     {"jaxlib.__version__", "jaxlib"},
                                     {"tf.test.is_gpu_available", "gpu available"},
                                     {"cupy.__version__", "cupy"},
                                     {"onnxruntime.__version__", "onnxruntime"},
                                     {"ort.__version__", "onnxruntime"}};
  std::string asked;
  for (const Known& known : kKnown) {
    if (!Contains(expression, known.part)) continue;
    if (!asked.empty()) return "";  // several in one line: the answer's order is the line's, left alone
    asked = known.key;
  }
  return asked;
}

}  // namespace

bool ReadSession(const Line& line, Draft& draft) {
  static const Regex kPrompt(R"(^(?:>>>|In \[\d+\]:|\.\.\.|\$|%|#|.{0,60}[\$#>])\s*(.*)$)");
  static const Regex kOut(R"(^Out\[\d+\]:\s*(.*)$)");
  std::string_view text = line.text;
  bool waits = StartsWith(draft.section, "session:");
  std::string inner;
  bool expression =
      Contains(text, "__version__") || Contains(text, "torch.cuda.") || Contains(text, "torch.version.");
  bool prompt = StartsWith(text, ">>>") || StartsWith(text, "In [") || Contains(text, "python -c") ||
                Contains(text, "python3 -c") || StartsWith(text, "print(");
  // Without its prompt (eaten as a quotation) an expression is still a whole line of code.
  bool bare = expression && text.size() < 120 && text.find(": ") == std::string_view::npos &&
              (EndsWith(text, ")") || EndsWith(text, "__") || EndsWith(text, ".cuda")) &&
              StartsWith(text, "t");
  if (expression && (prompt || bare)) {
    std::string asked = Asks(text);
    draft.section = asked.empty() ? "" : "session:" + asked;
    draft.Format("python-session", 12);
    return true;
  }
  if (prompt && StartsWith(text, ">>>")) return true;
  if (!waits) return false;
  std::string key = draft.section.substr(8);
  draft.section.clear();
  std::string value(text);
  if (kOut.FindWhole(text, &inner)) value = inner;
  if (value.size() > 200 || Contains(value, "Error") || Contains(value, "Traceback")) return false;
  Line field;
  field.text =
      key + ": " + std::string(Trim(ReplaceAll(value, "'", key == "torch_cuda_arch_list" ? " " : "")));
  field.number = line.number;
  return ReadField(field, draft);
}

}  // namespace cudacompat::report
