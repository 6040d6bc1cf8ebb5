#pragma once

// Stations of a seismic network, as a CSV file lists them.

#include <filesystem>
#include <string>
#include <vector>

namespace mythbench::locator {

struct Station {
  std::string name;
  double x, y, z;  // metres; z upwards

  friend bool operator==(Station const&, Station const&) = default;
};

// Reads the columns station, x_m, y_m and z_m; others are ignored, and so are lines that begin
// with '#'. The stations come ordered by name. Throws std::runtime_error, with file and line.
std::vector<Station> read_stations(std::filesystem::path const& file);

}  // namespace mythbench::locator
