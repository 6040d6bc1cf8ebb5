#pragma once

// Matrices made by rule, of whole numbers as long as they may be: all sums of all products are
// exact in double precision, in whatever order they are added up, so that an answer is right or
// wrong, and nothing between. In single precision hardly one product is exact.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mythbench::matrix_product {

// How many bits a product of two entries may have, both signs counted in. It is 2^(b-2) at most,
// and weights are 7 at most. With n below 2^l, a weighted sum of a row of the product is then below
// 2^l * 2^l * 2^3 * 2^(b-2), which shall be no more than 2^53.
constexpr int bits_of_products(std::size_t n) {
  return 52 - 2 * static_cast<int>(std::bit_width(n));
}

// Odd numbers from -2^(bits-1) on, as many below zero as not, without a pattern: the upper bits
// of multiples of an odd number. Odd, so that none is shorter than it looks. Another `which` is
// another matrix.
inline double entry(std::size_t which, std::size_t index, int bits) {
  auto const multiple = static_cast<std::uint32_t>((index + 1) * 2654435761U + which * 1013904223U);
  return static_cast<double>(multiple >> (32 - bits) | 1U) - static_cast<double>(1U << (bits - 1));
}

// n times n, one row after the other: to be multiplied by any other such one.
inline std::vector<double> matrix(std::size_t which, std::size_t n) {
  std::vector<double> entries(n * n);
  for (std::size_t i = 0; i < n * n; ++i) entries[i] = entry(which, i, bits_of_products(n) / 2);
  return entries;
}

// The same for the left and for the right side of a product: of each two factors one is too long
// for single precision, as long as there is room for it. Even columns of the left matrix hold the
// long ones, and so do odd rows of the right one.
constexpr int bits_of_long(std::size_t n) { return std::min(27, bits_of_products(n) - 3); }
constexpr int bits_of_short(std::size_t n) { return bits_of_products(n) - bits_of_long(n); }

inline std::vector<double> left_matrix(std::size_t which, std::size_t n) {
  std::vector<double> entries(n * n);
  for (std::size_t i = 0; i < n * n; ++i)
    entries[i] = entry(which, i, i % n % 2 == 0 ? bits_of_long(n) : bits_of_short(n));
  return entries;
}

inline std::vector<double> right_matrix(std::size_t which, std::size_t n) {
  std::vector<double> entries(n * n);
  for (std::size_t i = 0; i < n * n; ++i)
    entries[i] = entry(which, i, i / n % 2 == 0 ? bits_of_short(n) : bits_of_long(n));
  return entries;
}

// The product in whole numbers.
inline std::vector<double> exact_product(std::vector<double> const& left,
                                         std::vector<double> const& right, std::size_t n) {
  std::vector<double> product(n * n);
  std::vector<std::int64_t> row(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::fill(row.begin(), row.end(), 0);
    for (std::size_t k = 0; k < n; ++k)
      for (std::size_t j = 0; j < n; ++j)
        row[j] += static_cast<std::int64_t>(left[i * n + k]) *
                  static_cast<std::int64_t>(right[k * n + j]);
    std::copy(row.begin(), row.end(), product.begin() + static_cast<std::ptrdiff_t>(i * n));
  }
  return product;
}

// What stands for a product in an answer: a weighted sum of each row. One wrong number changes the
// sum of its row, because no weight is 0.
inline double weight(std::size_t column) {
  return 2 * static_cast<double>((static_cast<std::uint32_t>(column + 1) * 2246822519U) >> 29) - 7;
}

inline std::vector<double> weighted_rows(std::vector<double> const& product, std::size_t n) {
  std::vector<double> sums(n, 0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) sums[i] += product[i * n + j] * weight(j);
  return sums;
}

}  // namespace mythbench::matrix_product
