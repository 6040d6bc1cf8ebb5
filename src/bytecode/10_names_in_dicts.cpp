// A stack machine like CPython's runs the loop at module level: names are keys of a dictionary.
//
// Bound: per iteration seven instructions (FOR_ITER, STORE_NAME i, LOAD_NAME count, LOAD_CONST 1,
// INPLACE_ADD, STORE_NAME count, JUMP_ABSOLUTE), each found by a switch; three look-ups in a hash
// table; two integers made and two let go of, with fourteen changes of counts.

#include "bytecode/bytecode.hpp"

namespace mythbench::bytecode {

void names_in_dicts(Input const& in, Output& out) {
  on_machine(in, [&](auto& machine) {
    machine.set_global("n", in.n);
    machine.set_global("start", in.start);
    machine.run(in.module);
    out = halves(machine.global("count"));
  });
}

}  // namespace mythbench::bytecode
