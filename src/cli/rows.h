// Rows of a table as text, JSON or CSV: what list, sql and db print.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "store/statement.h"

namespace cudacompat::cli {

struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<store::Value>> rows;
};

/// Adds --json and --csv; the value is "text", "json" or "csv".
std::shared_ptr<std::string> AddRowFormats(CLI::App* command);

std::string Show(const Rows& rows, const std::string& format, const std::string& schema);

}  // namespace cudacompat::cli
