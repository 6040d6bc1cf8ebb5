#pragma once

// The grid as a tree of boxes, for a search that leaves out whole boxes and yet misses nothing.
//
// The amplitudes at the stations that a node explains, g = (exp(-B r) / r) for one station after
// the other, have a direction, and those of a box's nodes lie in a narrow cone around a direction
// c. Within it, moving the source along x, y or z turns g mostly by three tangents. So for all
// nodes of the box
//
//   g = a (c + v1 t1 + v2 t2 + v3 t3 + e)
//
// with orthonormal c, t1, t2, t3, with a, v1, v2, v3 in intervals and a short rest e, normal to
// all four. The error for observations o and any amplitude A is then at least, with s = A a and
// rho the length of the part of o that is normal to all four,
//
//   (o.c - s)^2 + sum over i of dist(o.ti, s * [low_i, high_i])^2 + max(0, rho - s |e|)^2,
//
// convex in s, and s is one of the grid's amplitudes times the interval of a. A cone without
// tangents (known from the search for largest inner products: Ram and Gray, KDD 2012) takes v and
// e together. That is tight to first order in the box's width only, and the number of boxes that
// cannot be left out grows with the grid. Here it is tight to second order.
//
// The intervals need no look at the box's nodes if the box is small against its distance from the
// stations: g is a mixture of its values at the eight corners, but for a remainder that the second
// derivatives bound. Near stations a box is described by its children, the smallest by the corners
// of their halves, and next to a station by their nodes.
// What lies below a box that its corners describe is not made until some search asks for it:
// the tree costs no more when the grid is finer, only when more of it is searched.

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <vector>

#include "locator/cone_kernels.hpp"
#include "locator/locator.hpp"

namespace mythbench::locator {

// What one thread writes and another uses should lie so far apart: processors fetch cache lines in
// pairs.
inline constexpr std::size_t two_lines = 128;

// The nodes of a box that is divided no further, with all that their errors need.
struct Leaf {
  std::uint64_t valid;               // bit per node: in the grid, and no station stands on it
  int nodes;                         // that are valid
  std::array<std::size_t, 3> first;  // node, along x, y and z
  float* g;                          // [station][node]; a node that is not valid repeats one
  float* power;                      // G
};

// The eight children of a box: halves in x, y and z.
struct Brood {
  int level;                         // of the children; 0: leaves, as wide as leaf_width
  std::uint32_t present;             // bit per child: it has nodes
  int children;                      // that are present
  std::array<std::size_t, 3> first;  // node
  cone::Cones cones;
  std::atomic<void*> below[cone::lanes];  // its Brood, or Leaf; null until someone asks
};

// A node that may be the best, and the least that its error can be.
struct Candidate {
  float least;
  std::size_t node;
};

// An event, and what a first descent through the tree has found.
struct Quest {
  std::size_t event;
  std::vector<float> unit;
  cone::Sought sought;
  float least;          // some node has no larger error, in units of the squared observations
  std::uint64_t place;  // quests with places close to each other visit the same boxes
};

// Errors and bounds computed.
struct Visits {
  std::int64_t boxes = 0;
  std::int64_t nodes = 0;
};

class ConeTree {
 public:
  // Describes what is close to stations and what is above it.
  ConeTree(Input const& in, Group const& group, int threads);
  ConeTree(ConeTree const&) = delete;
  ConeTree& operator=(ConeTree const&) = delete;

  // Not every input suits single precision and what is assumed here: distances over which
  // exp(-B r) vanishes, nodes a millimetre from a station, amplitudes that vanish themselves.
  static bool suits(Input const& in, Group const& group);

  Brood& root() { return *root_; }

  // What is below a child, grown now if nobody has asked before. Several threads may ask.
  Brood& brood_below(Brood& brood, std::size_t child);
  Leaf& leaf_below(Brood& brood, std::size_t child);

  // Descends once, always to the child with the least bound.
  Quest begin(std::size_t event, Visits& visits);

  // Bit per child that cannot be left out.
  std::uint32_t bound(Brood const& brood, Quest const& quest, cone::Bounds& bounds) const {
    return cone::bound(brood.cones, quest.sought, quest.least, bounds) & brood.present;
  }

  // The errors of all nodes of a leaf. Adds the nodes that may be the best.
  void look(Leaf const& leaf, Quest& quest, std::vector<Candidate>& candidates) const;

  // Which candidate it is, by the talk's own expression where rounding could confuse them.
  Location decide(Quest const& quest, std::vector<Candidate>& candidates) const;

  // How long growing took, that of several threads at once added up, and what it takes in memory.
  double seconds_growing() const { return 1e-9 * static_cast<double>(nanoseconds_.load()); }
  std::size_t bytes() const { return bytes_.load(); }

 private:
  struct Free {
    void operator()(std::byte* memory) const { std::free(memory); }
  };
  using Node = std::array<std::size_t, 3>;  // along x, y and z

  // A box's children, and a bit for each that only what is below it can describe.
  struct Sprout {
    Brood* brood;
    std::uint32_t undescribed;
  };
  Sprout sow(int level, Node first);
  Brood* grow(int level, Node first);
  Brood* grow_by_threads(int level, int threads);
  void* grow_below(Brood const& brood, std::size_t child);
  Brood* new_brood(int level, Node first);
  Leaf* fill(Node first);
  // Of children that are small enough; a bit for each of them.
  std::uint32_t describe_corners(Brood& brood, float const* missed);
  // Of one that its corners do not describe; false if more do not, either.
  bool describe_halves(Brood& brood, std::size_t child, float missed);
  void describe_rest(Sprout const& sprout);
  void describe_nodes(Brood& brood, std::size_t child);
  void describe_children(Brood& brood, std::size_t child);
  void attenuate(cone::Block const& block, float* g) const {
    std::array<double const*, 3> const station{station_[0].data(), station_[1].data(),
                                               station_[2].data()};
    cone::attenuate(group_.stations.size(), station.data(), in_.decay, block, g);
  }
  std::byte* allocate(std::size_t size);
  // How much rounding can widen an interval, relative to the length of g: each component of g is
  // rounded 4 B r + 5 times, a product with c or a tangent S times, and the four are orthonormal
  // but for 8 (S + 5) roundings.
  float rounding() const {
    auto const stations = static_cast<double>(group_.stations.size());
    return static_cast<float>((4 * decayed_ + 10 * stations + 50) * 0x1p-24);
  }
  std::size_t node_number(std::size_t ix, std::size_t iy, std::size_t iz) const {
    return (ix * in_.y.size() + iy) * in_.z.size() + iz;
  }

  Input const& in_;
  Group const& group_;
  std::array<std::vector<double>, 3> station_;  // x, y and z
  double decayed_;                              // B times the longest distance
  double share_;                                // of an error that is rounding
  Brood* root_;
  alignas(two_lines) std::mutex memory_;  // all below is written while threads grow the tree
  std::vector<std::unique_ptr<std::byte, Free>> chunks_;
  // A thread has a chunk to itself: of two that touch a new page at the same time, each would clear
  // one, and one of them for nothing.
  struct Open {
    std::byte* end = nullptr;  // of its last chunk
    std::size_t left = 0;      // there
  };
  std::vector<Open> open_;
  std::atomic<std::size_t> bytes_ = 0;
  std::atomic<std::int64_t> nanoseconds_ = 0;
};

// Looks at every node, by the talk's own expression where the closed form does not rule it out: for
// groups that do not suit a tree.
Location full_search(Input const& in, Group const& group, std::size_t event);

}  // namespace mythbench::locator
