#pragma once

// What the program prints as JSON, for scripts to read.

#include <vector>

#include "core/rung.hpp"

namespace mythbench {

struct Selected {
  Rung const& rung;
  Case timed;
};

void print_catalogue();
void print_layers(std::vector<Selected> const& all);
// Measures them first.
void print_ceilings();

}  // namespace mythbench
