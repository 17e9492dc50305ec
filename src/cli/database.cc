#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

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
  if (json) {
    nlohmann::ordered_json out = {{"schema", "cudacompat/db-info/1"},
                                  {"program", CUDACOMPAT_VERSION},
                                  {"version", version},
                                  {"as_of", as_of},
                                  {"digest", version},
                                  {"bytes", store::ImageSize()},
                                  {"tables", nlohmann::ordered_json::object()}};
    for (const auto& [name, count] : counts) out["tables"][name] = count;
    io.out << render::Dump(out);
    return 0;
  }
  io.out << fmt::format("program  {}\ndata     {}\nas of    {}\nbytes    {}\n\n", CUDACOMPAT_VERSION, version,
                        as_of, store::ImageSize());
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, count] : counts) rows.push_back({name, std::to_string(count)});
  io.out << render::Table({"table", "rows"}, rows, 0);
  return 0;
}

// Every law again, over the embedded image: integrity, foreign keys and the checks of data/checks (kept in
// the table law).
int RunCheck(Io& io) {
  Result<store::Store> store = store::Store::OpenReadOnly();
  if (!store) return Fail(io, store.error());
  int64_t offenders = 0;
  int64_t laws = 0;
  auto report = [&](const std::string& law, const std::string& text) {
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
  io.out << fmt::format("integrity, foreign keys and {} laws checked: {} offenders\n", laws, offenders);
  return offenders == 0 ? 0 : kExitInternal;
}

int RunSave(const std::string& path, bool force, Io& io) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (path.empty() || path == "-") {
    return Fail(io, {ErrorKind::kUsage, "file",
                     path.empty() ? "the name is empty" : "the database is not written to standard output",
                     "name a file: cudacompat db save cudacompat.db"});
  }
  if (fs::exists(path, error) && !force) {
    return Fail(io, {ErrorKind::kUsage, path, "the file is there already",
                     "name another file, or add --force to replace it"});
  }
  // Written beside the target and renamed, so that a full disk leaves no half file.
  std::string part = path + ".part";
  std::string message;
  fs::remove(part, error);
  bool saved = store::SaveImage(part, &message);
  if (saved) {
    fs::rename(part, path, error);
    saved = !error;
    if (error) message = error.message();
  }
  if (!saved) {
    fs::remove(part, error);
    return Fail(io, {ErrorKind::kInternal, path, "writing failed, nothing was left behind: " + message,
                     "is the folder there and writable, and the disk not full?"});
  }
  io.err << fmt::format("{} bytes written to {}\n", fs::file_size(path, error), path);
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
  check->callback([&io, code] { *code = RunCheck(io); });
  CLI::App* save =
      command->add_subcommand("save", "Write the database to a file that any SQLite client reads");
  auto path = std::make_shared<std::string>();
  auto force = std::make_shared<bool>(false);
  save->add_option("file", *path, "where to write it")->required();
  save->add_flag("--force", *force, "replace the file if it is there");
  save->callback([path, force, &io, code] { *code = RunSave(*path, *force, io); });
}

}  // namespace cudacompat::cli
