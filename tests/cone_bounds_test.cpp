// What the tree of cones says of its boxes must hold for all that is in them, not only where a
// search happens to look.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "locator/cone_tree.hpp"
#include "locator/grid.hpp"
#include "locator/locator.hpp"
#include "machine/instruction_set.hpp"
#include "random/mt19937.hpp"

namespace mythbench::locator {
namespace {

class Random {
 public:
  explicit Random(std::uint32_t seed) : numbers_{seed} {}
  double uniform(double low = 0, double high = 1) {
    return low + (high - low) * numbers_.uniform();
  }
  // Either end may come.
  std::size_t between(std::size_t low, std::size_t high) {
    return low + static_cast<std::size_t>(uniform(0, static_cast<double>(high - low + 1)));
  }

 private:
  random::Mt19937 numbers_;
};

using Vector = std::vector<double>;  // a component per station
using Place = std::array<double, 3>;

struct Box {
  Place from, to;

  Place inside(Place const& share) const {
    Place at;
    for (std::size_t i = 0; i < 3; ++i) at[i] = from[i] + share[i] * (to[i] - from[i]);
    return at;
  }
};

double dot(Vector const& v, Vector const& w) {
  double sum = 0;
  for (std::size_t s = 0; s < v.size(); ++s) sum += v[s] * w[s];
  return sum;
}

void add(Vector& v, double times, Vector const& w) {
  for (std::size_t s = 0; s < v.size(); ++s) v[s] += times * w[s];
}

Vector attenuation(std::vector<Place> const& stations, double decay, Place const& at) {
  Vector g;
  for (Place const& station : stations) {
    double const r = std::hypot(at[0] - station[0], at[1] - station[1], at[2] - station[2]);
    g.push_back(std::exp(-decay * r) / r);
  }
  return g;
}

using Field = std::function<Vector(Place const&)>;

// By how much the mixture of a box's corners misses the field.
double miss(Field const& field, Box const& box, Place const& share) {
  Vector left = field(box.inside(share));
  for (int corner = 0; corner < 8; ++corner) {
    Place at;
    double weight = 1;
    for (std::size_t i = 0; i < 3; ++i) {
      at[i] = corner >> i & 1;
      weight *= at[i] > 0 ? share[i] : 1 - share[i];
    }
    add(left, -weight, field(box.inside(at)));
  }
  return std::sqrt(dot(left, left));
}

Place anywhere(Random& random) { return {random.uniform(), random.uniform(), random.uniform()}; }

// One of the eight, with bits of `number` along x, y and z.
Box half_of(Box const& box, int number) {
  Place low, high;
  for (std::size_t i = 0; i < 3; ++i) {
    low[i] = number >> i & 1 ? 0.5 : 0;
    high[i] = low[i] + 0.5;
  }
  return {box.inside(low), box.inside(high)};
}

// The largest share of its bound that a box is missed by, and of a quarter of it that a half is.
struct Shares {
  double box = 0, half = 0;
};

// Eight boxes at a time, flat ones and thin ones too. One station of three lies on an axis of the
// box: there the bound is as good as it gets.
Shares largest_shares(Random& random, int rounds) {
  Shares largest;
  for (int round = 0; round < rounds; ++round) {
    double const decay = random.uniform() < 0.3 ? 0 : random.uniform(0, 3e-3);
    std::array<Box, cone::lanes> boxes;
    cone::Boxes given;
    for (std::size_t b = 0; b < cone::lanes; ++b)
      for (std::size_t i = 0; i < 3; ++i) {
        double const half = random.uniform() < 0.3 ? 0 : std::pow(10, random.uniform(0, 2));
        double const centre = random.uniform(-300, 300);
        given.half[i][b] = static_cast<float>(half);
        given.centre[i][b] = static_cast<float>(centre);
        boxes[b].from[i] = double{given.centre[i][b]} - double{given.half[i][b]};
        boxes[b].to[i] = double{given.centre[i][b]} + double{given.half[i][b]};
      }
    std::vector<Place> stations;
    std::array<std::vector<float>, 3> places;
    std::size_t const count = random.between(1, 4);
    for (std::size_t s = 0; s < count; ++s) {
      Place at{random.uniform(-1e3, 1e3), random.uniform(-1e3, 1e3), random.uniform(-1e3, 1e3)};
      if (s % 3 == 0)
        for (std::size_t i = 0; i < 3; ++i)
          if (i != s % 2) at[i] = given.centre[i][0];
      for (std::size_t i = 0; i < 3; ++i) {
        places[i].push_back(static_cast<float>(at[i]));
        at[i] = places[i].back();
      }
      stations.push_back(at);
    }
    std::array<float, cone::lanes> bound;
    cone::curvature(stations.size(), {places[0].data(), places[1].data(), places[2].data()},
                    static_cast<float>(decay), given, bound.data());
    Field const field = [&](Place const& at) { return attenuation(stations, decay, at); };
    for (std::size_t b = 0; b < cone::lanes; ++b) {
      if (!(bound[b] < 1e30f)) continue;
      // Below this, rounding of single precision is more than what is missed.
      Vector const typical = field(boxes[b].inside({0.5, 0.5, 0.5}));
      double const allowance = 1e-8 * std::sqrt(dot(typical, typical));
      for (int point = 0; point < 6; ++point) {
        Place const share = point == 0 ? Place{0.5, 0.5, 0.5} : anywhere(random);
        largest.box = std::max(largest.box, miss(field, boxes[b], share) / (bound[b] + allowance));
        Box const half = half_of(boxes[b], point);
        largest.half =
            std::max(largest.half, miss(field, half, share) / (bound[b] / 4 + allowance));
      }
    }
  }
  return largest;
}

// Grids with steps that differ a hundredfold, stations anywhere in them, some a hair from a node,
// in coordinates of millions of metres.
Input nasty(std::uint32_t seed) {
  Random random{seed};
  Input in;
  double const scale = std::pow(10, random.uniform(0, 2.5));
  std::array<std::vector<double>*, 3> const axes{&in.x, &in.y, &in.z};
  Place first, last;
  for (std::size_t i = 0; i < 3; ++i) {
    first[i] = std::floor(random.uniform(-1, 1) * 5e6);
    double const step = scale * std::pow(10, random.uniform(-1, 1));
    last[i] = first[i] + step * static_cast<double>(random.between(0, 20));
    *axes[i] = axis(first[i], last[i], step);
  }
  std::size_t const stations = random.between(3, 9);
  double const around = scale * std::pow(10, random.uniform(0, 3));
  for (std::size_t s = 0; s < stations; ++s) {
    Place at;
    for (std::size_t i = 0; i < 3; ++i) at[i] = random.uniform(first[i] - around, last[i] + around);
    if (random.uniform() < 0.3) {
      Point const node = point(in, random.between(0, in.nodes() - 1));
      at = {node.x, node.y, node.z};
      if (random.uniform() < 0.7) at[s % 3] += scale * std::pow(10, random.uniform(-2, 0));
    }
    in.stations.push_back({std::to_string(s), at[0], at[1], at[2]});
  }
  in.masked = nodes_below_stations(in);
  in.amplitudes = axis(1, 20, 1);
  in.decay = random.uniform() < 0.3 ? 0 : random.uniform(0, 20) / longest_distance(in);
  in.observations.assign(stations, 1.0);
  in.threads = 1;
  return in;
}

// A child of the tree, and what is said of it.
struct Described {
  Brood& brood;
  std::size_t child;
  Box box;
  std::vector<std::size_t> nodes;
  bool has_directions;    // else nothing is said of it
  bool holds_everywhere;  // not for its nodes alone
  std::array<Vector, 4> basis;

