#include "locator/grid.hpp"

#include <algorithm>
#include <cmath>

namespace mythbench::locator {
namespace {

constexpr double on_the_spot = 1e-6;  // metres

// The index of the value nearest to a coordinate, if it is near enough.
std::optional<std::int64_t> index_near(std::vector<double> const& axis, double coordinate) {
  auto const above = std::ranges::lower_bound(axis, coordinate - on_the_spot);
  if (above == axis.end() || *above > coordinate + on_the_spot) return std::nullopt;
  auto const next = above + 1;
  bool const next_is_nearer =
      next != axis.end() && std::abs(*next - coordinate) < std::abs(*above - coordinate);
  return above - axis.begin() + next_is_nearer;
}

}  // namespace

double Axis::count() const { return std::ceil((last + step - first) / step); }

std::optional<std::int64_t> node_below(Input const& in, Station const& station) {
  auto const x = index_near(in.x, station.x);
  auto const y = index_near(in.y, station.y);
  auto const z = index_near(in.z, station.z);
  if (!x || !y || !z) return std::nullopt;
  return (*x * std::ssize(in.y) + *y) * std::ssize(in.z) + *z;
}

std::vector<std::int64_t> nodes_below_stations(Input const& in) {
  std::vector<std::int64_t> found;
  for (Station const& station : in.stations)
    if (auto const node = node_below(in, station)) found.push_back(*node);
  std::ranges::sort(found);
  // clang 14 cannot read the subrange of libstdc++ that std::ranges::unique gives.
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace mythbench::locator
