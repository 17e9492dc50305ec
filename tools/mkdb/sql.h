// SQL text: splits a file into statements and makes each compact. The texts of tables and views are parsed at
// every start of the program, so comments and surplus blanks do not go into the database.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cudacompat::mkdb {

struct SqlStatement {
  int line = 0;      ///< of its first word, from 1
  std::string text;  ///< without comments, final semicolon and surplus blanks
};

/// Statements of a file. Literals ('…') and quoted names ("…", `…`, […]) are kept byte for byte.
std::vector<SqlStatement> SplitSql(std::string_view text);

}  // namespace cudacompat::mkdb
