// A tile of the product grows in registers: n + m numbers are loaded for n m multiply-adds.
//
// The instruction set is chosen when the program runs. The right matrix is read where it lies: at
// powers of two its rows fall onto the same few places of the caches, and its pages are many.
//
// Bound: one multiply-add of a vector per so many numbers, on the ports that do them; loads from
// the first two caches stay below as long as the rows of a tile are found there.

#include <algorithm>

#include "matmul/matmul.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "matmul/40_register_tile.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file once per instruction set.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mythbench::matmul {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// As many rows and vectors as there are registers for.
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM_A64
constexpr std::size_t most_rows = 8, most_vectors = 3;  // of 32
#elif HWY_TARGET <= HWY_AVX2
constexpr std::size_t most_rows = 6, most_vectors = 2;  // of 16
#else
constexpr std::size_t most_rows = 4, most_vectors = 2;  // of 16, and a product needs one more
#endif

// How far a tile's sums run before they are written: so many rows of a strip of the right matrix
// stay in the second-level cache.
constexpr std::size_t depth = 256;

template <std::size_t rows, std::size_t vectors, class D>
HWY_INLINE void grow_tile(D d, Input const& in, std::size_t i, std::size_t j, std::size_t from,
                          std::size_t end, double* HWY_RESTRICT out) {
  std::size_t const n = in.n;
  std::size_t const lanes = hn::Lanes(d);
  hn::Vec<D> sum[rows][vectors];
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t v = 0; v < vectors; ++v)
      sum[r][v] = hn::LoadU(d, out + (i + r) * n + j + v * lanes);
  double const* HWY_RESTRICT left = in.left.data() + i * n;
  for (std::size_t k = from; k < end; ++k) {
    hn::Vec<D> row[vectors];
    for (std::size_t v = 0; v < vectors; ++v)
      row[v] = hn::LoadU(d, in.right.data() + k * n + j + v * lanes);
    for (std::size_t r = 0; r < rows; ++r) {
      auto const factor = hn::Set(d, left[r * n + k]);
      for (std::size_t v = 0; v < vectors; ++v) sum[r][v] = hn::MulAdd(factor, row[v], sum[r][v]);
    }
  }
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t v = 0; v < vectors; ++v)
      hn::StoreU(sum[r][v], d, out + (i + r) * n + j + v * lanes);
}

// All rows of a strip of columns: tiles as high as there are registers for, then rows one by one.
template <std::size_t vectors, class D>
void grow_strip(D d, Input const& in, std::size_t j, std::size_t from, std::size_t end,
                double* out) {
  std::size_t i = 0;
  for (; i + most_rows <= in.n; i += most_rows)
    grow_tile<most_rows, vectors>(d, in, i, j, from, end, out);
  for (; i < in.n; ++i) grow_tile<1, vectors>(d, in, i, j, from, end, out);
}

// Strips as wide as a tile, then of one vector, then of one number.
void grow(Input const& in, double* out) {
  hn::ScalableTag<double> const d;
  std::size_t const lanes = hn::Lanes(d);
  for (std::size_t from = 0; from < in.n; from += depth) {
    std::size_t const end = std::min(from + depth, in.n);
    std::size_t j = 0;
    for (; j + most_vectors * lanes <= in.n; j += most_vectors * lanes)
      grow_strip<most_vectors>(d, in, j, from, end, out);
    for (; j + lanes <= in.n; j += lanes) grow_strip<1>(d, in, j, from, end, out);
    for (; j < in.n; ++j) grow_strip<1>(hn::CappedTag<double, 1>{}, in, j, from, end, out);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench::matmul
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench::matmul {
namespace {

HWY_EXPORT(grow);

}  // namespace

void register_tile(Input const& in, Output& out) {
  out.assign(in.n * in.n, 0);
  HWY_DYNAMIC_DISPATCH(grow)(in, out.data());
}

Bound register_tile_bound(Case const& c) { return least(c); }

}  // namespace mythbench::matmul
#endif  // HWY_ONCE
