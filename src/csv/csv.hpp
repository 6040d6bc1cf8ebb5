#pragma once

// Tables of comma-separated values, as spreadsheets and people write them.
//
// Cells may stand in double quotes, within which commas and line ends are text and "" is a quote.
// Spaces around a cell do not belong to it. Lines may end as on any system. Skipped are lines that
// begin with '#', lines without any text, and a byte order mark. The first line left is the header.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mythbench::csv {

// Reads a table row by row. Whatever is wrong is thrown as a std::runtime_error of one sentence,
// "<file>:<line>: <what>".
class Reader {
 public:
  explicit Reader(std::filesystem::path file);

  std::vector<std::string> const& columns() const { return columns_; }
  std::optional<std::size_t> find(std::string_view column) const;
  // Throws if there is no such column.
  std::size_t column(std::string_view name) const;

  // Goes to the next row; false at the end. Rows are as long as the header, or it throws.
  bool next();

  // The cells of the current row.
  std::string const& text(std::size_t column) const { return cells_[column]; }
  bool empty(std::size_t column) const { return cells_[column].empty(); }
  double number(std::size_t column) const;

  // Where the current row begins, counted from 1; the header's line before the first row.
  int line() const { return line_; }
  [[noreturn]] void fail(std::string const& what) const;

 private:
  bool read_cells();
  void read_quoted(std::string& cell);
  void read_plain(std::string& cell);
  bool at_line_end() const;
  void skip_line_end();
  void check_header() const;

  std::filesystem::path file_;
  std::string content_;
  std::size_t position_ = 0;
  int next_line_ = 1;  // the one that position_ is on
  int line_ = 1;
  std::vector<std::string> columns_;
  std::vector<std::string> cells_;
};

// The text as one cell, in quotes if it needs them.
std::string cell(std::string_view text);

// The shortest text that reads back as the same number.
std::string cell(double number);

}  // namespace mythbench::csv
