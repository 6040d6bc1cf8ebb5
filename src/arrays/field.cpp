#include "arrays/field.hpp"

#include <cstdlib>
#include <new>

#include "machine/pages.hpp"

namespace mythbench::arrays {
namespace {

std::size_t rounded_up(std::size_t count, std::size_t unit) {
  return (count + unit - 1) / unit * unit;
}

double* allocated(std::size_t count) {
  std::size_t const bytes = count * sizeof(double);
  // NumPy asks for huge pages from 4 MB on, and so does this.
  bool const large = bytes >= 2 * huge_page;
  std::size_t const alignment = large ? huge_page : line * sizeof(double);
  void* const memory = std::aligned_alloc(alignment, rounded_up(bytes, alignment));
  if (!memory) throw std::bad_alloc{};
  if (large) ask_for_huge_pages(memory, rounded_up(bytes, alignment));
  return static_cast<double*>(memory);
}

}  // namespace

// Between two rows lies one line of zeros, right edge of the one and left edge of the other. It
// also keeps rows of a power of two from falling upon each other in the caches.
Field Field::unwritten(std::size_t rows, std::size_t columns) {
  Field field;
  field.rows_ = rows;
  field.columns_ = columns;
  field.stride_ = rounded_up(columns, line) + line;
  field.numbers_.reset(allocated(line + rows * field.stride_));
  return field;
}

Field::Field(std::size_t rows, std::size_t columns, int threads) : Field{unwritten(rows, columns)} {
  std::fill_n(numbers_.get(), line, 0.0);
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
  for (std::size_t i = 0; i < rows_; ++i) std::fill_n(row(i), stride_, 0.0);
}

void Field::Free::operator()(double* numbers) const { std::free(numbers); }

}  // namespace mythbench::arrays
