// One loop by hand, in vectors, multiplication and addition at once: nothing in between is kept.
//
// Bound: in the first-level cache the ports of the multiply-adds or those of loads and stores; in
// memory what the expression names and the result, once each. An ordinary store reads the line that
// it overwrites, which the bound does not count: the last rung does without.

#include "temporaries/pieces.hpp"
#include "temporaries/temporaries.hpp"

namespace mythbench::temporaries {

void fused(Input const& in, Output& out) {
  if (in.expression == Expression::products) {
    out.numbers.resize(0);
    out.sum = fused_sum(in, 0, in.size);
  } else {
    out.numbers.resize(in.size);
    fused_piece(in, 0, in.size, out.numbers.data(), Store::whole_vectors);
  }
  note_traffic(in, {.numbers_moved = least_numbers_moved(in.expression)});
}

Bound fused_bound(Case const& c) { return least(c); }

}  // namespace mythbench::temporaries
