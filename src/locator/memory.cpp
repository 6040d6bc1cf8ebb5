#include "locator/memory.hpp"

#include <sstream>
#include <stdexcept>
#include <string>

namespace mythbench::locator {
namespace {

double count_of(std::string const& word, Sizes const& sizes) {
  if (word == "node") return sizes.nodes;
  if (word == "event") return sizes.events;
  if (word == "station") return sizes.stations;
  if (word == "amplitude") return sizes.amplitudes;
  if (word == "thread") return sizes.threads;
  throw std::invalid_argument{"'" + word + "' is nothing that a rung of the locator has many of"};
}

// "8 bytes per node and event"
double term(std::string const& text, Sizes const& sizes) {
  std::istringstream words{text};
  double bytes = 0;
  std::string unit, per, word;
  if (!(words >> bytes >> unit >> per >> word) || unit != "bytes" || per != "per")
    throw std::invalid_argument{"'" + text + "' is not of the form '8 bytes per node'"};
  bytes *= count_of(word, sizes);
  for (std::string conjunction; words >> conjunction;) {
    if (conjunction != "and" || !(words >> word))
      throw std::invalid_argument{"'" + text + "' is not of the form '8 bytes per node and event'"};
    bytes *= count_of(word, sizes);
  }
  return bytes;
}

}  // namespace

double stated_bytes(std::string_view statement, Sizes const& sizes) {
  std::istringstream terms{std::string{statement}};
  double bytes = 0;
  for (std::string text; std::getline(terms, text, ',');) bytes += term(text, sizes);
  return bytes;
}

}  // namespace mythbench::locator
