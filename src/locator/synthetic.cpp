#include "locator/synthetic.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <stdexcept>
#include <string>

#include "locator/grid.hpp"
#include "locator/tile.hpp"

namespace mythbench::locator {
namespace {

namespace fs = std::filesystem;

// The distributions of the standard library differ from one library to the next; its engines do
// not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_{seed} {}

  // In [0, 1), with 53 bits.
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  std::size_t whole(std::size_t low, std::size_t high) {
    return low + static_cast<std::size_t>(uniform() * static_cast<double>(high - low + 1));
  }
  bool chance(double probability) { return uniform() < probability; }

  // Box and Muller's, of which the sine is dropped.
  double normal() {
    double const radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

 private:
  std::mt19937_64 engine_;
};

// B = pi f / (Q beta) for waves of 8 Hz, a quality factor of 50, and 2000 m/s.
constexpr double volcano_decay = std::numbers::pi * 8 / (50 * 2000);

double distance(Point const& a, Station const& b) {
  return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) +
                   (a.z - b.z) * (a.z - b.z));
}

double amplitude_at(Station const& station, Point const& source, double amplitude, double decay) {
  double const r = distance(source, station);
  return amplitude * std::exp(-decay * r) / r;
}

void add_event(Input& in, Point const& source, double amplitude, double noise, Random& random) {
  for (Station const& station : in.stations)
    in.observations.push_back(amplitude_at(station, source, amplitude, in.decay) *
                              std::exp(noise * random.normal()));
}

struct Volcano {
  std::string_view grid;
  std::string_view stations;  // a file beside this one
  Axis x, y, z, amplitudes;
  // Where its events are.
  double x_low, x_high, y_low, y_high, z_low, z_high, amplitude_low, amplitude_high;
};

constexpr Volcano etna(std::string_view grid, double step) {
  return {.grid = grid,
          .stations = "etna_stations.csv",
          .x = {498000, 505000, step},
          .y = {4174000, 4181000, step},
          .z = {0, 3000, step},
          .amplitudes = {1, 20, 1},
          .x_low = 498500,
          .x_high = 504500,
          .y_low = 4174500,
          .y_high = 4180500,
          .z_low = 0,
          .z_high = 3000,
          .amplitude_low = 2,
          .amplitude_high = 18};
}

constexpr Volcano kilauea(std::string_view grid, double top, double step) {
  return {.grid = grid,
          .stations = "kilauea_stations.csv",
          .x = {-9000, 9000, step},
          .y = {-8000, 8000, step},
          .z = {-10000, top, step},
          .amplitudes = {1, 50, 1},
          .x_low = -5470,
          .x_high = 530,
          .y_low = -2300,
          .y_high = 3700,
          .z_low = -3000,
          .z_high = 1000,
          .amplitude_low = 2,
          .amplitude_high = 47};
}

constexpr std::array volcanoes{etna("coarse", 500), etna("small", 250),
                               kilauea("medium", 2200, 200), kilauea("large", 2300, 100)};

Volcano const& volcano_named(std::string_view grid) {
  auto const found = std::ranges::find(volcanoes, grid, &Volcano::grid);
  if (found == volcanoes.end())
    throw std::out_of_range{"there is no grid '" + std::string{grid} + "'"};
  return *found;
}

// A problem small enough for the talk's loop in pure Python.
Input small_problem(Random& random, int threads) {
  Input in{};
  in.threads = threads;
  in.decay = random.uniform(1e-4, 5e-4);
  double const step = 250;
  auto const spatial = [&](double origin) {
    double const first = origin + step * static_cast<double>(random.whole(0, 8));
    // Often no whole number of steps, and then the talk's loop goes beyond the end.
    double const span = step * static_cast<double>(random.whole(0, 4)) +
                        (random.chance(0.5) ? random.uniform(1, 249) : 0);
    return axis(first, first + span, step);
  };
  in.x = spatial(498000);
  in.y = spatial(4174000);
  in.z = spatial(-1000);
  double const amplitude_step = random.chance(0.5) ? 1 : random.uniform(0.1, 0.9);
  double const first = static_cast<double>(random.whole(1, 3));
  in.amplitudes =
      axis(first, first + amplitude_step * static_cast<double>(random.whole(0, 6)), amplitude_step);

  std::size_t const count = random.whole(3, 9);
  for (std::size_t s = 0; s < count; ++s)
    in.stations.push_back({std::to_string(s).insert(0, 1, 'S'), random.uniform(496000, 504000),
                           random.uniform(4172000, 4180000), random.uniform(1000, 3000)});
  return in;
}

Point any_node(Input const& in, Random& random) {
  return point(in, random.whole(0, in.nodes() - 1));
}

double any_amplitude(Input const& in, Random& random) {
  return random.uniform(in.amplitudes.front(), in.amplitudes.back());
}

