#pragma once

// A search shared out among many who meet only in the end: each looks at some of the events, in
// some layers of the grid across x. Whoever has the smallest error in an event wins, and among
// equals whoever has the first source, so that the answer is that of a single search, index for
// index, however many there are.

#include <cstddef>

#include "locator/locator.hpp"

namespace mythbench::locator {

// Numbers `first` to `behind - 1`.
struct Stretch {
  std::size_t first = 0, behind = 0;

  std::size_t count() const { return behind - first; }
};

struct Share {
  Stretch events, layers;

  bool is_empty() const { return events.count() == 0 || layers.count() == 0; }
};

// The share of number `part` of `parts`. No two have an event in a layer in common, all have
// together each event in each layer. Some are empty where there is too little for all.
Share share_of(std::size_t part, std::size_t parts, std::size_t events, std::size_t layers);

// The problem of a share that is not empty. Its observations stay with the whole one.
Input part_of(Input const& whole, Share const& share);

// Puts the answer to part_of() where it belongs among the answers to the whole problem.
void place(Input const& whole, Share const& share, Output const& found, Output& all);

// Keeps the better one of two answers to one event.
void keep_better(Location& kept, Location const& other);

}  // namespace mythbench::locator
