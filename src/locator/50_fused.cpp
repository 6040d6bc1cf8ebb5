// Bounds of all products and their maximum in one pass that stores neither; few nodes remain.
//
// Each tile of nodes meets all events while its table is in the first-level cache. A block of
// bounds, some nodes times some events, grows in registers; of those of a tile only the largest is
// kept, per event. Not even which node it was: that is found out where it matters (contenders.hpp),
// and a coarse grid, searched first, says where it does.
//
// Bound: per node and event one multiply-add for each coordinate (tile.hpp: one more than there
// are directions, or as many as stations) and one maximum, in double precision, on the ports of
// the multiply-adds; per node and station the table. Loads stay well below: a block of n vectors
// of nodes and m events needs n + m for n m multiply-adds. Memory hardly matters: observations
// come from the second-level cache, nothing is written.

#include <algorithm>
#include <limits>
#include <vector>

#include "core/rung.hpp"
#include "locator/contenders.hpp"
#include "locator/locator.hpp"
#include "locator/tile.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "locator/50_fused.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file once per instruction set.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mythbench::locator {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Vectors of nodes, and events, whose products grow in registers at a time: as many as there are
// registers for, beside a column of nodes and one observation.
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM_A64
constexpr std::size_t wide = 4, events_at_once = 6;  // of 32
#elif HWY_TARGET <= HWY_AVX2
constexpr std::size_t wide = 2, events_at_once = 6;  // of 16
#else
constexpr std::size_t wide = 2, events_at_once = 4;  // of 16, and a product needs one more
#endif

// Notes which of `block` events, from the given one on, have a node in this tile that is worth a
// look.
template <std::size_t vectors, std::size_t block>
HWY_INLINE void screen(Tile<double> const& tile, UnitEvents const& events, std::size_t event,
                       Contenders const& contenders, std::vector<std::size_t>& promising) {
  hn::ScalableTag<double> const d;
  using V = hn::Vec<decltype(d)>;
  std::size_t const lanes = hn::Lanes(d);
  std::size_t const coordinates = events.coordinates;
  double const* const observed = events.screened.data() + event * coordinates;

  V largest[block];
  for (V& l : largest) l = hn::Zero(d);
  for (std::size_t n = 0; n < tile_width; n += vectors * lanes) {
    V cosine[block][vectors];
    for (auto& row : cosine)
      for (V& c : row) c = hn::Zero(d);
    for (std::size_t i = 0; i < coordinates; ++i) {
      V node[vectors];
      for (std::size_t v = 0; v < vectors; ++v)
        node[v] = hn::Load(d, tile.coordinate(i) + n + v * lanes);
      for (std::size_t e = 0; e < block; ++e) {
        V const o = hn::Set(d, observed[e * coordinates + i]);
        for (std::size_t v = 0; v < vectors; ++v)
          cosine[e][v] = hn::MulAdd(o, node[v], cosine[e][v]);
      }
    }
    for (std::size_t e = 0; e < block; ++e)
      for (V const& c : cosine[e]) largest[e] = hn::Max(largest[e], c);
  }

  for (std::size_t e = 0; e < block; ++e) {
    V const least = hn::Set(d, contenders.least_cosine(event + e));
    if (!hn::AllFalse(d, hn::Ge(largest[e], least))) promising.push_back(event + e);
  }
}

void screen_tile(Tile<double> const& tile, UnitEvents const& events, Contenders const& contenders,
                 std::vector<std::size_t>& promising) {
  promising.clear();
  std::size_t event = 0;
  for (; event + events_at_once <= events.events(); event += events_at_once)
    screen<wide, events_at_once>(tile, events, event, contenders, promising);
  for (; event < events.events(); ++event) screen<8, 1>(tile, events, event, contenders, promising);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench::locator
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench::locator {
namespace {

HWY_EXPORT(screen_tile);

}  // namespace

void fused(Input const& in, Output& out) {
  out.assign(in.events(), {});
  std::vector<Group> const all_groups = groups(in);
  Grid const grid = every(1, in);
  Grid const coarse_grid = every(coarse, in);
  for (Group const& group : all_groups) {
    Directions const directions = principal_directions(coarse_grid, in, group);
    UnitEvents const events{in, group, directions};
    double const slack = roundings(in, group) * std::numeric_limits<double>::epsilon();
    Tile<double> tile{group.stations.size()};

    Terrain<double> const coarse_terrain{coarse_grid, in, group};
    Contenders guess{in, group, slack};
    for (std::size_t node = 0; node < coarse_grid.nodes(); node += tile_width) {
      tabulate(coarse_terrain, node, tile);
      for (std::size_t e = 0; e < events.events(); ++e) examine(tile, events, e, guess);
    }

    Terrain<double> const terrain{grid, in, group, directions};
    Contenders contenders{in, group, slack};
    contenders.learn(guess);
    std::vector<std::size_t> promising;
    for (std::size_t node = 0; node < grid.nodes(); node += tile_width) {
      tabulate(terrain, node, tile);
      HWY_DYNAMIC_DISPATCH(screen_tile)(tile, events, contenders, promising);
      for (std::size_t const e : promising) examine(tile, events, e, contenders);
    }

    auto const left = contenders.nodes();
    for (std::size_t e = 0; e < events.events(); ++e)
      out[group.events[e]] = settle(in, group, group.events[e], left[e]);
  }
}

Bound fused_bound(Case const& c) { return {.f64_operations = operations_of_a_sieve(c)}; }

}  // namespace mythbench::locator
#endif  // HWY_ONCE
