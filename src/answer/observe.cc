#include "answer/observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>
#include <tuple>

#include "answer/loose_images.h"
#include "answer/pair.h"
#include "base/text.h"
#include "base/version.h"
#include "query/compile.h"
#include "scan/coverage.h"
#include "scan/modules.h"

namespace cudacompat::answer {
namespace {

using scan::FileReport;

constexpr const char* kIgnored = "ignored";  // formats of what stands in for files
constexpr int64_t kFirstList = -1000000;     // ids of lists that a question brings are negative

struct ImageRow {
  std::string target, isa, codec;
  auto operator<=>(const ImageRow&) const = default;
};

struct Set {
  int64_t containers = 0;
  std::vector<std::string> modules;
};

using Sets = std::map<std::vector<ImageRow>, Set>;

// What a file holds and nobody judges: "tile-ir", "lto without a target".
std::string NotJudged(const FileReport& file) {
  std::set<std::string> kinds;
  for (const auto& [group, count] : file.groups) {
    if (group.stub || scan::IsCode(group.target.kind, group.target.arch)) continue;
    kinds.insert(scan::KindName(group.target.kind) + (group.target.arch == 0 ? " without a target" : ""));
  }
  return Join(std::vector<std::string>(kinds.begin(), kinds.end()), ", ");
}

// Images that may be for a card and are judged by nothing here, under the name "other_100"; "other" where
// they do not say for which. What a linker takes is none of these, nor what the driver refuses.
std::vector<ImageRow> OthersOf(const FileReport& file) {
  std::set<ImageRow> rows;
  for (const auto& [group, count] : file.groups) {
    const scan::TargetKey& key = group.target;
    if (group.stub || key.kind == scan::kLtoIr || key.obfuscated || scan::IsCode(key.kind, key.arch))
      continue;
    rows.insert({key.arch == 0 ? "other" : fmt::format("other_{}", key.arch), "-", "none"});
  }
  return {rows.begin(), rows.end()};
}

ImageRow RowOf(const scan::TargetKey& key, scan::Codec codec) {
  const std::string isa = scan::IsaText(key.kind, key.isa_major, key.isa_minor);
  return {scan::TargetName(key), isa.empty() ? "-" : isa, scan::CodecName(codec)};
}

bool InReach(const scan::ImageGroup& group) { return group.in_fatbin_section || group.listed_by_vendor_tool; }

// The sections in which such a search finds something.
std::set<uint32_t> SectionsOf(const FileReport& file) {
  std::set<uint32_t> sections{scan::kNoSection};
  for (const auto& [group, count] : file.groups) {
    if (InReach(group)) sections.insert(group.section);
  }
  return sections;
}

// Every image is known: modules with the compression of each image.
Sets SetsFromModules(const FileReport& file, scan::Reach reach) {
  Sets sets;
  for (const scan::ModuleSet& module : scan::ModulesOf(file, reach)) {
    std::vector<ImageRow> rows;
    for (const scan::CodedTarget& image : module.images) rows.push_back(RowOf(image.target, image.codec));
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());  // kinds that have one name
    Set& set = sets[rows];
    set.containers += static_cast<int64_t>(module.containers);
    for (const std::string& name : module.names) {
      if (set.modules.size() < ModuleNames::kMostModules) set.modules.push_back(name);
    }
  }
  return sets;
}

// Too many images were there to keep each: the sets, with the most demanding compression seen of each target.
Sets SetsFromCounts(const FileReport& file, scan::Reach reach) {
  std::map<scan::TargetKey, scan::Codec> codecs;
  for (const auto& [group, count] : file.groups) {
    auto [place, is_new] = codecs.emplace(group.target, group.codec);
    if (!is_new) place->second = std::max(place->second, group.codec);
  }
  Sets sets;
  const std::set<uint32_t> within = SectionsOf(file);
  for (const scan::TargetSet& set : file.target_sets) {
    if (!set.module() || (reach == scan::Reach::kSections && within.count(set.section) == 0)) continue;
    std::vector<ImageRow> rows;
    for (const scan::TargetKey& key : set.targets) {
      if (scan::IsCode(key.kind, key.arch)) rows.push_back(RowOf(key, codecs[key]));
    }
    if (rows.empty()) continue;
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());  // kinds that have one name
    sets[rows].containers += static_cast<int64_t>(set.containers);
  }
  return sets;
}

