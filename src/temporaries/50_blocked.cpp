// The same operations as when preallocated, on one block after the other, in the first cache.
//
// Bound: that of the problem. From memory comes what the expression names, and what it is goes
// there; all that is between stays in the first-level cache, though each operation still loads and
// stores it.

#include <algorithm>

#include "temporaries/steps.hpp"
#include "temporaries/temporaries.hpp"

namespace mythbench::temporaries {

void blocked(Input const& in, Output& out) {
  // Of five arrays at most: 20 kB, less than any first-level cache of today.
  constexpr std::size_t block = 512;
  alignas(64) double result[block], spare[block];

  bool const reduced = in.expression == Expression::products;
  out.numbers.resize(reduced ? 0 : in.size);
  double total = 0;
  for (std::size_t first = 0; first < in.size; first += block) {
    std::size_t const count = std::min(block, in.size - first);
    take_steps(in, first, count, reduced ? result : out.numbers.data() + first, spare);
    if (reduced) total += sum(result, count);
  }
  out.sum = total;
  note_traffic(in, {.numbers_moved = least_numbers_moved(in.expression)});
}

Bound blocked_bound(Case const& c) { return least(c); }

}  // namespace mythbench::temporaries
