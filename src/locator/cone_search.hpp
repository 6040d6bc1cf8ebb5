#pragma once

// The search of a tree of cones for one event, with or without other threads that search it too.

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "locator/cone_tree.hpp"

namespace mythbench::locator {

// Boxes that a search may have to enter, least bound first, but for bounds that differ by less than
// a part of the limit that no bound exceeds: unlike a heap, this takes the same few steps for any
// box. What is entered in vain for it is next to nothing.
class Queue {
 public:
  struct Box {
    float least;
    std::uint32_t child;
    Brood* brood;
  };

  void clear(float limit) {
    per_limit_ = parts / std::max(limit, 1e-30f);
    filled_ = 0;
    last_.fill(none);
    size_ = 0;
  }

  bool empty() const { return filled_ == 0; }

  // Those of a brood whose bits are set.
  void push(Brood& brood, std::uint32_t open, cone::Bounds const& bounds) {
    if (boxes_.size() < size_ + cone::lanes) boxes_.resize(2 * boxes_.size() + 64);
    for (; open != 0; open &= open - 1) {
      auto const child = static_cast<std::uint32_t>(std::countr_zero(open));
      float const least = bounds.least[child];
      std::uint32_t const its = part(least);
      boxes_[size_] = {{least, child, &brood}, last_[its]};
      last_[its] = size_++;
      filled_ |= std::uint64_t{1} << its;
    }
  }

  // Leaves out what cannot win any more.
  void lower(float limit) { filled_ &= ~std::uint64_t{0} >> (63 - part(limit)); }

  Box pop() {
    auto const part = static_cast<std::size_t>(std::countr_zero(filled_));
    auto const& [box, before] = boxes_[last_[part]];
    last_[part] = before;
    filled_ &= ~(std::uint64_t{before == none} << part);
    return box;
  }

 private:
  static constexpr float parts = 64;
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  struct Link {
    Box box;
    std::uint32_t before;  // in the same part
  };

  std::uint32_t part(float least) const {
    return static_cast<std::uint32_t>(std::min(parts - 1, least * per_limit_));
  }

  float per_limit_ = 0;
  std::uint64_t filled_ = 0;  // bit per part
  std::array<std::uint32_t, 64> last_;
  std::uint32_t size_ = 0;  // boxes pushed
  std::vector<Link> boxes_;
};

// What a thread needs for its searches besides the tree. It is written at every step: next to each
// other, two would take the same cache line from each other.
struct alignas(two_lines) Desk {
  Queue queue;
  std::vector<Candidate> candidates;
  Visits visits;
};

// Always looks into the box with the least bound next, until no bound is below the best error.
Location search(ConeTree& tree, Quest& quest, Desk& desk);

// What a run took, for the report: the tree, whenever it grew, and the searches.
struct Took {
  double run = 0, searching = 0;  // seconds
  std::size_t bytes = 0;          // of the largest tree
  Visits visits;
};
void note_all(Took const& took);

}  // namespace mythbench::locator
