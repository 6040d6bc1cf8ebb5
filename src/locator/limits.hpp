#pragma once

// What the arithmetic of all rungs carries, and how a problem beyond that is refused: for the
// ladder, the program locate, and the Python package alike. locator.py has the same numbers for the
// Python rungs; a test compares.
//
// Below, r is the distance of a node from a station, g = exp(-B r) / r, S the number of stations, u
// one rounding, 2^-53, and G, C and O are the sums of g^2, of g o and of o^2. A double is normal
// from 1e-307 to 1e308, a float from 1e-37 to 1e38.
//
// - Coordinates up to 1e10 m, and no node within 1e-6 m of a station (grid.hpp): r is between 1e-6
//   and 4e10, and r^2, between 1e-12 and 2e21, is normal as a float, too.
// - B r up to 300: exp(-B r) is at least 1e-131, so that g is between 1e-142 and 1e6 and, with S up
//   to 1e5, G between 1e-284 and 1e17. Even u G is normal. B itself is below 3e8, a normal float.
//   As a float, g is taken relative to that of the nearest station: what vanishes then is less than
//   a rounding of a unit vector.
// - The length of the observations, the root of O, from 1e-60 to 1e60: of a square that vanishes, u
//   O does not notice. None is below 0, so C, between 1e-205 and 1e69, is above 0.
// - Amplitudes up to 1e60: A^2 G is at most 1e137, and an error, at most 2 (A^2 G + O), is finite,
//   as is its share of O, at most 1e258.
// - Amplitudes from 1e-60, but for a 0: two differ by u A at least, hence by 1e-77. Their steps up
//   to the best amplitude, C / G / step, are below 1e60 / 1e-142 / 1e-77, so finite. Where G * step
//   vanishes, C / G is 1e90 times as large as any amplitude or more: then the last one is the best,
//   as it is of infinitely many steps.
// - A screen takes the amplitude k for first + k * step, with `step` the mean one. If each is that
//   but for e A, the error differs by 3 e (A^2 G + O) at most; screens count on e up to `uneven`.
//   Such are the values of np.arange, np.linspace, and decimals read from text.
// - Rungs count amplitudes with an int, and an index is part of an answer, a double, which is exact
//   below 2^53.
// - S up to 1e5: the rounding of a sum, S u, stays small in single precision, too.

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "locator/locator.hpp"

namespace mythbench::locator {

inline constexpr double most_coordinate = 1e10;  // metres, either way
inline constexpr double most_decay = 300;        // of B times farthest_station()
inline constexpr double least_length = 1e-60;    // of an event's observations, in their unit
inline constexpr double most_length = 1e60;
inline constexpr double least_amplitude = 1e-60;  // but for 0
inline constexpr double most_amplitude = 1e60;
inline constexpr double uneven = 8 * std::numeric_limits<double>::epsilon();  // of an amplitude
inline constexpr double most_stations = 1e5;
inline constexpr double most_amplitudes = std::numeric_limits<int>::max();
inline constexpr double most_sources = 0x1p53;  // nodes times amplitudes

// What is beyond the limits, and where.
struct Excess {
  std::string part;      // of the problem, by the name that Python knows it by
  std::string expected;  // all in words
  std::string got;
  std::string place;  // empty if it is no single element
  std::string advice;
  std::optional<std::size_t> station;  // if its coordinates are what is beyond

  // "x: expected ..., got 1e+19 at x[3]; ..."
  std::string in_words() const;
};

// The first thing that is, if any.
std::optional<Excess> excess_of(Input const& in);

// Of one event. It may have too few observations, or none but zeros: then it cannot be located, and
// no limits apply.
std::optional<Excess> excess_of(std::span<double const> observations, std::size_t event);

// Of numbers of nodes and amplitudes, before anybody makes so many.
std::optional<Excess> excess_of(double nodes, double amplitudes);

// Throws std::invalid_argument, in one sentence, if something is beyond the limits.
void require_limits(Input const& in);

// No station is farther from a node, in metres.
double farthest_station(Input const& in);

}  // namespace mythbench::locator
