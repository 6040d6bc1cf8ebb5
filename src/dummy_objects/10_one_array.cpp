// All n * n numbers in one huge array, summed row by row, as the talk's first program does.

#include <memory>

#include "dummy_objects/dummy_objects.hpp"
#include "random/mt19937.hpp"

namespace mythbench::dummy_objects {

void one_array(Input const& in, Output& out) {
  random::Mt19937 generator{in.seed};
  std::size_t const size = in.n * in.n;
  // Not a vector: it would write zeros into every page first.
  auto const numbers = std::make_unique_for_overwrite<double[]>(size);
  for (std::size_t i = 0; i < size; ++i) numbers[i] = generator.uniform();

  double sum = 0;
  for (std::size_t row = 0; row < in.n; ++row) {
    double row_sum = 0;
    for (std::size_t i = 0; i < in.n; ++i) row_sum += numbers[row * in.n + i];
    sum += row_sum;
  }
  out = sum;
}

}  // namespace mythbench::dummy_objects
