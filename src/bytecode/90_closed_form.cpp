// The loop computes how many numbers a range holds: its end less its beginning, one subtraction.
//
// Bound: one subtraction and one addition, whatever n is.

#include <algorithm>

#include "bytecode/bytecode.hpp"

namespace mythbench::bytecode {

void closed_form(Input const& in, Output& out) {
  using stack_machine::BigInteger;
  std::int64_t const iterations = std::max<std::int64_t>((in.n + 1) - 0, 0);
  std::int64_t count = 0;
  if (!__builtin_add_overflow(in.start, iterations, &count))
    out = halves(count);
  else
    out = halves(BigInteger{in.start} + BigInteger{iterations});
}

}  // namespace mythbench::bytecode
