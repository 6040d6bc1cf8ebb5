#pragma once

// The table of attenuations, exp(-B r) / r of each station, for a run of nodes small enough that
// the table stays in the first-level cache while all events pass by. It is used and forgotten: the
// table of all nodes would have to come from memory again and again.

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "locator/locator.hpp"

namespace mythbench::locator {

// Nodes numbered z fastest, then y, then x: those of a problem, or every so many of them.
struct Grid {
  std::vector<double> x, y, z;
  std::vector<std::size_t> masked;  // ascending

  std::size_t nodes() const { return x.size() * y.size() * z.size(); }
};

Grid every(std::size_t stride, Input const& in);

// A coarse grid has every so many nodes of each axis: enough to say along which directions nodes
// differ, and how well an event can be located.
inline constexpr std::size_t coarse = 6;

// Of 16 stations in double precision, 16 KiB: half of the smallest first-level cache. A multiple
// of all that the rungs keep in registers at a time.
inline constexpr std::size_t tile_width = 128;

// Vectors may run over the end of a row by all lanes but one, of the widest vectors there are.
inline constexpr std::size_t most_lanes = 64;

// A few orthonormal directions in the space of the stations, along which nearly all of what
// distinguishes the nodes lies: neighbouring stations see nearly the same. Let p and q be two unit
// vectors' coordinates along them, and a and b the lengths of what is left of the vectors. By
// Cauchy and Schwarz the cosine between them is at most p q + a b: a product of one coordinate more
// than there are directions, far fewer than stations, that errs on the safe side only.
struct Directions {
  std::size_t stations = 0;
  std::vector<double> of;  // [direction][station]; empty: all coordinates count as they are

  std::size_t count() const { return of.size() / std::max<std::size_t>(stations, 1); }
  std::size_t coordinates() const { return of.empty() ? stations : count() + 1; }
};

// Those that matter most for a grid, a coarse one will do; none if the group has so few stations
// or events that it would not pay.
Directions principal_directions(Grid const& grid, Input const& in, Group const& group);

// What the tiles of a grid have in common: the stations of a group, and the squares of their
// vertical distances, which are the same in every column of nodes.
template <class T>
class Terrain {
 public:
  Terrain(Grid const& of, Input const& in, Group const& group, Directions const& directions = {});

  std::size_t stations() const { return x.size(); }
  T const* squares(std::size_t station) const { return squares_.data() + station * height_; }

  Grid const& grid;
  Directions directions;
  std::vector<double> x, y;  // of the stations
  double decay;
  double rounding;  // of a cosine

 private:
  std::size_t height_;
  std::vector<T> squares_;  // [station][z]
};

// Per node, the vector of attenuations, as one of length 1 and its length. Nodes past the end of
// the grid and masked ones have zeros there, and NaN for a length.
template <class T>
class Tile {
 public:
  explicit Tile(std::size_t stations)
      : unit_{hwy::AllocateAligned<T>(stations * tile_width + most_lanes)},
        projected_{hwy::AllocateAligned<T>(stations * tile_width)},
        length_{hwy::AllocateAligned<T>(tile_width)} {}

  T* unit(std::size_t station) { return unit_.get() + station * tile_width; }
  T const* unit(std::size_t station) const { return unit_.get() + station * tile_width; }
  T* projected(std::size_t coordinate) { return projected_.get() + coordinate * tile_width; }
  // What a screen multiplies: coordinates along the directions and what is left, or, without
  // directions, the unit vectors.
  T const* coordinate(std::size_t i) const {
    return (is_projected ? projected_.get() : unit_.get()) + i * tile_width;
  }
  T* length() { return length_.get(); }
  T const* length() const { return length_.get(); }

  std::size_t first = 0;
  bool is_projected = false;

 private:
  hwy::AlignedFreeUniquePtr<T[]> unit_;       // [station][node]
  hwy::AlignedFreeUniquePtr<T[]> projected_;  // [coordinate][node]
  hwy::AlignedFreeUniquePtr<T[]> length_;
};

// Fills a tile with the nodes from `first` on. Distances are rounded a few times, exponentials by
// one ulp; roundings() below counts that in.
void tabulate(Terrain<double> const& terrain, std::size_t first, Tile<double>& tile);
void tabulate(Terrain<float> const& terrain, std::size_t first, Tile<float>& tile);

// How many relative errors of half an epsilon may come together in the product of a node's and an
// event's unit vectors: S products and sums, the sums in both lengths, and B r times the error of
// the distance r, which the exponential passes on.
double roundings(Input const& in, Group const& group);

// Vector operations for the table's entry of one node and station, those of the exponential
// (Highway's) among them, a root and a quotient counted as one each.
inline constexpr double operations_per_attenuation = 36;

}  // namespace mythbench::locator
