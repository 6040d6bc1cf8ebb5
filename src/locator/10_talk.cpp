// The talk's loop translated word for word: maps, pow, exp.
//
// Bound: per station evaluation an attenuation (locator.hpp) and two multiply-adds for the residual
// and its square. That is generous: root, exponential and quotient count as one operation each, and
// a look-up in a map as none. What takes the time are calls of the C library and dividing; nothing
// is done for two amplitudes at once.
//
// Not even this is the talk's program to the last bit: a compiler that sees pow(x, 2) writes
// x * x, and that is not always the number which the C library's pow gives to Python. Hence
// settle().

#include <cmath>
#include <map>
#include <string>

#include "core/rung.hpp"
#include "locator/locator.hpp"

namespace mythbench::locator {
namespace {

struct Position {
  double x, y, z;
};
using Stations = std::map<std::string, Position>;
using Event = std::map<std::string, double>;

Stations stations_of(Input const& in, Group const& group) {
  Stations stations;
  for (std::size_t const s : group.stations) {
    auto const& [name, x, y, z] = in.stations[s];
    stations[name] = {x, y, z};
  }
  return stations;
}

Event event_of(Input const& in, Group const& group, std::size_t event) {
  Event observed;
  for (std::size_t const s : group.stations)
    observed[in.stations[s].name] = in.observation(event, s);
  return observed;
}

Screened search(Input const& in, Event& event, Stations const& stations) {
  Screened found;
  std::size_t node = 0;
  for (double const x : in.x)
    for (double const y : in.y)
      for (double const z : in.z) {
        std::size_t const here = node++;
        if (in.is_masked(here)) continue;
        for (double const A : in.amplitudes) {
          double err_accum = 0;
          for (auto const& [s_k, s_v] : stations) {
            double const r =
                std::sqrt(std::pow(x - s_v.x, 2) + std::pow(y - s_v.y, 2) + std::pow(z - s_v.z, 2));
            double const A_calc = A * std::exp(-in.decay * r) / r;
            err_accum += std::pow(A_calc - event[s_k], 2);
          }
          found.offer(err_accum, here);
        }
      }
  return found;
}

}  // namespace

void talk(Input const& in, Output& out) {
  out.assign(in.events(), {});
  for (Group const& group : groups(in)) {
    Stations const stations = stations_of(in, group);
    for (std::size_t const e : group.events) {
      Event event = event_of(in, group, e);
      out[e] = settle(in, group, e, search(in, event, stations));
    }
  }
}

Bound talk_bound(Case const& c) {
  double const per_evaluation = least_operations_per_attenuation + 2;
  return {.f64_operations = per_evaluation * steps_of_a_search(c).evaluations};
}

}  // namespace mythbench::locator
