#include "locator/locator.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "locator/stations.hpp"
#include "locator/synthetic.hpp"

namespace {

using namespace mythbench::locator;
using mythbench::Answer;
using mythbench::Case;
using mythbench::Rung;

constexpr char const* families[] = {"random",  "mirror",  "midpoint", "station_on_node",
                                    "missing", "perfect", "shapes",   "unlocatable"};

Case awkward_case(std::string const& family, std::int64_t seed, std::int64_t events,
                  std::int64_t threads = 1) {
  return {{"family", family}, {"seed", seed}, {"events", events}, {"threads", threads}};
}

double error_of(Output const& got, Output const& expected) {
  return Example::distance(Example::answer(got), Example::answer(expected));
}

// --- wrong rungs, each wrong in a way that happens ---------------------------------------------

void writes_nothing(Input const&, Output&) {}

void off_by_one_node(Input const& in, Output& out) {
  out = literal_search(in);
  for (Location& location : out)
    if (location.index >= 0) location.index += static_cast<std::int64_t>(in.amplitudes.size());
}

// Keeps what it found for an earlier input of as many events.
void stale_buffer(Input const& in, Output& out) {
  static std::vector<Output> kept(64);
  if (kept[in.events()].empty()) kept[in.events()] = literal_search(in);
  out = kept[in.events()];
}

void single_precision(Input const& in, Output& out) {
  out = literal_search(in);
  for (Location& location : out) location.per_cent = static_cast<float>(location.per_cent);
}

// A whole search with the closed form, right but for rounding, that verifies nothing.
struct Unverified {
  bool last_of_equals = false;

  void operator()(Input const& in, Output& out) const {
    out.assign(in.events(), {});
    for (Group const& group : groups(in))
      for (std::size_t const event : group.events) out[event] = locate(in, group, event);
  }

  Location locate(Input const& in, Group const& group, std::size_t event) const {
    double O = 0;
    for (std::size_t const s : group.stations)
      O += in.observation(event, s) * in.observation(event, s);
    Location found;
    found.error = std::numeric_limits<double>::infinity();
    for (std::size_t node = 0; node < in.nodes(); ++node) {
      if (in.is_masked(node)) continue;
      Point const p = point(in, node);
      double G = 0, C = 0;
      for (std::size_t const s : group.stations) {
        Station const& station = in.stations[s];
        double const r = std::hypot(p.x - station.x, p.y - station.y, p.z - station.z);
        double const g = std::exp(-in.decay * r) / r;
        G = std::fma(g, g, G);
        C = std::fma(g, in.observation(event, s), C);
      }
      for (std::size_t k = 0; k < in.amplitudes.size(); ++k) {
        double const A = in.amplitudes[k];
        double const error = std::fma(A, std::fma(A, G, -2 * C), O);
        if (error < found.error || (last_of_equals && error == found.error)) {
          found.index = static_cast<std::int64_t>(node * in.amplitudes.size() + k);
          found.error = error;
        }
      }
    }
    // Its own error would give it away at once where the fit is perfect; only the choice is tested.
    found.error = talk_error(
        in, group, event, point(in, static_cast<std::size_t>(found.index) / in.amplitudes.size()),
        in.amplitudes[static_cast<std::size_t>(found.index) % in.amplitudes.size()]);
    found.per_cent = 100 * std::sqrt(found.error / O);
    return found;
  }
};

void unverified_closed_form(Input const& in, Output& out) { Unverified{}(in, out); }
void last_of_equals(Input const& in, Output& out) { Unverified{true}(in, out); }

// The error as the closed form has it, not computed again by the talk's expression.
void error_of_the_screen(Input const& in, Output& out) {
  out = literal_search(in);
  for (Group const& group : groups(in))
    for (std::size_t const event : group.events) {
      auto const index = static_cast<std::size_t>(out[event].index);
      Point const p = point(in, index / in.amplitudes.size());
      double const A = in.amplitudes[index % in.amplitudes.size()];
      double G = 0, C = 0, O = 0;
      for (std::size_t const s : group.stations) {
        Station const& station = in.stations[s];
        double const r = std::hypot(p.x - station.x, p.y - station.y, p.z - station.z);
        double const g = std::exp(-in.decay * r) / r;
        double const o = in.observation(event, s);
        G += g * g, C += g * o, O += o * o;
      }
      out[event].per_cent = 100 * std::sqrt(std::abs(A * (A * G - 2 * C) + O) / O);
    }
}

template <mythbench::Kernel<Example>* kernel>
bool passes(Case const& c) {
  return mythbench::prepare<Example, kernel>(c, std::nullopt)->verify().passed();
}

// How many of the awkward cases of a family notice that a rung is wrong.
template <mythbench::Kernel<Example>* kernel>
int failures(std::string const& family, int seeds = 40) {
  int failed = 0;
  for (int seed = 1; seed <= seeds; ++seed)
    failed += !passes<kernel>(awkward_case(family, seed, 5));
  return failed;
}

std::filesystem::path written(std::string const& content) {
  auto const file = std::filesystem::temp_directory_path() /
                    ("mythbench_stations_" + std::to_string(getpid()) + ".csv");
  std::ofstream{file} << content;
  return file;
}

// Whether a station file of this content is refused with all these words.
bool complains(std::string const& content, std::vector<std::string> const& words) {
  auto const file = written(content);
  std::string complaint;
  try {
    read_stations(file);
  } catch (std::runtime_error const& error) {
    complaint = error.what();
  }
  std::filesystem::remove(file);
  return std::ranges::all_of(
      words, [&](std::string const& w) { return complaint.find(w) != std::string::npos; });
}

}  // namespace

