// All n * n numbers in one huge array, summed row by row, as the talk's first program does.
//
// Bound: the instructions of n * n draws, plus 8 * n * n bytes written to memory and read back,
// plus 8 * n * n / 4096 page faults: fresh memory comes from the operating system page by page,
// cleared, when it is first touched.
//
// Above 32 MB (DEFAULT_MMAP_THRESHOLD_MAX) glibc gives an array pages of its own and gives them
// back when it is freed, so each run pays again. A smaller array pays only in the first runs:
// malloc learns from the first that is freed, and from then on keeps that much memory.

#include <memory>

#include "dummy_objects/dummy_objects.hpp"
#include "dummy_objects/sum.hpp"
#include "random/mt19937.hpp"

namespace mythbench::dummy_objects {

void one_array(Input const& in, Output& out) {
  random::Mt19937 generator{in.seed};
  std::size_t const size = in.n * in.n;
  // Not a vector: it would write zeros into every page first.
  auto const numbers = std::make_unique_for_overwrite<double[]>(size);
  generator.fill({numbers.get(), size});

  double sum = 0;
  for (std::size_t row = 0; row < in.n; ++row) sum += sum_of(&numbers[row * in.n], in.n);
  out.mersenne_twister = sum;
}

Bound one_array_bound(Case const& c) { return least_with_array(c); }

}  // namespace mythbench::dummy_objects
