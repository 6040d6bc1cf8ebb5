#pragma once

#include <array>
#include <cstddef>

namespace mythbench::dummy_objects {

// The sum of numbers[0] to numbers[count - 1]. Not std::accumulate: each of its additions waits
// for the one before, because the compiler may not change their order. Eight sums wait for eight
// times less, and rounding grows more slowly; np.sum does the same.
template <class Numbers>
double sum_of(Numbers const& numbers, std::size_t count) {
  constexpr std::size_t lanes = 8;
  std::array<double, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += numbers[i + lane];
  double rest = 0;
  for (; i < count; ++i) rest += numbers[i];
  return rest + (((sums[0] + sums[1]) + (sums[2] + sums[3])) +
                 ((sums[4] + sums[5]) + (sums[6] + sums[7])));
}

}  // namespace mythbench::dummy_objects
