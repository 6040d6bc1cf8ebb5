#pragma once

// What was found, as a table.

#include <string>

#include "locator/locate/problem.hpp"

namespace mythbench::locator {

// The point of the grid and the amplitude that a location stands for.
struct Source {
  Point point;
  double amplitude;
};
Source source_of(Input const& in, Location const& location);

// Computes the errors of what was found anew, by the talk's own expressions: those of two rungs may
// differ in the last digit, and a table should not depend on who found what is in it.
void restate_errors(Input const& in, Output& found);

// One line per event, in the order of the events.
std::string located_table(Problem const& problem, Output const& found);

}  // namespace mythbench::locator
