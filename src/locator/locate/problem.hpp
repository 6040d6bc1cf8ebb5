#pragma once

// What the user wants located, from three files.

#include <filesystem>
#include <string>
#include <vector>

#include "locator/locate/grid_file.hpp"
#include "locator/locator.hpp"

namespace mythbench::locator {

struct Problem {
  Input input;
  std::vector<std::string> events;
  // Why an event cannot be located; empty if it can. The input has no observations of such events.
  std::vector<std::string> unlocatable;
};

// Without the grid, whose axes alone may be larger than memory. Observations are divided by the
// site factors here. Throws std::runtime_error, one sentence with file and line.
Problem read_problem(std::filesystem::path const& stations, std::filesystem::path const& events);

// Adds the grid and masks the nodes below stations.
void add_grid(Problem& problem, GridFile const& grid);

// Throws std::runtime_error, one sentence with the file, if the problem is beyond the limits of the
// arithmetic.
void check_limits(Problem const& problem, std::filesystem::path const& stations,
                  std::filesystem::path const& grid);

}  // namespace mythbench::locator
