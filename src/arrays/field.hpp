#pragma once

// Numbers in rows and columns. A row begins where a cache line begins, so that vectors may be
// loaded whole; left and right of it stand zeros, which are the edges that are held.

#include <algorithm>
#include <cstddef>
#include <memory>

namespace mythbench::arrays {

// Numbers of a cache line, and of the widest vector: a vector at the end of a row may reach so far
// beyond it.
inline constexpr std::size_t line = 8;

class Field {
 public:
  Field() = default;
  Field(std::size_t rows, std::size_t columns, int threads = 1);

  // With whatever stands in its memory, edges included: for what is written before it is read.
  static Field unwritten(std::size_t rows, std::size_t columns);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::size_t stride() const { return stride_; }  // from row to row

  // The first number of a row; the ones at -1 and at columns() are there, and are zeros. Whoever
  // writes beyond the last column, up to the end of a line, writes zeros.
  double* row(std::size_t i) { return numbers_.get() + line + i * stride_; }
  double const* row(std::size_t i) const { return numbers_.get() + line + i * stride_; }

  // The rows above and below. Beyond a free edge stands the mirror image of its own row.
  double const* above(std::size_t i) const { return row(i == 0 ? 0 : i - 1); }
  double const* below(std::size_t i) const { return row(std::min(i + 1, rows_ - 1)); }

 private:
  struct Free {
    void operator()(double* numbers) const;
  };

  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::size_t stride_ = 0;
  std::unique_ptr<double[], Free> numbers_;
};

}  // namespace mythbench::arrays
