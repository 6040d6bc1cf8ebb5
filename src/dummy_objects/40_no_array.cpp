// No array: each number goes from the generator straight into the sum.
//
// Bound: the instructions of n * n draws, about forty integer operations each (two words renewed,
// tempered and joined), done on as many words at once as a vector register holds. The only memory
// is the generator's state of 2496 bytes.

#include "dummy_objects/dummy_objects.hpp"
#include "dummy_objects/sum.hpp"
#include "random/mt19937.hpp"

namespace mythbench::dummy_objects {

void no_array(Input const& in, Output& out) {
  random::Mt19937 generator{in.seed};
  double sum = 0;
  for (std::size_t row = 0; row < in.n; ++row) {
    // Not one sum over all rows: so many additions would round too often.
    double row_sum = 0;
    for (std::size_t left = in.n; left > 0;) {
      auto const numbers = generator.next(left);
      row_sum += sum_of(numbers, numbers.size());
      left -= numbers.size();
    }
    sum += row_sum;
  }
  out.mersenne_twister = sum;
}

Bound no_array_bound(Case const& c) { return least(c); }

}  // namespace mythbench::dummy_objects
