#include "locator/cone_tree.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "core/notes.hpp"
#include "locator/locator.hpp"
#include "locator/synthetic.hpp"

namespace mythbench::locator {

Kernel<Example> branch_and_bound;
Kernel<Example> branch_and_bound_threads;

namespace {

constexpr float no_limit = std::numeric_limits<float>::infinity();

double distance_to_reference(Input const& in, Kernel<Example>* kernel) {
  Output got;
  kernel(in, got);
  return Example::distance(Example::answer(got), Example::answer(Example::reference(in)));
}

std::vector<double> every(std::size_t stride, std::vector<double> const& axis) {
  std::vector<double> thinned;
  for (std::size_t i = 0; i < axis.size(); i += stride) thinned.push_back(axis[i]);
  return thinned;
}

// Small enough for the errors of all nodes, large enough for boxes of all kinds.
Input kilauea(std::size_t events) {
  Input in = volcano("medium", events, 0.2, 1);
  in.x = every(3, in.x);
  in.y = every(3, in.y);
  in.z = every(2, in.z);
  return in;
}

// The least error of a node, in units of the squared observations, whatever the amplitude.
double least_error(Input const& in, Group const& group, std::size_t event, std::size_t node) {
  Point const source = point(in, node);
  double G = 0, C = 0, O = 0;
  for (std::size_t const s : group.stations) {
    Station const& station = in.stations[s];
    double const r = std::hypot(source.x - station.x, source.y - station.y, source.z - station.z);
    double const g = std::exp(-in.decay * r) / r;
    double const o = in.observation(event, s);
    G += g * g;
    C += g * o;
    O += o * o;
  }
  double least = std::numeric_limits<double>::infinity();
  for (double const A : in.amplitudes) least = std::min(least, (A * (A * G - 2 * C) + O) / O);
  return least;
}

// Walks all of the tree, whether a search would enter or not.
struct Walk {
  Input const& in;
  Group const& group;
  ConeTree& tree;
  Quest const& quest;
  std::vector<double> const& errors;  // of all nodes
  double best;
  std::int64_t leaves = 0, open_leaves = 0, nodes = 0;
  std::int64_t too_high = 0;  // bounds above an error in their box

  double least_below(Brood& brood) {
    cone::Bounds bounds;
    cone::bound(brood.cones, quest.sought, no_limit, bounds);
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t child = 0; child < cone::lanes; ++child) {
      if (!(brood.present >> child & 1)) continue;
      double const below = brood.level > 0 ? least_below(tree.brood_below(brood, child))
                                           : least_of(tree.leaf_below(brood, child));
      // Of a leaf that holds nothing but masked nodes nothing can be said.
      too_high += static_cast<double>(bounds.least[child]) > below * (1 + 1e-9) + 1e-12;
      if (brood.level == 0) {
        ++leaves;
        open_leaves += static_cast<double>(bounds.least[child]) <= best;
      }
      least = std::min(least, below);
    }
    return least;
  }

  double least_of(Leaf const& leaf) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t n = 0; n < cone::leaf_nodes; ++n) {
      if (!(leaf.valid >> n & 1)) continue;
      std::size_t const x = leaf.first[0] + n / 16, y = leaf.first[1] + n / 4 % 4,
                        z = leaf.first[2] + n % 4;
      least = std::min(least, errors[(x * in.y.size() + y) * in.z.size() + z]);
      ++nodes;
    }
    return least;
  }
};

// Checks all bounds for all events; returns the share of leaves that a search has to enter.
double check_bounds(Input const& in) {
  std::int64_t leaves = 0, open = 0;
  for (Group const& group : groups(in)) {
    REQUIRE(ConeTree::suits(in, group));
    ConeTree tree{in, group, 1};
    for (std::size_t const event : group.events) {
      std::vector<double> errors;
      double best = std::numeric_limits<double>::infinity();
      for (std::size_t node = 0; node < in.nodes(); ++node) {
        bool const masked = in.is_masked(node);
        errors.push_back(masked ? std::numeric_limits<double>::infinity()
                                : least_error(in, group, event, node));
        best = std::min(best, errors.back());
      }
      Visits visits;
      Quest const quest = tree.begin(event, visits);
      Walk walk{in, group, tree, quest, errors, best};
      CHECK(walk.least_below(tree.root()) == best);
      CHECK(walk.too_high == 0);
      CHECK(walk.nodes == static_cast<std::int64_t>(in.nodes() - in.masked.size()));
      leaves += walk.leaves;
      open += walk.open_leaves;
    }
  }
  return static_cast<double>(open) / static_cast<double>(leaves);
}

}  // namespace