bool IsLto(const std::vector<ImageRow>& rows) {
  return std::all_of(rows.begin(), rows.end(),
                     [](const ImageRow& row) { return StartsWith(row.target, "lto"); });
}

// Input for a later link beside what a loader takes is no module of the program.
Sets SetsOf(const FileReport& file, scan::Reach reach = scan::Reach::kAll) {
  Sets sets = scan::ModulesKnown(file) ? SetsFromModules(file, reach) : SetsFromCounts(file, reach);
  const bool any = std::any_of(sets.begin(), sets.end(), [](const auto& set) { return !IsLto(set.first); });
  if (any) std::erase_if(sets, [](const auto& set) { return IsLto(set.first); });
  const std::vector<ImageRow> others = OthersOf(file);
  if (others.empty()) return sets;
  // Which module they would stand in for is not known: any.
  Sets with;
  for (auto& [rows, set] : sets) {
    std::vector<ImageRow> all = rows;
    all.insert(all.end(), others.begin(), others.end());
    std::sort(all.begin(), all.end());
    with.emplace(std::move(all), std::move(set));
  }
  return with;
}

std::string BaseName(const std::string& path) {
  const size_t slash = path.find_last_of("/\\!");
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string OsOf(const FileReport& file) {
  if (file.format == "elf" || file.format == "ar" || file.format == "thin-ar") return "linux";
  if (file.format == "pe" || file.format == "coff") return "windows";
  return "-";
}

std::string ArchOf(const FileReport& file) {
  if (file.machine == "x86") return "x86_64";
  return file.machine == "x86_64" || file.machine == "aarch64" ? file.machine : "-";
}

int64_t BitsOf(const FileReport& file) {
  if (file.machine == "x86") return 32;
  return file.machine == "x86_64" || file.machine == "aarch64" ? 64 : 0;
}

// Every name that the table soname may know a library by: as it stands, and without the hash and the minor
// parts that repairing a wheel adds.
void AddNeeds(store::Store& store, int64_t file_id, const FileReport& file) {
  std::set<std::array<std::string, 3>> names;
  for (const scan::Need& need : file.needs) {
    const std::optional<int64_t> release = DottedKey(need.version);
    names.insert(
        {need.name, need.library,
         release ? fmt::format("{}.{}", *release / 1000000000000, *release / 1000000000 % 1000) : ""});
    std::string version = need.version;
    while (!version.empty() && Contains(need.name, ".so")) {
      names.insert({"lib" + need.library + ".so." + version, "", ""});
      version = version.substr(0, version.find('.') == std::string::npos ? 0 : version.rfind('.'));
    }
  }
  for (const auto& [name, library, release] : names)
    store.Run("INSERT INTO observed_need VALUES (?, ?, ?, ?)", {file_id, name, library, release});
  for (const std::string& toolkit : file.toolkits)
    store.Run("INSERT INTO observed_toolkit VALUES (?, ?)", {file_id, toolkit});
}

int64_t Problems(const FileReport& file) {
  int64_t count = static_cast<int64_t>(file.problems.dropped());
  for (const scan::Problem& problem : file.problems.list())
    count += problem.code == "too-many-images" || problem.code == "not-as-named" ? 0 : 1;
  return count;
}

// "torch 2.6.0+cu124" → "torch".
std::string PackageOf(const FileReport& file) {
  return PackageName(std::string_view(file.package).substr(0, file.package.find(' ')));
}

// "311" → "3.11", "313t" → "3.13t"; empty for anything else.
std::string PythonOfTag(std::string_view digits) {
  const size_t end = digits.find_first_not_of("0123456789");
  const std::string_view number = digits.substr(0, end);
  const std::string_view rest = end == std::string_view::npos ? std::string_view() : digits.substr(end);
  if (number.size() < 2 || number.size() > 3 || number[0] != '3' || (!rest.empty() && rest != "t")) return "";
  return "3." + std::string(number.substr(1)) + std::string(rest);
}

// The Python that an extension is for, by the suffix that Python loads it by (PEP 3149), else by its wheel's
// tags (PEP 425): "any" where nothing says.
std::string PythonsOf(const FileReport& file) {
  const std::string name = BaseName(file.path);
  for (const std::string_view mark : {".cpython-", ".cp"}) {
    const size_t at = name.find(mark);
    if (at == std::string::npos) continue;
    const std::string_view tag = std::string_view(name).substr(at + mark.size());
    if (std::string python = PythonOfTag(tag.substr(0, tag.find('-'))); !python.empty()) return python;
  }
  const std::string wheel = BaseName(file.path.substr(0, file.path.find('!')));
  if (!EndsWith(ToLower(wheel), ".whl")) return "any";
  const auto parts = Split(std::string_view(wheel).substr(0, wheel.size() - 4), '-');
  if (parts.size() < 5 || !StartsWith(parts[parts.size() - 3], "cp")) return "any";
  const std::string_view python = parts[parts.size() - 3], abi = parts[parts.size() - 2];
  const std::string oldest = PythonOfTag(python.substr(2));
  if (oldest.empty()) return "any";
  if (abi == "abi3" || abi == "none") return oldest + " or newer";
  const std::string exact = StartsWith(abi, "cp") ? PythonOfTag(abi.substr(2)) : "";
  return exact.empty() ? oldest : exact;
}

// What it means that a file holds no image that is read: see observed_file.reading.
std::string ReadingOf(const FileReport& file, const std::vector<std::string>& notes) {
  if (file.format == kIgnored) return "ignored";
  if (file.format == "unknown") return "unread";
  if (!file.opens.empty()) return "opens";
  if (!notes.empty()) return "foreign";
  const bool made_for_code = file.format == "cubin" || file.format == "fatbin" || file.format == "ptx" ||
                             file.format == "ltoir" || file.containers_total != 0 || file.images_total != 0;
  if (made_for_code) return "bare";
  if (file.format == kFolderFormat && file.programs != 0) return "programs";
  return file.archive.empty() && file.programs == 0 ? "empty" : "read";
}

// What is judged for itself: a path that was given with all that was found by it. Files of one installed
// package that are given one by one (by a pattern of a shell) belong together.
std::string UnitOf(const scan::Report& report, const FileReport& file) {
  const bool single = file.given < report.given.size() && report.given[file.given].path == file.path;
  return single && file.installed ? "package " + file.package : fmt::format("path {}", file.given);
}

// What could not be read: of a file, and of the archives that it lies in. A zip's members are each for
// themselves.
class Damage {
 public:
  explicit Damage(const scan::Report& report) {
    for (const FileReport& file : report.files) {
      if (file.format != "zip" && !file.problems.empty()) of_[file.path] += Problems(file);
    }
  }

  int64_t Of(const FileReport& file) const {
    int64_t count = Problems(file);
    for (size_t end = file.archive.find('!'); !of_.empty() && !file.archive.empty();
         end = file.archive.find('!', end + 1)) {
      const auto archive = of_.find(file.archive.substr(0, end));
      if (archive != of_.end()) count += archive->second;
      if (end == std::string::npos) break;
    }
    return count;
  }

 private:
  std::map<std::string, int64_t> of_;
};

class Writer {
 public:
  Writer(store::Store& store, const scan::Report& report)
      : store_(store),
        problems_(report),
        file_(std::stoll(store.Text("SELECT coalesce(max(file_id), 0) FROM observed_file"))),
        list_(std::stoll(store.Text("SELECT min(?1, coalesce((SELECT min(list_id) FROM image_list), 0))",
                                    {kFirstList}))) {}

  struct Entered {
    int64_t file_id = 0;
    int64_t list_id = 0;  ///< 0 without modules
  };

  int64_t File(const FileReport& file, const char* side, const std::string& unit, store::Value subject,
               const Sets& sets) {
    const Entered entered = NewFile(!sets.empty());
    Enter(entered, file, side, unit, subject, sets);
    AddNeeds(store_, entered.file_id, file);
    PutSets(entered, sets);
    return entered.file_id;
  }

  Entered NewFile(bool has_modules) { return {++file_, has_modules ? --list_ : 0}; }

  // The file itself. What it loads and its modules come after it.
  void Enter(const Entered& entered, const FileReport& file, const char* side, const std::string& unit,
             store::Value subject, const Sets& sets) {
    store::Value list;
    if (entered.list_id != 0) list = entered.list_id;
    std::vector<std::string> notes = file.notes;
    const std::string not_judged = sets.empty() ? NotJudged(file) : "";
    if (!not_judged.empty()) notes.push_back("images of kinds that nothing here judges (" + not_judged + ")");
    const std::string reading = ReadingOf(file, notes);
    if (reading == "programs")
      notes.push_back(fmt::format("{} {}", file.programs, file.programs == 1 ? "program" : "programs"));
    store_.Run(
        "INSERT INTO observed_file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {entered.file_id,
         subject,
         std::string(side),
         unit,
         OuterArchive(file),
         file.path,
         BaseName(file.path),
         file.soname,
         PackageOf(file),
         file.member.empty() ? file.path : file.member,
         OsOf(file),
         ArchOf(file),
         file.package,
         StyleName(CoverageOf(file).style),
         problems_.Of(file),
         BitsOf(file),
         static_cast<int64_t>(file.static_cudart == scan::StaticCudart::kYes),
         PythonsOf(file),
         file.cuda_library,
         reading,
         Printable(Join(notes, "; ")),
         list});
  }

  // Its modules: what is asked of it alone.
  void PutSets(const Entered& file, const Sets& sets) {
    if (file.list_id != 0)
      store_.Run(
          "INSERT INTO image_list (list_id, confidence) SELECT list_id, CASE problems WHEN 0 THEN 'sure' ELSE 'cut' END "
          "FROM observed_file WHERE file_id = ?",
          {file.file_id});
    int64_t set_id = 0;
    for (const auto& [rows, set] : sets) {
      store_.Run("INSERT INTO observed_set VALUES (?, ?, ?, ?, '')",
                 {file.file_id, ++set_id, ListOf(rows), set.containers});
    }
  }

  void TakeOutSets() {
    store_.Empty({"observed_set", "observed_image", "observed_need", "observed_toolkit"});
    for (const char* table : {"image_list", "list_image", "list_on_capability"})
      store_.Run(fmt::format("DELETE FROM {} WHERE list_id <= {}", table, kFirstList));
    lists_.clear();
  }

  // Once all files are in: what may run on which capability, by the views that serve every list.
  void Finish() {
    store_.Run("UPDATE observed_file SET style = 'hand-tuned' WHERE file_id IN (" +
               store_.WithViews({"known_hand_tuned"}, "SELECT file_id FROM known_hand_tuned") + ")");
    store_.Run("UPDATE observed_set SET apart = v.generations FROM (" +
               store_.WithViews({"variant_set"}, "SELECT * FROM variant_set") +
               ") v WHERE v.file_id = observed_set.file_id AND v.set_id = observed_set.set_id");
    store_.Run(
        "INSERT INTO list_image (list_id, target, isa, isa_key, isa_cuda_key, codec, standing, library) " +
        store_.WithViews(
            {"observed_list_image"},
            fmt::format("SELECT * FROM observed_list_image WHERE list_id NOT IN (SELECT list_id FROM "
                        "list_image WHERE list_id <= {})",
                        kFirstList)));
    store_.Run(
        "INSERT INTO list_on_capability " +
        store_.WithViews(
            {"list_image_on_capability"},
            // Of a whole file only boards are asked for; cards are for its sets.
            fmt::format(
                "SELECT * FROM list_image_on_capability WHERE list_id <= {0} AND list_id NOT IN "
                "(SELECT list_id FROM list_on_capability WHERE list_id <= {0} AND how <> 'other') AND (cc_key IN (SELECT cc_key "
                "FROM compute_capability WHERE board <> 'card') OR list_id NOT IN (SELECT list_id FROM "
                "observed_file WHERE list_id IS NOT NULL))",
                kFirstList)));
    store_.Run(
        store_.WithViews({"list_image_not_judged"},
                         fmt::format("INSERT INTO list_on_capability SELECT * FROM list_image_not_judged "
                                     "WHERE list_id NOT IN (SELECT list_id FROM list_on_capability WHERE "
                                     "list_id <= {} AND how = 'other')",
                                     kFirstList)));
  }

 private:
  int64_t NewList() {
    store_.Run("INSERT INTO image_list (list_id, confidence) VALUES (?, 'sure')", {--list_});
    return list_;
  }

  // The list of these images, which sets of any number of files share.
  int64_t ListOf(const std::vector<ImageRow>& rows) {
    const auto [list, is_new] = lists_.emplace(rows, 0);
    if (!is_new) return list->second;
    list->second = NewList();
    for (const ImageRow& row : rows) {
      store_.Run("INSERT INTO observed_image VALUES (?, ?, ?, ?)",
                 {list->second, row.target, row.isa, row.codec});
    }
    return list->second;
  }

  store::Store& store_;
  Damage problems_;
  int64_t file_;
  int64_t list_;
  std::map<std::vector<ImageRow>, int64_t> lists_;
};

}  // namespace

