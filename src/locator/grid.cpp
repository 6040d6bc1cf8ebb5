#include "locator/grid.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace mythbench::locator {
namespace {

struct Indices {
  std::size_t first, behind;
};

// Of the values near a coordinate: a little more than may count, so that no rounding loses one.
Indices near(std::vector<double> const& axis, double coordinate) {
  auto const first = std::ranges::lower_bound(axis, coordinate - 2 * on_the_spot);
  auto const behind = std::upper_bound(first, axis.end(), coordinate + 2 * on_the_spot);
  return {static_cast<std::size_t>(first - axis.begin()),
          static_cast<std::size_t>(behind - axis.begin())};
}

}  // namespace

std::vector<double> axis(double first, double last, double step) {
  double const end = last + step;
  double const actual_step = (first + step) - first;
  auto const count = static_cast<std::size_t>(std::ceil((end - first) / step));
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = first + static_cast<double>(i) * actual_step;
  return values;
}

bool Input::is_masked(std::size_t node) const {
  return std::ranges::binary_search(masked, static_cast<std::int64_t>(node));
}

// Not the first step: rounded as it is, many of them would lead astray.
double Input::amplitude_step() const {
  if (amplitudes.size() < 2) return 1;
  return (amplitudes.back() - amplitudes.front()) / static_cast<double>(amplitudes.size() - 1);
}

Point point(Input const& in, std::size_t node) {
  std::size_t const row = node / in.z.size();
  return {in.x[row / in.y.size()], in.y[row % in.y.size()], in.z[node % in.z.size()]};
}

double Axis::count() const { return std::ceil((last + step - first) / step); }

std::vector<std::int64_t> nodes_below(Input const& in, Station const& station) {
  auto const [first_x, behind_x] = near(in.x, station.x);
  auto const [first_y, behind_y] = near(in.y, station.y);
  auto const [first_z, behind_z] = near(in.z, station.z);
  std::vector<std::int64_t> found;
  for (std::size_t x = first_x; x < behind_x; ++x)
    for (std::size_t y = first_y; y < behind_y; ++y)
      for (std::size_t z = first_z; z < behind_z; ++z)
        if (talk_distance(station, {in.x[x], in.y[y], in.z[z]}) <= on_the_spot)
          found.push_back(static_cast<std::int64_t>((x * in.y.size() + y) * in.z.size() + z));
  return found;
}

std::vector<std::int64_t> nodes_below_stations(Input const& in) {
  std::vector<std::int64_t> found;
  for (Station const& station : in.stations)
    std::ranges::copy(nodes_below(in, station), std::back_inserter(found));
  std::ranges::sort(found);
  // clang 14 cannot read the subrange of libstdc++ that std::ranges::unique gives.
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace mythbench::locator
