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

// What a loader could take: machine code and PTX. LTO-IR stands for itself; all else is not device code yet.
// An image that does not say its target is none of these.
bool Counts(uint16_t kind, uint32_t arch) {
  return arch != 0 &&
         (kind == scan::kCubin || kind == scan::kPtx || kind == scan::kMercury || kind == scan::kLtoIr);
}

// What a file holds and nobody judges: "tile-ir", "lto without a target".
std::string NotJudged(const FileReport& file) {
  std::set<std::string> kinds;
  for (const auto& [group, count] : file.groups) {
    if (group.stub || Counts(group.target.kind, group.target.arch)) continue;
    kinds.insert(scan::KindName(group.target.kind) + (group.target.arch == 0 ? " without a target" : ""));
  }
  return Join(std::vector<std::string>(kinds.begin(), kinds.end()), ", ");
}

ImageRow RowOf(const scan::TargetKey& key, scan::Codec codec) {
  const std::string isa = scan::IsaText(key.kind, key.isa_major, key.isa_minor);
  return {scan::TargetName(key), isa.empty() ? "-" : isa, scan::CodecName(codec)};
}

// "k.o" of "k.o:.nv_fatbin", the source file that the image names, or its place.
std::string ModuleName(const FileReport& file, const scan::Image& image) {
  if (image.section < file.sections.size()) {
    const std::string& section = file.sections[image.section].name;
    const size_t colon = section.rfind(':');
    if (colon != std::string::npos && colon > 0) return Printable(section.substr(0, colon));
  }
  const std::string& identifier = file.identifiers[image.identifier];
  if (!identifier.empty() && identifier != "lto") return Printable(identifier);
  if (image.container == scan::kNoContainer || image.container >= file.containers.size())
    return fmt::format("at 0x{:x}", image.offset);
  return fmt::format("#{} at 0x{:x}", image.container + 1, file.containers[image.container].offset);
}

void AddModule(Sets* sets, std::vector<ImageRow> rows, const std::string& name) {
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  Set& set = (*sets)[rows];
  ++set.containers;
  if (set.modules.size() < ModuleNames::kMostModules) set.modules.push_back(name);
}

// How much of a file counts: all that was found, or what a search of the sections for device code alone
// finds.
enum class Reach { kAll, kSections };

bool InReach(const scan::ImageGroup& group) { return group.in_fatbin_section || group.listed_by_vendor_tool; }

bool InReach(const scan::Image& image, Reach reach) {
  return reach == Reach::kAll || image.in_fatbin_section || image.listed_by_vendor_tool;
}

// The sections in which such a search finds something.
std::set<uint32_t> SectionsOf(const FileReport& file) {
  std::set<uint32_t> sections{scan::kNoSection};
  for (const auto& [group, count] : file.groups) {
    if (InReach(group)) sections.insert(group.section);
  }
  return sections;
}

// Every image is known: modules with the compression of each image.
Sets SetsFromImages(const FileReport& file, Reach reach) {
  Sets sets;
  std::map<uint32_t, std::pair<std::vector<ImageRow>, std::string>> containers;
  for (const scan::Image& image : file.images) {
    if (image.container == scan::kNoContainer || !Counts(image.kind, image.arch) || !InReach(image, reach))
      continue;
    if (!file.target_sets[file.containers[image.container].target_set].module()) continue;
    ImageRow row = RowOf(KeyOf(image), image.codec);
    auto& [rows, name] = containers[image.container];
    if (rows.empty()) name = ModuleName(file, image);
    rows.push_back(std::move(row));
  }
  for (auto& [container, module] : containers) AddModule(&sets, std::move(module.first), module.second);
  if (!sets.empty()) return sets;
  // Bare images are each for one card, chosen by hand; beside containers they say nothing of what the others
  // lack.
  for (const scan::Image& image : file.images) {
    if (image.container == scan::kNoContainer && !image.stub && Counts(image.kind, image.arch) &&
        InReach(image, reach))
      AddModule(&sets, {RowOf(KeyOf(image), image.codec)}, ModuleName(file, image));
  }
  return sets;
}

