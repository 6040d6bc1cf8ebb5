#pragma once

// Memory whose contents the processor runs.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bytecode/registers.hpp"

namespace mythbench::bytecode {

// Pages that hold code: written first, executable afterwards, never both at once. Throws
// Unsupported where the system allows no such thing.
class ExecutableMemory {
 public:
  explicit ExecutableMemory(std::vector<std::uint8_t> const& code);
  ~ExecutableMemory();
  ExecutableMemory(ExecutableMemory const&) = delete;
  ExecutableMemory& operator=(ExecutableMemory const&) = delete;

  // From the first byte on, with the address of the registers; gives what the code gives.
  std::size_t run(Register* registers) const;

 private:
  std::size_t size_;
  void* memory_;
};

}  // namespace mythbench::bytecode
