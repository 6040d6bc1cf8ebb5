#pragma once

// Within these bounds the locator's numbers neither vanish nor overflow: for those who take data
// from outside.

#include "locator/locator.hpp"

namespace mythbench::locator {

// The sum of an event's squared observations is compared and divided.
constexpr double least_power = 1e-200;
constexpr double most_power = 1e200;

// Of the decay times farthest_station(): exp(-300) is about 1e-130, its square, and the square of
// that over a distance, still are numbers.
constexpr double most_decay = 300;

// No station is farther from a node, in metres.
double farthest_station(Input const& in);

}  // namespace mythbench::locator
