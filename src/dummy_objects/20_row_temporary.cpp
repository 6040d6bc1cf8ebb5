// A fresh array of n numbers for each row, as the talk's second program does.
//
// Bound: the instructions of n * n draws. 8 * n bytes are resident at a time, in a cache as long
// as they fit; page faults are those of the first two rows.
//
// The arrays are new to the program only. glibc takes a small one from its heap, where the last
// one lay and its pages still are. One above 128 kB (DEFAULT_MMAP_THRESHOLD) has pages of its own,
// but once: when it is freed, malloc learns from its size, raises both that threshold and the one
// for trimming the heap (M_TRIM_THRESHOLD), and keeps the next. Only rows above 32 MB would be
// given back each time.

#include <memory>

#include "dummy_objects/dummy_objects.hpp"
#include "dummy_objects/sum.hpp"
#include "random/mt19937.hpp"

namespace mythbench::dummy_objects {

void row_temporary(Input const& in, Output& out) {
  random::Mt19937 generator{in.seed};
  double sum = 0;
  for (std::size_t row = 0; row < in.n; ++row) {
    auto const numbers = std::make_unique_for_overwrite<double[]>(in.n);
    generator.fill({numbers.get(), in.n});
    sum += sum_of(numbers.get(), in.n);
  }
  out.mersenne_twister = sum;
}

Bound row_temporary_bound(Case const& c) { return least(c); }

}  // namespace mythbench::dummy_objects
