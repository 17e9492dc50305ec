#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/rows.h"
#include "store/store.h"

namespace cudacompat::cli {
namespace {

constexpr size_t kMostRows = 1000000;

int RunSql(const std::string& text, const std::string& format, Io& io) {
  Result<store::Store> store = store::Store::OpenReadOnly();
  if (!store) return Fail(io, store.error());
  Result<store::Statement> statement = store->PrepareTyped(text);
  if (!statement) return Fail(io, statement.error());
  Rows rows;
  for (int i = 0; i < statement->columns(); ++i) rows.columns.push_back(statement->column_name(i));
  std::string error;
  store::Statement::Stepped stepped;
  while ((stepped = statement->TryStep(&error)) == store::Statement::Stepped::kRow) {
    std::vector<store::Value> row;
    for (int i = 0; i < statement->columns(); ++i) row.push_back(statement->value(i));
    rows.rows.push_back(std::move(row));
    if (rows.rows.size() > kMostRows)
      return Fail(io, {ErrorKind::kUsage, "sql", "more than a million rows", "add a WHERE or a LIMIT"});
  }
  if (error == "interrupted") error = "the statement took longer than 10 seconds";
  if (stepped == store::Statement::Stepped::kError)
    return Fail(io, {ErrorKind::kUsage, "sql", error,
                     "add a WHERE or a LIMIT; db save FILE writes a copy for any SQLite client"});
  io.out << Show(rows, format, "cudacompat/sql/1");
  return 0;
}

}  // namespace

void AddSql(CLI::App* app, Io& io, int* code) {
  CLI::App* command = app->add_subcommand(
      "sql", "Read the facts and rules with SQL (read-only; at most 10 seconds and a million rows)");
  auto text = std::make_shared<std::string>();
  auto format = AddRowFormats(command);
  command->add_option("statement", *text, "one SELECT")->required();
  command->callback([text, format, &io, code] { *code = RunSql(*text, *format, io); });
}

}  // namespace cudacompat::cli
