#pragma once

// One amount of time, handed out to the parts of a measurement.

#include <algorithm>
#include <chrono>

namespace mythbench {

using Clock = std::chrono::steady_clock;

// Each part has a weight. What one leaves of its share is for those after it, and what it takes too
// much they lack.
class TimeShares {
 public:
  explicit TimeShares(double weights) : weights_{weights} {}

  // Of the seconds that are left for all parts, those of the next one.
  double next(double left, double weight) {
    double const share = std::max(0.0, left) * weight / weights_;
    weights_ -= weight;
    return share;
  }

 private:
  double weights_;  // of the parts to come
};

}  // namespace mythbench
