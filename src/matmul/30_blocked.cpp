// Block by block: a part of the right matrix meets all rows while it is in the caches.
//
// Bound: as before per multiply-add, out of the second-level cache instead of memory: the block is
// read from memory once, not once for each row.

#include <algorithm>

#include "matmul/matmul.hpp"

namespace mythbench::matmul {
namespace {

// 64 rows by 512 columns are 256 kB, which second-level caches hold; long rows, because at the
// beginning of each a vector loop has to start again.
constexpr std::size_t block_rows = 64;
constexpr std::size_t block_columns = 512;

}  // namespace

void blocked(Input const& in, Output& out) {
  out.assign(in.n * in.n, 0);
  for (std::size_t first = 0; first < in.n; first += block_columns) {
    std::size_t const columns = std::min(block_columns, in.n - first);
    for (std::size_t from = 0; from < in.n; from += block_rows) {
      std::size_t const end = std::min(from + block_rows, in.n);
      for (std::size_t i = 0; i < in.n; ++i)
        for (std::size_t k = from; k < end; ++k) {
          double const factor = in.left[i * in.n + k];
          double const* const row = in.right.data() + k * in.n + first;
          double* const to = out.data() + i * in.n + first;
          for (std::size_t j = 0; j < columns; ++j) to[j] += factor * row[j];
        }
    }
  }
}

}  // namespace mythbench::matmul
