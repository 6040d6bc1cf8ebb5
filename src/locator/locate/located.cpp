#include "locator/locate/located.hpp"

#include <cmath>

#include "csv/csv.hpp"

namespace mythbench::locator {
Source source_of(Input const& in, Location const& location) {
  auto const index = static_cast<std::size_t>(location.index);
  std::size_t const amplitudes = in.amplitudes.size();
  return {point(in, index / amplitudes), in.amplitudes[index % amplitudes]};
}

void restate_errors(Input const& in, Output& found) {
  for (Group const& group : groups(in))
    for (std::size_t const event : group.events) {
      Location& location = found[event];
      auto const [point, amplitude] = source_of(in, location);
      double power = 0;
      for (std::size_t const s : group.stations)
        power += in.observation(event, s) * in.observation(event, s);
      location.error = talk_error(in, group, event, point, amplitude);
      location.per_cent = 100 * std::sqrt(location.error / power);
    }
}

std::string located_table(Problem const& problem, Output const& found) {
  std::string table = "event,x_m,y_m,z_m,A,per_cent_error,status,reason\n";
  for (std::size_t e = 0; e < found.size(); ++e) {
    table += csv::cell(problem.events[e]);
    if (found[e].index < 0) {
      table += ",,,,,,unlocatable," + csv::cell(problem.unlocatable[e]) + '\n';
      continue;
    }
    auto const [point, amplitude] = source_of(problem.input, found[e]);
    for (double const number : {point.x, point.y, point.z, amplitude, found[e].per_cent})
      table += ',' + csv::cell(number);
    table += ",ok,\n";
  }
  return table;
}

}  // namespace mythbench::locator
