#pragma once

// The grid of trial sources and the medium that the waves cross, as a JSON file states them.

#include <filesystem>

#include "locator/grid.hpp"

namespace mythbench::locator {

struct GridFile {
  Axis x, y, z, amplitude;
  double decay;  // B, per metre
};

// Every key has to be there, once, and no other. Throws std::runtime_error, one sentence with file
// and line.
GridFile read_grid(std::filesystem::path const& file);

}  // namespace mythbench::locator
