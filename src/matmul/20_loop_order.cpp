// Two loops change places: all matrices are read along their rows.
//
// Bound: the innermost loop runs over neighbours in memory, and its additions do not wait for each
// other, so the compiler uses vectors. Each multiply-add still reads two numbers and writes one,
// and beyond the caches all of the right matrix comes from memory for each row of the product.

#include <algorithm>

#include "matmul/matmul.hpp"

namespace mythbench::matmul {

void loop_order(Input const& in, Output& out) {
  out.assign(in.n * in.n, 0);
  for (std::size_t i = 0; i < in.n; ++i)
    for (std::size_t k = 0; k < in.n; ++k) {
      double const factor = in.left[i * in.n + k];
      double const* const from = in.right.data() + k * in.n;
      double* const to = out.data() + i * in.n;
      for (std::size_t j = 0; j < in.n; ++j) to[j] += factor * from[j];
    }
}

Bound loop_order_bound(Case const& c) { return least(c); }

}  // namespace mythbench::matmul
