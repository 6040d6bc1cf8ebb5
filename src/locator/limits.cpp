#include "locator/limits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "csv/csv.hpp"
#include "locator/grid.hpp"

namespace mythbench::locator {
namespace {

using csv::cell;
using Found = std::optional<Excess>;

constexpr std::array<char const*, 3> axis_names{"x", "y", "z"};

std::string element(std::string const& part, std::size_t i) {
  return part + '[' + std::to_string(i) + ']';
}

std::string element(std::string const& part, std::size_t i, std::size_t j) {
  return part + '[' + std::to_string(i) + ", " + std::to_string(j) + ']';
}

// As Python has it, where hypot() takes two numbers in old versions: no limit may be another there.
double length(double x, double y, double z) { return std::sqrt(x * x + y * y + z * z); }

std::string between(double least, double most) {
  return "from " + cell(least) + " to " + cell(most);
}

bool is_within(double coordinate) { return std::abs(coordinate) <= most_coordinate; }

Excess excess_of_coordinate(std::string const& part, double coordinate, std::string const& place) {
  return Excess{part,
                "coordinates " + between(-most_coordinate, most_coordinate) + " m",
                cell(coordinate),
                place,
                "give them in metres from an origin nearby",
                {}};
}

Found excess_of_order(std::string const& part, std::vector<double> const& values) {
  if (values.empty()) return Excess{part, "at least one number", "none", {}, "give one", {}};
  for (std::size_t i = 1; i < values.size(); ++i)
    if (!(values[i - 1] < values[i]))
      return Excess{part,
                    "numbers that ascend",
                    cell(values[i]) + " after " + cell(values[i - 1]),
                    element(part, i),
                    "sort them, and keep each once",
                    {}};
  return {};
}

Found excess_of_axis(std::string const& part, std::vector<double> const& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!is_within(values[i])) return excess_of_coordinate(part, values[i], element(part, i));
  return excess_of_order(part, values);
}

Found excess_of_stations(std::vector<Station> const& stations) {
  if (stations.empty() || static_cast<double>(stations.size()) > most_stations)
    return Excess{"stations",
                  "at least one and no more than " + cell(most_stations),
                  cell(static_cast<double>(stations.size())),
                  {},
                  "choose some",
                  {}};
  for (std::size_t s = 0; s < stations.size(); ++s) {
    std::array<double, 3> const at{stations[s].x, stations[s].y, stations[s].z};
    for (std::size_t i = 0; i < at.size(); ++i)
      if (!is_within(at[i])) {
        Excess found = excess_of_coordinate("stations", at[i], element("stations", s, i));
        found.station = s;
        return found;
      }
  }
  return {};
}

Found excess_of_amplitudes(Input const& in) {
  std::string const part = "amplitudes";
  std::vector<double> const& A = in.amplitudes;
  for (std::size_t k = 0; k < A.size(); ++k)
    if (!(A[k] == 0 || (A[k] >= least_amplitude && A[k] <= most_amplitude)))
      return Excess{part,
                    (A[k] < 0 ? "none below 0, and " : "") + std::string{"0 or numbers "} +
                        between(least_amplitude, most_amplitude),
                    cell(A[k]),
                    element(part, k),
                    "give them, and the observations, in another unit",
                    {}};
  if (auto const found = excess_of_order(part, A)) return found;
  double const step = in.amplitude_step();
  for (std::size_t k = 0; k < A.size(); ++k)
    if (!(std::abs(A[k] - (A[0] + static_cast<double>(k) * step)) <= uneven * A[k]))
      return Excess{part,
                    "numbers evenly spaced but for rounding, first + k * step",
                    cell(A[k]),
                    element(part, k) + " with " + cell(A[0]) + " as the first and " + cell(step) +
                        " as the step",
                    "take them from np.arange or np.linspace",
                    {}};
  return {};
}

Found excess_of_decay(Input const& in) {
  if (!(in.decay >= 0 && std::isfinite(in.decay)))
    return Excess{"decay",
                  "a finite number, not below 0",
                  cell(in.decay),
                  {},
                  "it is pi * frequency / (quality factor * velocity)",
                  {}};
  double const farthest = farthest_station(in);
  if (in.decay * farthest <= most_decay) return {};
  return Excess{
      "decay",
      "no more than " + cell(most_decay) + " over the longest distance",
      cell(in.decay * farthest),
      {},
      "of a source " + cell(std::round(farthest)) +
          " m away nothing would arrive: check the units of frequency, quality factor and velocity",
      {}};
}

Found excess_of_masked(Input const& in) {
  if (in.masked != nodes_below_stations(in))
    return Excess{
        "masked", "the nodes below stations", "others", {}, "take them from nodes_below_stations()",
        {}};
  if (in.masked.size() < in.nodes()) return {};
  return Excess{
      "x, y, z", "a grid with nodes where no station stands", "none", {}, "make it larger", {}};
}

Found excess_of_events(Input const& in) {
  std::vector<double> observations(in.stations.size());
  for (std::size_t event = 0; event < in.events(); ++event) {
    for (std::size_t s = 0; s < observations.size(); ++s)
      observations[s] = in.observation(event, s);
    if (auto const found = excess_of(observations, event)) return found;
  }
  return {};
}

}  // namespace