TEST_CASE("every locator rung finds the talk's own source of thousands of awkward events",
          "[locator]") {
  for (char const* const family : families)
    for (std::int64_t seed = 1000; seed < 2000; ++seed) {
      // Seldom several threads: on a busy machine they wait for each other most of the time.
      std::int64_t const threads = seed % 20 == 0 ? 1 + seed / 20 % 7 : 1;
      Case const c = awkward_case(family, seed, 1 + seed % 5, threads);
      Answer const expected = Example::answer(literal_search(Example::make_input(c)));
      for (Rung const& rung : mythbench::all_rungs()) {
        if (rung.example != "locator" || !rung.prepare) continue;
        auto const check = rung.prepare(c, expected)->verify();
        INFO(mythbench::label(rung, c) << ": error " << check.error);
        REQUIRE(check.passed());
      }
    }
}

TEST_CASE("the screened reference agrees with the literal one, bit for bit", "[locator]") {
  for (char const* const family : families)
    for (std::uint64_t seed = 1000; seed < 3000; ++seed) {
      Input const in = awkward(family, seed, 1 + seed % 5, 1);
      Output const literal = literal_search(in);
      Output const screened = screened_search(in);
      INFO(family << ", seed " << seed);
      REQUIRE(literal.size() == screened.size());
      for (std::size_t e = 0; e < literal.size(); ++e) {
        REQUIRE(literal[e].index == screened[e].index);
        REQUIRE(literal[e].error == screened[e].error);
      }
    }
}

TEST_CASE("the screened reference agrees with the literal one on a real grid", "[locator]") {
  for (double const noise : {0.2, 0.0}) {
    Input const in = volcano("small", 2, noise, 1);
    CHECK(error_of(screened_search(in), literal_search(in)) == 0);
  }
}

TEST_CASE("a rung that writes nothing is rejected", "[locator][mutants]") {
  for (char const* const family : families) CHECK(failures<writes_nothing>(family, 3) == 3);
}

TEST_CASE("a rung off by one node is rejected", "[locator][mutants]") {
  CHECK(failures<off_by_one_node>("random", 3) == 3);
}

TEST_CASE("a rung that keeps an earlier answer is rejected", "[locator][mutants]") {
  CHECK(passes<stale_buffer>(awkward_case("random", 1, 5)));
  CHECK_FALSE(passes<stale_buffer>(awkward_case("random", 2, 5)));
}

