#include "bytecode/machine_code.hpp"

#include "bytecode/aarch64.hpp"
#include "bytecode/generator.hpp"
#include "bytecode/x86_64.hpp"
#include "core/rung.hpp"

namespace mythbench::bytecode {

std::optional<std::vector<std::uint8_t>> machine_code([[maybe_unused]] RegisterCode const& code) {
#if defined(__x86_64__)
  return Generator<X86_64>{code}.run();
#elif defined(__aarch64__)
  return Generator<AArch64>{code}.run();
#else
  throw Unsupported{"there is no code generator for this processor"};
#endif
}

}  // namespace mythbench::bytecode
