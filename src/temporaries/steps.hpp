#pragma once

// The expressions as a row of operations that write where they are told, as with NumPy's out=.

#include "temporaries/operations.hpp"
#include "temporaries/temporaries.hpp"

namespace mythbench::temporaries {

// For `count` elements from `first` on: into `result`, with room for as many numbers in `spare`.
inline void take_steps(Input const& in, std::size_t first, std::size_t count, double* result,
                       double* spare) {
  double const *const x = in.x.data() + first, *const y = in.y.data() + first,
                      *const z = in.z.data() + first;
  switch (in.expression) {
    case Expression::linear:
      multiply(x, a, count, result);
      multiply(y, b, count, spare);
      add(result, spare, count, result);
      add(result, -shift, count, result);
      break;
    case Expression::polynomial:
      multiply(x, coefficients[degree], count, result);
      for (std::size_t k = degree - 1; k > 0; --k) {
        add(result, coefficients[k], count, result);
        multiply(result, x, count, result);
      }
      add(result, coefficients[0], count, result);
      break;
    case Expression::distance:
      add(x, -px, count, result);
      multiply(result, result, count, result);
      add(y, -py, count, spare);
      multiply(spare, spare, count, spare);
      add(result, spare, count, result);
      add(z, -pz, count, spare);
      multiply(spare, spare, count, spare);
      add(result, spare, count, result);
      square_root(result, count, result);
      break;
    case Expression::products:
      multiply(x, y, count, result);
      multiply(y, z, count, spare);
      add(result, spare, count, result);
      multiply(z, x, count, spare);
      add(result, spare, count, result);
      break;
  }
}

// Numbers that those steps read and write, per element.
inline double numbers_moved_by_steps(Expression expression) {
  switch (expression) {
    case Expression::linear:
      return 2 + 2 + 3 + 2;
    case Expression::polynomial:
      return 2 + (degree - 1) * (2 + 3) + 2;
    case Expression::distance:
      return 3 * (2 + 2) + 2 * 3 + 2;
    default:
      return 3 * 3 + 2 * 3 + 1;
  }
}

}  // namespace mythbench::temporaries
