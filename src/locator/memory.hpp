#pragma once

// How much memory a rung of the locator will need, from what its file states.

#include <string_view>

namespace mythbench::locator {

struct Sizes {
  double nodes, events, stations, amplitudes, threads;
};

// "8 bytes per node and event, 16 bytes per node" for these sizes; 0 for an empty statement.
// Throws std::invalid_argument if the statement is of another form.
double stated_bytes(std::string_view statement, Sizes const& sizes);

}  // namespace mythbench::locator
