// The locator for Python: arrays in, a record per event out.

#include <algorithm>
#include <cmath>
#include <limits>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/rung.hpp"
#include "locator/grid.hpp"
#include "locator/limits.hpp"
#include "locator/locator.hpp"
#include "wrapper/mythbench/arguments.hpp"
#include "wrapper/mythbench/kernels.hpp"

namespace mythbench::wrapper {
namespace {

using locator::Input;
using locator::Location;
using locator::Station;

// What Python gets to see of a location.
struct Record {
  std::int64_t index;
  double x, y, z, amplitude, error, per_cent;
};

constexpr std::string_view ladder = "locator";

bool is_method(Rung const& rung) {
  return rung.example == ladder && rung.language == Language::cpp;
}

Rung const& method_named(std::string const& name) {
  std::string known;
  for (Rung const& rung : all_rungs() | std::views::filter(is_method)) {
    if (rung.name == name) return rung;
    known += (known.empty() ? "" : ", ") + std::string{rung.name};
  }
  throw py::value_error{"method: expected one of " + known + ", got " + name};
}

std::vector<Station> stations_of(Array const& positions) {
  std::vector<Station> stations;
  for (std::size_t s = 0; s < positions.extent(0); ++s)
    // Names are ordered as the stations are.
    stations.push_back({std::to_string(1'000'000 + s), positions[3 * s], positions[3 * s + 1],
                        positions[3 * s + 2]});
  return stations;
}

std::vector<double> numbers(py::handle argument, std::string_view name) {
  Array const array = finite_doubles(argument, name, "(count,)", {0});
  return {array.numbers().begin(), array.numbers().end()};
}

// Read where they are, unless some are missing: then a copy has gaps in their place.
void take_observations(Input& in, Array const& observed, py::handle recorded) {
  if (recorded.is_none()) {
    in.borrowed_observations = observed.numbers();
    return;
  }
  std::vector<std::size_t> shape;
  for (std::size_t i = 0; i < observed.dimensions(); ++i) shape.push_back(observed.extent(i));
  std::vector<bool> const present = flags(recorded, "recorded", "that of observed", shape);
  in.observations.assign(observed.numbers().begin(), observed.numbers().end());
  for (std::size_t i = 0; i < present.size(); ++i)
    if (!present[i]) in.observations[i] = std::numeric_limits<double>::quiet_NaN();
}

Record record(Input const& in, Location const& location) {
  double const nothing = std::numeric_limits<double>::quiet_NaN();
  if (location.index < 0) return {-1, nothing, nothing, nothing, nothing, nothing, nothing};
  auto const index = static_cast<std::size_t>(location.index);
  auto const [x, y, z] = locator::point(in, index / in.amplitudes.size());
  return {location.index,   x, y, z, in.amplitudes[index % in.amplitudes.size()], location.error,
          location.per_cent};
}

py::array locate(py::handle stations, py::handle observed, py::handle x, py::handle y, py::handle z,
                 py::handle amplitudes, py::handle decay, py::handle recorded,
                 std::string const& method, py::handle threads) {
  auto* const search = kernel_of<locator::Example>(method_named(method));
  Array const positions = finite_doubles(stations, "stations", "(stations, 3)", {0, 3});
  std::size_t const count = positions.extent(0);
  if (count < 3) positions.refuse("at least 3 stations", std::to_string(count));

  bool const single = py::isinstance<py::array>(observed) &&
                      py::reinterpret_borrow<py::array>(observed).ndim() == 1;
  std::string const shape = "(events, " + std::to_string(count) + ") or (" + std::to_string(count) +
                            ",), a number per station";
  Array const observations =
      finite_doubles(observed, "observed", shape,
                     single ? std::vector<std::size_t>{count} : std::vector<std::size_t>{0, count});

  Input in{};
  in.stations = stations_of(positions);
  in.x = numbers(x, "x");
  in.y = numbers(y, "y");
  in.z = numbers(z, "z");
  in.amplitudes = numbers(amplitudes, "amplitudes");
  in.decay = finite_number(decay, "decay");
  if (!(in.decay > 0))
    throw py::value_error{"decay: expected a number above 0, got " + text_of(in.decay)};
  in.threads = static_cast<int>(whole_number(threads, "threads", 1, 1024));
  take_observations(in, observations, recorded);
  in.masked = locator::nodes_below_stations(in);
  if (auto const excess = locator::excess_of(in)) throw py::value_error{excess->in_words()};

  py::array_t<Record> result(single
                                 ? std::vector<py::ssize_t>{}
                                 : std::vector<py::ssize_t>{static_cast<py::ssize_t>(in.events())});
  Record* const records = result.mutable_data();
  {
    py::gil_scoped_release const unlocked;
    locator::Output found;
    if (in.events() > 0) search(in, found);
    std::ranges::transform(found, records, [&](Location const& l) { return record(in, l); });
  }
  return result;
}

}  // namespace

void define_locate(py::module_& module) {
  PYBIND11_NUMPY_DTYPE(Record, index, x, y, z, amplitude, error, per_cent);

  py::list methods;
  for (Rung const& rung : all_rungs() | std::views::filter(is_method))
    methods.append(std::string{rung.name});
  module.attr("METHODS") = py::tuple(methods);

  module.def("locate", &locate, py::arg("stations"), py::arg("observed"), py::arg("x"),
             py::arg("y"), py::arg("z"), py::arg("amplitudes"), py::arg("decay"), py::kw_only(),
             py::arg("recorded") = py::none(), py::arg("method") = "branch_and_bound_threads",
             py::arg("threads") = 1,
             R"(locate(stations, observed, x, y, z, amplitudes, decay, *, recorded=None,
       method="branch_and_bound_threads", threads=1)

Locate seismic events: the source on a grid that fits what the stations recorded best.

From a source of amplitude A at a distance r, a station records A * exp(-decay * r) / r. Of all
nodes of the grid and all amplitudes, the one with the smallest sum of squared residuals is found,
and of several such the first, in the order x, y, z, amplitude. Every method finds the very same.

Parameters
----------
stations : float64 array, shape (stations, 3), metres
    Positions x, y and z, z upwards; at least three stations.
observed : float64 array, shape (events, stations) or (stations,), same unit as amplitudes * 1/m
    Amplitude of each event at each station, none below 0. Read where it is, not copied, unless
    `recorded` is given; do not write to it meanwhile.
x, y, z : float64 arrays, shapes (nx,), (ny,) and (nz,), metres
    Coordinates of the grid, ascending. A node within a micrometre of a station is no source.
amplitudes : float64 array, shape (na,)
    Trial amplitudes of the source, ascending and evenly spaced but for rounding, as np.arange and
    np.linspace give them; none below 0.
decay : float, per metre
    pi * frequency / (quality factor * velocity).
recorded : bool array, the shape of observed, optional
    False where a station recorded nothing; what `observed` holds there is not looked at, but has
    to be finite.
method : str
    One of METHODS, the rungs of the locator's ladder.
threads : int
    For the methods that use threads.

Returns
-------
structured array, shape (events,), or () for a single event, of
    index      int64, ((ix * ny + iy) * nz + iz) * na + ia; -1 if the event cannot be located,
               for want of three stations or with nothing but zeros; then the rest is NaN
    x, y, z    float64, metres
    amplitude  float64
    error      float64, the sum of the squared residuals
    per_cent   float64, 100 * sqrt(error / sum of the squared observations)

Raises ValueError for arrays of another type, shape or layout, for numbers that are not finite, and
for those that the arithmetic does not carry, saying what it does. The lock is released during the search.)");
}

}  // namespace mythbench::wrapper
