#include "csv/csv.hpp"

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"

namespace {

namespace fs = std::filesystem;
namespace csv = mythbench::csv;

using Table = std::vector<std::vector<std::string>>;

class TemporaryFile {
 public:
  explicit TemporaryFile(std::string const& content) {
    std::ofstream{file_, std::ios::binary} << content;
  }
  ~TemporaryFile() { fs::remove(file_); }
  TemporaryFile(TemporaryFile const&) = delete;
  TemporaryFile& operator=(TemporaryFile const&) = delete;
  fs::path const& path() const { return file_; }

 private:
  fs::path file_ = fs::temp_directory_path() / ("csv_test." + std::to_string(getpid()));
};

// The header, then the rows.
Table table(std::string const& content) {
  TemporaryFile const file{content};
  csv::Reader reader{file.path()};
  Table all{reader.columns()};
  while (reader.next()) {
    all.emplace_back();
    for (std::size_t i = 0; i < reader.columns().size(); ++i) all.back().push_back(reader.text(i));
  }
  return all;
}

// The complaint without the name of the file; empty if there is none.
std::string complaint(std::string const& content) {
  TemporaryFile const file{content};
  try {
    csv::Reader reader{file.path()};
    while (reader.next())
      for (std::size_t i = 1; i < reader.columns().size(); ++i)
        if (!reader.empty(i)) reader.number(i);
  } catch (std::runtime_error const& error) {
    std::string const text = error.what();
    REQUIRE(text.starts_with(file.path().string()));
    return text.substr(file.path().string().size());
  }
  return {};
}

double number(std::string const& written) {
  TemporaryFile const file{"a\n" + written + "\n"};
  csv::Reader reader{file.path()};
  REQUIRE(reader.next());
  return reader.number(0);
}

}  // namespace

TEST_CASE("a table reads the same however its lines end", "[csv]") {
  Table const expected{{"a", "b"}, {"1", "2"}, {"3", ""}};
  for (std::string const end : {"\n", "\r\n", "\r"}) {
    CHECK(table("a,b" + end + "1,2" + end + "3," + end) == expected);
    CHECK(table("a,b" + end + "1,2" + end + "3,") == expected);
  }
}

TEST_CASE("byte order mark, comments, blank lines and rows of commas are skipped", "[csv]") {
  Table const expected{{"a", "b"}, {"1", "2"}};
  CHECK(table("\xEF\xBB\xBF"
              "a,b\n1,2\n") == expected);
  CHECK(table("# first\n\n#second\na,b\n  \n# third, with a \" quote\n1,2\n\n,\n\n \t\n") ==
        expected);
}

TEST_CASE("quotes hold commas, quotes and line ends", "[csv]") {
  CHECK(table("\"a\" , b\n\"1,5\",\"say \"\"no\"\"\"\n\"two\nlines\",\"#no comment\"\n") ==
        Table{{"a", "b"}, {"1,5", "say \"no\""}, {"two\nlines", "#no comment"}});
  CHECK(table("a,b\n\"#1\",\"\"\n") == Table{{"a", "b"}, {"#1", ""}});
}

TEST_CASE("spaces around a cell do not belong to it, in quotes they do", "[csv]") {
  CHECK(table(" a ,\tb\n 1 2 ,\" 3 \" \n") == Table{{"a", "b"}, {"1 2", " 3 "}});
}

TEST_CASE("a complaint says on which line it is wrong", "[csv]") {
  CHECK(complaint("") == ":1: is empty");
  CHECK(complaint("# nothing\n\n") == ":1: is empty");
  CHECK(complaint("a,b\n1,2\n1\n") == ":3: has 1 cell, but there are 2 columns");
  CHECK(complaint("a,b\n\n# c\r\n1,2,3\n") == ":4: has 3 cells, but there are 2 columns");
  CHECK(complaint("\n#\na,b,a\n") == ":3: the column 'a' is there twice");
  CHECK(complaint("a,\n") == ":1: column 2 has no name");
  CHECK(complaint("a;b\n1;2\n") == ":1: the columns are separated by something else than commas");
  CHECK(complaint("a,b\n1,2\n1,\"2\n3,4\n") == ":3: a quote is opened and never closed");
  CHECK(complaint("a,b\n1,2\"\n") == ":2: a quote stands in the middle of a cell");
  CHECK(complaint("a,b\n1,\"2\"3\n") == ":2: text follows a closed quote");
  CHECK(complaint(std::string{"a\0,\0b\0", 6}) == ":1: is not a text file in UTF-8");
  CHECK(complaint("a,b\n\"1\n1\",2\n3,x\n") == ":4: 'x' in column 'b' is not a number");
}

TEST_CASE("a complaint about a file that cannot be read names it", "[csv]") {
  fs::path const folder = fs::temp_directory_path();
  CHECK_THROWS_AS(csv::Reader{folder / "there is no such file"}, std::runtime_error);
  CHECK_THROWS_AS(csv::Reader{folder}, std::runtime_error);
}

TEST_CASE("a missing column is named with the line of the header", "[csv]") {
  TemporaryFile const file{"# comment\na,b\n1,2\n"};
  csv::Reader const reader{file.path()};
  CHECK(reader.column("b") == 1);
  CHECK_FALSE(reader.find("c"));
  try {
    reader.column("c");
    FAIL("nothing was thrown");
  } catch (std::runtime_error const& error) {
    CHECK(error.what() == file.path().string() + ":2: the column 'c' is missing");
  }
}

TEST_CASE("numbers are whole cells, finite and within range", "[csv]") {
  CHECK(number("-1.5e3") == -1500);
  CHECK(number("+.5") == 0.5);
  CHECK(number("4174000") == 4174000);
  for (std::string const text : {"1,5", "1.5 m", "0x10", "--1", "+-1", "+", "e5", "1e"})
    CHECK(complaint("a,b\n1,\"" + text + "\"\n") ==
          ":2: '" + text + "' in column 'b' is not a number");
  for (std::string const text : {"nan", "inf", "-Infinity", "NaN"})
    CHECK(complaint("a,b\n1," + text + "\n") ==
          ":2: '" + text + "' in column 'b' is not a finite number");
  CHECK(complaint("a,b\n1,1e999\n") == ":2: '1e999' in column 'b' is out of a double's range");
}

TEST_CASE("what is written as a cell reads back as it was", "[csv]") {
  for (std::string const text :
       {"plain", "a,b", "say \"no\"", "#1", " spaces ", "two\nlines", "cr\r\nlf", "\"", "'", "é"})
    CHECK(table("a,b\n" + csv::cell(text) + ",1\n")[1][0] == text);
  std::mt19937_64 random{1};
  for (int i = 0; i < 1000; ++i) {
    double const value = std::ldexp(static_cast<double>(random()), static_cast<int>(i % 200) - 100);
    CHECK(number(csv::cell(value)) == value);
  }
  CHECK(number(csv::cell(std::numeric_limits<double>::min())) ==
        std::numeric_limits<double>::min());
}
