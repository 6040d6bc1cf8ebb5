#pragma once

// What was found, as a table and as a file.

#include <filesystem>
#include <string>
#include <string_view>

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

// Throws std::runtime_error if the file could not be written: for the user to know before, rather
// than after, an hour of computing.
void check_writable(std::filesystem::path const& file);

// The file is there whole or not at all, and what was there before stays until then.
void write_whole(std::filesystem::path const& file, std::string_view content);

}  // namespace mythbench::locator
