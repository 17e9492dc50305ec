#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"
#include "cli/command.h"
#include "render/json.h"
#include "render/style.h"
#include "store/store.h"

namespace cudacompat::cli {
namespace {

int RunInfo(bool json, Io& io) {
  Result<store::Store> store = store::Store::OpenReadOnly();
  if (!store) return Fail(io, store.error());
  std::vector<std::pair<std::string, int64_t>> counts;
  store::Statement tables = store->Prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE "
      "'asked_%' AND name NOT IN ('concluded', 'decided') ORDER BY name");
  while (tables.Step()) {
    counts.emplace_back(tables.text(0),
                        std::stoll(store->Text("SELECT count(*) FROM \"" + tables.text(0) + "\"")));
  }
  std::string version = store->Text("SELECT value FROM meta WHERE key = 'data_version'");
  std::string as_of = store->Text("SELECT value FROM meta WHERE key = 'as_of'");
  std::string edition = store->Text("SELECT value FROM meta WHERE key = 'version'");
  if (json) {
    nlohmann::ordered_json out = {{"schema", "cudacompat/db-info/1"},
                                  {"program", CUDACOMPAT_VERSION},
                                  {"version", version},
                                  {"edition", edition},
                                  {"as_of", as_of},
                                  {"digest", version},
                                  {"bytes", store::ImageSize()},
                                  {"tables", nlohmann::ordered_json::object()}};
    for (const auto& [name, count] : counts) out["tables"][name] = count;
    io.out << render::Dump(out);
    return 0;
  }
  io.out << fmt::format("program  {}\ndata     {}, edition {}\nas of    {}\nbytes    {}\n\n",
                        CUDACOMPAT_VERSION, version, edition, as_of, store::ImageSize());
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, count] : counts) rows.push_back({name, std::to_string(count)});
  io.out << render::Table({"table", "rows"}, rows, 0);
  return 0;
}

// Every law again, over the embedded image: integrity, foreign keys and the checks of data/checks (kept in
// the table law).
int RunCheck(bool json, Io& io) {
  Result<store::Store> store = store::Store::OpenReadOnly();
  if (!store) return Fail(io, store.error());
  int64_t offenders = 0;
  int64_t laws = 0;
  nlohmann::ordered_json found = nlohmann::ordered_json::array();
  auto report = [&](const std::string& law, const std::string& text) {
    if (json)
      found.push_back({{"law", law}, {"message", text}});
    else
      io.out << law << ": " << text << "\n";
    ++offenders;
  };
  if (std::string integrity = store->Text("PRAGMA integrity_check"); integrity != "ok")
    report("integrity", integrity);
  store::Statement keys = store->Prepare("PRAGMA foreign_key_check");
  while (keys.Step())
    report("foreign key", keys.text(0) + " row " + keys.text(1) + " has no " + keys.text(2));
  store::Statement list = store->Prepare("SELECT name, statement FROM law ORDER BY name");
  while (list.Step()) {
    ++laws;
    store::Statement rows = store->Prepare(list.text(1));
    while (rows.Step()) {
      bool excepted = !store
                           ->Text("SELECT 1 FROM check_exception WHERE check_name = ? AND key = ?",
                                  {list.text(0), rows.text(0)})
                           .empty();
      if (!excepted) report(list.text(0), rows.text(0) + ": " + rows.text(1));
    }
  }
  if (json)
    io.out << render::Dump({{"schema", "cudacompat/db-check/1"}, {"laws", laws}, {"offenders", found}});
  else
    io.out << fmt::format("integrity, foreign keys and {} laws checked: {} offenders\n", laws, offenders);
  return offenders == 0 ? 0 : kExitInternal;
}

