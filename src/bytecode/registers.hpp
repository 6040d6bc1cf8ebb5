#pragma once

// Code for a machine with registers instead of a stack, as Lua's: an instruction names where its
// operands lie and where the result goes, so nothing is pushed and nothing is popped.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bytecode/bytecode.hpp"

namespace mythbench::bytecode {

struct RegisterInstruction {
  enum class Kind : std::uint8_t {
    copy,          // a = b
    add,           // a = b + c
    add_constant,  // a = b + the constant c
    prepare_loop,  // a range of the stop b, in a and the register behind it; to the target
    loop,          // the next of the range in a into b, and to the target; if there is one
    give           // the value of the function is a
  };
  Kind kind;
  std::size_t a = 0;
  std::size_t b = 0;
  std::int64_t c = 0;
  std::size_t target = 0;
};

struct RegisterCode {
  std::vector<RegisterInstruction> instructions;
  std::size_t registers = 0;  // the parameters first, then the other locals
  std::size_t parameters = 0;
};

// Throws std::invalid_argument for a function that is no counting loop or the like.
RegisterCode translate(stack_machine::Code const& function);

// A register: what it is beside an integer shows in its tag.
struct Register {
  enum class Tag : std::uint64_t { unbound, integer, big };
  Tag tag = Tag::unbound;
  union {
    std::int64_t integer = 0;
    stack_machine::BigInteger const* big;
  };
};

// In bytes from the first of all registers.
constexpr std::size_t place_of_integer(std::size_t index) {
  return index * sizeof(Register) + offsetof(Register, integer);
}

// From an instruction on until the function gives its value; told to a policy that counts.
template <class Policy>
stack_machine::Constant run(RegisterCode const& code, std::vector<Register>& registers,
                            std::size_t instruction, Policy& policy);

}  // namespace mythbench::bytecode
