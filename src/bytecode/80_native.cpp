// The register code becomes machine code, when the rung runs: locals live in the processor's.
//
// Bound: per iteration one addition that is tested for overflow, and one count down, two more
// instructions for i, one jump back; and once per run some microseconds for two system calls, one
// for memory and one that makes it executable. No compiler has seen this loop, so none has taken it
// away: each instruction is written byte by byte, once for each instruction of the register
// code, and the processor executes all of them n + 1 times. A sum beyond 64 bits leaves for the
// interpreter of the rung below, which goes on from there.
//
// The instructions themselves are in x86_64.hpp and aarch64.hpp, how they follow from the register
// code in generator.hpp.

#include <cstddef>
#include <vector>

#include "bytecode/bytecode.hpp"
#include "bytecode/executable_memory.hpp"
#include "bytecode/machine_code.hpp"
#include "bytecode/registers.hpp"

namespace mythbench::bytecode {

void native(Input const& in, Output& out) {
  RegisterCode const code = translate(*in.function);
  std::vector<Register> values(code.registers);
  values[0] = {Register::Tag::integer, {in.n}};
  values[1] = {Register::Tag::integer, {in.start}};
  std::size_t instruction = 0;
  if (auto const bytes = machine_code(code)) {
    instruction = ExecutableMemory{*bytes}.run(values.data());
    for (Register& value : values) value.tag = Register::Tag::integer;
  }
  // What the machine code does, no interpreter does: only what is left after it is counted.
  with_policy(in, [&](auto policy) {
    out = halves(run(code, values, instruction, policy));
    return policy;
  });
}

}  // namespace mythbench::bytecode