// Too many images were there to keep each: the sets, with the most demanding compression seen of each target.
Sets SetsFromCounts(const FileReport& file, Reach reach) {
  std::map<scan::TargetKey, scan::Codec> codecs;
  for (const auto& [group, count] : file.groups) {
    auto [place, is_new] = codecs.emplace(group.target, group.codec);
    if (!is_new) place->second = std::max(place->second, group.codec);
  }
  Sets sets;
  const std::set<uint32_t> within = SectionsOf(file);
  for (const scan::TargetSet& set : file.target_sets) {
    if (!set.module() || (reach == Reach::kSections && within.count(set.section) == 0)) continue;
    std::vector<ImageRow> rows;
    for (const scan::TargetKey& key : set.targets) {
      if (Counts(key.kind, key.arch)) rows.push_back(RowOf(key, codecs[key]));
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
Sets ModulesOf(const FileReport& file, Reach reach = Reach::kAll) {
  Sets sets =
      file.images.size() == file.images_total ? SetsFromImages(file, reach) : SetsFromCounts(file, reach);
  const bool any = std::any_of(sets.begin(), sets.end(), [](const auto& set) { return !IsLto(set.first); });
  if (any) std::erase_if(sets, [](const auto& set) { return IsLto(set.first); });
  return sets;
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
  return file.machine == "x86_64" || file.machine == "aarch64" ? file.machine : "-";
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
  return file.archive.empty() && file.programs == 0 ? "empty" : "read";
}

// What is judged for itself: a path that was given with all that was found by it. Files of one installed
// package that are given one by one (by a pattern of a shell) belong together.
std::string UnitOf(const scan::Report& report, const FileReport& file) {
  const bool single = file.given < report.given.size() && report.given[file.given].path == file.path;
  return single && file.installed ? "package " + file.package : fmt::format("path {}", file.given);
}

class Writer {
 public:
  explicit Writer(store::Store& store)
      : store_(store),
        file_(std::stoll(store.Text("SELECT coalesce(max(file_id), 0) FROM observed_file"))),
        list_(std::stoll(store.Text("SELECT min(?1, coalesce((SELECT min(list_id) FROM image_list), 0))",
                                    {kFirstList}))) {}

  int64_t File(const FileReport& file, const char* side, const std::string& unit, store::Value subject,
               const Sets& sets) {
    const int64_t id = ++file_;
    store::Value list;
    if (!sets.empty()) list = NewList();
    std::vector<std::string> notes = file.notes;
    const std::string not_judged = sets.empty() ? NotJudged(file) : "";
    if (!not_judged.empty()) notes.push_back("images of kinds that nothing here judges (" + not_judged + ")");
    store_.Run(
        "INSERT INTO observed_file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {id,
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
         Problems(file),
         static_cast<int64_t>(file.static_cudart == scan::StaticCudart::kYes),
         PythonsOf(file),
         file.cuda_library,
         ReadingOf(file, notes),
         Printable(Join(notes, "; ")),
         list});
    AddNeeds(store_, id, file);
    int64_t set_id = 0;
    for (const auto& [rows, set] : sets) {
      store_.Run("INSERT INTO observed_set VALUES (?, ?, ?, ?, '')",
                 {id, ++set_id, ListOf(rows), set.containers});
    }
    return id;
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
                "(SELECT list_id FROM list_on_capability WHERE list_id <= {0}) AND (cc_key IN (SELECT cc_key "
                "FROM compute_capability WHERE board <> 'card') OR list_id NOT IN (SELECT list_id FROM "
                "observed_file WHERE list_id IS NOT NULL))",
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
  int64_t file_;
  int64_t list_;
  std::map<std::vector<ImageRow>, int64_t> lists_;
};

}  // namespace

std::vector<ObservedFile> Observe(store::Store& store, const scan::Report& report, int64_t first_subject,
                                  ModuleNames* modules) {
  Writer writer(store);
  std::vector<ObservedFile> observed;
  std::vector<bool> code;
  for (const FileReport& file : report.files) code.push_back(!ModulesOf(file).empty());
  auto tells = [&](size_t i) {
    const FileReport& file = report.files[i];
    return code[i] || !file.needs.empty() || !file.problems.empty() || !file.notes.empty() ||
           !file.cuda_library.empty() || file.format == "unknown";
  };
  std::set<std::string> told;  // parts of what was given that have something to tell
  for (size_t i = 0; i < code.size(); ++i) {
    if (tells(i)) told.insert(UnitOf(report, report.files[i]));
  }
  for (size_t i = 0; i < report.files.size(); ++i) {
    const FileReport& file = report.files[i];
    if (!tells(i) && told.count(UnitOf(report, file)) != 0) continue;
    const Sets sets = ModulesOf(file);
    ObservedFile one{i, 0, first_subject + static_cast<int64_t>(observed.size()), BaseName(file.path), 0};
    one.file_id = writer.File(file, "new", UnitOf(report, file), one.subject, sets);
    store.Run(
        "INSERT INTO asked_subject (subject_id, kind, package, given, version, version_key, tag) VALUES "
        "(?, 'binary', ?, ?, NULL, NULL, NULL)",
        {one.subject, one.name, file.path});
    int64_t set_id = 0;
    for (const auto& [rows, set] : sets) {
      modules->sets[fmt::format("observed_set/{}/{}", one.file_id, ++set_id)] = {set.modules, set.containers};
      one.modules += set.containers;
    }
    observed.push_back(std::move(one));
  }
  writer.Finish();
  return observed;
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
  Writer writer(store);
  std::set<scan::Searched> searched;
  std::vector<PairedFile> old_files, new_files;
  for (const FileReport& file : baseline.files) {
    if (file.images_total != 0) searched.insert(file.searched);
  }
  for (const ObservedFile& one : observed) {
    if (one.modules != 0) searched.insert(report.files[one.report_index].searched);
  }
  const Reach reach = searched.size() > 1 ? Reach::kSections : Reach::kAll;
  for (const FileReport& file : baseline.files) {
    const Sets sets = ModulesOf(file, reach);
    if (!sets.empty()) old_files.push_back({writer.File(file, "old", "", {}, sets), file.path, 0});
  }
  std::map<int64_t, int64_t> like;
  for (const ObservedFile& one : observed) {
    const FileReport& file = report.files[one.report_index];
    if (one.modules == 0) continue;
    new_files.push_back({one.file_id, file.path, static_cast<int64_t>(file.given)});
    like[one.file_id] = one.file_id;
    if (reach == Reach::kAll) continue;
    const Sets sets = ModulesOf(file, reach);
    const int64_t id = like[one.file_id] = writer.File(file, "like", "", {}, sets);
    int64_t set_id = 0;
    for (const auto& [rows, set] : sets)
      modules->sets[fmt::format("observed_set/{}/{}", id, ++set_id)] = {set.modules, set.containers};
  }
  for (const auto& [old_id, new_id] : PairsOf(old_files, new_files))
    store.Run("INSERT INTO observed_pair VALUES (?, ?, ?)", {old_id, new_id, like[new_id]});
  writer.Finish();
  return reach == Reach::kSections;
}

void AskObserved(store::Store& store, bool any_system) {
  const std::string fits = "f.os IN ('-', {0}.build_os) AND f.arch IN ('-', {0}.arch)";
  store.Run(
      store.WithViews(
          {"observed_runtime"},
          std::string(query::kAskBuild) +
              "SELECT f.subject_id, y.system_id, y.driver_os, NULL, 'binary', f.name, '', NULL, '-', y.build_os, y.arch, "
              "'default', 'no', 'cuda', coalesce((SELECT cuda FROM toolkit t WHERE t.cuda_key = r.cuda_key), '-'), "
              "r.cuda_key, f.pythons, 'measured', f.list_id FROM observed_file f CROSS JOIN asked_system y LEFT JOIN "
              "observed_runtime r ON r.file_id = f.file_id WHERE f.side = 'new' AND f.subject_id IS NOT NULL AND (" +
              fmt::format(fmt::runtime(fits), "y") +
              " OR ?1 AND NOT EXISTS (SELECT 1 FROM asked_system x WHERE " +
              fmt::format(fmt::runtime(fits), "x") + "))"),
      {static_cast<int64_t>(any_system)});
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
