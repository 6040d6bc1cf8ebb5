#pragma once

// The steps from the user's files to the table of what was found there, whoever searches.

#include <string>

#include "core/rung.hpp"
#include "locator/locate/options.hpp"
#include "locator/locate/problem.hpp"
#include "locator/memory.hpp"

namespace mythbench::locator {

struct Files {
  GridFile grid;
  Problem problem;  // without the grid as yet
};

// Throws std::runtime_error, one sentence, if a file is wrong or the table cannot be written.
Files read_files(Options const& options);

// What a rung has to do; a part of it, where several share the work.
Sizes sizes_of(Files const& files, int threads);

// Throws std::runtime_error if the rung needs more memory for its part than is available to it.
// Nothing as large as the grid is allocated before. `available_bytes` is 0 where nobody knows.
void check_size(Options const& options, Rung const& rung, Files const& files, Sizes const& part,
                double available_bytes);

// The problem with its grid, checked, and a folder for the pictures of it. Says which nodes are
// left out.
Problem complete(Options const& options, Files files);

// Errors are restated, so that they do not tell who found what.
Output search(Rung const& rung, Input const& in);

// Writes the table, says what is in it, and `how` it was found, and draws the pictures. The exit
// status: why it is not 0 has been said, unless it is thrown.
int deliver(Options const& options, Problem const& problem, Output const& found,
            std::string const& how, double seconds);

}  // namespace mythbench::locator
