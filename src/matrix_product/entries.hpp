#pragma once

// Matrices made by rule, of small whole numbers: all sums of all products are exact, in whatever
// order they are added up, so that an answer is right or wrong, and nothing between.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mythbench::matrix_product {

// Whole numbers from -8 to 7, without a pattern: the upper bits of multiples of an odd number.
// Another `which` is another matrix.
inline double entry(std::size_t which, std::size_t index) {
  auto const multiple = static_cast<std::uint32_t>((index + 1) * 2654435761U + which * 1013904223U);
  return static_cast<double>(multiple >> 28) - 8;
}

// n times n, one row after the other.
inline std::vector<double> matrix(std::size_t which, std::size_t n) {
  std::vector<double> entries(n * n);
  for (std::size_t i = 0; i < n * n; ++i) entries[i] = entry(which, i);
  return entries;
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
