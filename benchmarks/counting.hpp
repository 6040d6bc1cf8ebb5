#pragma once

// The counting pass: what the layers below a rung did, apart from the timing.

#include <string>

#include "catalogue.hpp"
#include "core/rung.hpp"

namespace mythbench {

// What one run of the rung on the case cost, counted in a child process: {"os": {...}}, with
// "interpreter" beside it where the example counts that, or {"reason": "..."} when it cannot be
// counted.
Json layers_of(Rung const& rung, Case const& c);

// Why the rung should not meet the case on this machine, or an empty text. Forecast from one run
// of the rung's smallest case, by the ratio of work, in time and in memory.
std::string refusal(Rung const& rung, Case const& c, double most_seconds);

}  // namespace mythbench
