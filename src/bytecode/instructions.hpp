#pragma once

// Bytecode taken apart once, before it runs, instead of every time that an instruction does.

#include <cstddef>
#include <string>
#include <vector>

#include "stack_machine/code.hpp"

namespace mythbench::bytecode {

struct Instruction {
  stack_machine::Op op;
  std::size_t argument;  // of a jump: the index of the instruction it goes to
};

std::vector<Instruction> instructions_of(stack_machine::Code const& code);

// The rungs above the stack machine know what the loop needs, and refuse the rest.
[[noreturn]] void refuse(stack_machine::Op op);

}  // namespace mythbench::bytecode