// A file of a name that nobody had, in the folder of the one that it becomes: gone unless it was kept, also
// where a signal ends the program.
class NewFile {
 public:
  explicit NewFile(const std::filesystem::path& target) {
    path_ = (target.parent_path() / ".cudacompat-XXXXXX").string();
    const int file = mkstemp(path_.data());
    if (file < 0) {
      reason_ = std::strerror(errno);
      path_.clear();
      return;
    }
    close(file);
    journal_ = path_ + "-journal";  // SQLite's, of a name that is as much ours
    partial = path_.c_str();
    journal = journal_.c_str();
    std::signal(SIGXFSZ, SIG_IGN);  // a limit is told as a full disk is
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      if (std::signal(signal, RemoveAndDie) == SIG_IGN) std::signal(signal, SIG_IGN);  // nohup
    }
  }
  ~NewFile() {
    if (!path_.empty()) unlink(path_.c_str());
    if (!journal_.empty()) unlink(journal_.c_str());
    partial = journal = nullptr;
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  const std::string& path() const { return path_; }      ///< empty where there is none
  const std::string& reason() const { return reason_; }  ///< why not

  // With `replace` whatever has the name, else only where nothing has it by now: a link is refused then.
  bool Keep(const std::string& target, bool replace) {
    struct stat old {};
    const mode_t mask = umask(0);
    umask(mask);
    const bool there = stat(target.c_str(), &old) == 0;
    chmod(path_.c_str(), there ? old.st_mode & 0777 : 0666 & ~mask);
    if (!replace && link(path_.c_str(), target.c_str()) == 0)
      return true;  // the destructor unlinks the other
    const bool no_links = errno == EPERM || errno == ENOTSUP || errno == ENOSYS;
    if ((replace || no_links) && rename(path_.c_str(), target.c_str()) == 0) {
      path_.clear();
      return true;
    }
    reason_ = std::strerror(errno);
    return false;
  }

 private:
  static void RemoveAndDie(int signal) {
    for (const char* path : {partial.load(), journal.load()}) {
      if (path != nullptr) unlink(path);
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
  static inline std::atomic<const char*> partial = nullptr;
  static inline std::atomic<const char*> journal = nullptr;
  std::string path_;
  std::string journal_;
  std::string reason_;
};

// Where it is written: what a link names is replaced and not the link, and only a plain file ever is.
Result<std::string> SaveTarget(const std::string& path, bool force) {
  std::error_code error;
  const auto refused = [&](const char* why, const char* hint) {
    return Error{ErrorKind::kUsage, Printable(path), why, hint};
  };
  if (path.empty() || path == "-") {
    return Error{ErrorKind::kUsage, "file",
                 path.empty() ? "the name is empty" : "the database is not written to standard output",
                 "name a file: cudacompat db save cudacompat.db"};
  }
  const auto own = std::filesystem::symlink_status(path, error);
  if (!std::filesystem::exists(own)) return path;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return refused("it is a link to nothing", "name another file");
  if (std::filesystem::is_directory(status)) return refused("it is a folder", "name a file in it");
  if (!std::filesystem::is_regular_file(status))
    return refused("it is a device or a pipe and no file", "name a file: only files are ever replaced");
  if (!force) return refused("the file is there already", "name another file, or add --force to replace it");
  return std::filesystem::canonical(path, error).string();
}

int RunSave(const std::string& path, bool force, bool json, Io& io) {
  const Result<std::string> target = SaveTarget(path, force);
  if (!target) return Fail(io, target.error());
  // Written beside the target and then given its name, so that a full disk leaves no half file.
  NewFile part(*target);
  std::string message = part.reason();
  bool saved = !part.path().empty() && store::SaveImage(part.path(), &message);
  if (saved && !part.Keep(*target, force)) {
    saved = false;
    message = part.reason();
  }
  if (!saved) {
    // A folder that is not there or not ours was typed so; all else is the disk's.
    std::error_code unknown;
    const std::filesystem::path folder = std::filesystem::path(*target).parent_path();
    const bool there = folder.empty() || std::filesystem::is_directory(folder, unknown);
    if (!there || (part.path().empty() && Contains(message, "denied")))
      return Fail(io, {ErrorKind::kBadInput, Printable(path), "it cannot be written there: " + message,
                       "name a folder that is there and that you may write to"});
    return Fail(io,
                {ErrorKind::kInternal, Printable(path), "writing failed, nothing was left behind: " + message,
                 "is the folder there and writable, and the disk not full?"});
  }
  std::error_code error;
  const auto bytes = std::filesystem::file_size(*target, error);
  if (json)
    io.out << render::Dump({{"schema", "cudacompat/db-save/1"}, {"file", path}, {"bytes", bytes}});
  else
    io.err << fmt::format("{} bytes written to {}\n", bytes, Printable(path));
  return 0;
}

}  // namespace

void AddDatabase(CLI::App* app, Io& io, int* code) {
  CLI::App* command = app->add_subcommand("db", "The database itself: info, check, save");
  command->require_subcommand(1);
  CLI::App* info = command->add_subcommand("info", "Versions, dates, counts and digest");
  auto json = std::make_shared<bool>(false);
  info->add_flag("--json", *json, "one JSON object");
  info->callback([json, &io, code] { *code = RunInfo(*json, io); });
  CLI::App* check = command->add_subcommand("check", "Integrity and every law over the facts");
  auto check_json = std::make_shared<bool>(false);
  check->add_flag("--json", *check_json, "one JSON object");
  check->callback([check_json, &io, code] { *code = RunCheck(*check_json, io); });
  CLI::App* save =
      command->add_subcommand("save", "Write the database to a file that any SQLite client reads");
  auto path = std::make_shared<std::string>();
  auto force = std::make_shared<bool>(false);
  save->add_option("file", *path, "where to write it")->required();
  save->add_flag("--force", *force, "replace the file if it is there");
  auto save_json = std::make_shared<bool>(false);
  save->add_flag("--json", *save_json, "one JSON object that says what was written");
  save->callback([path, force, save_json, &io, code] { *code = RunSave(*path, *force, *save_json, io); });
}

}  // namespace cudacompat::cli
