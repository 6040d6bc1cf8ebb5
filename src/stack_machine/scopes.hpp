#pragma once

#include "stack_machine/syntax.hpp"

namespace mythbench::stack_machine {

// Throws a Failure for a name that is two things in one function: two parameters, a parameter and
// global, or, to Python 3, in use before it is declared global.
void check_scopes(Block const& module, Dialect dialect);

}  // namespace mythbench::stack_machine
