#pragma once

// Pictures of where an event may have been: the error on three planes through the best point.

#include <filesystem>

#include "locator/locate/problem.hpp"

namespace mythbench::locator {

// Throws std::runtime_error if the folder is not there and cannot be made.
void make_folder(std::filesystem::path const& folder);

// Writes <folder>/<event>.json for each located event, and <folder>/slices.txt, the list of them.
// An error is the least that any amplitude of the grid leaves, in per cent.
void write_slices(Problem const& problem, Output const& found, std::filesystem::path const& folder);

// Has scripts/suite draw what the list names; its exit status.
int draw_slices(std::filesystem::path const& folder);

}  // namespace mythbench::locator
