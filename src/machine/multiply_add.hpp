#pragma once

// How many multiply-adds this machine does at most: the ceiling of every rung that computes.

namespace mythbench {

// Per second, each multiply-add of a lane counted as one, and so two flops. Processors that have
// no such instruction multiply and add.
struct MultiplyAddPeak {
  double f64 = 0;
  double f32 = 0;
};

// With the best vectors of the processor, on so many threads at once. Takes a tenth of a second.
MultiplyAddPeak multiply_add_peak(int threads);

}  // namespace mythbench
