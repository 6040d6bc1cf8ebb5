#include "csv/csv.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace mythbench::csv {
namespace {

namespace fs = std::filesystem;

std::string content_of(fs::path const& file) {
  // A folder can be opened like a file, and then reads as an empty one.
  if (fs::is_directory(file)) throw std::runtime_error{file.string() + ": is a folder, not a file"};
  errno = 0;
  std::ifstream in{file, std::ios::binary};
  std::string content{std::istreambuf_iterator<char>{in}, {}};
  if (!in)
    throw std::runtime_error{file.string() + ": cannot be read" +
                             (errno ? std::string{": "} + std::strerror(errno) : "")};
  return content;
}

bool is_space(char c) { return c == ' ' || c == '\t'; }

void trim_end(std::string& text) {
  while (!text.empty() && is_space(text.back())) text.pop_back();
}

std::string named(std::string_view text) { return '\'' + std::string{text} + '\''; }

}  // namespace

Reader::Reader(fs::path file) : file_{std::move(file)}, content_{content_of(file_)} {
  if (content_.starts_with("\xEF\xBB\xBF")) position_ = 3;
  // What a spreadsheet calls Unicode text has a zero byte in each Latin letter.
  if (content_.find('\0') != std::string::npos) fail("is not a text file in UTF-8");
  if (!read_cells()) fail("is empty");
  columns_ = cells_;
  check_header();
}

void Reader::check_header() const {
  if (columns_.size() == 1 && columns_[0].find_first_of(";\t") != std::string::npos)
    fail("the columns are separated by something else than commas");
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].empty()) fail("column " + std::to_string(i + 1) + " has no name");
    if (find(columns_[i]) != i) fail("the column " + named(columns_[i]) + " is there twice");
  }
}

std::optional<std::size_t> Reader::find(std::string_view column) const {
  auto const found = std::ranges::find(columns_, column);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

std::size_t Reader::column(std::string_view name) const {
  auto const found = find(name);
  if (!found) fail("the column " + named(name) + " is missing");
  return *found;
}

bool Reader::next() {
  if (!read_cells()) return false;
  if (cells_.size() != columns_.size())
    fail("has " + std::to_string(cells_.size()) + (cells_.size() == 1 ? " cell" : " cells") +
         ", but there are " + std::to_string(columns_.size()) + " columns");
  return true;
}

double Reader::number(std::size_t column) const {
  std::string const& written = cells_[column];
  std::string const where = " in column " + named(columns_[column]);
  if (written.empty()) fail("no number" + where);
  // std::from_chars knows no plus sign.
  bool const has_plus = written.size() > 1 && written[0] == '+' && written[1] != '-';
  char const* const begin = written.data() + has_plus;
  char const* const end = written.data() + written.size();
  double value = 0;
  auto const [stop, error] = std::from_chars(begin, end, value);
  if (error == std::errc::invalid_argument || stop != end)
    fail(named(written) + where + " is not a number");
  if (error != std::errc{}) fail(named(written) + where + " is out of a double's range");
  if (!std::isfinite(value)) fail(named(written) + where + " is not a finite number");
  return value;
}

void Reader::fail(std::string const& what) const {
  throw std::runtime_error{file_.string() + ':' + std::to_string(line_) + ": " + what};
}

bool Reader::at_line_end() const {
  return position_ == content_.size() || content_[position_] == '\n' || content_[position_] == '\r';
}

void Reader::skip_line_end() {
  if (position_ == content_.size()) return;
  if (content_.compare(position_, 2, "\r\n") == 0) ++position_;
  ++position_;
  ++next_line_;
}

// Reads up to a line that says something; false if there is none.
bool Reader::read_cells() {
  int const line_before = line_;
  while (position_ < content_.size()) {
    line_ = next_line_;
    if (content_[position_] == '#') {
      while (!at_line_end()) ++position_;
      skip_line_end();
      continue;
    }
    std::size_t count = 0;
    for (;; ++position_) {
      // The strings of the last row are used again: most of them need no memory of their own.
      if (cells_.size() <= count) cells_.emplace_back();
      std::string& cell = cells_[count++];
      cell.clear();
      while (!at_line_end() && is_space(content_[position_])) ++position_;
      if (!at_line_end() && content_[position_] == '"')
        read_quoted(cell);
      else
        read_plain(cell);
      if (at_line_end()) break;
    }
    cells_.resize(count);
    skip_line_end();
    // A spreadsheet's empty rows are nothing but commas.
    if (std::ranges::any_of(cells_, [](std::string const& cell) { return !cell.empty(); }))
      return true;
  }
  line_ = line_before;
  return false;
}

void Reader::read_plain(std::string& cell) {
  while (!at_line_end() && content_[position_] != ',') {
    if (content_[position_] == '"') fail("a quote stands in the middle of a cell");
    cell += content_[position_++];
  }
  trim_end(cell);
}

void Reader::read_quoted(std::string& cell) {
  int lines = 0;
  for (++position_;; ++position_) {
    if (position_ == content_.size()) fail("a quote is opened and never closed");
    if (content_.compare(position_, 2, "\"\"") == 0)
      ++position_;
    else if (content_[position_] == '"')
      break;
    else if (content_[position_] == '\n')
      ++lines;
    cell += content_[position_];
  }
  next_line_ += lines;
  for (++position_; !at_line_end() && is_space(content_[position_]);) ++position_;
  if (!at_line_end() && content_[position_] != ',') fail("text follows a closed quote");
}

std::string cell(std::string_view text) {
  bool const plain = text.find_first_of(",\"\r\n") == std::string_view::npos &&
                     !text.starts_with('#') &&
                     (text.empty() || (!is_space(text.front()) && !is_space(text.back())));
  if (plain) return std::string{text};
  std::string all = "\"";
  for (char const c : text) {
    if (c == '"') all += '"';
    all += c;
  }
  return all + '"';
}

std::string cell(double number) {
  char digits[32];
  auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  return {digits, end};
}

}  // namespace mythbench::csv
