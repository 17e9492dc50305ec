#include "answer/see.h"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <utility>

#include "answer/remedy.h"
#include "base/text.h"
#include "base/version.h"

namespace cudacompat::answer {
namespace {
constexpr size_t kReadNames = 20000;  // of a log: where an installer names what it looked for
constexpr size_t kUsualList = size_t{64} << 10;
constexpr size_t kReadWords = 200000;  // of a log: the words that tell of a machine stand near the beginning

bool IsPackage(store::Store& store, const std::string& name) {
  return store.Text(
             "SELECT 1 FROM package WHERE package = ?1 UNION SELECT 1 FROM package_alias WHERE alias = ?1",
             {name}) == "1";
}

/// What an installer looked for, or could not take, is nothing that the data knows: of a name its own
/// letters decide, else the words of the text.
bool Foreign(store::Store& store, const Around& around, const report::Finding& finding) {
  if (around.text.empty()) return false;
  for (const char* capture : {"requirement", "package", "file"}) {
    const auto named = finding.captures.find(capture);
    if (named == finding.captures.end()) continue;
    std::string name = ToLower(named->second.substr(named->second.find_last_of("/\\") + 1));
    name = name.substr(0, name.find_first_of(capture == std::string_view("file") ? "-" : " ([=<>!~;@"));
    name = ReplaceAll(name, "_", "-");
    return !IsPackage(store, name) && PackageOfText(store, name, "").empty();
  }
  if (!PackageOfText(store, finding.text, around.text).empty()) return false;
  std::set<std::string> words;
  std::string word;
  for (const char c : ToLower(around.text.substr(0, kReadNames)) + " ") {
    if (IsAlpha(c) || IsDigit(c) || c == '-' || c == '_') {
      word += c == '_' ? '-' : c;
    } else {
      words.insert(std::exchange(word, ""));
    }
  }
  return std::none_of(words.begin(), words.end(),
                      [&](const std::string& each) { return IsPackage(store, each); });
}

bool Names(const report::Finding& finding, std::initializer_list<const char*> captures) {
  return std::any_of(captures.begin(), captures.end(),
                     [&](const char* name) { return finding.captures.count(name) > 0; });
}

/// The card that is refused, and each of them, has at least this capability; a sentence that prints the floor
/// speaks of older ones.
bool CapabilityFrom(const Around& around, const report::Finding& finding, const std::string& least) {
  if (Names(finding, {"minimum", "minimum_sm", "architecture"})) return false;
  std::set<std::string> capabilities = around.capabilities;
  if (auto own = finding.captures.find("capability"); own != finding.captures.end())
    capabilities = {ReplaceAll(own->second, " ", ".")};
  return !capabilities.empty() &&
         std::all_of(capabilities.begin(), capabilities.end(),
                     [&](const auto& each) { return DottedKey(each) >= DottedKey(least); });
}

/// Which rule the tables say for what the sentence names; "else" when they see nothing wrong, empty when they
/// cannot tell. A sentence that names no card is about those around it, where all of them say the same.
std::string RuleByFacts(store::Store& store, const Around& around, const report::Finding& finding) {
  std::map<std::string, std::string> named = finding.captures;
  if (!around.toolkit.empty()) named.try_emplace("toolkit", around.toolkit);
  std::set<std::string> capabilities = around.capabilities;
  if (Names(finding, {"capability", "pci", "target"})) capabilities.clear();
  if (capabilities.empty()) capabilities.insert("");
  std::set<std::string> said;
  for (const std::string& capability : capabilities) {
    if (!capability.empty()) named["capability"] = capability;
    store.Run("DELETE FROM observed_sentence");
    for (const char* name : {"capability", "pci", "driver", "target", "toolkit"}) {
      auto found = named.find(name);
      if (found == named.end()) continue;
      std::optional<int64_t> key = DottedKey(found->second);
      store.Run("INSERT INTO observed_sentence VALUES (?, ?, ?)",
                {std::string(name), found->second, key ? store::Value(*key) : store::Value()});
    }
    said.insert(
        store.Text(store.WithViews({"sentence_choice"}, "SELECT rule_id FROM sentence_choice LIMIT 1")));
  }
  return said.size() == 1 ? *said.begin() : "";
}

class StoreRows : public report::ErrorRows {
 public:
  explicit StoreRows(store::Store& store) : store_(store) {}

  std::string Anchors() override {
    std::string list;
    list.reserve(kUsualList);
    store::Statement rows =
        store_.Prepare("SELECT anchor, pattern_id FROM error_pattern ORDER BY pattern_id");
    while (rows.Step()) {
      list += rows.view(0);
      list += '\t';
      list += rows.view(1);
      list += '\n';
    }
    return list;
  }

