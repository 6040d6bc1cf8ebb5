#pragma once

// Rumour:  "Hey, use NumPy!": the talk's seismic locator tries every source of a grid, point by
//          point and amplitude by amplitude, in pure Python.
// Reality: most of its time goes into work that need not be done at all. Which language does the
//          rest matters less.
//
// An event's amplitude at a station is A * exp(-B * r) / r, with r the distance from the source.
// The talk wants the grid's point (x, y, z) and amplitude A with the smallest sum of squared
// residuals over the stations, and of several such the first in the order x, y, z, A. Every rung
// returns that very one: what is computed in another order or by another formula only screens;
// the talk's own expression then decides among all that rounding may have confused.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "core/contract.hpp"
#include "locator/stations.hpp"

namespace mythbench::locator {

// The grid's points are numbered as the talk's loops meet them: z fastest, then y, then x.
struct Input {
  std::vector<Station> stations;     // ordered by name, so that a std::map walks them alike
  std::vector<double> x, y, z;       // the grid's coordinates, in metres
  std::vector<double> amplitudes;    // evenly spaced but for rounding
  double decay;                      // B, per metre
  std::vector<double> observations;  // [event][station]; NaN where the station recorded nothing
  // In place of observations those that belong to somebody else, who keeps them: a NumPy array is
  // read where it is.
  std::span<double const> borrowed_observations;
  // The nodes below stations (grid.hpp), ascending, which all rungs leave out: they are no sources,
  // not even of events which that station missed.
  std::vector<std::int64_t> masked;
  int threads;

  std::size_t nodes() const { return x.size() * y.size() * z.size(); }
  std::size_t events() const {
    if (stations.empty()) return 0;
    return (observations.size() + borrowed_observations.size()) / stations.size();
  }
  bool is_masked(std::size_t node) const;
  // The mean one; 1 if there is but one amplitude.
  double amplitude_step() const;
  double observation(std::size_t event, std::size_t station) const {
    double const* const all =
        observations.empty() ? borrowed_observations.data() : observations.data();
    return all[event * stations.size() + station];
  }
};

struct Location {
  std::int64_t index = -1;  // node * number of amplitudes + amplitude; -1: cannot be located
  double error = 0;         // the sum of the squared residuals
  double per_cent = 0;      // 100 * sqrt(error / sum of the squared observations)
};

using Output = std::vector<Location>;  // one per event

struct Example {
  using Input = locator::Input;
  using Output = locator::Output;

  // What the talk's innermost statement does once. Rungs that think need fewer, but the number
  // says how large a problem is, whoever solves it.
  static constexpr std::string_view item = "station evaluation";
  static constexpr double tolerance = 1e-12;

