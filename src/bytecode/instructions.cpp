#include "bytecode/instructions.hpp"

#include <stdexcept>

namespace mythbench::bytecode {

using stack_machine::Op;

std::vector<Instruction> instructions_of(stack_machine::Code const& code) {
  std::vector<Instruction> instructions;
  std::vector<std::size_t> index_at(code.bytes.size() + 1, 0);
  for (std::size_t offset = 0; offset < code.bytes.size();) {
    auto const op = static_cast<Op>(code.bytes[offset]);
    index_at[offset] = instructions.size();
    auto const next = offset + static_cast<std::size_t>(stack_machine::size_of(op));
    std::size_t argument = 0;
    if (stack_machine::has_argument(op))
      argument = static_cast<std::size_t>(stack_machine::argument_at(code, offset));
    if (stack_machine::is_relative_jump(op)) argument += next;
    instructions.push_back({op, argument});
    offset = next;
  }
  for (Instruction& instruction : instructions)
    if (stack_machine::is_relative_jump(instruction.op) ||
        stack_machine::is_absolute_jump(instruction.op))
      instruction.argument = index_at[instruction.argument];
  return instructions;
}

void refuse(Op op) {
  throw std::invalid_argument{"this rung runs the counting loop, and that needs no " +
                              std::string{stack_machine::name_of(op)}};
}

}  // namespace mythbench::bytecode
