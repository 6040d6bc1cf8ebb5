#pragma once

// What the functions of functions.h do, for a caller that may look inside.

#include <array>
#include <cstddef>

namespace mythbench::wrapper {

class Ticker {
 public:
  double tick() { return ++ticks_; }
  void restart() { ticks_ = 0; }

 private:
  double ticks_ = 0;
};

inline double square(double x) { return x * x; }

// Eight sums that do not wait for each other, which the compiler may keep in vector registers.
inline double energy(double const* numbers, std::size_t count) {
  constexpr std::size_t lanes = 8;
  std::array<double, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += square(numbers[i + lane]);
  double rest = 0;
  for (; i < count; ++i) rest += square(numbers[i]);
  return rest + (((sums[0] + sums[1]) + (sums[2] + sums[3])) +
                 ((sums[4] + sums[5]) + (sums[6] + sums[7])));
}

}  // namespace mythbench::wrapper
