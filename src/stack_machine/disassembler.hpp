#pragma once

#include <string>

#include "stack_machine/code.hpp"

namespace mythbench::stack_machine {

// The listing that `python2.7 -m dis` prints.
std::string disassemble(Code const& code);

}  // namespace mythbench::stack_machine
