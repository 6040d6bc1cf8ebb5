#include "locator/locate/grid_file.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <numbers>
#include <stdexcept>
#include <string>
#include <string_view>

#include "csv/csv.hpp"

namespace mythbench::locator {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::array<std::string_view, 4> axes{"x", "y", "z", "amplitude"};
constexpr std::array<std::string_view, 3> ends{"first", "last", "step"};
constexpr std::array<std::string_view, 3> medium{"frequency_hz", "quality_factor", "velocity_m_s"};

bool contains(auto const& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::string listed(auto const& names) {
  std::string list;
  for (std::string_view const name : names) {
    if (!list.empty()) list += name == names.back() ? " and " : ", ";
    list += name;
  }
  return list;
}

[[noreturn]] void fail(fs::path const& file, std::string const& place, std::string const& what) {
  throw std::runtime_error{file.string() + ':' + place + ": " + what};
}

// What the JSON library says without its own account of the place:
// "[json.exception.parse_error.101] parse error at line 4, column 3: what is wrong".
std::string without_place(std::string what) {
  what.erase(0, what.find("] ") + 2);
  if (what.starts_with("parse error at")) what.erase(0, what.find(": ") + 2);
  return what;
}

// Walks through a text and counts its lines. The JSON library, whose objects forget where they
// stood, reads no further than to the end of a key before it reports that key.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = char const*;
  using reference = char const&;

  CountingIterator(char const* at, int& line) : at_{at}, line_{&line} {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    if (*at_++ == '\n') ++*line_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator const before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(CountingIterator const& a, CountingIterator const& b) {
    return a.at_ == b.at_;
  }

 private:
  char const* at_;
  int* line_;
};

struct Setting {
  double value;
  int line;
};

// Gathers the numbers of a grid file under names such as "x.step", and refuses all else.
class Settings final : public nlohmann::json_sax<Json> {
 public:
  Settings(fs::path const& file, std::string const& content) : file_{file}, content_{content} {
    char const* const begin = content.data();
    Json::sax_parse(CountingIterator{begin, line_}, CountingIterator{begin + content.size(), line_},
                    this);
    for (std::string_view const axis : axes) {
      require(std::string{axis}, start_line_);
      for (std::string_view const end : ends)
        require(std::string{axis} + '.' + std::string{end}, lines_.at(std::string{axis}));
    }
    for (std::string_view const name : medium) require(std::string{name}, start_line_);
  }

  Setting operator[](std::string const& name) const { return {values_.at(name), lines_.at(name)}; }

  bool key(string_t& name) override {
    key_line_ = line_;
    bool const known =
        axis_.empty() ? contains(axes, name) || contains(medium, name) : contains(ends, name);
    if (!known)
      refuse("unknown key '" + name + "', known are " +
             (axis_.empty() ? listed(axes) + ", " + listed(medium) : listed(ends)));
    name_ = axis_.empty() ? name : axis_ + '.' + name;
    if (!lines_.emplace(name_, key_line_).second) refuse("the key '" + name_ + "' is there twice");
    return true;
  }

  bool start_object(std::size_t) override {
    if (name_.empty()) {
      start_line_ = line_;
      return true;
    }
    if (!contains(axes, name_)) refuse("'" + name_ + "' has to be a number");
    axis_ = name_;
    return true;
  }
  bool end_object() override {
    axis_.clear();
    return true;
  }

  bool number_float(number_float_t value, string_t const&) override {
    if (name_.empty()) return other();
    if (contains(axes, name_)) refuse("'" + name_ + "' has to be an object of " + listed(ends));
    values_[name_] = value;
    return true;
  }
  bool number_integer(number_integer_t value) override {
    return number_float(static_cast<double>(value), {});
  }
  bool number_unsigned(number_unsigned_t value) override {
    return number_float(static_cast<double>(value), {});
  }

  bool null() override { return other(); }
  bool boolean(bool) override { return other(); }
  bool string(string_t&) override { return other(); }
  bool binary(binary_t&) override { return other(); }
  bool start_array(std::size_t) override { return other(); }
  bool end_array() override { return true; }

  bool parse_error(std::size_t position, std::string const&,
                   Json::exception const& error) override {
    // The position counts what has been read, the character that does not fit included.
    auto const at = content_.begin() + std::clamp(static_cast<std::ptrdiff_t>(position) - 1,
                                                  std::ptrdiff_t{0}, std::ssize(content_));
    auto const line = 1 + std::count(content_.begin(), at, '\n');
    auto const line_start = std::find(std::make_reverse_iterator(at), content_.rend(), '\n').base();
    fail(file_, std::to_string(line) + ':' + std::to_string(at - line_start + 1),
         without_place(error.what()));
  }

 private:
  void require(std::string const& name, int line) const {
    if (!lines_.contains(name))
      fail(file_, std::to_string(line), "the key '" + name + "' is missing");
  }
  [[noreturn]] void refuse(std::string const& what) const {
    fail(file_, std::to_string(key_line_), what);
  }
  [[noreturn]] bool other() const {
    if (name_.empty()) fail(file_, std::to_string(line_), "has to be an object");
    refuse("'" + name_ + "' has to be " +
           (contains(axes, name_) ? "an object of " + listed(ends) : "a number"));
  }

  fs::path const& file_;
  std::string const& content_;
  int line_ = 1;
  int key_line_ = 1;
  int start_line_ = 1;
  std::string name_;  // of the last key
  std::string axis_;  // whose object is open
  std::map<std::string, double> values_;
  std::map<std::string, int> lines_;
};

std::string content_of(fs::path const& file) {
  std::ifstream in{file, std::ios::binary};
  std::string content{std::istreambuf_iterator<char>{in}, {}};
  if (!in || fs::is_directory(file)) throw std::runtime_error{file.string() + ": cannot be read"};
  return content;
}

Axis read_axis(fs::path const& file, Settings const& settings, std::string const& name) {
  auto const [first, first_line] = settings[name + ".first"];
  auto const [last, last_line] = settings[name + ".last"];
  auto const [step, step_line] = settings[name + ".step"];
  auto const refuse = [&](int line, std::string const& what) {
    fail(file, std::to_string(line), what);
  };
  if (!(step > 0))
    refuse(step_line, "the step of " + name + " is " + csv::cell(step) + ", it has to be above 0");
  if (last < first)
    refuse(last_line, "the grid is empty: the last " + name + ", " + csv::cell(last) +
                          ", is below the first, " + csv::cell(first));
  // Beyond this, neighbouring coordinates would be equal, or unequally far apart.
  double const largest = std::max(std::abs(first), std::abs(last) + step);
  if (std::abs((largest + step) - largest - step) > step / 100)
    refuse(step_line, "the step of " + name + ", " + csv::cell(step) +
                          ", is lost in the rounding of coordinates as large as " +
                          csv::cell(largest));
  return {first, last, step};
}

double positive(fs::path const& file, Settings const& settings, std::string const& name) {
  auto const [value, line] = settings[name];
  if (!(value > 0))
    fail(file, std::to_string(line), name + " is " + csv::cell(value) + ", it has to be above 0");
  return value;
}

}  // namespace

GridFile read_grid(fs::path const& file) {
  std::string const content = content_of(file);
  Settings const settings{file, content};
  GridFile grid{read_axis(file, settings, "x"), read_axis(file, settings, "y"),
                read_axis(file, settings, "z"), read_axis(file, settings, "amplitude"), 0};
  if (grid.amplitude.first < 0)
    fail(file, std::to_string(settings["amplitude.first"].line),
         "the first amplitude is " + csv::cell(grid.amplitude.first) + ", below 0");
  grid.decay =
      std::numbers::pi * positive(file, settings, "frequency_hz") /
      (positive(file, settings, "quality_factor") * positive(file, settings, "velocity_m_s"));
  if (!std::isfinite(grid.decay) || grid.decay == 0)
    fail(
        file, std::to_string(settings["frequency_hz"].line),
        "with this quality_factor and velocity_m_s the waves decay at no rate that a double holds");
  return grid;
}

}  // namespace mythbench::locator
