#pragma once

// The expressions as one writes them. What they do is up to the class of x, y and z.

#include "temporaries/temporaries.hpp"

namespace mythbench::temporaries {

template <class Array, class Result>
void assign(Expression expression, Array const& x, Array const& y, Array const& z, Result& result) {
  constexpr auto const& k = coefficients;
  switch (expression) {
    case Expression::linear:
      result = a * x + b * y - shift;
      break;
    case Expression::polynomial:
      result =
          (((((((k[8] * x + k[7]) * x + k[6]) * x + k[5]) * x + k[4]) * x + k[3]) * x + k[2]) * x +
           k[1]) *
              x +
          k[0];
      break;
    case Expression::distance:
      result = sqrt(square(x - px) + square(y - py) + square(z - pz));
      break;
    case Expression::products:
      break;  // has no result for each element
  }
}

template <class Array>
double sum_of_products(Array const& x, Array const& y, Array const& z) {
  return (x * y + y * z + z * x).sum();
}

}  // namespace mythbench::temporaries
