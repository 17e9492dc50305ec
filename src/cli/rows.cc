#include "cli/rows.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "render/json.h"
#include "render/style.h"

namespace cudacompat::cli {
namespace {

std::string CellText(const store::Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{}", *real);
  return "";
}

nlohmann::ordered_json CellJson(const store::Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* real = std::get_if<double>(&value)) return *real;  // no number (Inf) is null
  return nullptr;
}

}  // namespace

std::shared_ptr<std::string> AddRowFormats(CLI::App* command) {
  auto format = std::make_shared<std::string>("text");
  CLI::Option* json = command->add_flag_callback(
      "--json", [format] { *format = "json"; }, "one JSON object with columns and rows");
  command
      ->add_flag_callback(
          "--csv", [format] { *format = "csv"; }, "CSV with a header")
      ->excludes(json);
  return format;
}

std::string Show(const Rows& rows, const std::string& format, const std::string& schema) {
  if (format == "json") {
    nlohmann::ordered_json out = {
        {"schema", schema}, {"columns", rows.columns}, {"rows", nlohmann::ordered_json::array()}};
    for (const auto& row : rows.rows) {
      nlohmann::ordered_json cells = nlohmann::ordered_json::array();
      for (const store::Value& cell : row) cells.push_back(CellJson(cell));
      out["rows"].push_back(std::move(cells));
    }
    return render::Dump(out);
  }
  std::string out = format == "csv" ? render::CsvRow(rows.columns) : "";
  std::vector<std::vector<std::string>> table;
  for (const auto& row : rows.rows) {
    std::vector<std::string> cells;
    for (const store::Value& cell : row)
      cells.push_back(format == "csv" ? CellText(cell) : Printable(CellText(cell)));
    if (format == "csv")
      out += render::CsvRow(cells);
    else
      table.push_back(std::move(cells));
  }
  if (format == "csv") return out;
  std::vector<std::string> columns;
  for (const std::string& name : rows.columns) columns.push_back(Printable(name));
  return render::Table(columns, table, 0);
}

}  // namespace cudacompat::cli