  report::ErrorPattern Pattern(const std::string& id) override {
    store::Statement row = store_.Prepare(
        "SELECT anchor, p.pattern, rule_id, class, family, code, rank, p.note, coalesce(w.pattern, ''), coalesce(w.lines, 0), coalesce(w.unless, '') "
        "FROM error_pattern p LEFT JOIN error_context USING (pattern_id) LEFT JOIN context_word w USING (context) WHERE pattern_id = ?",
        {id});
    row.Step();
    return {id,
            row.text(0),
            row.text(1),
            row.text(2),
            row.text(3),
            row.text(4),
            row.text(5),
            static_cast<int>(row.integer(6)),
            row.text(7),
            row.text(8),
            static_cast<int>(row.integer(9)),
            row.text(10)};
  }

  std::vector<report::ErrorCode> Codes(const std::string& name, const std::string& message,
                                       const std::string& code, const std::string& family) override {
    std::vector<report::ErrorCode> codes;
    std::string sql =
        "SELECT family, code, name, message, rule_id, class FROM error_code WHERE code = CAST(?3 AS INTEGER) AND ?4 NOT NULL AND message <> 'no error'";
    if (!name.empty()) sql += " OR name = ?1 COLLATE NOCASE OR name = ?4 || '_' || ?1 COLLATE NOCASE";
    if (!message.empty())
      sql += " OR message <> '-' AND message = substr(?2, 1, length(message)) COLLATE NOCASE";
    sql += " ORDER BY family, code";
    store::Statement rows = store_.Prepare(sql, {name, message, code, family});
    while (rows.Step())
      codes.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5)});
    return codes;
  }

  std::vector<report::Term> Words() override {
    std::vector<report::Term> words;
    store::Statement rows =
        store_.Prepare("SELECT term, anchor, pattern FROM wording_term ORDER BY term, way");
    while (rows.Step()) words.push_back({rows.text(0), rows.text(1), rows.text(2)});
    return words;
  }

 private:
  store::Store& store_;
};

}  // namespace

std::unique_ptr<report::ErrorRows> ErrorRowsOf(store::Store& store) {
  return std::make_unique<StoreRows>(store);
}

std::vector<report::Wording> ReadWordings(store::Store& store) {
  std::vector<report::Wording> wordings;
  store::Statement rows = store.Prepare(
      "SELECT wording_id, subject, complaint, gap, stands, demand, unless, rule_id, class, rank, note FROM error_wording ORDER BY rank, wording_id");
  while (rows.Step()) {
    wordings.push_back({rows.text(0), rows.text(1), rows.text(2), static_cast<int>(rows.integer(3)),
                        rows.text(4), rows.text(5), rows.text(6), rows.text(7), rows.text(8),
                        static_cast<int>(rows.integer(9)), rows.text(10)});
  }
  return wordings;
}

Around AroundOf(store::Store& store, const query::Question& question, const Machine* machine,
                std::string_view text) {
  query::Question worded = question;
  if (machine != nullptr) {
    if (worded.platform.empty()) worded.platform = machine->platform;
    if (worded.arch.empty()) worded.arch = machine->arch;
    if (worded.os.empty()) worded.os = machine->os;
  }
  if (!text.empty()) FillFromWords(store, text, &worded);
  Around around{worded.platform, worded.arch, worded.os, "", "", false, false, {}, "", {}};
  if (question.subjects.empty()) around.text = text;
  const bool version = question.driver && question.driver->kind == query::Driver::Kind::kVersion;
  if (version) around.driver = question.driver->given;
  for (const query::Subject& subject : question.subjects) {
    bool one = subject.kind == query::Subject::Kind::kCuda && subject.versions.size() == 1;
    if (one) around.toolkit = subject.versions[0].version;
  }
  if (machine == nullptr) return around;
  if (!question.driver) around.driver = machine->kernel_driver;
  around.other_vendor = std::any_of(machine->sightings.begin(), machine->sightings.end(),
                                    [](const Sighting& each) { return each.key == "vendor.only"; });
  for (const MachineGpu& gpu : machine->gpus) {
    if (!gpu.kernel_driver.empty()) around.bus = gpu.kernel_driver;
  }
  for (const MachinePiece& runtime : machine->runtimes) {
    if (runtime.name == "cudart" && DottedKey(machine->cuda_driver) >= DottedKey(runtime.version))
      around.driver_serves = DottedKey(runtime.version).has_value();
  }
  if (around.toolkit.empty() && machine->toolkits.size() == 1) around.toolkit = machine->toolkits[0].version;
  return around;
}

