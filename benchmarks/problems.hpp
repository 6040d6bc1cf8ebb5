#pragma once

// A problem file holds the input of one case and its trusted answer, so that the slow reference
// runs once and both languages are held against the same numbers.

#include <filesystem>

#include "core/rung.hpp"

namespace mythbench {

// Where the problem of a case lies in a folder of them.
std::filesystem::path problem_file(std::filesystem::path const& folder, Example const& example,
                                   Case const& c);

// Computes the problem and writes its file, unless it is there. Throws std::runtime_error if the
// file cannot be written.
void write_problem(std::filesystem::path const& folder, Example const& example, Case const& c);

// The answer of a case, from its file, which is written first if need be.
Answer read_answer(std::filesystem::path const& folder, Example const& example, Case const& c);

}  // namespace mythbench
