#pragma once

// What an interpreter of array programs does its work with: one operation on a row of numbers, in
// the best vectors of the processor. NumPy's inner loops are like these.

#include <cstddef>

namespace mythbench::arrays {

// out[i] = a[i] op b[i]; `scale` takes one number, *a, for all. The output may be an operand.
using RowOperation = void(double const* a, double const* b, double* out, std::size_t count);

struct RowOperations {
  RowOperation* add;
  RowOperation* subtract;
  RowOperation* scale;
};

RowOperations row_operations();

}  // namespace mythbench::arrays
