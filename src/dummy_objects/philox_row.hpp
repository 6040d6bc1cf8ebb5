#pragma once

// The sum of one stream's numbers, drawn and added in vectors: nothing is stored.

#include <cstddef>
#include <cstdint>

#include "core/rung.hpp"

namespace mythbench::dummy_objects {

// Of so many numbers, fewer than 2^33.
double sum_of_row(std::uint32_t seed, std::uint32_t stream, std::size_t numbers);

// What so many numbers take, with the vectors of this processor.
Bound bound_of_numbers(double numbers);

}  // namespace mythbench::dummy_objects