void noisy_events(Input& in, std::size_t events, Random& random) {
  for (std::size_t e = 0; e < events; ++e) {
    Point source = any_node(in, random);
    source.x += random.uniform(-100, 100);
    source.y += random.uniform(-100, 100);
    source.z += random.uniform(-100, 100);
    add_event(in, source, any_amplitude(in, random), 0.2, random);
  }
}

void random_family(Input& in, std::size_t events, Random& random) {
  noisy_events(in, events, random);
}

// Coplanar stations cannot tell one side of their plane from the other.
void mirror_family(Input& in, std::size_t events, Random& random) {
  auto const symmetric = [&](std::size_t half) {
    double const reach = 250 * static_cast<double>(half);
    return axis(-reach, reach, 250);
  };
  in.y = symmetric(random.whole(1, 2));
  for (Station& station : in.stations) station.y = 0;
  if (random.chance(0.3)) {
    in.z = symmetric(1);
    for (Station& station : in.stations) station.z = 0;
  }
  noisy_events(in, events, random);
}

// Two amplitudes fit equally well, but for rounding.
void midpoint_family(Input& in, std::size_t events, Random& random) {
  if (in.amplitudes.size() < 2) in.amplitudes = {1, 2, 3};
  for (std::size_t e = 0; e < events; ++e) {
    std::size_t const k = random.whole(0, in.amplitudes.size() - 2);
    add_event(in, any_node(in, random), (in.amplitudes[k] + in.amplitudes[k + 1]) / 2, 0, random);
  }
}

void station_on_node_family(Input& in, std::size_t events, Random& random) {
  for (std::size_t s = 0; s < in.stations.size(); s += 2) {
    Point const node = any_node(in, random);
    in.stations[s] = {in.stations[s].name, node.x, node.y, node.z};
  }
  if (in.nodes() <= in.stations.size()) in.x = axis(in.x.front(), in.x.front() + 2500, 250);
  noisy_events(in, events, random);
}

void missing_family(Input& in, std::size_t events, Random& random) {
  noisy_events(in, events, random);
  double const nothing = std::numeric_limits<double>::quiet_NaN();
  std::size_t const stations = in.stations.size();
  // Few patterns, so that a group has several events; the second has but two stations.
  std::array<std::vector<bool>, 4> patterns;
  for (std::vector<bool>& lacks : patterns) {
    for (std::size_t s = 0; s < stations; ++s) lacks.push_back(random.chance(0.3));
  }
  patterns[1].assign(stations, true);
  patterns[1][0] = patterns[1][stations - 1] = false;
  for (std::size_t e = 0; e < events; ++e) {
    std::vector<bool> const& lacks = patterns[e % patterns.size()];
    bool const silent = random.chance(0.1);
    for (std::size_t s = 0; s < stations; ++s) {
      if (silent) in.observations[e * stations + s] = 0;
      if (lacks[s]) in.observations[e * stations + s] = nothing;
    }
  }
}

// Without noise the error is all rounding; beyond the ends of the amplitudes the best one is not
// between two of the grid.
void perfect_family(Input& in, std::size_t events, Random& random) {
  for (std::size_t e = 0; e < events; ++e) {
    double amplitude = in.amplitudes[random.whole(0, in.amplitudes.size() - 1)];
    if (e % 3 == 1) amplitude = 10 * in.amplitudes.back();
    if (e % 3 == 2) amplitude = 0.1 * in.amplitudes.front();
    add_event(in, any_node(in, random), amplitude, 0, random);
  }
}

// One of everything there can be one of, and counts that no tile divides.
void shapes_family(Input& in, std::size_t events, Random& random) {
  double const x = in.x.front(), y = in.y.front(), z = in.z.front();
  if (random.chance(0.5)) in.amplitudes.resize(1);
  if (random.chance(0.5)) in.stations.resize(3);
  switch (random.whole(0, 3)) {
    case 0:
      in.x = {x}, in.y = {y}, in.z = {z};
      break;
    case 1:
      in.x = axis(x, x + 250 * 256, 250), in.y = {y}, in.z = {z};  // 257 nodes
      break;
    case 2:
      in.x = {x}, in.y = axis(y, y + 250 * 12, 250), in.z = axis(z, z + 250 * 10, 250);  // 13 * 11
      break;
    default:
      in.x = axis(x, x + 250 * 6, 250), in.y = axis(y, y + 250 * 4, 250);
      in.z = axis(z, z + 250 * 16, 250);  // 7 * 5 * 17
  }
  noisy_events(in, events, random);
}

void unlocatable_family(Input& in, std::size_t events, Random&) {
  double const nothing = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t e = 0; e < events; ++e)
    for (std::size_t s = 0; s < in.stations.size(); ++s)
      in.observations.push_back(e % 2 == 0 ? 0 : s < 2 ? 1e-3 : nothing);
}

