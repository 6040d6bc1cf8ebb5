// The talk's loop over arrays instead of maps, with x * x for pow(x, 2): what Numba compiles.
//
// Bound: as for talk, per station evaluation an attenuation (locator.hpp) and two multiply-adds for
// the residual and its square. No look-up is left; the calls of exp, the root and the quotient are,
// for each amplitude anew.

#include <cmath>
#include <vector>

#include "core/rung.hpp"
#include "locator/locator.hpp"

namespace mythbench::locator {
namespace {

struct Event {
  std::vector<Point> stations;
  std::vector<double> observed;
};

Event event_of(Input const& in, Group const& group, std::size_t event) {
  Event told;
  for (std::size_t const s : group.stations) {
    auto const& [name, x, y, z] = in.stations[s];
    told.stations.push_back({x, y, z});
    told.observed.push_back(in.observation(event, s));
  }
  return told;
}

double squared(double x) { return x * x; }

double error_of(Event const& event, Point const& source, double A, double decay) {
  double err_accum = 0;
  for (std::size_t s = 0; s < event.stations.size(); ++s) {
    Point const& station = event.stations[s];
    double const r = std::sqrt(squared(source.x - station.x) + squared(source.y - station.y) +
                               squared(source.z - station.z));
    double const A_calc = A * std::exp(-decay * r) / r;
    err_accum += squared(A_calc - event.observed[s]);
  }
  return err_accum;
}

Screened search(Input const& in, Event const& event) {
  Screened found;
  for (std::size_t node = 0; node < in.nodes(); ++node) {
    if (in.is_masked(node)) continue;
    for (double const A : in.amplitudes)
      found.offer(error_of(event, point(in, node), A, in.decay), node);
  }
  return found;
}

}  // namespace

void talk_on_arrays(Input const& in, Output& out) {
  out.assign(in.events(), {});
  for (Group const& group : groups(in))
    for (std::size_t const e : group.events)
      out[e] = settle(in, group, e, search(in, event_of(in, group, e)));
}

Bound talk_on_arrays_bound(Case const& c) {
  double const per_evaluation = least_operations_per_attenuation + 2;
  return {.f64_operations = per_evaluation * steps_of_a_search(c).evaluations};
}

}  // namespace mythbench::locator