std::string Excess::in_words() const {
  return part + ": expected " + expected + ", got " + got + (place.empty() ? "" : " at " + place) +
         "; " + advice;
}

std::optional<Excess> excess_of(std::span<double const> observations, std::size_t event) {
  double power = 0;
  std::size_t recorded = 0;
  bool silent = true;
  for (std::size_t s = 0; s < observations.size(); ++s) {
    double const o = observations[s];
    if (std::isnan(o)) continue;
    if (!(o >= 0 && std::isfinite(o)))
      return Excess{"observed",
                    o < 0 ? "no number below 0" : "finite numbers",
                    cell(o),
                    element("observed", event, s),
                    "an amplitude is never that",
                    {}};
    ++recorded;
    silent = silent && o == 0;
    power += o * o;
  }
  if (recorded < least_stations || silent) return {};
  if (power >= least_length * least_length && power <= most_length * most_length) return {};
  return Excess{"observed",
                "the root of the sum of an event's squares " + between(least_length, most_length),
                std::string{power < 1 ? "too small" : "too large"} + " ones",
                "event " + std::to_string(event),
                "give them, and the amplitudes, in another unit",
                {}};
}

std::optional<Excess> excess_of(double nodes, double amplitudes) {
  if (!(amplitudes <= most_amplitudes))
    return Excess{"amplitudes",         "no more than " + cell(most_amplitudes) + " of them",
                  cell(amplitudes),     {},
                  "take a larger step", {}};
  if (nodes * amplitudes < most_sources) return {};
  return Excess{"x, y, z",
                "fewer nodes times amplitudes than " + cell(most_sources),
                cell(nodes * amplitudes),
                {},
                "take larger steps",
                {}};
}

std::optional<Excess> excess_of(Input const& in) {
  auto const count = [](std::vector<double> const& values) {
    return static_cast<double>(values.size());
  };
  if (auto found = excess_of(count(in.x) * count(in.y) * count(in.z), count(in.amplitudes)))
    return found;
  if (auto found = excess_of_stations(in.stations)) return found;
  std::array<std::vector<double> const*, 3> const axes{&in.x, &in.y, &in.z};
  for (std::size_t i = 0; i < axes.size(); ++i)
    if (auto found = excess_of_axis(axis_names[i], *axes[i])) return found;
  for (auto const excess :
       {excess_of_amplitudes, excess_of_decay, excess_of_masked, excess_of_events})
    if (auto found = excess(in)) return found;
  return {};
}

void require_limits(Input const& in) {
  if (auto const excess = excess_of(in)) throw std::invalid_argument{excess->in_words()};
}

double farthest_station(Input const& in) {
  auto const reach = [](std::vector<double> const& axis, double coordinate) {
    return std::max(std::abs(axis.front() - coordinate), std::abs(axis.back() - coordinate));
  };
  double longest = 0;
  for (auto const& [name, x, y, z] : in.stations)
    longest = std::max(longest, length(reach(in.x, x), reach(in.y, y), reach(in.z, z)));
  return longest;
}

}  // namespace mythbench::locator
