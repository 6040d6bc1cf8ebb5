// Instructions name where their operands lie, so that nothing is pushed and nothing is popped.
//
// Bound: two indirect jumps per iteration: one instruction adds a constant to a register, one
// counts, stores i and goes back. Two tags are looked at, and one sum is tested for overflow.

#include <deque>
#include <vector>

#include "bytecode/bytecode.hpp"
#include "bytecode/instructions.hpp"
#include "bytecode/registers.hpp"

// Labels as values are no standard C++; GCC and Clang both have them.
#pragma GCC diagnostic ignored "-Wpedantic"

namespace mythbench::bytecode {
namespace {

using stack_machine::BigInteger;
using stack_machine::Constant;
using stack_machine::CountsAll;
using stack_machine::CountsNothing;
using stack_machine::Op;
using Tag = Register::Tag;

struct Threaded {
  void const* handler;
  Register* a;
  union {
    Register* b;
    Threaded const* target;
  };
  union {
    std::int64_t constant;
    Register* c;
    Register* variable;
  };
};

// Beyond 64 bits, and for what was never bound.
[[gnu::noinline]] void slow_add(Register& to, Register const& left, Register const& right,
                                std::deque<BigInteger>& bigs) {
  auto const big_of = [](Register const& value) {
    if (value.tag == Tag::unbound)
      throw stack_machine::Failure{"UnboundLocalError", "unbound local"};
    return value.tag == Tag::big ? *value.big : BigInteger{value.integer};
  };
  BigInteger const sum = big_of(left) + big_of(right);
  if (auto const small = sum.to_int64()) {
    to.integer = *small;
    to.tag = Tag::integer;
    return;
  }
  bigs.push_back(sum);
  to.big = &bigs.back();
  to.tag = Tag::big;
}

}  // namespace

template <class Policy>
Constant run(RegisterCode const& code, std::vector<Register>& registers, std::size_t instruction,
             Policy& policy) {
  void const* const handlers[] = {&&copy, &&add, &&add_constant, &&prepare_loop, &&loop, &&give};
  std::vector<Threaded> program(code.instructions.size());
  for (std::size_t i = 0; i < program.size(); ++i) {
    RegisterInstruction const& from = code.instructions[i];
    Threaded& to = program[i];
    to.handler = handlers[static_cast<std::size_t>(from.kind)];
    to.a = &registers[from.a];
    to.b = &registers[from.b];
    to.constant = from.c;
    if (from.kind == RegisterInstruction::Kind::add)
      to.c = &registers[static_cast<std::size_t>(from.c)];
    if (from.kind == RegisterInstruction::Kind::loop) {
      to.target = &program[from.target];
      to.variable = &registers[from.b];
    }
    if (from.kind == RegisterInstruction::Kind::prepare_loop) to.constant = 0;
  }
  std::deque<BigInteger> bigs;
  Threaded const* next = program.data() + instruction;

#define DISPATCH()        \
  do {                    \
    policy.dispatch();    \
    goto*(next->handler); \
  } while (false)
  DISPATCH();

copy:
  *next->a = *next->b;
  ++next;
  DISPATCH();

add:
  policy.check_type();
  policy.check_type();
  if (std::int64_t sum = 0; next->b->tag == Tag::integer && next->c->tag == Tag::integer &&
                            !__builtin_add_overflow(next->b->integer, next->c->integer, &sum)) {
    next->a->tag = Tag::integer;
    next->a->integer = sum;
  } else {
    slow_add(*next->a, *next->b, *next->c, bigs);
  }
  ++next;
  DISPATCH();

add_constant:
  policy.check_type();
  if (std::int64_t sum = 0; next->b->tag == Tag::integer &&
                            !__builtin_add_overflow(next->b->integer, next->constant, &sum)) {
    next->a->tag = Tag::integer;
    next->a->integer = sum;
  } else {
    Register constant;
    constant.tag = Tag::integer;
    constant.integer = next->constant;
    slow_add(*next->a, *next->b, constant, bigs);
  }
  ++next;
  DISPATCH();

prepare_loop:
  policy.check_type();
  if (next->b->tag != Tag::integer) refuse(Op::call_function);
  // The next number, and how many are left. The loop's own test comes first.
  next->a[0].integer = 0;
  next->a[1].integer =
      static_cast<std::int64_t>(stack_machine::range_length(0, next->b->integer, 1));
  next = program.data() + code.instructions[static_cast<std::size_t>(next - program.data())].target;
  DISPATCH();

loop:
  if (next->a[1].integer != 0) {
    --next->a[1].integer;
    next->variable->tag = Tag::integer;
    next->variable->integer = next->a[0].integer++;
    next = next->target;
  } else {
    ++next;
  }
  DISPATCH();

give:
  if (next->a->tag == Tag::big) return *next->a->big;
  if (next->a->tag == Tag::unbound)
    throw stack_machine::Failure{"UnboundLocalError", "unbound local"};
  return next->a->integer;

#undef DISPATCH
}

template Constant run(RegisterCode const&, std::vector<Register>&, std::size_t, CountsAll&);
template Constant run(RegisterCode const&, std::vector<Register>&, std::size_t, CountsNothing&);

void registers(Input const& in, Output& out) {
  RegisterCode const code = translate(*in.function);
  std::vector<Register> values(code.registers);
  values[0] = {Register::Tag::integer, {in.n}};
  values[1] = {Register::Tag::integer, {in.start}};
  with_policy(in, [&](auto policy) {
    out = halves(run(code, values, 0, policy));
    return policy;
  });
}

}  // namespace mythbench::bytecode