TEST_CASE("single precision in disguise is rejected", "[locator][mutants]") {
  CHECK(failures<single_precision>("random", 3) == 3);
}

TEST_CASE("a rung that keeps the last of equal errors is rejected", "[locator][mutants]") {
  CHECK(failures<last_of_equals>("mirror") > 20);
}

TEST_CASE("a closed form that verifies nothing is rejected", "[locator][mutants]") {
  CHECK(failures<unverified_closed_form>("midpoint", 200) > 5);
}

TEST_CASE("an error that was not computed again is rejected", "[locator][mutants]") {
  CHECK(failures<error_of_the_screen>("perfect") > 20);
}

TEST_CASE("the awkward cases of the table reject every wrong rung", "[locator][mutants]") {
  auto const rejected = []<mythbench::Kernel<Example> * kernel>() {
    for (Case const& c : Example::awkward_cases())
      if (!passes<kernel>(c)) return true;
    return false;
  };
  CHECK(rejected.operator()<writes_nothing>());
  CHECK(rejected.operator()<off_by_one_node>());
  CHECK(rejected.operator()<stale_buffer>());
  CHECK(rejected.operator()<single_precision>());
  CHECK(rejected.operator()<last_of_equals>());
  CHECK(rejected.operator()<unverified_closed_form>());
  CHECK(rejected.operator()<error_of_the_screen>());
}

TEST_CASE("the distance of two answers is infinite if an index differs", "[locator]") {
  Answer const expected{7, 12.0, -1, 0.0};
  CHECK(Example::distance(expected, expected) == 0);
  CHECK(std::isinf(Example::distance({8, 12.0, -1, 0.0}, expected)));
  CHECK(std::isinf(Example::distance({7, 12.0}, expected)));
  CHECK(std::isinf(Example::distance({}, expected)));
  CHECK_FALSE(Example::distance({7, std::nan(""), -1, 0.0}, expected) <= Example::tolerance);
  CHECK(Example::distance({7, 12.0 * (1 + 1e-9), -1, 0.0}, expected) > 0.9e-9);
  CHECK(Example::distance({7, 12.0 * (1 + 1e-9), -1, 0.0}, expected) < 1.1e-9);
  // A perfect fit: a hundredth of the last digits of the observations is no difference.
  CHECK(Example::distance({7, 3e-14}, {7, 1e-14}) <= Example::tolerance);
  CHECK(Example::distance({7, 3e-11}, {7, 1e-14}) > Example::tolerance);
}

TEST_CASE("events of too few stations and of zeros only are unlocatable", "[locator]") {
  Input const in = awkward("unlocatable", 1, 6, 1);
  CHECK(groups(in).empty());
  for (Location const& location : Example::reference(in)) {
    CHECK(location.index == -1);
    CHECK(location.per_cent == 0);
  }
}

TEST_CASE("events are grouped by the stations that recorded them", "[locator]") {
  for (std::uint64_t seed = 1; seed < 50; ++seed) {
    Input const in = awkward("missing", seed, 12, 1);
    std::size_t grouped = 0;
    for (Group const& group : groups(in)) {
      CHECK(group.stations.size() >= 3);
      for (std::size_t const event : group.events) {
        ++grouped;
        std::size_t recorded = 0;
        for (std::size_t s = 0; s < in.stations.size(); ++s)
          recorded += !std::isnan(in.observation(event, s));
        CHECK(recorded == group.stations.size());
        for (std::size_t const s : group.stations)
          CHECK_FALSE(std::isnan(in.observation(event, s)));
      }
    }
    CHECK(grouped < in.events());  // one pattern has but two stations
  }
}

TEST_CASE("nodes on which a station stands are never the answer", "[locator]") {
  for (std::uint64_t seed = 1; seed < 100; ++seed) {
    Input const in = awkward("station_on_node", seed, 5, 1);
    CHECK_FALSE(in.masked.empty());
    for (Location const& location : Example::reference(in))
      CHECK_FALSE(in.is_masked(static_cast<std::size_t>(location.index) / in.amplitudes.size()));
  }
}