  static std::vector<Case> cases();
  static std::vector<Case> awkward_cases();
  // Flops are those of the closed form with distances and exponentials computed once per node,
  // the least that a full search needs; counting the talk's would credit a rung for waste.
  static Work work(Case const& c);
  static Case twin(Case const& c);
  static Input make_input(Case const& c);
  static Fields fields(Input const& input);
  static Output reference(Input const& input);
  // Index and per cent error of each event.
  static Answer answer(Output const& output);
  // Infinite if any index differs. Else the largest difference of per cent errors, relative to
  // the error, but to no less than 1 %: of a perfect fit only rounding is left, which is relative
  // to the observations.
  static double distance(Answer const& got, Answer const& expected);
};

// How often a search that leaves nothing out does what. Masked nodes, and stations that missed an
// event, do not count.
struct Steps {
  double attenuations = 0;  // once per node and station
  double pairs = 0;         // of a node and an event
  double products = 0;      // once per pair and station
  double evaluations = 0;   // once per product and amplitude
};
Steps steps_of_a_search(Case const& c);

// Of one attenuation, exp(-B r) / r: three subtractions, three multiply-adds and a root for r, the
// product with B, the exponential and the quotient. Root, exponential and quotient count as one
// each, which is generous to the processor: each takes it many.
inline constexpr double least_operations_per_attenuation = 10;

// Operations of a search that looks at each node once for each event: the attenuations, their
// squares in G, and per pair a multiply-add for each station, then quotient, rounding, amplitude,
// error and comparison.
double operations_of_the_closed_form(Case const& c);

// The two ways in which the reference finds its answer, apart for the tests: the talk's loop,
// and for large problems a screen that the talk's expression verifies.
Output literal_search(Input const& in);
Output screened_search(Input const& in);

// Events that the same stations recorded. Events that cannot be located are in no group: those of
// fewer than three stations, and those with nothing but zeros.
struct Group {
  std::vector<std::size_t> stations;
  std::vector<std::size_t> events;
};
inline constexpr std::size_t least_stations = 3;

// Every rung begins with this: it throws std::invalid_argument, in one sentence, for a problem that
// the arithmetic does not carry (limits.hpp).
std::vector<Group> groups(Input const& in);

// What a grid is stands in grid.cpp, apart from the searches: to make up events takes no more.

// The values of np.arange(first, last + step, step), and of range() where all are whole numbers.
// As the talk writes them, they pass the last one if the step does not divide the span, and
// sometimes by rounding: arange(1, 2 + .2, .2) ends at 2.2.
std::vector<double> axis(double first, double last, double step);

struct Point {
  double x, y, z;
};
Point point(Input const& in, std::size_t node);

// math.pow(x, 2) as the C library computes it for the talk's Python. A compiler that sees the 2
// writes x * x, which differs in the last bit for about one x in a thousand; ties hang on it.
inline double talk_square(double x) {
  static double const volatile two = 2;
  return std::pow(x, two);
}

// From a station, as the talk computes it.
inline double talk_distance(Station const& station, Point const& source) {
  return std::sqrt(talk_square(source.x - station.x) + talk_square(source.y - station.y) +
                   talk_square(source.z - station.z));
}

// The error as the talk's innermost loop computes it, bit for bit.
double talk_error(Input const& in, Group const& group, std::size_t event, Point const& source,
                  double amplitude);

// No distance between a station and a node is longer.
double longest_distance(Input const& in);

// The error of a node as a parabola in the amplitude, lowest at C / G: the closed form, with G, C
// and O the sums of g^2, of g o and of o^2 over the stations.
struct Parabola {
  double G = 0, C = 0, O = 0;

  double error(double A) const { return A * (A * G - 2 * C) + O; }
};

// By which share of O + error the closed form, with the amplitudes of the grid or evenly spaced
// ones, may miss the talk's error, wherever neither is larger than `error`.
double rounding_share(Input const& in, Group const& group);

// Among the amplitudes from number `first` to number `last` are all that rounding cannot tell from
// a node's best one: those with errors up to `within`.
struct Range {
  std::size_t first, last;
  double least, within;
};
Range best_amplitudes(std::vector<double> const& amplitudes, Parabola const& parabola,
                      double rounding_share);

// What a screen knows of an event when it has seen all nodes: the score of the best, the score of
// the next best other node, and the number of the best. A score is an error less a constant.
struct Screened {
  double best = std::numeric_limits<double>::infinity();
  double second = std::numeric_limits<double>::infinity();
  std::int64_t node = -1;

  void offer(double score, std::size_t number) {
    auto const of = static_cast<std::int64_t>(number);
    if (score < best) {
      if (of != node) second = best;
      best = score;
      node = of;
    } else if (score < second && of != node) {
      second = score;
    }
  }
};

// The talk's own location of an event. If the next best is further away than rounding reaches,
// the node is certain; else all nodes are looked at again.
Location settle(Input const& in, Group const& group, std::size_t event, Screened const& screened);

// The talk's own location of an event for which no others than these nodes, ascending, come into
// question.
Location settle(Input const& in, Group const& group, std::size_t event,
                std::span<std::size_t const> nodes);

}  // namespace mythbench::locator