bool Choose(store::Store& store, const Around& around, report::Finding* finding) {
  struct Row {
    std::string rule, cls, by, value, note;
  };
  std::vector<Row> rows;
  store::Statement read = store.Prepare(
      "SELECT rule_id, class, decided_by, value, note FROM error_choice WHERE pattern_id = ? ORDER BY rule_id",
      {finding->pattern_id});
  while (read.Step()) rows.push_back({read.text(0), read.text(1), read.text(2), read.text(3), read.text(4)});
  if (rows.empty()) return false;
  bool by_facts = std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.by == "facts"; });
  std::string said = by_facts ? RuleByFacts(store, around, *finding) : "";
  const auto concluded = [&](const std::string& rule) {
    return std::find(around.concluded.begin(), around.concluded.end(), rule) != around.concluded.end();
  };
  const bool names_none = by_facts && !Names(*finding, {"capability", "pci", "target"});
  if (names_none && concluded(finding->rule)) said = finding->rule;
  for (const Row& row : rows) {
    if (names_none && row.by == "facts" && concluded(row.rule)) said = row.rule;
  }
  auto fits = [&](const Row& row) {
    if (row.by == "platform") return row.value == around.platform;
    if (row.by == "arch") return row.value == around.arch;
    if (row.by == "os") return row.value == around.os;
    if (row.by == "runs") return around.runs;
    if (row.by == "vendor") return around.other_vendor;
    if (row.by == "foreign") return Foreign(store, around, *finding);
    if (row.by == "bus") return row.value == around.bus;
    if (row.by == "driver-from") return DottedKey(around.driver) >= DottedKey(row.value);
    if (row.by == "cuda-from") return DottedKey(around.toolkit) >= DottedKey(row.value);
    if (row.by == "facts") return row.rule == said;
    if (row.by == "else") return said == "else";
    if (row.by == "driver-serves") return around.driver_serves;
    if (row.by == "capability-from") return CapabilityFrom(around, *finding, row.value);
    return concluded(row.rule);
  };
  auto chosen = std::find_if(rows.begin(), rows.end(), fits);
  if (names_none && !said.empty() && said != "else")
    finding->pattern_id.clear();  // the card decides what the wording leaves open
  if (chosen == rows.end() || chosen->rule == finding->rule) return false;
  finding->rule = chosen->rule == "-" ? "" : chosen->rule;
  finding->cls = chosen->cls;
  finding->because = chosen->note;
  return true;
}

std::vector<Candidate> ReadCandidates(store::Store& store, const std::string& rule,
                                      const query::Question& question, const std::string& package) {
  std::string platform = question.platform;
  if (question.os == "wsl" && (platform.empty() || platform == "bare")) platform = "wsl";
  if (question.arch == "tegra" || !question.jetpack.empty()) platform = "tegra";
  std::vector<Candidate> candidates;
  {
    store::Statement rows = store.Prepare(
        "SELECT candidate_rule, because, command FROM candidate WHERE rule_id = ?1 AND (os = '*' OR ?2 = '' OR os = ?2 OR os = 'linux' AND ?2 = "
        "'wsl') AND (platform = '*' OR ?3 = '' OR instr('+' || platform || '+', '+' || ?3 || '+') > 0) AND (only_for = '*' OR ?4 <> '' AND "
        "instr('+' || only_for || '+', '+' || ?4 || '+') > 0) ORDER BY rank, only_for = '*'",
        {rule, question.os, platform, package});
    while (rows.Step()) {
      auto same = [&](const Candidate& each) { return each.rule == rows.text(0); };
      if (std::none_of(candidates.begin(), candidates.end(), same))
        candidates.push_back({rows.text(0), rows.text(1), rows.text(2), {}});
    }
  }
  for (Candidate& candidate : candidates)
    candidate.remedies = RemediesOf(store, question, candidate.rule, {});
  return candidates;
}

std::string PackageOfText(store::Store& store, std::string_view line, std::string_view text) {
  const std::string lines[] = {ToLower(line), ToLower(text.substr(0, kReadWords))};
  std::vector<std::pair<std::string, std::string>> words;
  store::Statement rows = store.Prepare("SELECT word, package FROM package_word ORDER BY rank, word");
  while (rows.Step()) words.emplace_back(ToLower(rows.text(0)), rows.text(1));
  for (const std::string& each : lines) {
    for (const auto& [word, package] : words) {
      if (Contains(each, word)) return package;
    }
  }
  return "";
}

void FillFromWords(store::Store& store, std::string_view text, query::Question* question) {
  const bool jetson = question->arch == "tegra" || !question->jetpack.empty();
  text = text.substr(0, kReadWords);
  store::Statement rows =
      store.Prepare("SELECT word, os, platform, engine FROM system_word ORDER BY rank, word");
  while (rows.Step()) {
    if (text.find(rows.text(0)) == std::string_view::npos) continue;
    const std::string os = rows.text(1), platform = rows.text(2);
    const bool agrees =
        os == "-" || question->os.empty() || question->os == os || (question->os == "wsl" && os == "linux");
    if (!agrees) continue;
    if (os != "-" && question->os.empty() && !(jetson && os != "linux")) question->os = os;
    const bool arm = question->arch.empty() || (question->arch == "aarch64" && question->gpus.empty());
    if (platform == "tegra" && arm) question->arch = "tegra";
    if (platform != "-" && platform != "tegra" && question->platform.empty()) question->platform = platform;
    if (rows.text(3) != "-" && question->engine.empty()) question->engine = rows.text(3);
  }
}

}  // namespace cudacompat::answer