  float of(float const* row) const { return row[child]; }
};

// All of them.
void visit(Input const& in, ConeTree& tree, Brood& brood,
           std::function<void(Described const&)> const& look) {
  std::array<std::vector<double> const*, 3> const axes{&in.x, &in.y, &in.z};
  for (std::size_t child = 0; child < cone::lanes; ++child) {
    if (!(brood.present >> child & 1)) continue;
    bool const by_corners = brood.below[child].load() == nullptr;
    Described it{brood, child, {}, {}, true, by_corners, {}};
    std::array<std::size_t, 3> from, behind;
    for (std::size_t i = 0; i < 3; ++i) {
      std::size_t const width = cone::leaf_width << brood.level;
      from[i] = brood.first[i] + (child >> (2 - i) & 1) * width;
      behind[i] = std::min(from[i] + width, axes[i]->size());
      it.box.from[i] = (*axes[i])[from[i]];
      it.box.to[i] = (*axes[i])[behind[i] - 1];
    }
    for (std::size_t x = from[0]; x < behind[0]; ++x)
      for (std::size_t y = from[1]; y < behind[1]; ++y)
        for (std::size_t z = from[2]; z < behind[2]; ++z) {
          std::size_t const node = (x * in.y.size() + y) * in.z.size() + z;
          if (!in.is_masked(node)) it.nodes.push_back(node);
        }
    for (std::size_t t = 0; t < 4; ++t)
      for (std::size_t s = 0; s < in.stations.size(); ++s)
        it.basis[t].push_back(brood.cones.basis[(4 * s + t) * cone::lanes + child]);
    it.has_directions = dot(it.basis[0], it.basis[0]) > 0.5;
    look(it);
    if (brood.level > 0) visit(in, tree, tree.brood_below(brood, child), look);
  }
}

std::vector<Place> places(Input const& in) {
  std::vector<Place> all;
  for (Station const& station : in.stations) all.push_back({station.x, station.y, station.z});
  return all;
}

Place place(Input const& in, std::size_t node) {
  Point const at = point(in, node);
  return {at.x, at.y, at.z};
}

// How a vector of attenuations lies to a description.
struct Parts {
  double a;
  Place v;
  Vector rest;  // divided by a
  double stray;

