#pragma once

// What a rung tells of its own run beside its answer: how long its phases took, what it counted.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mythbench {

// A name, unit included ("build_seconds"), and a number. Notes of the same name add up.
using Notes = std::vector<std::pair<std::string, double>>;

// Called by a rung on the thread that called it, once its own have ended. A handful per run:
// writing one down takes time.
void note(std::string_view name, double value);

// All that was noted by this thread since the last call, in the order of first mention.
Notes take_notes();

}  // namespace mythbench
