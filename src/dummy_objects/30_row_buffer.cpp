// One array of n numbers, used again for every row.
//
// Bound: as row_temporary without its n calls of malloc and free. Where these two differ in time,
// the memory that malloc handed out was not the memory it had just got back.

#include <memory>

#include "dummy_objects/dummy_objects.hpp"
#include "dummy_objects/sum.hpp"
#include "random/mt19937.hpp"

namespace mythbench::dummy_objects {

void row_buffer(Input const& in, Output& out) {
  random::Mt19937 generator{in.seed};
  auto const numbers = std::make_unique_for_overwrite<double[]>(in.n);
  double sum = 0;
  for (std::size_t row = 0; row < in.n; ++row) {
    generator.fill({numbers.get(), in.n});
    sum += sum_of(numbers.get(), in.n);
  }
  out.mersenne_twister = sum;
}

Bound row_buffer_bound(Case const& c) { return least(c); }

}  // namespace mythbench::dummy_objects