TEST_CASE("no box is bounded above an error of its nodes, and few are bounded below the best",
          "[locator][tree]") {
  CHECK(check_bounds(volcano("small", 5, 0.2, 1)) < 0.2);
  CHECK(check_bounds(kilauea(5)) < 0.05);
}

TEST_CASE("the bounds hold where the grid's amplitudes are few or out of range",
          "[locator][tree]") {
  Input in = kilauea(3);
  for (auto const& amplitudes : std::vector<std::vector<double>>{
           {7}, {1, 2, 3}, {40, 60, 80}, {500, 501, 502}, {0, 1e-3, 2e-3}, {0, 25, 50}}) {
    in.amplitudes = amplitudes;
    check_bounds(in);
  }
}

TEST_CASE("the bounds hold for some of the stations, and where stations stand on nodes",
          "[locator][tree]") {
  Input in = kilauea(4);
  for (std::size_t const s : {0U, 5U, 9U}) {
    Point const node = point(in, 1000 + 2000 * s);
    in.stations[s] = {in.stations[s].name, node.x, node.y, node.z};
    in.masked.push_back(static_cast<std::int64_t>(1000 + 2000 * s));
  }
  for (std::size_t event = 1; event < 4; ++event)
    for (std::size_t s = 0; s < in.stations.size(); ++s)
      if (event == 3 ? s >= 3 : (s + event) % 4 == 0)
        in.observations[event * in.stations.size() + s] = std::numeric_limits<double>::quiet_NaN();
  check_bounds(in);
}

TEST_CASE("branch and bound gives the reference's answer to thousands of small problems",
          "[locator][tree]") {
  for (char const* const family : {"random", "mirror", "midpoint", "station_on_node", "missing",
                                   "perfect", "shapes", "unlocatable"})
    for (std::uint64_t seed = 1000; seed < 1600; ++seed) {
      Input const in = awkward(family, seed, 3, 1);
      double const distance = distance_to_reference(in, branch_and_bound);
      if (distance <= Example::tolerance) continue;
      INFO(family << ", seed " << seed);
      CHECK(distance <= Example::tolerance);
    }
}

TEST_CASE("threads that grow one tree give the reference's answer", "[locator][tree]") {
  for (int threads = 1; threads <= 7; ++threads) {
    INFO(threads << " threads");
    Input in = kilauea(40);
    in.threads = threads;
    CHECK(distance_to_reference(in, branch_and_bound_threads) <= Example::tolerance);
    for (char const* const family : {"random", "mirror", "missing"}) {
      Input const small = awkward(family, 77, 20, threads);
      CHECK(distance_to_reference(small, branch_and_bound_threads) <= Example::tolerance);
    }
  }
}

TEST_CASE("branch and bound does without the tree what does not suit it", "[locator][tree]") {
  Input loud = awkward("random", 5, 3, 2);
  loud.amplitudes = {1e16, 2e16, 3e16};
  Input close = awkward("random", 6, 3, 2);
  close.stations[0] = {"close", close.x[0] + 1e-4, close.y[0], close.z[0]};
  Input faint = awkward("random", 7, 3, 2);
  for (double& observation : faint.observations) observation *= 1e-30;
  Input far = awkward("random", 8, 3, 2);
  far.decay = 1e-2;
  for (Input const& in : {loud, close, faint, far}) {
    CHECK_FALSE(ConeTree::suits(in, groups(in).front()));
    CHECK(distance_to_reference(in, branch_and_bound) <= Example::tolerance);
    CHECK(distance_to_reference(in, branch_and_bound_threads) <= Example::tolerance);
  }
}

TEST_CASE("branch and bound tells how long the tree took and how much of it was visited",
          "[locator][tree]") {
  Input const in = volcano("medium", 20, 0.2, 1);
  take_notes();
  Output out;
  branch_and_bound(in, out);
  Notes const notes = take_notes();
  auto const of = [&](char const* name) {
    auto const found = std::ranges::find(notes, name, &Notes::value_type::first);
    REQUIRE(found != notes.end());
    return found->second;
  };
  CHECK(of("build_seconds") > 0);
  CHECK(of("search_seconds") > 0);
  CHECK(of("tree_bytes") > 0);
  CHECK(of("boxes_visited") > 20 * 8);
  CHECK(of("nodes_visited") >= 20 * 2);
  CHECK(of("boxes_visited") + of("nodes_visited") < 20 * 0.02 * static_cast<double>(in.nodes()));
  CHECK(take_notes().empty());
}

}  // namespace mythbench::locator
