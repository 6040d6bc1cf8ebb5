// The error is a parabola in A: of all amplitudes only the one next to its lowest point counts.
//
// With G the sum of g^2 and C that of g o over the stations, error = A (A G - 2 C) + O, lowest at
// A = C / G. O, the sum of o^2, is the same at every node and stays out of the comparison.
//
// Bound: per node and event S multiply-adds for S stations and eleven operations more; per node and
// station one attenuation (locator.hpp) and its square. That is with vectors. Here nothing is done
// for two events at once, and in the sum C each addition waits for the one before.

#include <algorithm>
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

double product(std::vector<double> const& g, double const* other) {
  double sum = 0;
  for (std::size_t i = 0; i < g.size(); ++i) sum += g[i] * other[i];
  return sum;
}

}  // namespace

void closed_form(Input const& in, Output& out) {
  out.assign(in.events(), {});
  for (Group const& group : groups(in)) {
    double const first = in.amplitudes.front();
    double const step = in.amplitude_step();
    double const last = static_cast<double>(in.amplitudes.size() - 1);
    std::vector<double> const observed = observed_by(in, group);
    std::vector<double> g(group.stations.size());
    std::vector<Screened> found(group.events.size());
    for (std::size_t node = 0; node < in.nodes(); ++node) {
      if (in.is_masked(node)) continue;
      attenuate(in, group, point(in, node), g);
      double const G = product(g, g.data());
      for (std::size_t e = 0; e < found.size(); ++e) {
        double const C = product(g, &observed[e * g.size()]);
        double const steps = std::min(std::max(0.0, (C / G - first) / step), last);
        double const A = in.amplitudes[static_cast<std::size_t>(steps + 0.5)];
        found[e].offer(A * (A * G - 2 * C), node);
      }
    }
    for (std::size_t e = 0; e < found.size(); ++e)
      out[group.events[e]] = settle(in, group, group.events[e], found[e]);
  }
}

Bound closed_form_bound(Case const& c) {
  return {.f64_operations = operations_of_the_closed_form(c)};
}

}  // namespace mythbench::locator
