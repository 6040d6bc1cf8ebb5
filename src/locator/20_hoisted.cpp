// Distances and exponentials move out of the loops over events and amplitudes.
//
// Bound: two multiply-adds per station evaluation, which here are two multiplications, a
// subtraction and an addition; per node and station one attenuation (locator.hpp). Per event they
// wait for each other: a sum has one order, and the compiler keeps it.

#include <cmath>

#include "core/rung.hpp"
#include "locator/locator.hpp"

namespace mythbench::locator {
namespace {

// exp(-B r) / r at each station.
void attenuate(Input const& in, Group const& group, Point const& source, std::vector<double>& g) {
  for (std::size_t i = 0; i < g.size(); ++i) {
    Station const& station = in.stations[group.stations[i]];
    double const dx = source.x - station.x;
    double const dy = source.y - station.y;
    double const dz = source.z - station.z;
    double const r = std::sqrt(dx * dx + dy * dy + dz * dz);
    g[i] = std::exp(-in.decay * r) / r;
  }
}

// One row per event.
std::vector<double> observed_by(Input const& in, Group const& group) {
  std::vector<double> observed;
  for (std::size_t const event : group.events)
    for (std::size_t const s : group.stations) observed.push_back(in.observation(event, s));
  return observed;
}

double squared_residuals(std::vector<double> const& g, double A, double const* observed) {
  double error = 0;
  for (std::size_t i = 0; i < g.size(); ++i) {
    double const residual = A * g[i] - observed[i];
    error += residual * residual;
  }
  return error;
}

}  // namespace

void hoisted(Input const& in, Output& out) {
  out.assign(in.events(), {});
  for (Group const& group : groups(in)) {
    std::vector<double> const observed = observed_by(in, group);
    std::vector<double> g(group.stations.size());
    std::vector<Screened> found(group.events.size());
    for (std::size_t node = 0; node < in.nodes(); ++node) {
      if (in.is_masked(node)) continue;
      attenuate(in, group, point(in, node), g);
      for (std::size_t e = 0; e < found.size(); ++e)
        for (double const A : in.amplitudes)
          found[e].offer(squared_residuals(g, A, &observed[e * g.size()]), node);
    }
    for (std::size_t e = 0; e < found.size(); ++e)
      out[group.events[e]] = settle(in, group, group.events[e], found[e]);
  }
}

Bound hoisted_bound(Case const& c) {
  Steps const steps = steps_of_a_search(c);
  return {.f64_operations =
              2 * steps.evaluations + least_operations_per_attenuation * steps.attenuations};
}

}  // namespace mythbench::locator
