#pragma once

// A check of the run that is timed: does the rung look at its input, or does it keep an answer that
// it has given before? For the input that is timed a kept answer is right, and takes no time.

#include <string>
#include <vector>

#include "core/rung.hpp"

namespace mythbench {

// Lets another input take the place of the timed one, at the same address, after the timed runs.
// Whatever a rung goes by that keeps an answer, that its output is filled, that it has run before,
// that it knows the address or the length of its input: it then gives the kept one. Afterwards
// rather than before, so that the timed runs find caches and pages as the run before left them.
//
// `seconds` is what a timed run took. Where that is short, the input's twin takes its place, and
// then it is the timed one's turn again: two runs more. A long run has computed something, and is
// not made again: a small input takes the place, over an output which another small one has left,
// and that costs next to nothing.
//
// Returns what is wrong, empty if nothing is. Afterwards input and output are what they were.
std::string objection_of_another_input(Rung const& rung, Case const& timed, Trial& trial,
                                       double seconds);

// The awkward cases of the timed one's kind, as far as texts tell kinds apart, an expression say:
// the first is the first to stand in.
std::vector<Case> small_cases_like(Case const& timed, std::vector<Case> awkward);

}  // namespace mythbench
