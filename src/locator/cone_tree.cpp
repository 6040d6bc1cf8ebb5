#include "locator/cone_tree.hpp"

#include <omp.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>

#include "core/stopwatch.hpp"
#include "machine/pages.hpp"

namespace mythbench::locator {
namespace {

using cone::lanes;
using cone::leaf_nodes;
using cone::leaf_width;

constexpr double unit_roundoff = 0x1p-24;  // single precision

// A box is described by its corners if g may miss their mixtures by this share at most. Larger,
// and searches enter more boxes in vain; smaller, and more boxes are described that nobody enters.
// Searches enter leaves more often than what is above them.
constexpr float tolerance(int level) { return level == 0 ? 0.03f : 0.09f; }

// Memory for what lives as long as the tree comes in chunks.
constexpr std::size_t small_chunk = std::size_t{1} << 16;
constexpr std::size_t large_chunk = huge_page;
constexpr std::size_t line = 64;  // bytes

// Adds its lifetime.
class Timed {
 public:
  explicit Timed(std::atomic<std::int64_t>& nanoseconds) : nanoseconds_{nanoseconds} {}
  Timed(Timed const&) = delete;
  Timed& operator=(Timed const&) = delete;
  ~Timed() { nanoseconds_ += static_cast<std::int64_t>(1e9 * stopwatch_.seconds()); }

 private:
  std::atomic<std::int64_t>& nanoseconds_;
  Stopwatch stopwatch_;
};

std::vector<double> const& axis(Input const& in, std::size_t dimension) {
  return dimension == 0 ? in.x : dimension == 1 ? in.y : in.z;
}

double longest_distance(Input const& in, std::array<std::vector<double>, 3> const& station) {
  double squares = 0;
  for (std::size_t dimension = 0; dimension < 3; ++dimension) {
    std::vector<double> const& nodes = axis(in, dimension);
    auto const [low, high] = std::ranges::minmax(station[dimension]);
    double const extent = std::max(nodes.back(), high) - std::min(nodes.front(), low);
    squares += extent * extent;
  }
  return std::sqrt(squares);
}

// Of one station from any node.
double longest_distance(Input const& in, std::array<std::vector<double>, 3> const& station,
                        std::size_t s) {
  double squares = 0;
  for (std::size_t dimension = 0; dimension < 3; ++dimension) {
    std::vector<double> const& nodes = axis(in, dimension);
    double const at = station[dimension][s];
    double const extent = std::max(nodes.back() - at, at - nodes.front());
    squares += extent * extent;
  }
  return std::sqrt(squares);
}

std::array<std::vector<double>, 3> positions(Input const& in, Group const& group) {
  std::array<std::vector<double>, 3> station;
  for (std::size_t const s : group.stations) {
    station[0].push_back(in.stations[s].x);
    station[1].push_back(in.stations[s].y);
    station[2].push_back(in.stations[s].z);
  }
  return station;
}

// The half of a box, 0 or 1, that a child is along a dimension; x is the slowest.
std::size_t half(std::size_t child, std::size_t dimension) { return child >> (2 - dimension) & 1; }

std::size_t width(int level) { return leaf_width << level; }

// The nodes along one dimension at either end of a child.
struct Ends {
  double first, last;
};

Ends ends(Input const& in, Brood const& brood, std::size_t child, std::size_t dimension) {
  std::vector<double> const& nodes = axis(in, dimension);
  std::size_t const from = brood.first[dimension] + half(child, dimension) * width(brood.level);
  std::size_t const behind = std::min(from + width(brood.level), nodes.size());
  return {nodes[std::min(from, behind - 1)], nodes[behind - 1]};
}

// Where a child begins.
std::array<std::size_t, 3> node_below(Brood const& brood, std::size_t child) {
  std::array<std::size_t, 3> first = brood.first;
  for (std::size_t dimension = 0; dimension < 3; ++dimension)
    first[dimension] += half(child, dimension) * width(brood.level);
  return first;
}

// Room for the samples of a box: at most eight groups.
constexpr std::size_t most_samples = 8 * lanes;

struct Room {
  explicit Room(std::size_t stations) {
    // Boxes are described by the thousand: nobody should ask for memory each time.
    thread_local std::vector<float> memory;
    std::size_t const floats = (2 * stations + 3) * most_samples + cone::scratch_floats(stations);
    memory.resize(floats + line / sizeof(float));
    auto const misaligned = reinterpret_cast<std::uintptr_t>(memory.data()) % line;
    float* at = memory.data() + (line - misaligned) / sizeof(float);
    g = at;
    at += stations * most_samples;
    corners = at;
    at += stations * most_samples;
    for (float** row : {&remainder, &scale_low, &scale_high}) {
      *row = at;
      at += most_samples;
    }
    scratch = at;
  }