namespace {

// What is judged together holds all files of a package of a place: some of them are measured by the others.
std::vector<std::vector<size_t>> BatchesOf(const scan::Report& report, const std::vector<size_t>& files,
                                           size_t most) {
  if (files.size() <= most) return {files};
  std::vector<std::vector<size_t>> groups;
  std::map<std::array<std::string, 3>, size_t> packages;
  for (const size_t i : files) {
    const FileReport& file = report.files[i];
    size_t group = groups.size();
    if (!file.package.empty())
      group = packages.emplace(std::array{UnitOf(report, file), OuterArchive(file), PackageOf(file)}, group)
                  .first->second;
    if (group == groups.size()) groups.emplace_back();
    groups[group].push_back(i);
  }
  std::vector<std::vector<size_t>> batches;
  for (const std::vector<size_t>& group : groups) {
    if (batches.empty() || batches.back().size() + group.size() > most) batches.emplace_back();
    batches.back().insert(batches.back().end(), group.begin(), group.end());
  }
  return batches;
}

// Which files of a report are judged: not those without anything to tell, beside others that have.
std::vector<size_t> JudgedFiles(const scan::Report& report) {
  std::vector<bool> tells;
  std::set<std::string> told;  // parts of what was given that have something to tell
  for (const FileReport& file : report.files) {
    tells.push_back(!SetsOf(file).empty() || !file.needs.empty() || !file.problems.empty() ||
                    !file.notes.empty() || !file.cuda_library.empty() || file.format == "unknown");
    if (tells.back()) told.insert(UnitOf(report, file));
  }
  std::vector<size_t> judged;
  for (size_t i = 0; i < tells.size(); ++i) {
    if (tells[i] || told.count(UnitOf(report, report.files[i])) == 0) judged.push_back(i);
  }
  return judged;
}

// The paths that were given, by what is judged for itself.
std::map<std::string, std::set<size_t>> GivenOf(const scan::Report& report) {
  std::map<std::string, std::set<size_t>> given;
  for (const FileReport& file : report.files) {
    if (file.given < report.given.size()) given[UnitOf(report, file)].insert(file.given);
  }
  return given;
}

// What the plain programs of these paths load and do not bring. A library that was given by another path
// brings what it loads itself.
std::set<std::string> LoadsOf(const scan::Report& report, const std::set<size_t>& paths) {
  std::set<size_t> taken = paths;
  std::vector<size_t> waiting(paths.begin(), paths.end());
  std::set<std::string> loads;
  while (!waiting.empty()) {
    const scan::Links& links = report.given[waiting.back()].links;
    waiting.pop_back();
    if (links.unlinked) loads.insert("");
    for (const std::string& name : links.loads) {
      bool brought = false;
      for (size_t i = 0; i < report.given.size(); ++i) {
        if (report.given[i].links.provides.count(name) == 0) continue;
        brought = true;
        if (taken.insert(i).second) waiting.push_back(i);
      }
      if (!brought) loads.insert(name);
    }
  }
  return loads;
}

}  // namespace

