#pragma once

// Grids of trial sources, as the talk's loops walk them.

#include <cstdint>
#include <optional>
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

// The node where a station stands, if it stands on one. So close to a node that no map could tell
// them apart is on it: rounding alone must not make a source of it.
std::optional<std::int64_t> node_below(Input const& in, Station const& station);

// The nodes below the stations, ascending, each once.
std::vector<std::int64_t> nodes_below_stations(Input const& in);

}  // namespace mythbench::locator
