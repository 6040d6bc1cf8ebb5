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

// Where a station stands the ground may shake more than elsewhere: what it records is to be
// divided by its factor.
struct Site {
  Station station;
  double factor;
};

// Reads the columns station, x_m, y_m and z_m, and site_factor, which is 1 where it is empty or
// not there; others are ignored. The sites come ordered by the names of their stations. Throws
// std::runtime_error, with file and line.
std::vector<Site> read_sites(std::filesystem::path const& file);

// The same without the factors.
std::vector<Station> read_stations(std::filesystem::path const& file);

}  // namespace mythbench::locator
