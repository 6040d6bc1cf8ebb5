#pragma once

// What the program prints as JSON, for scripts to read.

#include <string>
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
// Of this machine, or of one that is made up in hwloc's words: with the plan of what its ceilings
// would be measured on. Throws std::out_of_range for words that describe none.
void print_topology(std::string const& made_up);

}  // namespace mythbench
