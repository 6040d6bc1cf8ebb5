// The rungs that cut the grid into tiles, on grids of many tiles; where it is awkward the other
// tests of rungs have a look at them.

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "core/contract.hpp"
#include "locator/locator.hpp"
#include "locator/synthetic.hpp"
#include "locator/tile.hpp"
#include "machine/instruction_set.hpp"

namespace mythbench::locator {
Kernel<Example> fused, fused_threads, single_precision_screen;
}  // namespace mythbench::locator

namespace {

using namespace mythbench::locator;

using Kernel = mythbench::Kernel<Example>;
using Change = std::pair<std::string, std::function<void(Input&)>>;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

void keep_stations(Input& in, std::size_t count) {
  std::vector<double> kept;
  for (std::size_t event = 0; event < in.events(); ++event)
    for (std::size_t s = 0; s < count; ++s) kept.push_back(in.observation(event, s));
  in.stations.resize(count);
  in.observations = kept;
}

void move_station_onto_node(Input& in, std::size_t x, std::size_t y, std::size_t z) {
  in.stations[2].x = in.x[x];
  in.stations[2].y = in.y[y];
  in.stations[2].z = in.z[z];
  in.masked = {static_cast<std::int64_t>((x * in.y.size() + y) * in.z.size() + z)};
}

void leave_gaps(Input& in) {
  for (std::size_t i = 0; i < in.observations.size(); i += 4) in.observations[i] = nothing;
}

std::vector<Change> const changes{
    {"as it is", [](Input&) {}},
    {"one amplitude", [](Input& in) { in.amplitudes = {7}; }},
    {"amplitudes too small",
     [](Input& in) {
       in.amplitudes = {0.5, 1, 1.5};
     }},
    {"amplitudes too large",
     [](Input& in) {
       in.amplitudes = {300, 400, 500, 600};
     }},
    {"three stations", [](Input& in) { keep_stations(in, 3); }},
    {"gaps", leave_gaps},
    {"station on a node of the coarse grid",
     [](Input& in) { move_station_onto_node(in, 9, 9, 3); }},
    {"station on a node", [](Input& in) { move_station_onto_node(in, 10, 3, 5); }},
    {"no decay", [](Input& in) { in.decay = 0; }},
    {"all but the nearest station out of reach", [](Input& in) { in.decay = 0.02; }},
};

void compare(Kernel* kernel, Input const& in, Output const& expected) {
  Output found;
  kernel(in, found);
  REQUIRE(found.size() == expected.size());
  for (std::size_t e = 0; e < expected.size(); ++e) {
    INFO("event " << e);
    REQUIRE(found[e].index == expected[e].index);
    REQUIRE(found[e].error == expected[e].error);
  }
}

}  // namespace

TEST_CASE("rungs that cut the grid into tiles find the talk's source", "[locator]") {
  for (auto const& [name, change] : changes)
    for (std::size_t const events : {1, 9, 70})
      for (double const noise : {0.0, 0.2}) {
        Input in = volcano("small", events, noise, 1);
        change(in);
        REQUIRE(in.nodes() > 10 * tile_width);
        Output const expected = screened_search(in);
        INFO(name << ", " << events << " events, noise " << noise);
        compare(fused, in, expected);
        for (int const threads : {1, 2, 7}) {
          in.threads = threads;
          INFO(threads << " threads");
          compare(fused_threads, in, expected);
          compare(single_precision_screen, in, expected);
        }
      }
}

// As many events as make it worth while to compare along a few directions only.
TEST_CASE("bounds of cosines reject no source that the talk would choose", "[locator]") {
  int projected = 0;
  for (char const* const family :
       {"random", "mirror", "midpoint", "station_on_node", "missing", "perfect", "shapes"})
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      Input in = awkward(family, seed, 40, 1);
      for (Group const& group : groups(in))
        projected += principal_directions(every(coarse, in), in, group).count() > 0;
      Output const expected = literal_search(in);
      INFO(family << ", seed " << seed);
      compare(fused, in, expected);
      compare(single_precision_screen, in, expected);
    }
  CHECK(projected > 50);
}

TEST_CASE("every instruction set finds the talk's source on a grid of many tiles", "[locator]") {
  Input const in = volcano("small", 40, 0.2, 1);
  Output const expected = screened_search(in);
  for (std::string const& set : mythbench::instruction_sets()) {
    INFO(set);
    mythbench::use_instruction_set(set);
    compare(fused, in, expected);
    compare(single_precision_screen, in, expected);
  }
  mythbench::use_best_instruction_set();
}
