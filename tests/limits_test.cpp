// What the program locate lets through is further from the ordinary than the cases of the ladder.

#include "locator/limits.hpp"

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "core/contract.hpp"
#include "locator/grid.hpp"
#include "locator/locator.hpp"

namespace {

using mythbench::Rung;
using namespace mythbench::locator;

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_{seed} {}
  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53;
  }
  double power_of_ten(double low, double high) { return std::pow(10, uniform(low, high)); }
  bool chance(double probability) { return uniform(0, 1) < probability; }

 private:
  std::mt19937_64 engine_;
};

Input strange_problem(std::uint64_t seed) {
  Random random{seed};
  Input in{};
  double const metre = random.chance(0.5) ? 1 : random.power_of_ten(-3, 3);
  auto const coordinates = [&](double from) {
    double const span = random.uniform(0, 1200);
    return Axis{metre * from, metre * (from + span), metre * random.uniform(90, 300)}.values();
  };
  in.x = coordinates(random.chance(0.3) ? 498000 : -500);
  in.y = coordinates(random.chance(0.3) ? 4174000 : -500);
  in.z = coordinates(-600);

  int const stations = 3 + static_cast<int>(random.uniform(0, 15));
  double const reach = metre * random.power_of_ten(2, 4);
  for (int s = 0; s < stations; ++s)
    in.stations.push_back({std::to_string(100 + s), in.x.front() + random.uniform(-reach, reach),
                           in.y.front() + random.uniform(-reach, reach),
                           in.z.front() + random.uniform(-reach, reach)});
  in.decay = random.power_of_ten(-6, 0) * most_decay / (4 * reach + 6000 * metre);
  in.masked = nodes_below_stations(in);
  in.threads = 1 + static_cast<int>(random.uniform(0, 3));

  double const scale = random.chance(0.5) ? 1 : random.power_of_ten(-60, 60);
  double const first = random.chance(0.3) ? 0 : random.uniform(0.1, 20);
  double const step = random.chance(0.3) ? 1 : random.power_of_ten(-2, 1);
  double const count = random.chance(0.2) ? 0 : random.power_of_ten(0, 2);
  in.amplitudes = Axis{scale * first, scale * (first + step * count), scale * step}.values();

  for (int event = 0; event < 3; ++event) {
    Point const source =
        point(in, static_cast<std::size_t>(random.uniform(0, static_cast<double>(in.nodes()))));
    double const amplitude = random.uniform(in.amplitudes.front(), 1.2 * in.amplitudes.back());
    double const noise = random.chance(0.3) ? 0 : random.power_of_ten(-6, 0);
    for (Station const& station : in.stations) {
      double const r = std::hypot(source.x - station.x, source.y - station.y, source.z - station.z);
      double const o =
          amplitude * std::exp(-in.decay * r) / r * std::exp(random.uniform(-noise, noise));
      bool const missing = random.chance(0.1) || !std::isfinite(o);
      in.observations.push_back(missing ? std::numeric_limits<double>::quiet_NaN() : o);
    }
  }
  return in;
}

std::vector<Rung const*> own_rungs() {
  std::vector<Rung const*> rungs;
  for (Rung const& rung : mythbench::all_rungs())
    if (rung.example == "locator" && rung.kernel) rungs.push_back(&rung);
  return rungs;
}

// Three stations around two nodes.
Input small_problem() {
  Input in{};
  in.stations = {{"A", 120, 130, 900}, {"B", 910, 180, 800}, {"C", 480, 870, 1000}};
  in.x = {0};
  in.y = {0};
  in.z = {0, 100};
  in.amplitudes = {1, 2, 3};
  in.decay = 2.5e-4;
  in.observations = {.003, .002, .0025};
  in.threads = 1;
  return in;
}

}  // namespace

TEST_CASE("every locator rung finds the talk's own source of all that locate lets through",
          "[locator]") {
  int tried = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    Input const in = strange_problem(seed);
    if (excess_of(in)) continue;
    ++tried;
    auto const expected = Example::answer(literal_search(in));
    for (Rung const* const rung : own_rungs()) {
      Output found;
      mythbench::kernel_of<Example> (*rung)(in, found);
      INFO(rung->name << ", seed " << seed);
      CHECK(Example::distance(Example::answer(found), expected) <= Example::tolerance);
    }
  }
  CHECK(tried > 75);
}