  cone::Samples samples(std::size_t stations, std::size_t groups) const {
    return {stations,  groups,    g,          stations * lanes, lanes,
            remainder, scale_low, scale_high, corners,          scratch};
  }

  float* g;
  float* corners;  // of all eight children of a box: [station][x][y][z]
  float* remainder;
  float* scale_low;
  float* scale_high;
  float* scratch;
};

// Has no nodes that could be sources.
void remove(Brood& brood, std::size_t child) {
  brood.present &= ~(1U << child);
  --brood.children;
}

// Of a box without a common direction: no bound at all.
void give_up(cone::Cones const& cones, std::size_t stations, std::size_t child) {
  for (std::size_t i = 0; i < 4 * stations; ++i) cones.basis[i * lanes + child] = 0;
  for (std::size_t t = 0; t < 3; ++t) {
    cones.low[t][child] = -1e6f;
    cones.high[t][child] = 1e6f;
  }
  cones.stray[child] = 1e6f;
  cones.a_low[child] = 1e-20f;
  cones.a_high[child] = 1e20f;
}

// Interleaves the bits of three coordinates, so that points close in order are close in space.
std::uint64_t interleaved(std::array<std::size_t, 3> const& at) {
  std::uint64_t mixed = 0;
  for (int bit = 20; bit >= 0; --bit)
    for (std::size_t const coordinate : at) mixed = mixed << 1 | (coordinate >> bit & 1);
  return mixed;
}

// The error as the talk computes it, but for rounding: quicker where no tie hangs on that.
double plain_error(Input const& in, Group const& group, std::size_t event, Point const& source,
                   double amplitude) {
  double error = 0;
  for (std::size_t const s : group.stations) {
    Station const& station = in.stations[s];
    double const dx = source.x - station.x, dy = source.y - station.y, dz = source.z - station.z;
    double const r = std::sqrt(dx * dx + dy * dy + dz * dz);
    double const residual = amplitude * std::exp(-in.decay * r) / r - in.observation(event, s);
    error += residual * residual;
  }
  return error;
}

}  // namespace

bool ConeTree::suits(Input const& in, Group const& group) {
  auto const station = positions(in, group);
  if (in.amplitudes.back() > 1e15 || in.amplitude_step() < 1e-30) return false;
  if (in.decay * longest_distance(in, station) > 60) return false;
  // Squares of differences a hundred thousand times smaller than what a node's strongest station
  // sees must not vanish.
  double weakest = std::numeric_limits<double>::infinity();
  for (std::size_t s = 0; s < group.stations.size(); ++s) {
    double const r = longest_distance(in, station, s);
    weakest = std::min(weakest, in.decay * r + std::log(r));
  }
  if (!(weakest < 30)) return false;
  for (std::size_t s = 0; s < group.stations.size(); ++s) {
    double square = 0;  // of the distance to the nearest node
    for (std::size_t dimension = 0; dimension < 3; ++dimension) {
      double nearest = std::numeric_limits<double>::infinity();
      for (double const node : axis(in, dimension))
        nearest = std::min(nearest, std::abs(node - station[dimension][s]));
      square += nearest * nearest;
    }
    if (square > 0 && square < 1e-6) return false;
  }
  for (std::size_t const event : group.events) {
    double power = 0;
    for (std::size_t const s : group.stations)
      power += in.observation(event, s) * in.observation(event, s);
    if (!(power > 1e-40 && power < 1e30)) return false;
    if (in.amplitudes.back() > 1e13 * std::sqrt(power)) return false;
  }
  return true;
}

Location full_search(Input const& in, Group const& group, std::size_t event) {
  std::size_t node = 0;
  while (node + 1 < in.nodes() && in.is_masked(node)) ++node;
  // As if no score could be told from another.
  return settle(in, group, event,
                {.best = 0, .second = 0, .node = static_cast<std::int64_t>(node)});
}

ConeTree::ConeTree(Input const& in, Group const& group, int threads)
    : in_{in},
      group_{group},
      station_{positions(in, group)},
      decayed_{in.decay * longest_distance(in, station_)},
      share_{rounding_share(in, group)},
      open_(static_cast<std::size_t>(std::max(threads, 1))) {
  Timed const timed{nanoseconds_};
  std::size_t const longest = std::max({in.x.size(), in.y.size(), in.z.size()});
  int level = 1;
  while (width(level) < longest) ++level;
  root_ = threads > 1 ? grow_by_threads(level - 1, threads) : grow(level - 1, {0, 0, 0});
}

std::byte* ConeTree::allocate(std::size_t size) {
  size = (size + line - 1) / line * line;
  bytes_ += size;
  std::lock_guard const lock{memory_};
  auto& [end, left] = open_[static_cast<std::size_t>(omp_get_thread_num()) % open_.size()];
  if (size > left) {
    // A small tree should not pay for a large page.
    std::size_t const chunk = end ? large_chunk : small_chunk;
    left = (size + chunk - 1) / chunk * chunk;
    void* const memory = std::aligned_alloc(chunk, left);
    if (!memory) throw std::bad_alloc{};
    if (chunk == large_chunk) ask_for_huge_pages(memory, left);
    chunks_.emplace_back(static_cast<std::byte*>(memory));
    end = static_cast<std::byte*>(memory) + left;
  }
  left -= size;
  return end - left - size;
}

Brood* ConeTree::new_brood(int level, Node first) {
  std::size_t const stations = group_.stations.size();
  std::size_t const head = (sizeof(Brood) + line - 1) / line * line;
  std::size_t const floats = (4 * stations + 9) * lanes;
  std::byte* const memory = allocate(head + floats * sizeof(float));
  auto* const brood = new (memory) Brood{};
  brood->level = level;
  brood->first = first;
  // Directions are written for all children, what is said along them is not.
  auto* row = new (memory + head) float[floats];
  std::fill(row + 4 * stations * lanes, row + floats, 0.0f);
  auto const next = [&](std::size_t size) {
    float* const it = row;
    row += size;
    return it;
  };
  brood->cones.basis = next(4 * stations * lanes);
  for (std::size_t t = 0; t < 3; ++t) {
    brood->cones.low[t] = next(lanes);
    brood->cones.high[t] = next(lanes);
  }
  brood->cones.stray = next(lanes);
  brood->cones.a_low = next(lanes);
  brood->cones.a_high = next(lanes);
  // Children that are not there are bounded, too, and should not divide by zero.
  std::fill_n(brood->cones.a_low, lanes, 1.0f);
  std::fill_n(brood->cones.a_high, lanes, 1.0f);
  return brood;
}

ConeTree::Sprout ConeTree::sow(int level, Node first) {
  Brood* const brood = new_brood(level, first);
  std::size_t const stations = group_.stations.size();
  cone::Boxes boxes;
  Node const& origin = brood->first;
  for (std::size_t child = 0; child < lanes; ++child) {
    bool present = true;
    for (std::size_t dimension = 0; dimension < 3; ++dimension) {
      std::vector<double> const& nodes = axis(in_, dimension);
      present = present && origin[dimension] + half(child, dimension) * width(level) < nodes.size();
      auto const [from, to] = ends(in_, *brood, child, dimension);
      boxes.centre[dimension][child] =
          static_cast<float>((from + to) / 2 - nodes[origin[dimension]]);
      // What is far from the origin is rounded by more than a narrow box's width allows for.
      boxes.half[dimension][child] = static_cast<float>(
          (to - from) / 2 * 1.0001 + 4 * unit_roundoff * (to - nodes[origin[dimension]]));
    }
    if (present) brood->present |= 1U << child;
    brood->children += present;
  }
  // Where describe_corners() will put its samples.
  Room const room{stations};
  cone::Places station;
  for (std::size_t dimension = 0; dimension < 3; ++dimension) {
    float* const relative = room.g + dimension * stations;
    for (std::size_t s = 0; s < stations; ++s)
      relative[s] =
          static_cast<float>(station_[dimension][s] - axis(in_, dimension)[origin[dimension]]);
    station[dimension] = relative;
  }
  alignas(line) std::array<float, lanes> missed;
  cone::curvature(stations, station, static_cast<float>(in_.decay), boxes, missed.data());

  std::uint32_t undescribed = brood->present & ~describe_corners(*brood, missed.data());
  if (level == 0)
    for (std::size_t child = 0; child < lanes; ++child)
      if (undescribed >> child & 1 && describe_halves(*brood, child, missed[child]))
        undescribed &= ~(1U << child);
  return {brood, undescribed};
}

Brood* ConeTree::grow(int level, Node first) {
  Sprout const sprout = sow(level, first);
  for (std::size_t child = 0; child < lanes; ++child)
    if (sprout.undescribed >> child & 1)
      sprout.brood->below[child] = grow_below(*sprout.brood, child);
  describe_rest(sprout);
  return sprout.brood;
}

// Large boxes first, few as they are; then side by side what is below them, some hundred boxes at
// a time; at last what the large ones learn from that.
Brood* ConeTree::grow_by_threads(int level, int threads) {
  struct Place {
    Brood* brood;
    std::size_t child;
  };
  std::vector<Sprout> large{sow(level, {0, 0, 0})};
  std::vector<Place> small;
  for (std::size_t i = 0; i < large.size(); ++i) {
    auto const [brood, undescribed] = large[i];
    for (std::size_t child = 0; child < lanes; ++child) {
      if (!(undescribed >> child & 1)) continue;
      if (brood->level <= 2) {
        small.push_back({brood, child});
      } else {
        large.push_back(sow(brood->level - 1, node_below(*brood, child)));
        brood->below[child] = large.back().brood;
      }
    }
  }
#pragma omp parallel for schedule(dynamic) num_threads(threads)
  for (Place const& place : small)
    place.brood->below[place.child] = grow_below(*place.brood, place.child);
  for (std::size_t i = large.size(); i > 0; --i) describe_rest(large[i - 1]);
  return large.front().brood;
}

void* ConeTree::grow_below(Brood const& brood, std::size_t child) {
  Node const first = node_below(brood, child);
  if (brood.level == 0) return fill(first);
  return grow(brood.level - 1, first);
}

void ConeTree::describe_rest(Sprout const& sprout) {
  for (std::size_t child = 0; child < lanes; ++child)
    if (sprout.undescribed >> child & 1) {
      if (sprout.brood->level == 0)
        describe_nodes(*sprout.brood, child);
      else
        describe_children(*sprout.brood, child);
    }
}

std::uint32_t ConeTree::describe_corners(Brood& brood, float const* missed) {
  std::size_t const stations = group_.stations.size();
  Room const room{stations};
  std::array<std::array<double, 4>, 3> at;  // first of both halves, last of both halves
  for (std::size_t dimension = 0; dimension < 3; ++dimension)
    for (std::size_t h = 0; h < 2; ++h) {
      auto const [from, to] = ends(in_, brood, h << (2 - dimension), dimension);
      at[dimension][h] = from;
      at[dimension][2 + h] = to;
    }
  attenuate({at[0].data(), at[1].data(), at[2].data()}, room.corners);

  // Two children that differ in z only lie side by side.
  float* to = room.g;
  for (std::size_t s = 0; s < stations; ++s)
    for (std::size_t corner = 0; corner < lanes; ++corner) {
      float const* const from = room.corners + s * most_samples + 32 * half(corner, 0) +
                                8 * half(corner, 1) + 2 * half(corner, 2);
      for (std::size_t const child : {0, 4, 16, 20}) to = std::copy_n(from + child, 2, to);
    }
  return cone::describe_corners(stations, room.g, missed, rounding(), tolerance(brood.level),
                                brood.cones);
}

// The samples are the corners of a box's eight halves, and those of the box itself the typical
// ones. A node is in one of the halves, so g there is a mixture of that half's corners but for what
// the interpolation misses. curvature() has bounded the second derivatives on all of the box, the
// half included, and multiplied them by the squares of half the widths; those of a half are a
// quarter, wherever in the box it lies. So `missed / 4` is a bound, not an estimate; and what is
// mixed from some samples is mixed from all.
bool ConeTree::describe_halves(Brood& brood, std::size_t child, float missed) {
  if (!(missed < 1e30f)) return false;
  std::size_t const stations = group_.stations.size();
  Room const room{stations};
  using cone::half_points;
  std::array<std::array<double, 3>, 3> at;
  for (std::size_t dimension = 0; dimension < 3; ++dimension) {
    auto const [from, to] = ends(in_, brood, child, dimension);
    at[dimension] = {from, (from + to) / 2, to};
  }
  std::array<double const*, 3> const station{station_[0].data(), station_[1].data(),
                                             station_[2].data()};
  // Next to a station the differences would not survive single precision.
  cone::attenuate_halves(stations, station.data(), in_.decay,
                         {at[0].data(), at[1].data(), at[2].data()}, room.g);
  for (std::size_t s = 0; s < stations; ++s)
    for (std::size_t i = 0; i < lanes; ++i)
      room.corners[s * lanes + i] =
          room.g[s * half_points + 18 * half(i, 0) + 6 * half(i, 1) + 2 * half(i, 2)];
  std::fill_n(room.remainder, half_points, missed / 4);
  std::fill_n(room.scale_low, half_points, 1.0f);
  std::fill_n(room.scale_high, half_points, 1.0f);
  cone::Samples samples = room.samples(stations, half_points / lanes);
  samples.group_stride = lanes;
  samples.station_stride = half_points;
  return cone::describe(samples, child, rounding(), tolerance(0), brood.cones);
}

void ConeTree::describe_nodes(Brood& brood, std::size_t child) {
  std::size_t const stations = group_.stations.size();
  Room const room{stations};
  Leaf const& leaf = *static_cast<Leaf*>(brood.below[child].load());
  if (leaf.valid == 0) {
    remove(brood, child);
    return;
  }
  for (std::size_t s = 0; s < stations; ++s)
    for (std::size_t i = 0; i < lanes; ++i)
      room.corners[s * lanes + i] =
          leaf.g[s * leaf_nodes + 48 * half(i, 0) + 12 * half(i, 1) + 3 * half(i, 2)];
  std::fill_n(room.remainder, leaf_nodes, 0.0f);
  std::fill_n(room.scale_low, leaf_nodes, 1.0f);
  std::fill_n(room.scale_high, leaf_nodes, 1.0f);
  cone::Samples samples = room.samples(stations, leaf_nodes / lanes);
  samples.g = leaf.g;
  samples.group_stride = lanes;
  samples.station_stride = leaf_nodes;
  if (!cone::describe(samples, child, rounding(), 0.9f, brood.cones))
    give_up(brood.cones, stations, child);
}

// Of each grandchild the eight corners of its box of tangents: what it holds is mixed from them,
// scaled by its a, but for its own rest.
void ConeTree::describe_children(Brood& brood, std::size_t child) {
  std::size_t const stations = group_.stations.size();
  Room const room{stations};
  Brood const& below = *static_cast<Brood*>(brood.below[child].load());
  if (below.present == 0) {
    remove(brood, child);
    return;
  }
  auto const any = static_cast<std::size_t>(std::countr_zero(below.present));
  for (std::size_t s = 0; s < stations; ++s)
    for (std::size_t c = 0; c < lanes; ++c)
      room.corners[s * lanes + c] =
          below.cones.basis[s * 4 * lanes + (below.present >> c & 1 ? c : any)];
  std::size_t groups = 0;
  for (std::size_t c = 0; c < lanes; ++c) {
    if (!(below.present >> c & 1)) continue;
    float v[3][lanes];
    for (std::size_t t = 0; t < 3; ++t)
      for (std::size_t i = 0; i < lanes; ++i)
        v[t][i] = half(i, t) ? below.cones.high[t][c] : below.cones.low[t][c];
    for (std::size_t s = 0; s < stations; ++s) {
      float const* const row = below.cones.basis + s * 4 * lanes + c;
      float const basis[4] = {row[0], row[lanes], row[2 * lanes], row[3 * lanes]};
      float* const g = room.g + (groups * stations + s) * lanes;
      for (std::size_t i = 0; i < lanes; ++i)
        g[i] = basis[0] + v[0][i] * basis[1] + v[1][i] * basis[2] + v[2][i] * basis[3];
    }
    std::fill_n(room.remainder + groups * lanes, lanes, below.cones.stray[c]);
    std::fill_n(room.scale_low + groups * lanes, lanes, below.cones.a_low[c]);
    std::fill_n(room.scale_high + groups * lanes, lanes, below.cones.a_high[c]);
    ++groups;
  }
  if (!cone::describe(room.samples(stations, groups), child, rounding(), 0.9f, brood.cones))
    give_up(brood.cones, stations, child);
}

Leaf* ConeTree::fill(Node first) {
  std::size_t const stations = group_.stations.size();
  std::size_t const head = (sizeof(Leaf) + line - 1) / line * line;
  std::byte* const memory = allocate(head + (stations + 1) * leaf_nodes * sizeof(float));
  auto* const g = new (memory + head) float[(stations + 1) * leaf_nodes];
  auto* const leaf = new (memory) Leaf{0, 0, first, g, g + stations * leaf_nodes};

  // Behind the end of an axis the last node stands again and again.
  std::array<std::array<double, leaf_width>, 3> at;
  for (std::size_t dimension = 0; dimension < 3; ++dimension)
    for (std::size_t i = 0; i < leaf_width; ++i) {
      std::vector<double> const& nodes = axis(in_, dimension);
      at[dimension][i] = nodes[std::min(first[dimension] + i, nodes.size() - 1)];
    }
  attenuate({at[0].data(), at[1].data(), at[2].data()}, g);

  for (std::size_t n = 0; n < leaf_nodes; ++n) {
    std::size_t const ix = first[0] + n / (leaf_width * leaf_width);
    std::size_t const iy = first[1] + n / leaf_width % leaf_width;
    std::size_t const iz = first[2] + n % leaf_width;
    if (ix >= in_.x.size() || iy >= in_.y.size() || iz >= in_.z.size()) continue;
    if (!in_.masked.empty() && in_.is_masked(node_number(ix, iy, iz))) continue;
    leaf->valid |= std::uint64_t{1} << n;
    ++leaf->nodes;
  }
  if (leaf->valid == 0) return leaf;
  auto const any = static_cast<std::size_t>(std::countr_zero(leaf->valid));
  for (std::uint64_t others = ~leaf->valid; others != 0; others &= others - 1) {
    auto const n = static_cast<std::size_t>(std::countr_zero(others));
    for (std::size_t s = 0; s < stations; ++s) g[s * leaf_nodes + n] = g[s * leaf_nodes + any];
  }
  cone::power(stations, g, leaf->power);
  return leaf;
}

// Of two threads that grow the same at once, one wins; the other's stays unused until the end.
Brood& ConeTree::brood_below(Brood& brood, std::size_t child) {
  void* known = brood.below[child].load(std::memory_order_acquire);
  if (known) return *static_cast<Brood*>(known);
  Timed const timed{nanoseconds_};
  Brood* const grown = grow(brood.level - 1, node_below(brood, child));
  if (brood.below[child].compare_exchange_strong(known, grown)) return *grown;
  return *static_cast<Brood*>(known);
}

Leaf& ConeTree::leaf_below(Brood& brood, std::size_t child) {
  void* known = brood.below[child].load(std::memory_order_acquire);
  if (known) return *static_cast<Leaf*>(known);
  Timed const timed{nanoseconds_};
  Leaf* const filled = fill(node_below(brood, child));
  if (brood.below[child].compare_exchange_strong(known, filled)) return *filled;
  return *static_cast<Leaf*>(known);
}

Quest ConeTree::begin(std::size_t event, Visits& visits) {
  std::size_t const stations = group_.stations.size();
  double power = 0;
  for (std::size_t const s : group_.stations)
    power += in_.observation(event, s) * in_.observation(event, s);
  double const norm = std::sqrt(power);
  Quest quest{event, {}, {}, std::numeric_limits<float>::infinity(), 0};
  for (std::size_t const s : group_.stations)
    quest.unit.push_back(static_cast<float>(in_.observation(event, s) / norm));
  std::vector<double> const& A = in_.amplitudes;
  double const step = A.size() > 1 ? in_.amplitude_step() : std::max(A[0], 1e-15);
  auto const count = static_cast<double>(stations);
  quest.sought = {
      .unit = quest.unit.data(),
      .stations = stations,
      .norm = static_cast<float>(norm),
      .first = static_cast<float>(A.front()),
      .step = static_cast<float>(step),
      .last = static_cast<float>(A.size() - 1),
      .per_norm = static_cast<float>(1 / norm),
      .per_step = static_cast<float>(1 / step),
      .beyond = static_cast<float>(2 * (A.back() + step)),
      .slack = static_cast<float>(20 * (count + 5) * unit_roundoff),
      .rounding = static_cast<float>((2 * count + 40 + 6 * decayed_) * 2 * unit_roundoff)};

  cone::Bounds bounds;
  std::vector<Candidate> unused;
  for (Brood* brood = root_;;) {
    std::uint32_t const open = bound(*brood, quest, bounds);
    visits.boxes += brood->children;
    if (open == 0) return quest;
    auto best = static_cast<std::size_t>(std::countr_zero(open));
    for (std::size_t child = best + 1; child < lanes; ++child)
      if (open >> child & 1 && std::pair{bounds.least[child], bounds.across[child]} <
                                   std::pair{bounds.least[best], bounds.across[best]})
        best = child;
    if (brood->level == 0) {
      Leaf const& leaf = leaf_below(*brood, best);
      look(leaf, quest, unused);
      visits.nodes += leaf.nodes;
      Node place = leaf.first;
      for (std::size_t& coordinate : place) coordinate /= leaf_width;
      quest.place = interleaved(place);
      return quest;
    }
    brood = &brood_below(*brood, best);
  }
}

void ConeTree::look(Leaf const& leaf, Quest& quest, std::vector<Candidate>& candidates) const {
  if (leaf.valid == 0) return;
  alignas(line) std::array<float, leaf_nodes> low;
  cone::Looked const seen = cone::look(leaf.g, leaf.power, quest.sought, quest.least, low.data());
  quest.least = seen.least;
  for (std::uint64_t close = seen.close & leaf.valid; close != 0; close &= close - 1) {
    auto const n = static_cast<std::size_t>(std::countr_zero(close));
    candidates.push_back({low[n], node_number(leaf.first[0] + n / (leaf_width * leaf_width),
                                              leaf.first[1] + n / leaf_width % leaf_width,
                                              leaf.first[2] + n % leaf_width)});
  }
}

Location ConeTree::decide(Quest const& quest, std::vector<Candidate>& candidates) const {
  std::erase_if(candidates, [&](Candidate const& c) { return c.least > quest.least; });
  std::ranges::sort(candidates, {}, &Candidate::node);

  // In double precision few are left, mostly one.
  struct Close {
    std::size_t node;
    Parabola parabola;
    Range amplitudes;
  };
  std::vector<double> const& A = in_.amplitudes;
  double power = 0;
  for (std::size_t const s : group_.stations)
    power += in_.observation(quest.event, s) * in_.observation(quest.event, s);
  std::vector<Close> close;
  double least = std::numeric_limits<double>::infinity();
  for (Candidate const& candidate : candidates) {
    Point const source = point(in_, candidate.node);
    Parabola parabola{.O = power};
    for (std::size_t s = 0; s < group_.stations.size(); ++s) {
      double const dx = source.x - station_[0][s], dy = source.y - station_[1][s],
                   dz = source.z - station_[2][s];
      double const r = std::sqrt(dx * dx + dy * dy + dz * dz);
      double const g = std::exp(-in_.decay * r) / r;
      parabola.G += g * g;
      parabola.C += g * in_.observation(quest.event, group_.stations[s]);
    }
    close.push_back({candidate.node, parabola, best_amplitudes(A, parabola, share_)});
    least = std::min(least, close.back().amplitudes.least);
  }
  // As far apart as this, rounding cannot confuse two errors.
  double const within = least + 2 * share_ * (power + least);
  std::erase_if(close, [&](Close const& c) { return c.amplitudes.least > within; });

  std::size_t left = 0;
  auto const visit = [&](auto const& found) {
    for (Close const& c : close)
      for (std::size_t k = c.amplitudes.first; k <= c.amplitudes.last; ++k)
        if (c.parabola.error(A[k]) <= within) found(c.node, k);
  };
  visit([&](std::size_t, std::size_t) { ++left; });

  Location best;
  best.error = std::numeric_limits<double>::infinity();
  auto const error_of = left == 1 ? plain_error : talk_error;
  visit([&](std::size_t node, std::size_t k) {
    double const error = error_of(in_, group_, quest.event, point(in_, node), A[k]);
    if (error < best.error) {
      best.error = error;
      best.index = static_cast<std::int64_t>(node * A.size() + k);
    }
  });
  best.per_cent = 100 * std::sqrt(best.error / power);
  return best;
}

}  // namespace mythbench::locator
