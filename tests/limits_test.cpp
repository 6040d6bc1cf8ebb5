// What the program locate lets through is further from the ordinary than the cases of the ladder.

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
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

// Longest distance times decay, as locate allows it.
constexpr double most_decay = 300;

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

// The bounds of locate, which calls an event beyond them unlocatable.
bool can_be_squared(Input const& in) {
  for (std::size_t event = 0; event < in.events(); ++event) {
    double power = 0;
    for (std::size_t s = 0; s < in.stations.size(); ++s) {
      double const o = in.observation(event, s);
      if (!std::isnan(o)) power += o * o;
    }
    if (power < 1e-200 || power > 1e200) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("every locator rung finds the talk's own source of all that locate lets through",
          "[locator]") {
  int tried = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    Input const in = strange_problem(seed);
    if (in.masked.size() == in.nodes() || !can_be_squared(in)) continue;
    ++tried;
    auto const expected = Example::answer(literal_search(in));
    for (Rung const& rung : mythbench::all_rungs()) {
      if (rung.example != "locator" || !rung.kernel) continue;
      Output found;
      mythbench::kernel_of<Example>(rung)(in, found);
      INFO(rung.name << ", seed " << seed);
      CHECK(Example::distance(Example::answer(found), expected) <= Example::tolerance);
    }
  }
  CHECK(tried > 75);
}

TEST_CASE("a node is below a station up to a micrometre away, in any direction", "[locator]") {
  Input in{};
  in.stations = {{"A", 0, 0, 5}, {"B", 910, 180, 800}, {"C", 480, 870, 1000}};
  in.x = {-1e-3, -7e-7, 0, 7e-7, 2e-6};
  in.y = {0, 7e-7, 1};
  in.z = {5};
  // The two at x = -7e-7 or 7e-7 and y = 7e-7 are 0.99 micrometres away, that at 2e-6 is two.
  CHECK(nodes_below_stations(in) == std::vector<std::int64_t>{3, 4, 6, 7, 9, 10});
  in.stations[1] = {"B", 0, 0, 5};
  CHECK(nodes_below_stations(in) == std::vector<std::int64_t>{3, 4, 6, 7, 9, 10});
  in.stations[0] = in.stations[1] = {"A", 0, 0, 5 + 1.1e-6};
  CHECK(nodes_below_stations(in).empty());
}
