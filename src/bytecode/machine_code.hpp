#pragma once

// What the processor that this program runs on does in place of register code.

#include <cstdint>
#include <optional>
#include <vector>

#include "bytecode/registers.hpp"

namespace mythbench::bytecode {

// A function of the address of the registers, all of them integers, that gives the index of the
// instruction where the interpreter must go on. Nothing if the code has something that is left to
// the interpreter. Throws Unsupported where nobody has written down the processor's instructions.
std::optional<std::vector<std::uint8_t>> machine_code(RegisterCode const& code);

}  // namespace mythbench::bytecode