struct Observer::State {
  State(store::Store& in, const scan::Report& of) : store(in), report(of), writer(in, of) {}

  store::Store& store;
  const scan::Report& report;
  Writer writer;
  std::vector<Writer::Entered> entered;  // beside files_
  std::set<int64_t> witnesses;           // files of any batch by which the roles of others are told
  std::set<std::string> split;           // units whose files are in several batches
};

Observer::Observer(store::Store& store, const scan::Report& report, int64_t first_subject, size_t most)
    : state_(std::make_unique<State>(store, report)) {
  int64_t subject = first_subject;
  std::map<std::string, size_t> batch_of;  // each unit's first
  for (const std::vector<size_t>& batch : BatchesOf(report, JudgedFiles(report), most)) {
    const size_t begin = files_.size();
    for (const size_t i : batch) {
      ObservedFile one{i, 0, subject++, BaseName(report.files[i].path), 0};
      for (const auto& [rows, set] : SetsOf(report.files[i])) one.modules += set.containers;
      state_->entered.push_back(state_->writer.NewFile(one.modules != 0));
      one.file_id = state_->entered.back().file_id;
      files_.push_back(std::move(one));
      systems_.emplace(OsOf(report.files[i]), ArchOf(report.files[i]));
      const std::string unit = UnitOf(report, report.files[i]);
      if (batch_of.emplace(unit, batches_.size()).first->second != batches_.size())
        state_->split.insert(unit);
    }
    batches_.emplace_back(begin, files_.size());
  }
  for (size_t i = 0; i < batches_.size() && !state_->split.empty(); ++i) FindWitnesses(i);
  store::Statement load = store.Prepare("INSERT INTO observed_load VALUES (?, ?)");
  for (const auto& [unit, given] : GivenOf(report)) {
    for (const std::string& name : LoadsOf(report, given)) {
      load.Reset();
      load.Bind(1, unit);
      load.Bind(2, name);
      load.Step();
    }
  }
}