  Parts(Described const& it, Vector const& g) : a{dot(g, it.basis[0])}, v{}, rest{g} {
    for (double& part : rest) part /= a;
    add(rest, -1, it.basis[0]);
    for (std::size_t t = 0; t < 3; ++t) v[t] = dot(g, it.basis[t + 1]) / a;
    for (std::size_t t = 0; t < 3; ++t) add(rest, -v[t], it.basis[t + 1]);
    stray = std::sqrt(dot(rest, rest));
  }

  // Whether a description, its intervals narrower by a share at either end, still says so.
  bool within(Described const& it, double narrower) const {
    cone::Cones const& cones = it.brood.cones;
    auto const inside = [&](double low, double value, double high) {
      double const cut = narrower * (high - low);
      return low + cut <= value && value <= high - cut;
    };
    bool all = inside(it.of(cones.a_low), a, it.of(cones.a_high)) &&
               stray <= (1 - narrower) * it.of(cones.stray);
    for (std::size_t t = 0; t < 3; ++t)
      all = all && inside(it.of(cones.low[t]), v[t], it.of(cones.high[t]));
    return all;
  }
};

struct Outside {
  int seen = 0, outside = 0, outside_narrower = 0;
};

Outside left_out(Input const& in, Random& random) {
  Outside found;
  Group const group = groups(in).front();
  ConeTree tree{in, group, 1};
  std::vector<Place> const stations = places(in);
  visit(in, tree, tree.root(), [&](Described const& it) {
    if (!it.has_directions) return;
    std::vector<Place> at;
    for (std::size_t const node : it.nodes) at.push_back(place(in, node));
    if (it.holds_everywhere)
      for (int i = 0; i < 8; ++i) at.push_back(it.box.inside(anywhere(random)));
    for (Place const& one : at) {
      Parts const parts{it, attenuation(stations, in.decay, one)};
      ++found.seen;
      found.outside += !parts.within(it, 0);
      found.outside_narrower += !parts.within(it, 0.02);
    }
  });
  return found;
}

// Whether the rest of a box has room for the corners of its parts and for what their mixtures
// miss; in units of a, the smallest there is.
bool has_room(Described const& it, Field const& field, std::vector<Box> const& parts) {
  double stray = 0, missed = 0;
  double a = 0;
  for (Box const& part : parts) {
    for (int corner = 0; corner < 8; ++corner) {
      Place at;
      for (std::size_t i = 0; i < 3; ++i) at[i] = corner >> i & 1;
      Parts const its{it, field(part.inside(at))};
      stray = std::max(stray, its.stray);
      a = std::max(a, its.a);
    }
    missed = std::max(missed, miss(field, part, {0.5, 0.5, 0.5}));
  }
  return it.of(it.brood.cones.stray) >= stray + missed / a;
}

// Boxes of the last level but the leaves, and those of them without room either way.
struct Rooms {
  int boxes = 0, by_halves = 0, without = 0;
};

Rooms rooms(Input const& in) {
  Rooms found;
  Group const group = groups(in).front();
  ConeTree tree{in, group, 1};
  Field const field = [&, stations = places(in)](Place const& at) {
    return attenuation(stations, in.decay, at);
  };
  visit(in, tree, tree.root(), [&](Described const& it) {
    if (it.brood.level > 0 || !it.holds_everywhere) return;
    std::vector<Box> halves;
    for (int i = 0; i < 8; ++i) halves.push_back(half_of(it.box, i));
    ++found.boxes;
    if (has_room(it, field, {it.box})) return;
    ++found.by_halves;
    found.without += !has_room(it, field, halves);
  });
  return found;
}

// Observations that only just do not fit a box: what one of its nodes explains, and a little in the
// direction in which that node is the last of the box.
struct Aimed {
  Brood* brood;
  std::size_t child;
  std::vector<std::size_t> nodes;
  Vector observations;
};

std::vector<Aimed> aim(Input const& in, ConeTree& tree, Random& random) {
  std::vector<Aimed> all;
  std::vector<Place> const stations = places(in);
  visit(in, tree, tree.root(), [&](Described const& it) {
    if (it.nodes.empty() || !it.has_directions) return;
    std::size_t const direction = random.between(0, 3);
    double const sign = random.uniform() < 0.5 ? -1 : 1;
    double furthest = -std::numeric_limits<double>::infinity();
    Vector aimed;
    for (std::size_t const node : it.nodes) {
      Vector const g = attenuation(stations, in.decay, place(in, node));
      Parts const parts{it, g};
      double const far = direction < 3 ? sign * parts.v[direction] : parts.stray;
      if (far <= furthest) continue;
      furthest = far;
      aimed = g;
      double const length = std::sqrt(dot(g, g));
      if (direction < 3)
        add(aimed, 0.05 * sign * length, it.basis[direction + 1]);
      else if (parts.stray > 0)
        add(aimed, 0.05 * length / parts.stray, parts.rest);
    }
    for (double& one : aimed) one = std::max(0.0, 7 * one);
    all.push_back({&it.brood, it.child, it.nodes, aimed});
  });
  return all;
}

double least_error(Input const& in, Aimed const& aimed, std::vector<Place> const& stations) {
  double least = std::numeric_limits<double>::infinity();
  double const O = dot(aimed.observations, aimed.observations);
  for (std::size_t const node : aimed.nodes) {
    Vector const g = attenuation(stations, in.decay, place(in, node));
    double const G = dot(g, g), C = dot(g, aimed.observations);
    for (double const A : in.amplitudes) least = std::min(least, (A * (A * G - 2 * C) + O) / O);
  }
  return least;
}

struct Bounded {
  int boxes = 0, too_high = 0, close = 0;
};

Bounded bound_aimed(Input in, Random& random) {
  Bounded found;
  Group group = groups(in).front();
  ConeTree tree{in, group, 1};
  std::vector<Aimed> const all = aim(in, tree, random);
  in.observations.clear();
  for (Aimed const& aimed : all)
    in.observations.insert(in.observations.end(), aimed.observations.begin(),
                           aimed.observations.end());
  std::vector<Place> const stations = places(in);
  for (std::size_t event = 0; event < all.size(); ++event) {
    Aimed const& aimed = all[event];
    if (dot(aimed.observations, aimed.observations) < 1e-30) continue;
    Visits visits;
    Quest const quest = tree.begin(event, visits);
    cone::Bounds bounds;
    cone::bound(aimed.brood->cones, quest.sought, 1, bounds);
    double const truth = least_error(in, aimed, stations);
    double const bound = bounds.least[aimed.child];
    ++found.boxes;
    found.too_high += bound > truth * (1 + 1e-9) + 1e-12;
    found.close += bound > 0.9 * truth;
  }
  return found;
}

// With each of them in use; the best one afterwards.
void with_every_instruction_set(std::function<void()> const& body) {
  for (std::string const& set : instruction_sets()) {
    INFO(set);
    use_instruction_set(set);
    body();
  }
  use_best_instruction_set();
}

std::vector<Input> nasty_ones(int count) {
  std::vector<Input> all;
  for (std::uint32_t seed = 1; std::ssize(all) < count; ++seed) {
    Input in = nasty(seed);
    if (in.nodes() == in.masked.size() || groups(in).empty()) continue;
    if (ConeTree::suits(in, groups(in).front())) all.push_back(std::move(in));
  }
  return all;
}

}  // namespace

TEST_CASE("interpolation misses no more than the bound, and a bound a tenth less would be too low",
          "[locator][tree]") {
  with_every_instruction_set([] {
    Random random{20180202};
    Shares const largest = largest_shares(random, 3000);
    CHECK(largest.box <= 1);
    CHECK(largest.half <= 1);
    CHECK(largest.box > 0.9);
    CHECK(largest.half > 0.9);
  });
}

TEST_CASE("descriptions hold for all of their boxes, and narrower ones would not",
          "[locator][tree]") {
  std::vector<Input> const problems = nasty_ones(60);
  with_every_instruction_set([&] {
    Random random{1};
    Outside sum;
    for (Input const& in : problems) {
      Outside const found = left_out(in, random);
      sum.seen += found.seen;
      sum.outside += found.outside;
      sum.outside_narrower += found.outside_narrower;
    }
    CHECK(sum.outside == 0);
    CHECK(sum.outside_narrower > sum.seen / 100);
  });
}

TEST_CASE("descriptions have room for what mixtures of corners miss", "[locator][tree]") {
  std::vector<Input> const problems = nasty_ones(400);
  with_every_instruction_set([&] {
    Rooms sum;
    for (Input const& in : problems) {
      Rooms const found = rooms(in);
      sum.boxes += found.boxes;
      sum.by_halves += found.by_halves;
      sum.without += found.without;
    }
    CHECK(sum.boxes > 1000);
    CHECK(sum.by_halves > 100);
    CHECK(sum.without == 0);
  });
}

TEST_CASE("no bound exceeds an error of its box for observations aimed at the box's edge",
          "[locator][tree]") {
  std::vector<Input> const problems = nasty_ones(60);
  with_every_instruction_set([&] {
    Random random{2};
    Bounded sum;
    for (Input const& in : problems) {
      Bounded const found = bound_aimed(in, random);
      sum.boxes += found.boxes;
      sum.too_high += found.too_high;
      sum.close += found.close;
    }
    CHECK(sum.boxes > 1000);
    CHECK(sum.too_high == 0);
    CHECK(sum.close > sum.boxes / 10);
  });
}

}  // namespace mythbench::locator
