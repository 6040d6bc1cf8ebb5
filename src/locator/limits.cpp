#include "locator/limits.hpp"

#include <algorithm>
#include <cmath>

namespace mythbench::locator {

double farthest_station(Input const& in) {
  auto const reach = [](std::vector<double> const& axis, double coordinate) {
    return std::max(std::abs(axis.front() - coordinate), std::abs(axis.back() - coordinate));
  };
  double longest = 0;
  for (auto const& [name, x, y, z] : in.stations)
    longest = std::max(longest, std::hypot(reach(in.x, x), reach(in.y, y), reach(in.z, z)));
  return longest;
}

}  // namespace mythbench::locator
