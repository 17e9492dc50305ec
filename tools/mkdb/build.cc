#include "mkdb/build.h"

#include <fmt/format.h>

#include "mkdb/check.h"
#include "mkdb/facts.h"
#include "mkdb/files.h"
#include "mkdb/overview.h"
#include "mkdb/pages.h"
#include "mkdb/rules.h"
#include "mkdb/schema.h"
#include "mkdb/sqlite.h"

namespace cudacompat::mkdb {
namespace {

namespace fs = std::filesystem;

/// "CUDC", so that file(1) and other clients can tell what the file is.
constexpr int kApplicationId = 0x43554443;
/// Raised when a table or column that others read changes its meaning.
constexpr int kUserVersion = 1;

/// Later steps run only on what earlier ones left whole: each would only repeat the first mistake.
bool Fill(const BuildOptions& options, Database& db, Problems& problems) {
  DataDir data(options.data);
  const Schema schema = RunSchema(data, db, problems);
  if (!problems.empty()) return false;
  const std::set<std::string> missing = LoadFacts(data, schema, options.strict, db, problems);
  if (!problems.empty()) return false;
  MakeOverview(schema, db, problems);
  RunDerived(data, db, problems);
  RunRules(data, missing.empty(), db, problems);
  LoadPages(data, schema, db, problems);
  if (!problems.empty()) return false;
  CheckViews(db, problems);
  RunChecks(data, missing, db, problems);
  Statement version(db, "INSERT INTO meta VALUES('data_version',?1)");
  version.Bind(1, data.Digest().substr(0, 32));
  version.Step();
  if (!version.done()) problems.Add("facts/meta.csv", "data_version is made here: " + db.message());
  return problems.empty();
}

}  // namespace

BuildResult BuildDatabase(const BuildOptions& options, Problems& problems) {
  Database db;
  db.Run("BEGIN");
  if (!Fill(options, db, problems)) return BuildResult::kBadData;
  db.Run(
      fmt::format("COMMIT; PRAGMA application_id={}; PRAGMA user_version={}", kApplicationId, kUserVersion));
  const fs::path temporary = options.out.string() + ".tmp";
  std::error_code error;
  fs::remove(temporary, error);
  Statement vacuum(db, "VACUUM INTO ?1");
  vacuum.Bind(1, temporary.string());
  vacuum.Step();
  if (!vacuum.done()) {
    problems.Add(temporary.string(), db.message());
    fs::remove(temporary, error);
    return BuildResult::kCannotWrite;
  }
  fs::rename(temporary, options.out, error);
  if (!error) return BuildResult::kBuilt;
  problems.Add(options.out.string(), error.message());
  return BuildResult::kCannotWrite;
}

}  // namespace cudacompat::mkdb