Observer::~Observer() = default;

void Observer::Enter(size_t batch) {
  for (size_t i = batches_[batch].first; i < batches_[batch].second; ++i) {
    const ObservedFile& one = files_[i];
    if (state_->witnesses.count(one.file_id) != 0) continue;  // there already
    const FileReport& file = state_->report.files[one.report_index];
    state_->writer.Enter(state_->entered[i], file, "new", UnitOf(state_->report, file), one.subject,
                         SetsOf(file));
  }
}

void Observer::TakeOut(size_t batch) {
  for (size_t i = batches_[batch].first; i < batches_[batch].second; ++i) {
    if (state_->witnesses.count(files_[i].file_id) == 0)
      state_->store.Run("DELETE FROM observed_file WHERE file_id = ?", {files_[i].file_id});
  }
}

// What a file is beside others (observed_role) is told by which roles with code there are in its place: one
// of each stays, where that place is not in this batch whole.
void Observer::FindWitnesses(size_t batch) {
  Enter(batch);
  store::Statement rows = state_->store.Prepare(state_->store.WithViews(
      {"observed_role"},
      "SELECT min(f.file_id), f.unit FROM observed_file f JOIN observed_role r ON r.file_id = f.file_id WHERE f.list_id IS NOT NULL "
      "GROUP BY f.unit, f.archive, f.package = '', '/' || f.member GLOB '*.libs/?*', r.role"));
  while (rows.Step()) {
    if (state_->split.count(rows.text(1)) != 0) state_->witnesses.insert(rows.integer(0));
  }
  TakeOut(batch);
}

