#pragma once

// How many operations this machine does at most: the ceiling of every rung that computes.

#include "machine/time_shares.hpp"

namespace mythbench {

// Per second, each operation of a lane counted as one. A multiply-add is one, and so two flops;
// processors that have no such instruction multiply and add.
struct Peaks {
  double f64 = 0;  // multiply-adds
  double f32 = 0;
  double u64 = 0;  // additions and logic, which every port for vectors can do
};

// With the best vectors of the processor, on so many threads at once. Takes a fraction of a second,
// and little more than the time that it is given: each thread does one burst of each kind at least.
// Throws std::system_error where threads are refused.
Peaks operation_peaks(int threads, Clock::time_point until);

}  // namespace mythbench
