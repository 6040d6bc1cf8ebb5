#pragma once

#include <string>

namespace mythbench {

// Where the file of this program is, to run it once more. Empty where the system does not tell.
std::string own_program();

}  // namespace mythbench