TEST_CASE("a rung refuses what the arithmetic does not carry, in one sentence", "[locator]") {
  double const infinity = std::numeric_limits<double>::infinity();
  double const nothing = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::pair<std::string, std::function<void(Input&)>>> const changes{
      {"amplitudes: ",
       [](Input& in) {
         in.amplitudes = {1, 1e160};
       }},
      {"amplitudes: ",
       [&](Input& in) {
         in.amplitudes = {1, nothing};
       }},
      {"amplitudes: ", [](Input& in) { in.amplitudes.clear(); }},
      {"x: ",
       [](Input& in) {
         in.x = {0, 1e19};
       }},
      {"y: ", [&](Input& in) { in.y = {-infinity}; }},
      {"z: ", [](Input& in) { in.z.clear(); }},
      {"stations: ", [](Input& in) { in.stations[1].y = 1e19; }},
      {"stations: ", [](Input& in) { in.stations.clear(); }},
      {"decay: ", [](Input& in) { in.decay = 1; }},
      {"decay: ", [&](Input& in) { in.decay = nothing; }},
      {"observed: ", [](Input& in) { in.observations[2] = 1e160; }},
      {"observed: ", [&](Input& in) { in.observations[2] = infinity; }},
      {"masked: ", [](Input& in) { in.masked = {0}; }},
      {"masked: ",
       [](Input& in) {
         in.stations[0] = {"A", 0, 0, 0};
       }},
  };
  for (auto const& [beginning, change] : changes) {
    Input in = small_problem();
    REQUIRE_FALSE(excess_of(in));
    change(in);
    for (Rung const* const rung : own_rungs()) {
      std::string said;
      Output found;
      try {
        mythbench::kernel_of<Example> (*rung)(in, found);
      } catch (std::invalid_argument const& refusal) {
        said = refusal.what();
      }
      INFO(rung->name << ": " << said);
      CHECK(said.starts_with(beginning));
      CHECK(said.find(": expected ") != std::string::npos);
      CHECK(said.find('\n') == std::string::npos);
    }
  }
}

TEST_CASE("what is missing is not beyond the limits, nor is an event that cannot be located",
          "[locator]") {
  double const nothing = std::numeric_limits<double>::quiet_NaN();
  Input in = small_problem();
  in.observations = {.003, nothing, .002, 0, 0, 0, 1e-200, nothing, nothing};
  CHECK_FALSE(excess_of(in));
  in.observations.insert(in.observations.end(), {1e-200, 0, 0});
  CHECK(excess_of(in)->place == "event 3");
}

TEST_CASE("no more sources are numbered than a double counts", "[locator]") {
  CHECK_FALSE(excess_of(1e9, 50));
  CHECK(excess_of(1e15, 50)->part == "x, y, z");
  CHECK(excess_of(1, 3e9)->part == "amplitudes");
}

TEST_CASE("a node is below a station up to a micrometre away, in any direction", "[locator]") {
  Input in = small_problem();
  in.x = {-1e-3, -7e-7, 0, 7e-7, 2e-6};
  in.y = {0, 7e-7, 1};
  in.z = {5};
  in.stations[0] = {"A", 0, 0, 5};
  // The two at x = -7e-7 or 7e-7 and y = 7e-7 are 0.99 micrometres away, that at 2e-6 is two.
  CHECK(nodes_below_stations(in) == std::vector<std::int64_t>{3, 4, 6, 7, 9, 10});
  in.stations[1] = {"B", 0, 0, 5};
  CHECK(nodes_below_stations(in) == std::vector<std::int64_t>{3, 4, 6, 7, 9, 10});
  in.stations[0] = in.stations[1] = {"A", 0, 0, 5 + 1.1e-6};
  CHECK(nodes_below_stations(in).empty());
}

TEST_CASE("all amplitudes that rounding makes alike are in question, and few where it does not",
          "[locator]") {
  std::vector<double> const whole{1, 2, 3, 4, 5, 6, 7};
  double const share = 1e-13;
  // (A - 4.2)^2 and more, so that the error is no less than 1.
  Range const usual = best_amplitudes(whole, {.G = 1, .C = 4.2, .O = 4.2 * 4.2 + 1}, share);
  CHECK(usual.first >= 2);
  CHECK(usual.last <= 5);
  CHECK(usual.least < 1.05);
  CHECK(usual.within < 1.05);
  // Beside 1e30, no amplitude changes anything.
  Range const flat = best_amplitudes(whole, {.G = 1, .C = 4.2, .O = 1e30}, share);
  CHECK(flat.first == 0);
  CHECK(flat.last == 6);
  // The best one is beyond the grid.
  Range const beyond = best_amplitudes(whole, {.G = 1, .C = 40, .O = 1600}, share);
  CHECK(beyond.last == 6);
  CHECK(beyond.first >= 5);
}
