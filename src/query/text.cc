#include "query/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "base/version.h"
#include "query/installer.h"
#include "query/term.h"

namespace cudacompat::query {
namespace {

constexpr size_t kLongestText = 4096;

struct Word {
  std::string_view text;
  std::string lower;
  size_t offset = 0;
  bool comma_after = false;
  bool bracket = false;  ///< the first of what stands in brackets
};

bool IsOperator(char c) { return std::string_view("<>=!~").find(c) != std::string_view::npos; }

// The pieces between blanks; ">= 525" is one, "driver>=525" are two.
std::vector<std::string_view> Pieces(std::string_view text) {
  std::vector<std::string_view> pieces;
  bool open = false;  // the last piece ends with an operator
  const std::vector<std::string_view> words = Words(text);
  for (size_t i = 0; i < words.size(); ++i) {
    std::string_view piece = words[i];
    // ">=2.4 ,<2.7" and ">=2.4 , <2.7": the comma stands between two bounds
    const std::string_view behind = piece.size() > 1       ? piece.substr(1)
                                    : i + 1 < words.size() ? words[i + 1]
                                                           : std::string_view();
    const bool comma = piece[0] == ',' && !behind.empty() && IsOperator(behind[0]) && !pieces.empty() &&
                       std::any_of(pieces.back().begin(), pieces.back().end(), IsOperator);
    const bool more = comma || (!pieces.empty() && pieces.back().back() == ',' && IsOperator(piece[0]));
    if ((open && piece != ",") || more) {
      const char* begin = pieces.back().data();
      pieces.back() = {begin, static_cast<size_t>(piece.data() + piece.size() - begin)};
    } else {
      size_t name = 0;
      while (name < piece.size() && IsAlpha(piece[name])) ++name;
      const std::string word = ToLower(piece.substr(0, name));
      const bool keyword = word == "driver" || word == "cuda" || word == "python" || word == "jetpack";
      const std::string_view rest = piece.substr(name);
      const bool number = rest.find_first_not_of("0123456789.,") == std::string_view::npos &&
                          (word == "driver" || rest.find('.') != std::string_view::npos);
      if (keyword && !rest.empty() && (IsOperator(rest[0]) || number)) {  // python3.12, driver>=525
        pieces.push_back(piece.substr(0, name));
        piece.remove_prefix(name);
        while (word != "driver" && piece.size() > 1 && piece[0] == '=') piece.remove_prefix(1);
      }
      pieces.push_back(piece);
    }
    open = IsOperator(pieces.back().back());
  }
  return pieces;
}

// A driver's number cannot be mistaken: three digits, a dot, two, as no card and no package has it.
bool IsDriverNumber(std::string_view word) {
  const std::vector<std::string_view> parts = Split(word, '.');
  auto digits = [](std::string_view part, size_t least, size_t most) {
    return part.size() >= least && part.size() <= most &&
           part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (parts.size() == 4 && digits(parts[0], 2, 2) && digits(parts[3], 4, 4))
    return !NvidiaVersion(word).empty();
  return (parts.size() == 2 || (parts.size() == 3 && digits(parts[2], 2, 2))) && digits(parts[0], 3, 3) &&
         digits(parts[1], 2, 3);
}

// What a list of a machine's parts has in front of a colon.
bool IsName(std::string_view word) {
  static constexpr std::array<std::string_view, 11> kNames = {
      "driver", "gpu", "os", "cuda", "python", "card", "system", "arch", "jetpack", "version", "toolkit"};
  return std::find(kNames.begin(), kNames.end(), word) != kNames.end();
}

std::vector<Word> Tokenize(std::string_view text) {
  std::vector<Word> words;
  while (!text.empty() && std::string_view("?! \t\r\n").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  for (std::string_view piece : Pieces(text)) {
    auto offset = static_cast<size_t>(piece.data() - text.data());
    if (piece == ",") {
      if (!words.empty()) words.back().comma_after = true;
      continue;
    }
    // A comma inside bounds (">=2.4,<2.7") or images belongs to the word; one at its end, or before a letter,
    // ends it.
    size_t start = 0;
    for (size_t i = 0; i <= piece.size(); ++i) {
      bool comma = i < piece.size() && piece[i] == ',';
      size_t next = piece.find_first_not_of(" \t\r\n", i + 1);
      bool inside = comma && next != std::string_view::npos && IsOperator(piece[next]);
      if (i < piece.size() && (!comma || inside)) continue;
      if (i > start) {
        // "RTX 5090/RTX 3090"
        for (size_t slash = piece.substr(0, i).find('/', start + 2);
             slash != std::string_view::npos && i - slash > 2 && IsAlpha(piece[slash + 1]);
             slash = piece.substr(0, i).find('/', start + 2)) {
          std::string_view word = piece.substr(start, slash - start);
          words.push_back({word, ToLower(word), offset + start, true});
          start = slash + 1;
        }
        std::string_view word = piece.substr(start, i - start);
        const size_t quote = std::string_view("\"'`").find(word.front());  // pip install "torch==2.6.0"
        if (word.size() > 2 && quote != std::string_view::npos && word.back() == word.front())
          word = word.substr(1, word.size() - 2);
        bool ends = word.size() > 1 && (word.back() == ':' || word.back() == ';');  // "RTX 3060: torch"
        if (ends) {
          const bool names = word.back() == ':';  // "driver: 560.94"
          word.remove_suffix(1);
          ends = !names || !IsName(ToLower(word));
        }
        words.push_back({word, ToLower(word), static_cast<size_t>(word.data() - text.data()), comma || ends});
      } else if (comma && !words.empty()) {
        words.back().comma_after = true;
      }
      start = i + 1;
    }
  }
  return words;
}

// The parser: a position in the words and what has been understood so far.
class Parser {
 public:
  Parser(std::string_view text, const Vocabulary& vocabulary, Question* question)
      : text_(text), vocabulary_(vocabulary), question_(question) {
    for (Word& word : Tokenize(text)) {
      const size_t name = GluedName(word.lower);
      words_.push_back(word);
      if (name == 0) continue;
      words_.back() = {word.text.substr(0, name), word.lower.substr(0, name), word.offset, false};
      words_.push_back(
          {word.text.substr(name), word.lower.substr(name), word.offset + name, word.comma_after});
    }
  }

  Status Parse() {
    if (Status error = ReadInstallers()) return error;
    ReadBrackets();
    Translate();
    JoinNames();
    if (Status error = ParseForm()) return error;
    while (at_ < words_.size()) {
      if (TakeForm(true)) continue;
      if (Glues(at_)) {
        ++at_;
        continue;
      }
      const size_t cards = question_->gpus.size();
      if (Status error = ParseClause()) return error;
      if (question_->gpus.size() > cards) card_end_ = at_;
    }
    if (Status error = PlaceUnnamed()) return error;
    if (tag_ != nullptr) {
      if (Status error = PlaceTag()) return error;
    }
    PlaceIndex();
    if (with_cuda_ != nullptr) {
      if (Status error = PlaceCuda()) return error;
    }
    if (newest_ && question_->subjects.empty()) {
      return Fail(words_[0], "'newest' of what?", "write \"newest torch on MX450\"");
    }
    return std::nullopt;
  }

 private:
  // Words that end a clause and say nothing: "can my MX450 run torch under windows?"
  static bool IsGlue(const std::string& word) {
    // English first, then what German, French and Spanish put between the names, which are the same
    static constexpr auto kWords = [] {
      std::array words = std::to_array<std::string_view>({"&",
                                                          "&&",
                                                          "+",
                                                          "\\",
                                                          "a",
                                                          "an",
                                                          "and",
                                                          "any",
                                                          "about",
                                                          "also",
                                                          "am",
                                                          "are",
                                                          "be",
                                                          "been",
                                                          "by",
                                                          "can",
                                                          "card",
                                                          "compatible",
                                                          "compatibility",
                                                          "could",
                                                          "do",
                                                          "does",
                                                          "doing",
                                                          "for",
                                                          "from",
                                                          "ga",
                                                          "get",
                                                          "going",
                                                          "good",
                                                          "got",
                                                          "had",
                                                          "has",
                                                          "have",
                                                          "having",
                                                          "hello",
                                                          "hey",
                                                          "hi",
                                                          "how",
                                                          "i",
                                                          "i'm",
                                                          "i've",
                                                          "if",
                                                          "im",
                                                          "in",
                                                          "install",
                                                          "installed",
                                                          "installing",
                                                          "is",
                                                          "it",
                                                          "its",
                                                          "just",
                                                          "me",
                                                          "my",
                                                          "need",
                                                          "needed",
                                                          "needs",
                                                          "now",
                                                          "of",
                                                          "ok",
                                                          "okay",
                                                          "on",
                                                          "or",
                                                          "please",
                                                          "require",
                                                          "required",
                                                          "requires",
                                                          "run",
                                                          "running",
                                                          "runs",
                                                          "should",
                                                          "show",
                                                          "still",
                                                          "such",
                                                          "support",
                                                          "supported",
                                                          "supports",
                                                          "tell",
                                                          "that",
                                                          "the",
                                                          "then",
                                                          "there",
                                                          "these",
                                                          "this",
                                                          "those",
                                                          "to",
                                                          "under",
                                                          "usable",
                                                          "use",
                                                          "used",
                                                          "using",
                                                          "versus",
                                                          "version",
                                                          "versions",
                                                          "vs",
                                                          "vs.",
                                                          "want",
                                                          "wanted",
                                                          "wants",
                                                          "was",
                                                          "what",
                                                          "why",
                                                          "est-ce",
                                                          "whats",
                                                          "what's",
                                                          "when",
                                                          "where",
                                                          "which",
                                                          "wich",
                                                          "will",
                                                          "with",
                                                          "work",
                                                          "working",
                                                          "works",
                                                          "would",
                                                          "you",
                                                          "your",
                                                          "auf",
                                                          "auch",
                                                          "bei",
                                                          "das",
                                                          "dem",
                                                          "den",
                                                          "der",
                                                          "die",
                                                          "ein",
                                                          "eine",
                                                          "einem",
                                                          "einen",
                                                          "einer",
                                                          "funktioniert",
                                                          "für",
                                                          "fuer",
                                                          "geht",
                                                          "grafikkarte",
                                                          "hallo",
                                                          "habe",
                                                          "hat",
                                                          "ich",
                                                          "ist",
                                                          "kann",
                                                          "karte",
                                                          "laufen",
                                                          "läuft",
                                                          "laeuft",
                                                          "mein",
                                                          "meine",
                                                          "meinem",
                                                          "meinen",
                                                          "meiner",
                                                          "mit",
                                                          "oder",
                                                          "und",
                                                          "unter",
                                                          "von",
                                                          "welche",
                                                          "welchen",
                                                          "welcher",
                                                          "welches",
                                                          "wenn",
                                                          "wie",
                                                          "zu",
                                                          "zum",
                                                          "zur",
                                                          "brauche",
                                                          "braucht",
                                                          "brauch",
                                                          "nutzen",
                                                          "avec",
                                                          "carte",
                                                          "dans",
                                                          "de",
                                                          "du",
                                                          "est",
                                                          "et",
                                                          "faut",
                                                          "fonctionne",
                                                          "la",
                                                          "les",
                                                          "ma",
                                                          "mon",
                                                          "ou",
                                                          "pour",
                                                          "quel",
                                                          "quelle",
                                                          "quelles",
                                                          "quels",
                                                          "sous",
                                                          "sur",
                                                          "un",
                                                          "une",
                                                          "il",
                                                          "ai",
                                                          "j'ai",
                                                          "je",
                                                          "puis-je",
                                                          "con",
                                                          "cual",
                                                          "cuál",
                                                          "el",
                                                          "en",
                                                          "funciona",
                                                          "necesito",
                                                          "necesita",
                                                          "para",
                                                          "puedo",
                                                          "que",
                                                          "qué",
                                                          "tarjeta",
                                                          "tengo",
                                                          "usar",
                                                          "y",
                                                          "una",
                                                          "uno",
                                                          "unos",
                                                          "las",
                                                          "los",
                                                          "del",
                                                          "al",
                                                          "corre",
                                                          "sirve",
                                                          "ejecutar",
                                                          "passt",
                                                          "noch",
                                                          "dir",
                                                          "am",
                                                          "im"});
      std::sort(words.begin(), words.end());
      return words;
    }();
    return std::binary_search(kWords.begin(), kWords.end(), std::string_view(word));
  }

  template <size_t N>
  static bool Among(std::string_view word, const std::array<std::string_view, N>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  // "which driver", "welcher Treiber", "minimum driver": what is asked for, and not what is stated.
  static bool AsksWhich(std::string_view word) {
    static constexpr std::array<std::string_view, 17> kWords = {
        "which", "wich",   "what",  "whats",   "what's", "welche", "welchen", "welcher", "welches",
        "quel",  "quelle", "quels", "quelles", "que",    "qué",    "cual",    "cuál"};
    return Among(word, kWords);
  }
  static bool IsAtLeast(std::string_view word) {
    static constexpr std::array<std::string_view, 15> kWords = {
        "newest",  "latest", "best",   "highest", "maximum",  "max",      "minimum", "min",
        "minimal", "lowest", "oldest", "least",   "required", "smallest", "nvidia"};
    return Among(word, kWords);
  }

  // What a person calls the machine, which says nothing of it.
  static bool IsMachineWord(std::string_view word) {
    static constexpr std::array<std::string_view, 11> kWords = {
        "pc",  "computer", "machine",     "desktop", "laptop", "notebook",
        "rig", "box",      "workstation", "server",  "rechner"};
    return Among(word, kWords);
  }
  static bool IsLaptop(std::string_view word) { return word == "laptop" || word == "notebook"; }

  static bool IsKeyword(const std::string& word) {
    static const std::vector<std::string> kWords = {
        "driver",    "cuda",   "python", "jetpack", "gpu", "x86_64", "aarch64", "arm64",  "tegra",
        "container", "docker", "podman", "hosted",  "vm",  "amd64",  "x64",     "ppc64le"};
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end() || IsSystem(word) || IsLibc(word);
  }

  // "glibc", "glibc-2.17", "musl"
  static bool IsLibc(std::string_view word) {
    for (std::string_view name : {"glibc", "musl"}) {
      if (!StartsWith(word, name)) continue;
      const std::string_view rest = word.substr(name.size());
      if (rest.find_first_not_of("-.0123456789") == std::string_view::npos) return true;
    }
    return false;
  }

  bool IsPackage(const std::string& word) const {
    std::string name = PackageName(word.substr(0, word.find_first_of("[=<>!~+")));
    return std::find(vocabulary_.packages.begin(), vocabulary_.packages.end(), name) !=
           vocabulary_.packages.end();
  }

  // "RTX 3060 (windows 11)": what stands in brackets is a clause of its own; "(12GB)" and "(laptop)" are part
  // of a card's name, "torch (2.6.0)" is its release.
  void ReadBrackets() {
    for (size_t i = 0; i < words_.size(); ++i) {
      const char open = words_[i].text[0];
      if (open != '(' && open != '[') continue;
      const char close = open == '(' ? ')' : ']';
      size_t last = i;
      while (last < words_.size() && words_[last].text.back() != close) ++last;
      if (last == words_.size() || (last == i && words_[i].text.size() < 3)) continue;
      if (last == i) {
        const std::string inside = words_[i].lower.substr(1, words_[i].lower.size() - 2);
        if (open == '(' && (IsMemory(inside) || (vocabulary_.card_word && vocabulary_.card_word(inside)) ||
                            IsMachineWord(inside)))
          continue;
      }
      Word& first = words_[i];
      first.text.remove_prefix(1);
      first.lower.erase(0, 1);
      ++first.offset;
      const bool release = last == i && i > 0 && IsPackage(words_[i - 1].lower) && IsDigit(first.lower[0]);
      if (i > 0 && !release) words_[i - 1].comma_after = true;
      first.bracket = true;
      words_[last].text.remove_suffix(1);
      words_[last].lower.pop_back();
      words_[words_[last].text.empty() && last > i ? last - 1 : last].comma_after = true;
      for (size_t empty : {last, i}) {
        if (empty < words_.size() && words_[empty].text.empty())
          words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(empty));
      }
    }
  }

  // "cuda toolkit 12.4", "cuda-toolkit 12.4", "nvcc 11.8", "cuda 12.4.1 toolkit", "cuda v12.4": the toolkit's
  // names.
  void NameToolkit() {
    auto numbered = [&](size_t i) {
      if (i >= words_.size() || words_[i - 1].comma_after) return false;
      const std::string& word = words_[i].lower;
      return IsDigit(word[0]) || (word[0] == 'v' && word.size() > 1 && IsDigit(word[1]));
    };
    for (size_t i = 0; i < words_.size(); ++i) {
      Word& word = words_[i];
      if (word.lower == "compute" && i + 1 < words_.size() && words_[i + 1].lower == "capability" &&
          numbered(i + 2)) {
        word.lower = "capability";
        words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      }
      if ((word.lower == "capability" || word.lower == "cc") && numbered(i + 1)) {
        word.lower = "gpu";
        word.bracket = true;  // behind a card it says what that one has
      }
      const bool tool = word.lower == "nvcc" || word.lower == "cudatoolkit" || word.lower == "cuda-toolkit";
      if (tool && numbered(i + 1)) word.lower = "cuda";
      if (word.lower == "toolkit" && i > 0 && !words_[i - 1].comma_after &&
          ((words_[i - 1].lower == "cuda" && numbered(i + 1)) ||
           (i > 1 && words_[i - 2].lower == "cuda" && numbered(i - 1)))) {
        words_[i - 1].comma_after = words_[i - 1].lower != "cuda" && word.comma_after;
        words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(i));
        --i;
        continue;
      }
      if ((word.lower == "cuda" || word.lower == "driver") && numbered(i + 1) &&
          words_[i + 1].lower[0] == 'v') {
        words_[i + 1].text.remove_prefix(1);
        words_[i + 1].lower.erase(0, 1);
        ++words_[i + 1].offset;
      }
    }
  }

  // "Treiber 560.94"; "torch version 2.6.0", where the word only says what the number is.
  void Translate() {
    for (size_t i = 0; i < words_.size(); ++i) {
      Word& word = words_[i];
      while (word.text.size() > 2 && word.text[0] == '\xC2' &&
             (word.text[1] == '\xBF' || word.text[1] == '\xA1')) {  // ¿ ¡
        word.text.remove_prefix(2);
        word.lower.erase(0, 2);
        word.offset += 2;
      }
      if (word.lower == "treiber" || word.lower == "pilote" || word.lower == "controlador")
        word.lower = "driver";
      const bool number = i > 0 && i + 1 < words_.size() && !word.comma_after &&
                          (IsDigit(words_[i + 1].lower[0]) || IsOperator(words_[i + 1].lower[0]));
      if (!number || (word.lower != "version" && word.lower != "release")) continue;
      words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(i));
      --i;
    }
    NameToolkit();
    DropProviders();
  }

  // "aws g4dn.xlarge", "sagemaker ml.g4dn.xlarge": the type alone says which card it has.
  void DropProviders() {
    static constexpr std::array<std::string_view, 8> kProviders = {"aws",   "amazon", "ec2",   "sagemaker",
                                                                   "azure", "google", "cloud", "gcp"};
    if (!vocabulary_.card) return;
    for (size_t i = words_.size(); i-- > 0;) {
      Word& word = words_[i];
      if (StartsWith(word.lower, "ml.") && vocabulary_.card(NameKey(word.lower.substr(3)))) {
        word.text.remove_prefix(3);
        word.lower.erase(0, 3);
        word.offset += 3;
      }
      if (i + 1 == words_.size() || !Among(word.lower, kProviders)) continue;
      const std::string& type = words_[i + 1].lower;
      if (type.find_first_of("0123456789") != std::string::npos &&
          type.find_first_of("._-") != std::string::npos && vocabulary_.card(NameKey(type)))
        words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  // "flash attention" is flash-attention, where the words alone are no package.
  void JoinNames() {
    for (size_t i = 0; i + 1 < words_.size(); ++i) {
      Word& word = words_[i];
      const Word& next = words_[i + 1];
      if (word.comma_after || IsPackage(word.lower) || !IsAlpha(next.lower[0])) continue;
      const bool system = IsSystem(word.lower + next.lower);  // "amazon linux", "red hat"
      const std::string name = word.lower + (system ? "" : "-") + next.lower;
      if (!system &&
          (IsPackage(next.lower.substr(0, next.lower.find_first_of("[=<>!~+"))) || !IsPackage(name)))
        continue;
      const size_t end = next.offset + next.text.size();
      word = {text_.substr(word.offset, end - word.offset), name, word.offset, next.comma_after};
      words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
  }

  // Behind the blank that ends the word's piece of the text: a path or a list is one value.
  size_t PieceEnd(size_t i) const {
    const size_t end = text_.find_first_of(" \t\r\n", words_[i].offset);
    while (i < words_.size() && words_[i].offset < end) ++i;
    return i;
  }

  // Whether a word is written as an option: "-U", "--quiet". No card is.
  static bool IsOption(std::string_view word) {
    const size_t name = word.find_first_not_of('-');
    return (name == 1 || name == 2) && IsAlpha(word[name]);
  }

  // "python -m pip install torch --index-url https://…/whl/cu124": the installer and its options are no
  // cards, and the last part of an index is the tag of what comes from it.
  Status ReadInstallers() {
    std::vector<Word> left;
    Installer installer = Installer::kNone;
    for (size_t i = 0; i < words_.size();) {
      const Word& word = words_[i];
      size_t verb = i + 1;  // "pip -q install"
      while (verb < words_.size() && IsOption(words_[verb].text)) ++verb;
      const Installer begins =
          verb < words_.size() ? InstallerOf(word.lower, words_[verb].lower) : Installer::kNone;
      if (begins != Installer::kNone) {
        installer = begins;
        auto behind = [&](std::initializer_list<std::string_view> names) {
          const bool is =
              !left.empty() && std::find(names.begin(), names.end(), left.back().lower) != names.end();
          if (is) left.pop_back();
          return is;
        };
        // "python3.12 -m pip" says the Python, "python -m pip" none
        behind({"uv"});
        if (behind({"-m"})) behind({"python", "python3", "py"});
        behind({"sudo"});
        behind({"$", ">", "!", "%"});
        if (!left.empty()) left.back().comma_after = true;
        for (size_t option = i + 1; option < verb; ++option) {
          if (OptionOf(installer, words_[option].text) != Option::kNothing)
            return FailOption(words_[option], installer);
        }
        i = verb + 1;
        continue;
      }
      if (installer != Installer::kNone && IsInstallersTool(word.lower)) {
        ++i;
        continue;
      }
      if (installer == Installer::kConda && !CondaCuda(word.text).empty()) {
        const std::string_view release = CondaCuda(word.text);
        conda_cuda_ = {release, std::string(release), static_cast<size_t>(release.data() - text_.data()),
                       true};
        with_cuda_ = &conda_cuda_;
        ++i;
        continue;
      }
      if (!IsOption(word.text)) {
        left.push_back(word);
        ++i;
        continue;
      }
      const bool module =  // "python -m pip"
          word.lower == "-m" && i + 1 < words_.size() && StartsWith(words_[i + 1].lower, "pip");
      if (module) {
        left.push_back(word);
        ++i;
        continue;
      }
      if (Status error = ReadOption(installer, &i, &left)) return error;
    }
    words_ = std::move(left);
    return std::nullopt;
  }

  // The option at `*i`, with its value; moves behind both.
  Status ReadOption(Installer installer, size_t* i, std::vector<Word>* left) {
    const Word& word = words_[*i];
    const std::string_view name = word.text.substr(0, word.text.find('='));
    const Option option = installer == Installer::kNone ? Option::kUnknown : OptionOf(installer, name);
    const bool glued = name.size() < word.text.size();
    if (option == Option::kUnknown || option == Option::kPackages || (option == Option::kNothing && glued))
      return FailOption(word, installer);
    if (!left->empty()) left->back().comma_after = true;  // no name goes on behind an option
    const bool list = option == Option::kValue;
    *i = list && glued ? PieceEnd(*i) : *i + 1;
    if (option == Option::kNothing) return std::nullopt;
    Word value = word;
    if (glued) {
      value.text.remove_prefix(name.size() + 1);
      value.lower.erase(0, name.size() + 1);
      value.offset += name.size() + 1;
    } else if (*i == words_.size() || IsOption(words_[*i].text)) {
      return Fail(word, fmt::format("a value is missing behind '{}'", name), "write it, or leave it out");
    } else {
      value = words_[*i];
      *i = list ? PieceEnd(*i) : *i + 1;
    }
    if (option == Option::kPython) {
      left->push_back({word.text, "python", word.offset, false});
      value.comma_after = true;
      left->push_back(value);
    }
    if (option != Option::kIndex) return std::nullopt;
    std::string_view index = value.lower;
    while (!index.empty() && index.back() == '/') index.remove_suffix(1);
    index.remove_prefix(std::min(index.size(), index.rfind('/') + 1));
    if (IsTag(index)) index_tag_ = index;
    return std::nullopt;
  }

  Error FailOption(const Word& word, Installer installer) const {
    const std::string_view name = word.text.substr(0, word.text.find('='));
    if (installer == Installer::kNone)
      return Fail(word, fmt::format("'{}' is an option, and no part of a question", word.text),
                  "leave it out, or write options of cudacompat outside of the text");
    if (OptionOf(installer, name) == Option::kPackages)
      return Fail(word, fmt::format("what '{}' names is not read", name), "name the packages in its place");
    return Fail(word, fmt::format("'{}' is no option that is known here", word.text), "leave it out");
  }

  // What an index is made for is the tag of every package without one that has such tags.
  void PlaceIndex() {
    if (index_tag_.empty()) return;
    for (Subject& subject : question_->subjects) {
      const auto& tagged = vocabulary_.tagged;
      if (subject.kind != Subject::Kind::kPackage || !subject.tag.empty() ||
          std::find(tagged.begin(), tagged.end(), subject.package) == tagged.end())
        continue;
      subject.tag = index_tag_;
      subject.given += "+" + index_tag_;
    }
  }

  // How long the package's name is in front of a version that is glued to it: torch2.6.0+cu124. 0: it is
  // none.
  size_t GluedName(const std::string& word) const {
    const size_t digit = word.find_first_of("0123456789");
    if (digit == std::string::npos || digit == 0 || word.find('.', digit) == std::string::npos ||
        IsPackage(word))
      return 0;
    const size_t name = word[digit - 1] == 'v' && !IsPackage(word.substr(0, digit)) ? digit - 1 : digit;
    return name > 0 && IsPackage(word.substr(0, name)) ? name : 0;
  }

  // cu124, cpu, rocm6.2: no card is called so.
  static bool IsTag(std::string_view word) {
    const TagKind* kind = TagKindOf(word);
    if (kind == nullptr) return false;
    const std::string_view rest = word.substr(kind->word.size());
    return rest.empty() != kind->numbered && rest.find_first_not_of("0123456789.") == std::string_view::npos;
  }

  // A word with which a tag begins, and `number`: its number begins as well.
  static bool BeginsTag(std::string_view word, bool number) {
    const TagKind* kind = TagKindOf(word);
    if (kind == nullptr) return false;
    const std::string_view rest = word.substr(kind->word.size());
    return kind->numbered ? !number || (!rest.empty() && IsDigit(rest[0])) : rest.empty();
  }

  // A tag that stands alone is that of the one package without any.
  Status PlaceTag() {
    Subject* open = nullptr;
    for (Subject& subject : question_->subjects) {
      if (subject.kind != Subject::Kind::kPackage || !subject.tag.empty() || !subject.extra.empty()) continue;
      if (open != nullptr)
        return Fail(*tag_, fmt::format("'{}' may belong to several packages", tag_->text),
                    "write it behind one: torch cu124");
      open = &subject;
    }
    if (open == nullptr)
      return Fail(*tag_,
                  fmt::format("'{}' is the tag of a package, and none without a tag is named", tag_->text),
                  fmt::format("write torch {}", tag_->text));
    open->tag = tag_->lower;
    open->given = fmt::format("{} {}", open->given, tag_->text);
    return std::nullopt;
  }

  // "… with cuda 11.8" is that of the one package without a tag, wherever it stands; where there is none, or
  // several, or a compiler is asked about, it is the toolkit.
  Status PlaceCuda() {
    auto tagged = [&](const Subject& subject) {
      return std::find(vocabulary_.tagged.begin(), vocabulary_.tagged.end(), subject.package) !=
             vocabulary_.tagged.end();
    };
    const bool several =
        std::count_if(question_->subjects.begin(), question_->subjects.end(),
                      [](const Subject& each) { return each.kind == Subject::Kind::kPackage; }) > 1;
    std::vector<Subject*> open;  // of several packages those whose tags say it
    for (Subject& subject : question_->subjects) {
      if (subject.kind == Subject::Kind::kPackage && subject.tag.empty() && (!several || tagged(subject)))
        open.push_back(&subject);
    }
    if (open.empty() || !question_->host_compiler.empty()) {
      const bool major = with_cuda_->lower.find_first_not_of("0123456789") == std::string::npos;
      const std::string known =
          major && vocabulary_.toolkits ? vocabulary_.toolkits(with_cuda_->lower) : std::string();
      if (!known.empty())
        return Fail(*with_cuda_, fmt::format("CUDA {} is no single release", with_cuda_->lower),
                    fmt::format("write one of {}", known));
      Result<Subject> toolkit = ParseCuda(with_cuda_->text, At(*with_cuda_));
      if (!toolkit) return toolkit.error();
      question_->subjects.push_back(*toolkit);
      return std::nullopt;
    }
    if (!DottedKey(with_cuda_->lower)) return ParseCuda(with_cuda_->text, At(*with_cuda_)).error();
    for (Subject* subject : open) {
      subject->given += " with cuda " + with_cuda_->lower;
      subject->cuda = with_cuda_->lower;
      if (!tagged(*subject) || std::count(subject->cuda.begin(), subject->cuda.end(), '.') != 1) continue;
      subject->tag = "cu" + std::exchange(subject->cuda, "");
      subject->tag.erase(subject->tag.find('.'), 1);
    }
    return std::nullopt;
  }

  // "for cuda 12.1", "and cuda 12.1", "RTX 3060 cuda 12.1": what a package is wanted for, and no thing of its
  // own. Behind a driver it may be what nvidia-smi prints.
  bool SaysWhichCuda(size_t cuda) const {
    if (cuda == 0 || words_[cuda - 1].comma_after) return false;
    if (card_end_ == cuda) return true;
    if (!IsGlue(words_[cuda - 1].lower)) return false;
    return cuda < 2 || words_[cuda - 1].lower == "with" || !IsDriverNumber(words_[cuda - 2].lower);
  }

  Place At(const Word& word) const { return {"question", text_, word.offset}; }
  Error Fail(const Word& word, const std::string& message, const std::string& hint) const {
    return PointAt(At(word), 0, message, hint);
  }

  bool Next(std::initializer_list<std::string_view> sequence) const {
    size_t i = at_;
    for (std::string_view expected : sequence) {
      if (i >= words_.size() || words_[i].lower != expected) return false;
      ++i;
    }
    return true;
  }

  Status ParseForm() {
    if (words_.empty())
      return Error{ErrorKind::kUsage, "question", "the question is empty", "try \"torch 2.6.0 on MX450\""};
    const bool form = TakeForm(false);
    while (form && at_ < words_.size() && Glues(at_)) ++at_;
    if (form && at_ == words_.size())
      return Fail(words_.back(), "this question has no subject", "write \"gpus for torch 2.6.0+cu124\"");
    if (form) return std::nullopt;
    if (Next({"newest"}) || Next({"latest"}) || Next({"best"})) {
      newest_ = true;
      ++at_;
      return std::nullopt;
    }
    return std::nullopt;
  }

  // "gpus for torch 2.6.0", "which drivers run cuda 12.4", "minimum driver for cuda 12.4": moves behind it.
  // One of them (`asked`: inside a sentence any) is meant where a word asks for it.
  bool TakeForm(bool asked) {
    if (question_->form != Form::kVerdict) return false;
    size_t noun = at_;
    bool asks = false;
    while (noun < words_.size() && (IsGlue(words_[noun].lower) || IsAtLeast(words_[noun].lower))) {
      if (asks && words_[noun].lower == "card") break;
      asks = asks || AsksWhich(words_[noun].lower) ||
             (IsAtLeast(words_[noun].lower) && words_[noun].lower != "nvidia");
      ++noun;
    }
    struct Known {
      std::initializer_list<std::string_view> words;
      Form form;
      bool one;  ///< a form where a word asks for it
    };
    static const Known kForms[] = {{{"gpus"}, Form::kGpus, false},
                                   {{"cards"}, Form::kGpus, false},
                                   {{"drivers"}, Form::kDrivers, false},
                                   {{"toolkits"}, Form::kToolkits, false},
                                   {{"host", "compilers"}, Form::kHostCompilers, false},
                                   {{"gpu"}, Form::kGpus, true},
                                   {{"card"}, Form::kGpus, true},
                                   {{"driver"}, Form::kDrivers, true},
                                   {{"cuda", "driver"}, Form::kDrivers, true},
                                   {{"cuda"}, Form::kToolkits, true},
                                   {{"cuda", "toolkit"}, Form::kToolkits, true},
                                   {{"toolkit"}, Form::kToolkits, true}};
    for (const Known& known : kForms) {
      const size_t end = noun + known.words.size();
      const bool named =
          end <= words_.size() &&
          std::equal(known.words.begin(), known.words.end(),
                     words_.begin() + static_cast<std::ptrdiff_t>(noun),
                     [](std::string_view word, const Word& typed) { return typed.lower == word; });
      if (!named) continue;
      const bool alone = end == words_.size() || words_[end - 1].comma_after || IsGlue(words_[end].lower);
      if (!alone || ((known.one || asked) && !asks)) continue;
      question_->form = known.form;
      at_ = end;
      return true;
    }
    return false;
  }

  static bool IsYear(std::string_view word) {
    return word.size() >= 4 && word.substr(word.size() - 4, 2) == "20" &&
           word.find('.') == std::string_view::npos;
  }

  // How many words from i on are a host compiler and its version: "gcc 13", "g++-13", "visual studio
  // 2022 17.9". 0: none.
  size_t HostCompilerWords(size_t i) const {
    size_t end = i;
    auto at = [&](size_t k, std::string_view word) { return k < words_.size() && words_[k].lower == word; };
    if (at(end, "microsoft")) ++end;
    if (at(end, "visual") && (at(end + 1, "studio") || at(end + 1, "c++"))) {
      end += 2;
    } else {
      if (end > i) return 0;
      const size_t name = HostCompilerName(words_[i].lower);
      if (name == 0 || words_[i].lower == "visual") return 0;
      const bool year = IsYear(words_[i].lower) && words_[i].lower.size() > name;
      if (name < words_[i].lower.size() && !year) return 1;
      ++end;
      // too short a word to be one without a number
      if (name == 2 && (end == words_.size() || !IsDigit(words_[end].lower[0]))) return 0;
    }
    for (int numbers = 0; numbers < 2 && end < words_.size() && !words_[end - 1].comma_after;
         ++numbers, ++end) {
      const std::string& word = words_[end].lower;
      const size_t start = word[0] == 'v' && numbers == 0 ? 1 : 0;
      if (word.size() <= start || word.find_first_not_of("0123456789.", start) != std::string::npos ||
          (numbers > 0 && IsDriverNumber(word)))
        break;
      // of two numbers one is a year: "visual studio 17 2022", "vs2022 17.9"
      const bool behind = IsDigit(words_[end - 1].lower.back());
      if (behind && !(IsYear(words_[end - 1].lower) || IsYear(word))) break;
    }
    return end - i;
  }

  // Whether a clause ends in front of word i.
  bool Ends(size_t i) const {
    return i == words_.size() || Glues(i) || IsKeyword(words_[i].lower) || IsPackage(words_[i].lower) ||
           IsNewest(i) || IsDriverNumber(words_[i].lower) || HostCompilerWords(i) > 0 ||
           IsTag(words_[i].lower);
  }

  // "newest torch", wherever it stands.
  bool IsNewest(size_t i) const {
    const std::string& word = words_[i].lower;
    return (word == "newest" || word == "latest" || word == "best") && !words_[i].comma_after &&
           i + 1 < words_.size() && IsPackage(words_[i + 1].lower);
  }

  // "os windows", "operating system linux", and "64 bit", which every build is.
  bool SaysNothing(size_t i) const {
    const std::string& word = words_[i].lower;
    auto at = [&](size_t k, std::string_view lower) { return k < words_.size() && words_[k].lower == lower; };
    if (word == "64-bit" || word == "64bit" || (word == "64" && at(i + 1, "bit")) ||
        (word == "bit" && i > 0 && at(i - 1, "64")))
      return true;
    if (word == "arch") return at(i + 1, "x86_64") || at(i + 1, "aarch64") || at(i + 1, "arm64");
    if (word == "graphics" || word == "video") return at(i + 1, "card");
    if (word == "nvidia") return at(i + 1, "driver");
    if (word == "operating") return at(i + 1, "system");
    if (word != "os" && word != "system") return false;
    return at(i + 1, "is") || (i + 1 < words_.size() && IsSystem(words_[i + 1].lower));
  }

  // "with" is part of a card's name in "with Max-Q Design", "a" in "A 100" and "RTX A 6000".
  bool Glues(size_t i) const {
    if (words_[i].lower == "a" && !words_[i].comma_after && i + 1 < words_.size() &&
        IsDigit(words_[i + 1].lower[0]) && words_[i + 1].lower.find('.') == std::string::npos)
      return false;
    if (SaysNothing(i)) return true;
    // "avec le GTX 1060", "con mi GTX 1060", and GTX 560 SE
    static constexpr std::array<std::string_view, 4> kBehindGlue = {"le", "es", "se", "mi"};
    if (Among(words_[i].lower, kBehindGlue)) return i == 0 || Glues(i - 1);
    return IsGlue(words_[i].lower) &&
           !(words_[i].lower == "with" && i + 1 < words_.size() &&
             (StartsWith(words_[i + 1].lower, "max-q") || StartsWith(words_[i + 1].lower, "maxq")));
  }

  static bool IsMemory(const std::string& word) {
    const size_t digits = word.find_first_not_of("0123456789");
    return digits > 0 && digits != std::string::npos &&
           (word.substr(digits) == "gb" || word.substr(digits) == "g");
  }

  // The words from at_ to the end of the clause: a comma, a glue word, a keyword or a package ends it. A
  // "GPU" with nothing behind it that it could introduce is the end of the name ("RTX 4090 Laptop GPU").
  size_t ClauseEnd(size_t from) const {
    for (size_t i = from; i < words_.size(); ++i) {
      bool last = words_[i].lower == "gpu" && (words_[i].comma_after || Ends(i + 1));
      // "RTX 3060 Laptop GPU 6GB": what is behind the word is its memory
      if (i > from && words_[i].lower == "gpu" && !words_[i].comma_after && i + 1 < words_.size() &&
          IsMemory(words_[i + 1].lower))
        return i + 2;
      if (i > from && last) return i + 1;
      if (i > from && IsVersionOf(i)) return i == from + 1 ? i + 1 : i - 1;
      if (i > from && Ends(i)) return i;
      if (words_[i].comma_after) return i + 1;
    }
    return words_.size();
  }

  std::string_view Span(size_t from, size_t to) const {
    size_t begin = words_[from].offset;
    size_t end = words_[to - 1].offset + words_[to - 1].text.size();
    return text_.substr(begin, end - begin);
  }

  Status Set(std::string* field, const Result<std::string>& value, const Word& word,
             const std::string& what) {
    if (!value) return value.error();
    if (!field->empty() && *field != *value) {
      return Fail(word, fmt::format("the {} is stated twice: {} and {}", what, *field, *value),
                  "leave one of them out");
    }
    *field = *value;
    return std::nullopt;
  }

  const Word* Argument() const {
    bool there = at_ + 1 < words_.size() && !words_[at_].comma_after;
    return there ? &words_[at_ + 1] : nullptr;
  }

  Status ParseClause() {
    const Word& word = words_[at_];
    const Word* next = Argument();
    if (word.lower == "driver") return ParseDriverClause(word, next);
    if (word.lower == "cuda" && next != nullptr && next->lower == "driver") {
      ++at_;
      const Word* version = Argument();
      if (version == nullptr)
        return Fail(word, "a CUDA version is missing behind 'cuda driver'", "write cuda driver 12.2");
      at_ += 2;
      return Set(&question_->cuda_driver, ParseDotted(version->text, At(*version), "CUDA version"), *version,
                 "CUDA driver");
    }
    if (word.lower == "cuda") {
      if (next == nullptr) return Fail(word, "a release is missing behind 'cuda'", "write cuda 12.4");
      const bool major =
          next->lower.find_first_not_of("0123456789") == std::string::npos;  // "torch 2.4 cuda 12"
      if (with_cuda_ == nullptr && (SaysWhichCuda(at_) || major) && IsDigit(next->lower[0])) {
        with_cuda_ = next;
        at_ += 2;
        return std::nullopt;
      }
      at_ += 2;
      Result<Subject> subject = ParseCuda(next->text, At(*next));
      if (!subject) return subject.error();
      question_->subjects.push_back(*subject);
      return std::nullopt;
    }
    if (word.lower == "python" || word.lower == "jetpack") {
      if (next == nullptr)
        return Fail(word, "a version is missing behind '" + word.lower + "'",
                    "write " + word.lower + " 3.11");
      at_ += 2;
      if (word.lower == "python")
        return Set(&question_->python, ParsePython(next->text, At(*next)), *next, "Python version");
      return Set(&question_->jetpack, ParseDotted(next->text, At(*next), "JetPack version"), *next,
                 "JetPack version");
    }
    if (size_t words = HostCompilerWords(at_); words > 0) {
      std::string_view all = Span(at_, at_ + words);
      if (all.find_first_of("0123456789") == std::string_view::npos)
        return Fail(word, "a version is missing behind '" + ToLower(all) + "'", "write gcc 13 or msvc 17.9");
      at_ += words;
      return ParseHostCompiler(all, At(word), question_);
    }
    if (IsNewest(at_)) {
      newest_ = true;
      ++at_;
      return ParsePackageClause(words_[at_]);
    }
    if (IsLibc(word.lower)) return ParseLibc(word);
    if (IsKeyword(word.lower) && word.lower != "gpu") return ParseSystem(word);
    if (IsPackage(word.lower)) return ParsePackageClause(word);
    if (IsTag(word.lower)) {
      if (tag_ != nullptr && tag_->lower != word.lower)
        return Fail(word, fmt::format("the tag is stated twice: {} and {}", tag_->text, word.text),
                    "leave one of them out");
      tag_ = &word;
      ++at_;
      return std::nullopt;
    }
    if (IsDriverNumber(word.lower)) {
      ++at_;
      return SetDriver(word);
    }
    return ParseGpuClause(word);
  }

  // A system with its release ("windows server 2022", "ubuntu 22.04 lts"), a platform or a processor.
  Status ParseSystem(const Word& word) {
    std::vector<std::string> words;
    for (size_t i = at_; i < words_.size() && (i == at_ || !words_[i - 1].comma_after); ++i)
      words.push_back(words_[i].lower);
    const System system = ReadSystem(words);
    at_ += std::max<size_t>(system.words, 1);
    if (system.words > 0) return SetSystem(system, word);
    if (word.lower == "container" || word.lower == "docker" || word.lower == "podman" ||
        word.lower == "hosted" || word.lower == "vm") {
      return Set(&question_->platform, ParsePlatform(word.text, At(word)), word, "platform");
    }
    return Set(&question_->arch, ParseArch(word.text, At(word)), word, "processor");
  }

  // "ubuntu 20.04 in wsl": what stands in it is a Linux, and its release is that of the distribution.
  Status SetSystem(const System& system, const Word& word) {
    const bool inside =
        (system.os == "linux" && question_->os == "wsl") || (system.os == "wsl" && question_->os == "linux");
    if (!system.distribution.empty()) {
      if (!question_->distribution.empty() && question_->distribution != system.distribution)
        return Fail(word,
                    fmt::format("the system is stated twice: {} and {}", question_->distribution,
                                system.distribution),
                    "leave one of them out");
      question_->distribution = system.distribution;
      question_->os_release = system.release;
    } else if (!system.release.empty() && question_->distribution.empty()) {
      question_->os_release = system.release;
    }
    if (inside) {
      question_->os = "wsl";
      return std::nullopt;
    }
    return Set(&question_->os, system.os, word, "system");
  }

  // "glibc 2.17", "musl"
  Status ParseLibc(const Word& word) {
    const bool musl = StartsWith(word.lower, "musl");
    std::string version = word.lower.substr(musl ? 4 : 5);
    if (!version.empty() && version[0] == '-') version.erase(0, 1);
    const Word* next = Argument();
    ++at_;
    if (version.empty() && next != nullptr && IsDigit(next->lower[0])) {
      version = next->lower;
      ++at_;
    }
    if (version.empty() && !musl)
      return Fail(word, "a version is missing behind 'glibc'", "write glibc 2.28");
    if (!version.empty()) {
      Result<std::string> parsed = ParseDotted(version, At(word), "version of the C library");
      if (!parsed) return parsed.error();
    }
    if (!question_->libc.empty() &&
        (question_->libc != (musl ? "musl" : "glibc") || question_->libc_version != version))
      return Fail(word, "the C library is stated twice", "leave one of them out");
    question_->libc = musl ? "musl" : "glibc";
    question_->libc_version = version;
    if (question_->os.empty()) question_->os = "linux";
    return std::nullopt;
  }

  Status ParseDriverClause(const Word& word, const Word* next) {
    if (next == nullptr) return Fail(word, "a version is missing behind 'driver'", "write driver 535.183.01");
    at_ += 2;
    return SetDriver(*next);
  }

  Status SetDriver(const Word& word) {
    Result<Driver> driver = ParseDriver(word.text, At(word));
    if (!driver) return driver.error();
    if (question_->driver && question_->driver->given != driver->given) {
      return Fail(
          word, fmt::format("the driver is stated twice: {} and {}", question_->driver->given, driver->given),
          "leave one of them out");
    }
    question_->driver = *driver;
    return std::nullopt;
  }

  Status ParsePackageClause(const Word& word) {
    const bool joined = word.text.find_first_of(" \t\r\n") < word.text.find_first_of("=<>!~+[");
    Result<Subject> subject = ParsePackage(joined ? std::string_view(word.lower) : word.text, At(word));
    if (!subject) return subject.error();
    const Word* next = Argument();
    ++at_;
    bool bare = subject->versions.empty() && subject->tag.empty();
    bool release = next != nullptr && !IsGlue(next->lower) && !IsKeyword(next->lower) &&
                   !IsDriverNumber(next->lower) &&
                   (IsDigit(next->lower[0]) ||
                    (next->lower[0] == 'v' && next->lower.size() > 1 && IsDigit(next->lower[1])) ||
                    next->lower == "nightly" || (IsNewestWord(next->lower) && !IsNewest(at_)) ||
                    IsOperator(next->lower[0]) || BeginsTag(next->lower, false) || next->lower[0] == '+');
    if (bare && release) {
      Result<Subject> more = ParseRelease(subject->package, next->text, At(*next));
      if (!more) return more.error();
      more->extra = subject->extra;
      more->given = std::string(Span(at_ - 1, at_ + 1));
      subject = more;
      ++at_;
    }
    if (Status error = TakeTag(&*subject)) return error;
    subject->newest = newest_;
    question_->subjects.push_back(*subject);
    return std::nullopt;
  }

  // "torch 2.9.0 cu128": a tag may stand behind the version as a word of its own.
  // "torch 2.6.0 cuda 12.4" is 2.6.0+cu124, where tags are such.
  Status TakeTag(Subject* subject) {
    const bool exact = subject->versions.size() == 1 && subject->versions[0].op == Bound::Op::kEqual;
    const bool open = subject->versions.empty();
    if ((!exact && !open) || !subject->tag.empty() || at_ == words_.size() || words_[at_ - 1].comma_after)
      return std::nullopt;
    const auto& tagged = vocabulary_.tagged;
    const size_t cuda = words_[at_].lower == "with" ? at_ + 1 : at_;
    const Word* number = cuda + 1 < words_.size() && !words_[cuda].comma_after ? &words_[cuda + 1] : nullptr;
    if (number != nullptr && words_[cuda].lower == "cuda" && DottedKey(number->lower) &&
        std::count(number->lower.begin(), number->lower.end(), '.') == 1 &&
        std::find(tagged.begin(), tagged.end(), subject->package) != tagged.end()) {
      subject->tag = "cu" + number->lower;
      subject->tag.erase(subject->tag.find('.'), 1);
      subject->given = fmt::format("{} cuda {}", subject->given, number->text);
      at_ = cuda + 2;
      return std::nullopt;
    }
    const Word& word = words_[at_];
    if (!exact || !BeginsTag(word.lower, true)) return std::nullopt;
    std::string release = fmt::format("{}+{}", subject->versions[0].version, word.lower);
    Result<Subject> more = ParseRelease(subject->package, release, At(word));
    if (!more) return more.error();
    more->extra = subject->extra;
    more->given = fmt::format("{} {}", subject->given, word.text);
    *subject = *more;
    ++at_;
    return std::nullopt;
  }

  Status ParseGpuClause(const Word& word) {
    if (word.lower == "gpu" && ++at_ == words_.size())
      return Fail(word, "a card is missing behind 'gpu'", "write gpu MX450");
    while (word.lower == "gpu" && at_ + 1 < words_.size() && Glues(at_)) ++at_;  // "my gpu is an RTX 3060"
    const size_t end = ClauseEnd(at_);
    const size_t from = std::exchange(at_, end);
    const bool behind =
        card_end_ > 0 && (card_end_ == from || (word.lower == "gpu" && card_end_ + 1 == from));
    // "RTX 3060 (8.6)", "RTX 3060 (Ampere)": what a bracket says of the card in front of it is no second one
    if (word.bracket && behind && !IsMachineWord(word.lower)) {
      question_->unread.emplace_back(Span(from, end));
      return std::nullopt;
    }
    if (word.lower != "gpu" && TakeWords(from, end)) return std::nullopt;
    return AddCard(from, end);
  }

  // Where each card ends, if the words are several known cards one behind the other: "sm_75 sm_86", "T4 2x
  // A10G".
  std::vector<size_t> CardEnds(size_t from, size_t to) const {
    constexpr size_t kMostCards = 16;
    constexpr size_t kMostWords = 6;
    auto known = [&](size_t first, size_t last) {
      Result<Gpu> gpu = ParseGpu(Span(first, last), At(words_[first]));
      if (!gpu || gpu->cut_short) return false;
      return !gpu->capability.empty() || !gpu->pci_id.empty() || vocabulary_.card(NameKey(gpu->name));
    };
    std::vector<size_t> ends;
    for (size_t at = from; at < to; at = ends.back()) {
      size_t last = std::min(to, at + kMostWords);
      while (last > at && !known(at, last)) --last;
      if (last == at || ends.size() == kMostCards) return {to};
      ends.push_back(last);
    }
    return ends;
  }

  Status AddCard(size_t from, size_t to) {
    for (size_t i = from; i < to; ++i) {
      const size_t sign = words_[i].lower.find_first_of("<>=~");
      if (sign == std::string::npos) continue;
      return PointAt(At(words_[i]), sign, "no version stands in front that this could be a bound of",
                     "write the bounds behind what they belong to: torch >=2.4,<2.7");
    }
    if (to - from == 1 || !vocabulary_.card) return AddOneCard(from, to);
    for (size_t end : CardEnds(from, to)) {
      if (Status error = AddOneCard(from, end)) return error;
      from = end;
    }
    return std::nullopt;
  }

  Status AddOneCard(size_t from, size_t to) {
    std::string name(Span(from, to));
    if (to - from > 1 && IsLaptop(words_[from].lower)) {  // "laptop RTX 3060"
      name = fmt::format("{} {}", Span(from + 1, to), words_[from].text);
    }
    Result<Gpu> gpu = ParseGpu(name, At(words_[from]));
    if (!gpu) return gpu.error();
    question_->gpus.push_back(*gpu);
    return std::nullopt;
  }

  // A word that is part of no card's name: "deepspeed", "old", "spconv-cu118".
  bool IsForeign(const Word& word) const {
    static constexpr std::array<std::string_view, 12> kOften = {
        "rtx", "gtx", "geforce", "nvidia", "ti", "super", "tesla", "quadro", "titan", "gpu", "laptop", "gt"};
    static constexpr std::array<std::string_view, 6> kCounts = {"two", "dual", "three", "four",
                                                                "six", "eight"};  // as ParseGpu takes them
    if (Result<Gpu> gpu = ParseGpu(word.text, At(word));
        gpu && (!gpu->capability.empty() || !gpu->pci_id.empty()))
      return false;  // "T4 sm_86"
    std::string_view rest = word.lower;
    for (std::string_view part = rest.substr(0, rest.find_first_of("-_/.")); !part.empty();
         part = rest.substr(0, rest.find_first_of("-_/."))) {
      const bool letters = std::all_of(part.begin(), part.end(), [](char c) {
        return IsAlpha(c) || c == '\'' || static_cast<unsigned char>(c) >= 0x80;
      });
      if (!letters) return false;
      if (part.size() > 1 && !Among(part, kOften) && !Among(part, kCounts) &&
          !vocabulary_.card_word(std::string(part)))
        return true;
      if (part.size() == rest.size()) return false;
      rest.remove_prefix(part.size() + 1);
    }
    return false;
  }

  static bool IsVersion(std::string_view word) {
    return IsDigit(word[0]) && word.find('.') != std::string_view::npos && PackageKey(word).has_value();
  }

  // "paddlepaddle 3.0 rtx 5090", "kernel 6.2": a release behind a word that no card has is that word's, and
  // no card's capability.
  bool IsVersionOf(size_t i) const {
    static constexpr std::array<std::string_view, 7> kCapability = {
        "compute", "capability", "sm", "cc", "arch", "architecture", "compute-capability"};
    return vocabulary_.card_word && IsVersion(words_[i].lower) && !words_[i - 1].comma_after &&
           !Among(words_[i - 1].lower, kCapability) && IsForeign(words_[i - 1]);
  }

  // Whether some words of [from, to) are a card's name, a capability or a PCI id.
  bool HoldsCard(size_t from, size_t to) const {
    for (size_t first = from; first < to; ++first) {
      for (size_t last = std::min(to, first + 6); last > first; --last) {
        const std::string_view name = Span(first, last);
        if (vocabulary_.card(NameKey(name))) return true;
        if (last > first + 1 || IsVersion(words_[first].lower)) continue;
        Result<Gpu> gpu = ParseGpu(name, At(words_[first]));
        if (gpu && (!gpu->capability.empty() || !gpu->pci_id.empty())) return true;
      }
    }
    return false;
  }

  // A clause in which words stand that are part of no card's name: the cards are taken out of it, and the
  // others are kept to be named. False where it is a card as typed.
  bool TakeWords(size_t from, size_t to) {
    if (!vocabulary_.card || !vocabulary_.card_word) return false;
    bool machine = true;
    bool laptop = false;
    for (size_t i = from; i < to; ++i) {
      machine = machine && IsMachineWord(words_[i].lower);
      laptop = laptop || IsLaptop(words_[i].lower);
    }
    if (machine) {
      laptop_ = laptop_ || laptop;
      return true;
    }
    const std::string& head = words_[from].lower;
    if (const size_t sign = head.find_first_of("=<>~![");
        sign != std::string::npos && sign > 1 && IsAlpha(head[0])) {
      unnamed_.push_back({from, to, true, false});  // deepspeed==0.15
      return true;
    }
    // "gaming", "exllamav2 0.2.3": no number as cards have, or one that is a version
    const bool numbered = std::any_of(
        words_.begin() + static_cast<std::ptrdiff_t>(from), words_.begin() + static_cast<std::ptrdiff_t>(to),
        [](const Word& each) { return each.lower.find_first_of("0123456789") != std::string::npos; });
    const bool named = to - from == 2 && IsAlpha(head[0]) && IsVersion(words_[to - 1].lower);
    if ((!numbered || named) && !HoldsCard(from, to)) {
      unnamed_.push_back({from, to, named, question_->gpus.empty()});
      return true;
    }
    std::vector<bool> foreign;
    for (size_t i = from; i < to; ++i) foreign.push_back(IsForeign(words_[i]));
    const auto many = static_cast<size_t>(std::count(foreign.begin(), foreign.end(), true));
    if (many == 0) {
      // "dual RTX 4090 workstation", where no card is called so as a whole
      const bool machine_behind = to - from > 1 && IsMachineWord(words_[to - 1].lower) &&
                                  !IsLaptop(words_[to - 1].lower) &&
                                  !vocabulary_.card(NameKey(Span(from, to))) && HoldsCard(from, to - 1);
      return machine_behind && !AddCard(from, to - 1);
    }
    const bool versioned =
        foreign.front() && many + 1 == foreign.size() && !foreign.back() && IsVersion(words_[to - 1].lower);
    if (many == foreign.size() || versioned) {
      unnamed_.push_back({from, to, versioned, question_->gpus.empty()});
      return true;
    }
    std::vector<std::pair<size_t, size_t>> cards;
    for (size_t i = from; i < to; ++i) {
      size_t end = i;
      while (end < to && !foreign[end - from]) ++end;
      // a number alone is a card's only where nothing unknown stands before it: "RXT 3060", "Arcc 770"
      const bool number =
          end == i + 1 && i > from && words_[i].lower.find_first_not_of("0123456789") == std::string::npos;
      if (end > i && !number && HoldsCard(i, end)) cards.emplace_back(i, end);
      i = end;
    }
    if (cards.empty()) return false;
    size_t at = from;
    for (const auto& [begin, end] : cards) {
      if (begin > at) question_->unread.emplace_back(Span(at, begin));
      if (AddCard(begin, end)) return false;
      at = end;
    }
    if (to > at) question_->unread.emplace_back(Span(at, to));
    return true;
  }

  // Of words that the data has no name for: a package where a version stands behind them, or where they stand
  // before the card and nothing else is to run; a card where none is named; else they are said to be unread.
  Status PlaceUnnamed() {
    for (const Unnamed& unnamed : unnamed_) {
      const std::string_view words = Span(unnamed.from, unnamed.to);
      const bool alone = question_->gpus.empty() && !unnamed.versioned;
      if (alone) {
        if (Status error = AddCard(unnamed.from, unnamed.to)) return error;
        continue;
      }
      const bool package =
          std::any_of(question_->subjects.begin(), question_->subjects.end(),
                      [](const Subject& each) { return each.kind == Subject::Kind::kPackage; });
      if (!unnamed.versioned && (package || !unnamed.before || unnamed.to - unnamed.from > 2 ||
                                 question_->form != Form::kVerdict)) {
        question_->unread.emplace_back(words);
        continue;
      }
      std::string name(words);
      const size_t last = unnamed.to - 1;
      if (unnamed.versioned && unnamed.to - unnamed.from > 1)
        name = fmt::format("{}=={}", Span(unnamed.from, last), words_[last].lower);
      name = ReplaceAll(name, " ", "-");
      Result<Subject> subject = ParsePackage(name, At(words_[unnamed.from]));
      if (!subject) return subject.error();
      subject->given = words;
      question_->subjects.push_back(*subject);
    }
    if (!laptop_ || question_->gpus.size() != 1) return std::nullopt;
    Gpu& gpu = question_->gpus[0];
    if (!gpu.name.empty() && vocabulary_.card(NameKey(gpu.name + " laptop"))) gpu.name += " laptop";
    return std::nullopt;
  }

  struct Unnamed {
    size_t from, to;
    bool versioned;
    bool before;  ///< no card stands in front
  };

  std::string_view text_;
  const Vocabulary& vocabulary_;
  Question* question_;
  std::vector<Word> words_;
  size_t at_ = 0;
  const Word* tag_ = nullptr;        ///< one that no package has taken yet
  const Word* with_cuda_ = nullptr;  ///< the release of "with cuda 11.8"
  Word conda_cuda_;                  ///< the release of "pytorch-cuda=12.1"
  std::string index_tag_;            ///< of an installer's index
  size_t card_end_ = 0;              ///< behind the last card
  std::vector<Unnamed> unnamed_;     ///< clauses of words that the data has no name for
  bool laptop_ = false;              ///< the machine is called one
  bool newest_ = false;
};

}  // namespace

Status ParseText(std::string_view text, const Vocabulary& vocabulary, Question* question) {
  if (size_t bad = FindBadUtf8(text); bad != std::string_view::npos) {
    return PointAt({"question", text.substr(0, kLongestText), 0}, bad, "the text is not valid UTF-8",
                   "type it in plain letters");
  }
  if (text.size() > kLongestText) {
    return Error{ErrorKind::kUsage, "question",
                 fmt::format("the question has {} bytes; {} are enough", text.size(), kLongestText),
                 "a log or report is read by explain"};
  }
  auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && !IsSpace(c); };
  if (auto it = std::find_if(text.begin(), text.end(), control); it != text.end()) {
    return PointAt({"question", text, 0}, static_cast<size_t>(it - text.begin()),
                   "a control character stands here", "leave it out");
  }
  return Parser(text, vocabulary, question).Parse();
}

}  // namespace cudacompat::query