TEST_CASE("an axis has the values of np.arange(first, last + step, step), beyond the end or not",
          "[locator]") {
  CHECK(axis(498000, 505000, 250).size() == 29);
  CHECK(axis(498000, 505000, 250).back() == 505000);
  CHECK(axis(0, 1000, 300) == std::vector<double>{0, 300, 600, 900, 1200});
  CHECK(axis(5, 5, 1) == std::vector<double>{5});
  std::vector<double> const overshot = axis(1, 2, .2);
  CHECK(overshot.size() == 7);
  CHECK(overshot.back() > 2.1);
  CHECK(overshot[3] == 1 + 3 * ((1 + .2) - 1));  // NumPy adds multiples of a rounded step
}

TEST_CASE("the grids are the talk's: as many nodes and amplitudes as its loops visit",
          "[locator]") {
  Input const small = volcano("small", 1, 0.2, 1);
  CHECK(small.nodes() == 10'933);
  CHECK(small.amplitudes.size() == 20);
  CHECK(small.stations.size() == 9);
  Input const medium = volcano("medium", 1, 0.2, 1);
  CHECK(medium.nodes() == 457'002);
  CHECK(medium.amplitudes.size() == 50);
  CHECK(medium.stations.size() == 16);
  CHECK(volcano("large", 1, 0.2, 1).nodes() == 3'613'484);
  CHECK_THROWS_AS(volcano("huge", 1, 0.2, 1), std::out_of_range);
  CHECK_THROWS_AS(awkward("tame", 1, 1, 1), std::out_of_range);
}

TEST_CASE("the noise of the events makes an error of about 12 per cent", "[locator]") {
  double sum = 0;
  Output const located = screened_search(volcano("medium", 32, 0.2, 1));
  for (Location const& location : located) sum += location.per_cent;
  CHECK(sum / 32 > 9);
  CHECK(sum / 32 < 15);
}

TEST_CASE("a station file that cannot be read is refused in one sentence, with its line",
          "[locator]") {
  auto const good = written("# from nowhere\nstation,x_m,y_m,z_m\nB,1,2,3\nA,4,5,6.5\n");
  CHECK(read_stations(good) == std::vector<Station>{{"A", 4, 5, 6.5}, {"B", 1, 2, 3}});
  std::filesystem::remove(good);
  CHECK(complains("station,x_m,y_m\nA,1,2\n", {":1: ", "'z_m' is missing"}));
  CHECK(complains("station,x_m,y_m,z_m\nA,1,two,3\n", {":2: ", "'two' in column 'y_m'"}));
  CHECK(complains("station,x_m,y_m,z_m\nA,1,inf,3\n", {"not a finite number"}));
  CHECK(complains("station,x_m,y_m,z_m\nA,1,2\n", {"has 3 cells, but there are 4 columns"}));
  CHECK(complains("station,x_m,y_m,z_m\nA,1,2,3\nA,4,5,6\n", {":3: ", "is already on line 2"}));
  CHECK(complains("", {"is empty"}));
  CHECK(complains("station,x_m,y_m,z_m\n", {"no stations follow"}));
  CHECK_THROWS_AS(read_stations("/nowhere/stations.csv"), std::runtime_error);
}

TEST_CASE("a site factor is 1 where the file does not say", "[locator]") {
  auto const file = written("station,site_factor,x_m,y_m,z_m\nB,,1,2,3\nA,2.5,4,5,6\n");
  auto const sites = read_sites(file);
  std::filesystem::remove(file);
  REQUIRE(sites.size() == 2);
  CHECK(sites[0].station.name == "A");
  CHECK(sites[0].factor == 2.5);
  CHECK(sites[1].factor == 1);
  CHECK(complains("station,x_m,y_m,z_m,site_factor\nA,1,2,3,0\n", {":2: ", "above 0"}));
}
