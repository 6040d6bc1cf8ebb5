#pragma once

// The inner loops of the tree of cones, each compiled for every instruction set and chosen when the
// program runs. cone_tree.hpp says what the quantities mean.

#include <array>
#include <cstddef>
#include <cstdint>

namespace mythbench::locator::cone {

// Vectors of eight on every machine: a box has eight corners and eight children.
inline constexpr std::size_t lanes = 8;

// Leaves are cubes of 4 * 4 * 4 nodes, z fastest.
inline constexpr std::size_t leaf_width = 4;
inline constexpr std::size_t leaf_nodes = leaf_width * leaf_width * leaf_width;

// All combinations of four coordinates in each dimension: nodes of a leaf, or corners.
struct Block {
  double const* x;
  double const* y;
  double const* z;
};

// Three coordinates in each dimension: the 27 corners of a box's eight halves. In memory the last
// one repeats up to a whole number of vectors.
inline constexpr std::size_t half_points = 4 * lanes;

// Their x, their y, their z, relative to an origin nearby.
using Places = std::array<float const*, 3>;

// exp(-B r) / r: g[station * leaf_nodes + point], z fastest. `station`: their x, their y, their z.
void attenuate(std::size_t stations, double const* const* station, double decay, Block const& block,
               float* g);

// The same at the corners of halves: g[station * half_points + point].
void attenuate_halves(std::size_t stations, double const* const* station, double decay,
                      Block const& block, float* g);

// Eight boxes and the stations, relative to an origin nearby.
struct Boxes {
  alignas(32) float centre[3][lanes];
  alignas(32) float half[3][lanes];  // half their widths, and what rounding may move the rest
};

// By how much the interpolation of g from a box's corners can miss g itself anywhere in the box:
// the Euclidean norm over the stations. Not finite where a station is in the box.
void curvature(std::size_t stations, Places const& station, float decay, Boxes const& boxes,
               float* out);

// Amplitudes g of points, in groups of eight, whose mixtures make up all of a box, but for a
// remainder. Scaled: the true ones are `scale_low` to `scale_high` times as large.
struct Samples {
  std::size_t stations;
  std::size_t groups;
  float const* g;  // [group * group_stride + station * station_stride + lane]
  std::size_t group_stride, station_stride;
  float const* remainder;  // [group][lane], and so are the rest
  float const* scale_low;
  float const* scale_high;
  // Eight that lie like the box's corners, x slowest: [station][corner]. Enough to choose
  // directions where describe_corners() could not; these decide how tight a description is, not
  // whether it holds.
  float const* typical;
  float* scratch;  // scratch_floats(stations)
};
std::size_t scratch_floats(std::size_t stations);

// The children of a box, side by side. See cone_tree.hpp for the meaning.
struct Cones {
  float* basis;  // [station][c, t1, t2, t3][child]
  float* low[3];
  float* high[3];
  float* stray;
  float* a_low;
  float* a_high;
};

// Describes samples as child `child`, after describe_corners() has chosen its directions. Widened
// by `rounding`, the relative error of g. False, and nothing is written, if some remainder is more
// than `tolerance` of its sample.
bool describe(Samples const& samples, std::size_t child, float rounding, float tolerance,
              Cones const& out);

// The same for all children of a box at once, from their eight corners each: g[station][corner]
// [child], all remainders of child i `missed[i]`, x slowest. Bit per
// child described; others have directions, too, if their corners have.
std::uint32_t describe_corners(std::size_t stations, float const* g, float const* missed,
                               float rounding, float tolerance, Cones const& out);

// An event scaled to unit length, and the amplitudes on trial: first + k * step, k = 0 .. last.
struct Sought {
  float const* unit;
  std::size_t stations;
  float norm;  // of the observations
  float first, step, last;
  float per_norm, per_step;  // one by these
  float beyond;              // more than any amplitude
  float slack;               // by how much rounding can raise a bound
  float rounding;            // of an error, relative to A^2 G + O
};

struct Bounds {
  alignas(32) float least[lanes];   // at least the error, in units of the squared norm
  alignas(32) float across[lanes];  // how far the event is from c
};

// Bit per child: its bound is no more than `limit`.
std::uint32_t bound(Cones const& cones, Sought const& event, float limit, Bounds& out);

// G of a leaf's nodes.
void power(std::size_t stations, float const* g, float* out);

struct Looked {
  float least;          // no node of those seen has an error above; in units of the squared norm
  std::uint64_t close;  // bit per node that may have no more than that
};

// The errors of all nodes of a leaf, g[station][node]; low[node] is what each has at least.
Looked look(float const* g, float const* power, Sought const& event, float least, float* low);

}  // namespace mythbench::locator::cone
