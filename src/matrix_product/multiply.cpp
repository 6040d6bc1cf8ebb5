#include "matrix_product/multiply.hpp"

#include <hwy/aligned_allocator.h>

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "matrix_product/multiply.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file once per instruction set.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mythbench::matrix_product {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// A tile of the product, so many rows by so many vectors, grows in registers: as large as there are
// registers for, beside a row of vectors of the right matrix and one number of the left.
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM_A64
constexpr std::size_t rows = 8, vectors = 3;  // of 32
#elif HWY_TARGET <= HWY_AVX2
constexpr std::size_t rows = 6, vectors = 2;  // of 16
#else
constexpr std::size_t rows = 4, vectors = 2;  // of 16, and a product needs one more
#endif

// How far a tile's sums run before they are written: rows * depth numbers of the left matrix stay
// in the first-level cache.
constexpr std::size_t depth = 256;
// depth * width numbers of the right matrix take less than half of a second-level cache.
constexpr std::size_t width = 192;

std::size_t round_up(std::size_t n, std::size_t step) { return (n + step - 1) / step * step; }

// Strips of `rows` rows, in each the numbers in the order in which a tile wants them. Past the last
// row stand zeros.
void pack_left(double const* left, std::size_t n, std::size_t from, std::size_t terms,
               double* packed) {
  for (std::size_t i = 0; i < n; i += rows) {
    std::size_t const here = std::min(rows, n - i);
    for (std::size_t k = 0; k < terms; ++k) {
      for (std::size_t r = 0; r < here; ++r) *packed++ = left[(i + r) * n + from + k];
      for (std::size_t r = here; r < rows; ++r) *packed++ = 0;
    }
  }
}

// The same of columns: strips as wide as a tile.
void pack_right(double const* right, std::size_t n, std::size_t from, std::size_t terms,
                std::size_t first, std::size_t columns, std::size_t tile, double* packed) {
  for (std::size_t j = 0; j < columns; j += tile) {
    std::size_t const here = std::min(tile, columns - j);
    for (std::size_t k = 0; k < terms; ++k) {
      double const* const row = right + (from + k) * n + first + j;
      packed = std::copy_n(row, here, packed);
      packed = std::fill_n(packed, tile - here, 0.0);
    }
  }
}

// to += a strip of rows times a strip of columns; `to` is written, not read, where a sum begins.
HWY_INLINE void multiply_tile(double const* HWY_RESTRICT left, double const* HWY_RESTRICT right,
                              std::size_t terms, double* HWY_RESTRICT to, std::size_t stride,
                              bool begins) {
  hn::ScalableTag<double> const d;
  std::size_t const lanes = hn::Lanes(d);
  hn::Vec<decltype(d)> sum[rows][vectors];
  for (auto& row : sum)
    for (auto& s : row) s = hn::Zero(d);
  for (std::size_t k = 0; k < terms; ++k) {
    hn::Vec<decltype(d)> row[vectors];
    for (std::size_t v = 0; v < vectors; ++v) row[v] = hn::Load(d, right + v * lanes);
    for (std::size_t r = 0; r < rows; ++r) {
      auto const factor = hn::Set(d, left[r]);
      for (std::size_t v = 0; v < vectors; ++v) sum[r][v] = hn::MulAdd(factor, row[v], sum[r][v]);
    }
    left += rows;
    right += vectors * lanes;
  }
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t v = 0; v < vectors; ++v) {
      double* const place = to + r * stride + v * lanes;
      auto const before = begins ? hn::Zero(d) : hn::LoadU(d, place);
      hn::StoreU(hn::Add(before, sum[r][v]), d, place);
    }
}

void multiply_blocks(double const* left, double const* right, double* product, std::size_t n) {
  std::size_t const tile = vectors * hn::Lanes(hn::ScalableTag<double>{});
  std::size_t const block = round_up(width, tile);
  auto const strips = hwy::AllocateAligned<double>(round_up(n, rows) * std::min(depth, n));
  auto const columns_of_block = hwy::AllocateAligned<double>(block * std::min(depth, n));
  auto const edge = hwy::AllocateAligned<double>(rows * tile);

  for (std::size_t from = 0; from < n; from += depth) {
    std::size_t const terms = std::min(depth, n - from);
    pack_left(left, n, from, terms, strips.get());
    for (std::size_t first = 0; first < n; first += block) {
      std::size_t const columns = std::min(block, n - first);
      pack_right(right, n, from, terms, first, columns, tile, columns_of_block.get());
      for (std::size_t i = 0; i < n; i += rows)
        for (std::size_t j = 0; j < columns; j += tile) {
          double const* const strip = strips.get() + i * terms;
          double const* const strip_of_columns = columns_of_block.get() + j * terms;
          double* const to = product + i * n + first + j;
          if (i + rows <= n && j + tile <= columns) {
            multiply_tile(strip, strip_of_columns, terms, to, n, from == 0);
            continue;
          }
          // A tile over the edge is computed elsewhere, and what lies inside is copied.
          multiply_tile(strip, strip_of_columns, terms, edge.get(), tile, true);
          for (std::size_t r = 0; r < std::min(rows, n - i); ++r)
            for (std::size_t c = 0; c < std::min(tile, columns - j); ++c)
              to[r * n + c] = (from == 0 ? 0 : to[r * n + c]) + edge[r * tile + c];
        }
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench::matrix_product
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench::matrix_product {
namespace {

HWY_EXPORT(multiply_blocks);

}  // namespace

void multiply(double const* left, double const* right, double* product, std::size_t n) {
  if (n != 0) HWY_DYNAMIC_DISPATCH(multiply_blocks)(left, right, product, n);
}

}  // namespace mythbench::matrix_product
#endif  // HWY_ONCE
