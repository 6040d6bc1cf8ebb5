#include "bytecode/executable_memory.hpp"

#include <sys/mman.h>

#include <cstring>

#include "core/rung.hpp"

namespace mythbench::bytecode {

ExecutableMemory::ExecutableMemory(std::vector<std::uint8_t> const& code) : size_{code.size()} {
  memory_ = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory_ == MAP_FAILED) throw Unsupported{"the system gives no memory for code"};
  std::memcpy(memory_, code.data(), size_);
  // Where instructions have a cache that writing does not reach, as on Arm, it may hold what stood
  // there before.
  auto* const begin = static_cast<char*>(memory_);
  __builtin___clear_cache(begin, begin + size_);
  if (mprotect(memory_, size_, PROT_READ | PROT_EXEC) == 0) return;
  munmap(memory_, size_);
  throw Unsupported{"the system lets no program write code for itself"};
}

ExecutableMemory::~ExecutableMemory() { munmap(memory_, size_); }

std::size_t ExecutableMemory::run(Register* registers) const {
  return static_cast<std::size_t>(
      reinterpret_cast<std::int32_t (*)(Register*)>(memory_)(registers));
}

}  // namespace mythbench::bytecode
