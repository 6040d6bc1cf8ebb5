// Each number of the product is a sum of its own: a row of the left matrix times a column.
//
// Bound: neighbours in a column lie a whole row apart, so that each step reads another cache line
// for one number. The sum waits for each addition before it can begin the next.

#include "matmul/matmul.hpp"

namespace mythbench::matmul {

void naive(Input const& in, Output& out) {
  out.resize(in.n * in.n);
  for (std::size_t i = 0; i < in.n; ++i)
    for (std::size_t j = 0; j < in.n; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < in.n; ++k) sum += in.left[i * in.n + k] * in.right[k * in.n + j];
      out[i * in.n + j] = sum;
    }
}

Bound naive_bound(Case const& c) { return least(c); }

}  // namespace mythbench::matmul