void Observer::Open(size_t batch, ModuleNames* modules) {
  if (batch > 0) {
    TakeOut(batch - 1);
    state_->writer.TakeOutSets();
    state_->store.Empty({"asked_subject"});
    modules->sets.clear();
  }
  Enter(batch);
  for (size_t i = batches_[batch].first; i < batches_[batch].second; ++i) {
    const ObservedFile& one = files_[i];
    const FileReport& file = state_->report.files[one.report_index];
    const Sets sets = SetsOf(file);
    AddNeeds(state_->store, one.file_id, file);
    state_->writer.PutSets(state_->entered[i], sets);
    state_->store.Run(
        "INSERT INTO asked_subject (subject_id, kind, package, given, version, version_key, tag) VALUES "
        "(?, 'binary', ?, ?, NULL, NULL, NULL)",
        {one.subject, one.name, file.path});
    int64_t set_id = 0;
    for (const auto& [rows, set] : sets)
      modules->sets[fmt::format("observed_set/{}/{}", one.file_id, ++set_id)] = {set.modules, set.containers};
  }
  state_->writer.Finish();
}

std::vector<ObservedFile> Observe(store::Store& store, const scan::Report& report, int64_t first_subject,
                                  ModuleNames* modules) {
  Observer observer(store, report, first_subject, SIZE_MAX);
  observer.Open(0, modules);
  return observer.files();
}

