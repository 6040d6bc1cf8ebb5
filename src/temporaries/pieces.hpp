#pragma once

// The expressions as one loop each that loads, computes in registers and stores.

#include "temporaries/temporaries.hpp"

namespace mythbench::temporaries {

// How a loop stores. Streaming stores write whole cache lines past the caches, without reading them
// first: a third less to move, and nothing of the result in a cache afterwards.
enum class Store { whole_vectors, half_lines, streaming };

// For elements `first` to `end`; `first` begins a cache line, and of all but the last piece so does
// `end`.
void fused_piece(Input const& in, std::size_t first, std::size_t end, double* result, Store store);

// The sum of x * y + y * z + z * x over those elements.
double fused_sum(Input const& in, std::size_t first, std::size_t end);

}  // namespace mythbench::temporaries
