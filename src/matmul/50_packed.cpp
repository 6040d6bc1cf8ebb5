// Tiles find both matrices packed: copied into strips, in the order in which they are read.
//
// The code is that of src/matrix_product, which other examples use, too.
//
// Bound: one multiply-add of a vector per so many numbers, on the ports that do them. Copying takes
// n n steps against n n n; loads are consecutive, from the first cache and the second.

#include "core/rung.hpp"
#include "matmul/matmul.hpp"
#include "matrix_product/multiply.hpp"

namespace mythbench::matmul {

void packed(Input const& in, Output& out) {
  out.resize(in.n * in.n);
  matrix_product::multiply(in.left.data(), in.right.data(), out.data(), in.n);
}

Bound packed_bound(Case const& c) { return least(c); }

}  // namespace mythbench::matmul
