#pragma once

// Which vector instructions the rungs that choose them at run time shall use. Tests and the curious
// may force an older set than the processor's best.

#include <string>
#include <vector>

namespace mythbench {

// Those that this program was built for and this processor has, the best first, by Highway's names.
std::vector<std::string> instruction_sets();

// Throws std::out_of_range if there is no such set here. Not while rungs are running.
void use_instruction_set(std::string const& name);
void use_best_instruction_set();

}  // namespace mythbench
