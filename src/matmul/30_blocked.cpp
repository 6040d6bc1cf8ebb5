// Block by block, and four terms at a time: what was read is used again before it is gone.
//
// Bound: a part of the right matrix meets all rows while the second-level cache has it, and is read
// from memory once, not once for each row. A number of the product is read and written once for
// four multiply-adds.

#include <algorithm>

#include "matmul/matmul.hpp"

namespace mythbench::matmul {
namespace {

// 64 rows by 512 columns are 256 kB, which second-level caches hold; long rows, because at the
// beginning of each a vector loop has to start again.
constexpr std::size_t block_rows = 64;
constexpr std::size_t block_columns = 512;

void add_four_terms(double const* factors, double const* rows, std::size_t stride,
                    std::size_t columns, double* to) {
  for (std::size_t j = 0; j < columns; ++j)
    to[j] += (factors[0] * rows[j] + factors[1] * rows[stride + j]) +
             (factors[2] * rows[2 * stride + j] + factors[3] * rows[3 * stride + j]);
}

void add_one_term(double factor, double const* row, std::size_t columns, double* to) {
  for (std::size_t j = 0; j < columns; ++j) to[j] += factor * row[j];
}

}  // namespace

void blocked(Input const& in, Output& out) {
  out.assign(in.n * in.n, 0);
  for (std::size_t first = 0; first < in.n; first += block_columns) {
    std::size_t const columns = std::min(block_columns, in.n - first);
    for (std::size_t from = 0; from < in.n; from += block_rows) {
      std::size_t const end = std::min(from + block_rows, in.n);
      for (std::size_t i = 0; i < in.n; ++i) {
        double const* const factors = in.left.data() + i * in.n;
        double* const to = out.data() + i * in.n + first;
        std::size_t k = from;
        for (; k + 4 <= end; k += 4)
          add_four_terms(factors + k, in.right.data() + k * in.n + first, in.n, columns, to);
        for (; k < end; ++k)
          add_one_term(factors[k], in.right.data() + k * in.n + first, columns, to);
      }
    }
  }
}

Bound blocked_bound(Case const& c) { return least(c); }

}  // namespace mythbench::matmul