void StandIn(size_t ignored, scan::Report* report) {
  if (report->files.empty() && ignored != 0) {
    FileReport file;
    file.path = fmt::format("{} {}", ignored, ignored == 1 ? "file" : "files");
    file.format = kIgnored;
    report->files.push_back(std::move(file));
  }
  if (ignored != 0) return;  // the policy says that what it leaves out is not to be judged
  std::vector<bool> found(report->given.size());
  for (const FileReport& file : report->files) found[file.given] = true;
  for (size_t i = 0; i < found.size(); ++i) {
    const std::string& path = report->given[i].path;
    const bool unreadable = std::any_of(report->unreadable.begin(), report->unreadable.end(),
                                        [&](const scan::Unreadable& one) { return one.path == path; });
    if (found[i] || unreadable) continue;
    FileReport file;
    file.path = path;
    file.format = kFolderFormat;
    file.programs = report->given[i].programs;
    file.given = i;
    report->files.push_back(std::move(file));
  }
  std::stable_sort(report->files.begin(), report->files.end(),
                   [](const FileReport& a, const FileReport& b) { return a.given < b.given; });
}

bool ObserveBaseline(store::Store& store, const scan::Report& baseline, const scan::Report& report,
                     const std::vector<ObservedFile>& observed, ModuleNames* modules) {
  Writer writer(store, baseline);
  std::set<scan::Searched> searched;
  std::vector<PairedFile> old_files, new_files;
  for (const FileReport& file : baseline.files) {
    if (file.images_total != 0) searched.insert(file.searched);
  }
  for (const ObservedFile& one : observed) {
    if (one.modules != 0) searched.insert(report.files[one.report_index].searched);
  }
  const scan::Reach reach = searched.size() > 1 ? scan::Reach::kSections : scan::Reach::kAll;
  for (const FileReport& file : baseline.files) {
    const Sets sets = SetsOf(file, reach);
    if (!sets.empty()) old_files.push_back({writer.File(file, "old", "", {}, sets), file.path, 0});
  }
  std::map<int64_t, int64_t> like;
  for (const ObservedFile& one : observed) {
    const FileReport& file = report.files[one.report_index];
    if (one.modules == 0) continue;
    new_files.push_back({one.file_id, file.path, static_cast<int64_t>(file.given)});
    like[one.file_id] = one.file_id;
    if (reach == scan::Reach::kAll) continue;
    const Sets sets = SetsOf(file, reach);
    const int64_t id = like[one.file_id] = writer.File(file, "like", "", {}, sets);
    int64_t set_id = 0;
    for (const auto& [rows, set] : sets)
      modules->sets[fmt::format("observed_set/{}/{}", id, ++set_id)] = {set.modules, set.containers};
  }
  for (const auto& [old_id, new_id] : PairsOf(old_files, new_files))
    store.Run("INSERT INTO observed_pair VALUES (?, ?, ?)", {old_id, new_id, like[new_id]});
  writer.Finish();
  return reach == scan::Reach::kSections;
}

