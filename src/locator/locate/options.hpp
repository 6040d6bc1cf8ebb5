#pragma once

// What the user asks of locate, and of the program that does the same on many machines.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/rung.hpp"

namespace mythbench::locator {

struct Options {
  std::string_view program;  // which one is asked
  std::string help;          // what to print instead of locating; empty unless it is asked for
  std::filesystem::path stations, events, grid, located, pictures;
  int threads;
  std::string rung;
};

// How many threads it takes, where the user does not say, and what --help says of that.
struct Threads {
  int usual;
  std::string_view help;
};

// Throws std::runtime_error if the arguments make no sense.
Options parse(std::string_view program, Threads const& threads, int argc, char** argv);

// The rungs of the ladder that these programs can run, in the order of their numbers.
std::vector<Rung const*> own_rungs();

// A ladder grows in speed: without a wish, the highest rung that uses threads. Throws
// std::runtime_error if there is none of that name.
Rung const& chosen_rung(std::string const& name);

}  // namespace mythbench::locator
