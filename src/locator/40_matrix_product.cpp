// The sums C of many nodes and all events are one matrix product, which Eigen computes.
//
// Nodes come in tiles, so that the products are still in the cache when they are compared.
//
// Bound: as in closed form. Per node and event S multiply-adds in registers for S stations, one
// number stored and loaded again, and eleven operations that the compiler does for several events
// at once, with the vectors that it may take for granted on any processor of this kind.

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "core/rung.hpp"
#include "locator/locator.hpp"

namespace mythbench::locator {
namespace {

using Matrix = Eigen::MatrixXd;  // one column after the other

// As many products as half of a common second-level cache holds; at least a few nodes, or Eigen
// could not reuse what it has loaded.
constexpr std::size_t products_per_tile = 64 * 1024;

std::size_t nodes_per_tile(std::size_t events) {
  return std::clamp<std::size_t>(products_per_tile / events, 16, 1024);
}

// exp(-B r) / r: one row per station, one column per node of the tile.
void attenuate(Input const& in, Group const& group, std::size_t first_node, Matrix& g) {
  for (Eigen::Index node = 0; node < g.cols(); ++node) {
    Point const source = point(in, first_node + static_cast<std::size_t>(node));
    for (Eigen::Index i = 0; i < g.rows(); ++i) {
      Station const& station = in.stations[group.stations[static_cast<std::size_t>(i)]];
      double const dx = source.x - station.x;
      double const dy = source.y - station.y;
      double const dz = source.z - station.z;
      double const r = std::sqrt(dx * dx + dy * dy + dz * dz);
      g(i, node) = std::exp(-in.decay * r) / r;
    }
  }
}

// One row per event, one column per station.
Matrix observed_by(Input const& in, Group const& group) {
  Matrix observed(group.events.size(), group.stations.size());
  for (std::size_t e = 0; e < group.events.size(); ++e)
    for (std::size_t i = 0; i < group.stations.size(); ++i)
      observed(static_cast<Eigen::Index>(e), static_cast<Eigen::Index>(i)) =
          in.observation(group.events[e], group.stations[i]);
  return observed;
}

// The best of all events seen so far. Three arrays, not one of structures, and no branch where a
// choice will do: the compiler then compares several events at once.
struct Found {
  explicit Found(std::size_t events)
      : best(events, std::numeric_limits<double>::infinity()), second{best}, node(events, -1) {}

  std::vector<double> best, second;
  std::vector<std::int64_t> node;
};

// Those of the grid: first + k * step, k = 0 .. last.
struct Amplitudes {
  explicit Amplitudes(Input const& in)
      : first{in.amplitudes.front()},
        step{in.amplitude_step()},
        last{static_cast<double>(in.amplitudes.size() - 1)} {}

  double first, step, last;
};

// Not inlined: GCC 12 then leaves the loop scalar.
[[gnu::noinline]] void compare(Amplitudes const& amplitudes, std::size_t node, double G,
                               double const* C, Found& found) {
  auto const [first, step, last] = amplitudes;
  double const steps_per_C = 1 / (G * step);
  double const steps_before = first / step - 0.5;  // and half a step, to round to the nearest
  double* const best = found.best.data();
  double* const second = found.second.data();
  std::int64_t* const node_of = found.node.data();
  std::size_t const events = found.best.size();
  auto const number = static_cast<std::int64_t>(node);
  for (std::size_t e = 0; e < events; ++e) {
    double const steps = C[e] * steps_per_C - steps_before;
    double const not_below = steps > 0 ? steps : 0;
    double const clamped = not_below < last ? not_below : last;
    double const A = first + step * static_cast<double>(static_cast<int>(clamped));
    double const score = A * (A * G - 2 * C[e]);
    double const best_before = best[e];
    double const second_before = second[e];
    std::int64_t const node_before = node_of[e];
    double const worse = score < best_before ? best_before : score;
    second[e] = worse < second_before ? worse : second_before;
    best[e] = score < best_before ? score : best_before;
    node_of[e] = score < best_before ? number : node_before;
  }
}

}  // namespace

void matrix_product(Input const& in, Output& out) {
  out.assign(in.events(), {});
  for (Group const& group : groups(in)) {
    Amplitudes const amplitudes{in};
    Matrix const observed = observed_by(in, group);
    std::size_t const tile = nodes_per_tile(group.events.size());
    Matrix g, C;
    Found found{group.events.size()};
    for (std::size_t first = 0; first < in.nodes(); first += tile) {
      std::size_t const nodes = std::min(tile, in.nodes() - first);
      g.resize(observed.cols(), static_cast<Eigen::Index>(nodes));
      C.resize(observed.rows(), static_cast<Eigen::Index>(nodes));
      attenuate(in, group, first, g);
      C.noalias() = observed * g;
      for (Eigen::Index i = 0; i < g.cols(); ++i) {
        std::size_t const node = first + static_cast<std::size_t>(i);
        if (!in.is_masked(node)) compare(amplitudes, node, g.col(i).squaredNorm(), &C(0, i), found);
      }
    }
    for (std::size_t e = 0; e < group.events.size(); ++e)
      out[group.events[e]] =
          settle(in, group, group.events[e], {found.best[e], found.second[e], found.node[e]});
  }
}

Bound matrix_product_bound(Case const& c) {
  return {.f64_operations = operations_of_the_closed_form(c)};
}

}  // namespace mythbench::locator
