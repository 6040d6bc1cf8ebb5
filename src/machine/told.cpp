#include "machine/told.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

namespace mythbench {
namespace {

constexpr std::size_t most_processors = 1 << 16;

}  // namespace

std::optional<std::string> line_of(std::string const& file) {
  std::ifstream in{file};
  std::string text;
  if (std::getline(in, text)) return text;
  return std::nullopt;
}

std::optional<std::size_t> number_in(std::string_view text, std::size_t* end) {
  std::size_t value = 0;
  auto const [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  if (end) *end = static_cast<std::size_t>(stopped - text.data());
  return value;
}

std::optional<std::size_t> bytes_in(std::string const& size) {
  std::size_t end = 0;
  auto const count = number_in(size, &end);
  if (!count) return std::nullopt;
  std::string const unit = size.substr(end);
  if (unit.empty()) return count;
  if (unit == "K") return *count << 10;
  if (unit == "M") return *count << 20;
  if (unit == "G") return *count << 30;
  return std::nullopt;
}

std::vector<int> processors_in(std::string const& list) {
  std::vector<int> processors;
  std::istringstream parts{list};
  for (std::string part; std::getline(parts, part, ',');) {
    auto const dash = part.find('-');
    auto const first = number_in(part);
    auto const last = dash == std::string::npos ? first : number_in(part.substr(dash + 1));
    if (!first || !last) continue;
    for (std::size_t p = *first; p <= std::min(*last, most_processors); ++p)
      processors.push_back(static_cast<int>(p));
  }
  std::ranges::sort(processors);
  auto const twice = std::ranges::unique(processors);
  processors.erase(twice.begin(), twice.end());
  return processors;
}

std::string list_of(std::vector<int> const& processors) {
  std::string list;
  for (std::size_t i = 0; i < processors.size();) {
    std::size_t last = i;
    while (last + 1 < processors.size() && processors[last + 1] == processors[last] + 1) ++last;
    list += (list.empty() ? "" : ",") + std::to_string(processors[i]);
    if (last > i) list += '-' + std::to_string(processors[last]);
    i = last + 1;
  }
  return list;
}

}  // namespace mythbench
