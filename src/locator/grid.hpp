#pragma once

// Grids of trial sources, as the talk's loops walk them.

#include <cstdint>
#include <vector>

#include "locator/locator.hpp"

namespace mythbench::locator {

// From where to where, and how far apart: see axis().
struct Axis {
  double first, last, step;

  // Not a whole-number type: it may be more than memory holds, or than one could count.
  double count() const;
  std::vector<double> values() const { return axis(first, last, step); }
};

// A node is below a station, and left out, if its distance as the talk computes it is a micrometre
// or less. At 0 the talk's Python divides by zero; and rounding alone must not make a source of
// what no map could tell from the station.
inline constexpr double on_the_spot = 1e-6;  // metres

// Ascending.
std::vector<std::int64_t> nodes_below(Input const& in, Station const& station);

// All of them, ascending, each once.
std::vector<std::int64_t> nodes_below_stations(Input const& in);

}  // namespace mythbench::locator
