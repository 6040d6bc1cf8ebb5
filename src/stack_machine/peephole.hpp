#pragma once

#include "stack_machine/code.hpp"

namespace mythbench::stack_machine {

// What CPython 2.7 does to finished bytecode: folds constants, straightens jumps, drops what is
// never reached. The offsets of a listing are those after it.
void improve(Code& code);

// The result of an operation on constants; false if it would raise an exception, or depends on
// what is only known at run time.
bool fold_binary(Op op, Constant const& left, Constant const& right, Constant& result);
bool fold_unary(Op op, Constant const& operand, Constant& result);

}  // namespace mythbench::stack_machine