bool AnyAsked(store::Store& store, const Observer::Systems& systems) {
  return std::any_of(systems.begin(), systems.end(), [&](const auto& each) {
    return store.Text("SELECT 1 FROM asked_system WHERE ?1 IN ('-', build_os) AND ?2 IN ('-', arch) LIMIT 1",
                      {each.first, each.second}) == "1";
  });
}

void AskObserved(store::Store& store, bool any_system, int64_t first, int64_t last) {
  const std::string fits = "f.os IN ('-', {0}.build_os) AND f.arch IN ('-', {0}.arch)";
  store.Run(
      store.WithViews(
          {"observed_runtime"},
          std::string(query::kAskBuild) +
              "SELECT f.subject_id, y.system_id, y.driver_os, NULL, 'binary', f.name, '', NULL, '-', y.build_os, y.arch, "
              "'default', 'no', 'cuda', coalesce((SELECT cuda FROM toolkit t WHERE t.cuda_key = r.cuda_key), '-'), "
              "r.cuda_key, f.pythons, 'measured', f.list_id FROM observed_file f CROSS JOIN asked_system y LEFT JOIN "
              "observed_runtime r ON r.file_id = f.file_id WHERE f.side = 'new' AND f.subject_id BETWEEN ?2 AND ?3 AND (" +
              fmt::format(fmt::runtime(fits), "y") +
              " OR ?1 AND NOT EXISTS (SELECT 1 FROM asked_system x WHERE " +
              fmt::format(fmt::runtime(fits), "x") + "))"),
      {static_cast<int64_t>(any_system), first, last});
}

std::map<int64_t, Role> ReadRoles(store::Store& store) {
  std::map<int64_t, Role> roles;
  store::Statement rows = store.Prepare(
      store.WithViews({"observed_role"},
                      "SELECT subject_id, role, party, decides, role NOT IN ('profiler', 'companion') FROM "
                      "observed_role"));
  while (rows.Step())
    roles[rows.integer(0)] = {rows.text(1), rows.text(2), rows.text(3) == "yes", rows.integer(4) != 0};
  return roles;
}

int64_t NewestToolkit(const scan::Report& report) {
  int64_t newest = 0;
  for (const FileReport& file : report.files) {
    for (const std::string& toolkit : file.toolkits)
      newest = std::max(newest, DottedKey(toolkit).value_or(0));
  }
  return newest;
}

}  // namespace cudacompat::answer
