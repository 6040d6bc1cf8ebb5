#include "locator/stations.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace mythbench::locator {
namespace {

std::vector<std::string_view> cells(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string_view> found;
  for (;;) {
    auto const comma = line.find(',');
    found.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return found;
    line.remove_prefix(comma + 1);
  }
}

std::string in_quotes(std::string_view text) {
  std::string quotation{'\''};
  quotation.append(text).push_back('\'');
  return quotation;
}

// One line of a table, able to say where it stands when it cannot be read.
class Row {
 public:
  Row(std::string place, std::vector<std::string_view> header, std::string_view line)
      : place_{std::move(place)}, header_{std::move(header)}, cells_{cells(line)} {
    if (cells_.size() != header_.size())
      fail(std::to_string(cells_.size()) + " cells, but " + std::to_string(header_.size()) +
           " columns");
  }

  std::string_view text(std::string_view column) const {
    auto const found = std::ranges::find(header_, column);
    if (found == header_.end()) fail("the column " + in_quotes(column) + " is missing");
    return cells_[static_cast<std::size_t>(found - header_.begin())];
  }

  double number(std::string_view column) const {
    std::string_view const written = text(column);
    double value = 0;
    auto const [end, error] =
        std::from_chars(written.data(), written.data() + written.size(), value);
    if (error != std::errc{} || end != written.data() + written.size() || !std::isfinite(value))
      fail(in_quotes(written) + " in column " + in_quotes(column) + " is not a finite number");
    return value;
  }

  [[noreturn]] void fail(std::string const& what) const {
    throw std::runtime_error{place_ + ": " + what};
  }

 private:
  std::string place_;
  std::vector<std::string_view> header_;
  std::vector<std::string_view> cells_;
};

}  // namespace

std::vector<Station> read_stations(std::filesystem::path const& file) {
  std::ifstream in{file};
  if (!in) throw std::runtime_error{"cannot read " + file.string()};
  std::vector<Station> stations;
  std::string header;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty() || line.starts_with('#')) continue;
    if (header.empty()) {
      header = line;
      continue;
    }
    Row const row{file.string() + ", line " + std::to_string(number), cells(header), line};
    stations.push_back({std::string{row.text("station")}, row.number("x_m"), row.number("y_m"),
                        row.number("z_m")});
    if (std::ranges::count(stations, stations.back().name, &Station::name) > 1)
      row.fail("the station " + in_quotes(stations.back().name) + " is listed twice");
  }
  if (stations.empty()) throw std::runtime_error{file.string() + ": no stations"};
  std::ranges::sort(stations, {}, &Station::name);
  return stations;
}

}  // namespace mythbench::locator