struct Family {
  std::string_view name;
  void (*fill)(Input&, std::size_t events, Random&);
};

constexpr std::array<Family, 8> families{{{"random", random_family},
                                          {"mirror", mirror_family},
                                          {"midpoint", midpoint_family},
                                          {"station_on_node", station_on_node_family},
                                          {"missing", missing_family},
                                          {"perfect", perfect_family},
                                          {"shapes", shapes_family},
                                          {"unlocatable", unlocatable_family}}};

// Spread over the list, so that few stations are not all of one corner.
std::vector<Station> some(std::vector<Station> const& stations, std::size_t count) {
  if (count < 1 || count > stations.size())
    throw std::out_of_range{"there are " + std::to_string(stations.size()) + " stations"};
  std::vector<Station> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(stations[i * stations.size() / count]);
  return chosen;
}

// So many coordinates, over four kilometres.
std::vector<double> spread(double first, std::size_t count) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = first + 4000 / static_cast<double>(count) * static_cast<double>(i);
  return values;
}

// Round that place, and a little above it.
void add_stations(Input& in, std::size_t count, Random& random) {
  for (std::size_t s = 0; s < count; ++s) {
    double const x = random.uniform(499000, 505000);
    double const y = random.uniform(4175000, 4181000);
    in.stations.push_back({std::to_string(s).insert(0, 1, 'S'), x, y, random.uniform(1000, 3500)});
  }
}

}  // namespace

Input volcano(std::string_view grid, std::size_t events, double noise, int threads,
              Variation const& variation) {
  Volcano v = volcano_named(grid);
  if (variation.spacing)
    for (auto* const along : {&v.x, &v.y, &v.z}) along->step = *variation.spacing;
  Input in{};
  in.stations = read_stations(fs::path{MYTHBENCH_ROOT} / "src" / "locator" / v.stations);
  if (variation.stations) in.stations = some(in.stations, *variation.stations);
  in.x = v.x.values();
  in.y = v.y.values();
  in.z = v.z.values();
  in.amplitudes = v.amplitudes.values();
  in.decay = volcano_decay;
  in.masked = nodes_below_stations(in);
  in.threads = threads;
  Random random{20180202};
  for (std::size_t e = 0; e < events; ++e) {
    // One statement each: the order in which a call's arguments are computed is not specified.
    double const x = random.uniform(v.x_low, v.x_high);
    double const y = random.uniform(v.y_low, v.y_high);
    double const z = random.uniform(v.z_low, v.z_high);
    double const amplitude = random.uniform(v.amplitude_low, v.amplitude_high);
    add_event(in, {x, y, z}, amplitude, noise, random);
  }
  return in;
}

Input many_nodes(std::array<std::size_t, 3> const& nodes, std::size_t events, int threads) {
  Input in{};
  in.x = spread(500000, nodes[0]);
  in.y = spread(4176000, nodes[1]);
  in.z = spread(-1000, nodes[2]);
  in.amplitudes = {1, 2, 3};
  in.decay = volcano_decay;
  in.threads = threads;
  Random random{in.nodes()};
  add_stations(in, in.nodes() > 4096 ? 3 : 9, random);

  std::size_t const last = in.nodes() - 1;
  std::size_t const end_of_tile = std::min(tile_width, in.nodes()) - 1;
  bool const is_occupied = in.stations.size() > 3 && end_of_tile < last;
  if (is_occupied) {
    Point const node = point(in, end_of_tile);
    in.stations[1] = {in.stations[1].name, node.x, node.y, node.z};
  }
  std::size_t const ends[] = {last, 0, last - last % tile_width, end_of_tile};
  for (std::size_t e = 0; e < events; ++e) {
    bool const is_end = e < std::size(ends);
    Point const source = is_end ? point(in, ends[e]) : any_node(in, random);
    double const amplitude = in.amplitudes[random.whole(0, in.amplitudes.size() - 1)];
    add_event(in, source, amplitude, is_end ? 0 : 0.2, random);
  }
  if (is_occupied && events > 3)
    in.observations[3 * in.stations.size() + 1] = std::numeric_limits<double>::quiet_NaN();
  in.masked = nodes_below_stations(in);
  return in;
}

Input awkward(std::string_view family, std::uint64_t seed, std::size_t events, int threads) {
  auto const found = std::ranges::find(families, family, &Family::name);
  if (found == families.end())
    throw std::out_of_range{"there is no family '" + std::string{family} + "'"};
  Random random{seed * families.size() + static_cast<std::size_t>(found - families.begin())};
  Input in = small_problem(random, threads);
  found->fill(in, events, random);
  in.masked = nodes_below_stations(in);
  return in;
}

}  // namespace mythbench::locator
