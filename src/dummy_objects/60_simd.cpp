// As many numbers at once as a vector has lanes, each from its own place, added where drawn.
//
// Bound: per two numbers ten rounds of two products, two shifts and two exclusive ors of three
// (philox_row.cpp), on the ports for vectors; of those the products and the additions go where
// multiply-adds go. Which of the two counts more, the machine decides: see `mythbench --ceilings`.
//
// No number waits for another, so vectors are kept full and several of them are under way at a
// time; the Mersenne Twister could have been drawn in vectors too, but its state had to be renewed
// in between, and lay in memory.

#include "dummy_objects/dummy_objects.hpp"
#include "dummy_objects/philox_row.hpp"

namespace mythbench::dummy_objects {

void simd(Input const& in, Output& out) {
  double sum = 0;
  for (std::size_t row = 0; row < in.n; ++row)
    sum += sum_of_row(in.seed, static_cast<std::uint32_t>(row), in.n);
  out.philox = sum;
}

Bound simd_bound(Case const& c) { return bound_of_numbers(Example::work(c).items); }

}  // namespace mythbench::dummy_objects
