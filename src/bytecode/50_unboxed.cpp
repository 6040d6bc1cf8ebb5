// A value is one word: an integer of 63 bits itself, or the address of something else.
//
// Bound: seven indirect jumps per iteration. Nothing is made, nothing is collected, no type is
// asked over a pointer; an addition looks at the lowest bit of its operands, which is set for an
// integer, and whether the sum fits. What does not fit lies in memory, as everything did below.

#include <bit>
#include <cstdint>
#include <deque>
#include <vector>

#include "bytecode/bytecode.hpp"
#include "bytecode/instructions.hpp"

// Labels as values are no standard C++; GCC and Clang both have them.
#pragma GCC diagnostic ignored "-Wpedantic"

namespace mythbench::bytecode {
namespace {

using stack_machine::BigInteger;
using stack_machine::Code;
using stack_machine::Constant;
using stack_machine::Op;

// What is no small integer.
struct Other {
  enum class Kind : std::uint8_t { none, big, range_function, range };
  Kind kind;
  BigInteger big{};
  std::int64_t next = 0;  // of a range
  std::uint64_t left = 0;
};

// Addresses are even.
using Value = std::int64_t;

constexpr Value unbound = 0;

bool is_integer(Value value) { return (value & 1) != 0; }
std::int64_t integer_of(Value value) { return value >> 1; }
Other* other_of(Value value) { return std::bit_cast<Other*>(value); }
Value value_of(Other* other) { return std::bit_cast<Value>(other); }

union Word {
  void const* handler;
  std::size_t index;
  Value value;
  Word const* target;
};

constexpr std::size_t words = 2;

template <class Policy>
class Unboxed {
 public:
  Constant call(Code const& function, std::vector<Constant> const& arguments) {
    std::vector<Value> slots(function.locals.size() + function.stack_size, unbound);
    for (std::size_t i = 0; i < arguments.size(); ++i) slots[i] = value_of(arguments[i]);

    Handlers handlers;
    execute(nullptr, nullptr, nullptr, &handlers);
    std::vector<Word> const program = translate(function, handlers);
    Value const result =
        execute(program.data(), slots.data(), slots.data() + function.locals.size(), nullptr);
    if (is_integer(result)) return integer_of(result);
    if (other_of(result)->kind != Other::Kind::big) refuse(Op::return_value);
    return other_of(result)->big;
  }

  Policy const& policy() const { return policy_; }

 private:
  struct Handlers {
    void const* of[256];
  };

  Value value_of(BigInteger const& number) {
    if (auto const small = number.to_int64()) return value_of(*small);
    others_.push_back({.kind = Other::Kind::big, .big = number});
    policy_.box();
    policy_.allocate();
    return bytecode::value_of(&others_.back());
  }

  Value value_of(std::int64_t number) {
    Value doubled = 0;
    if (!__builtin_mul_overflow(number, 2, &doubled)) return doubled | 1;
    others_.push_back({.kind = Other::Kind::big, .big = BigInteger{number}});
    policy_.box();
    policy_.allocate();
    return bytecode::value_of(&others_.back());
  }

  Value value_of(Constant const& constant) {
    if (auto const* const integer = std::get_if<std::int64_t>(&constant)) return value_of(*integer);
    others_.push_back({.kind = Other::Kind::none});
    return bytecode::value_of(&others_.back());
  }

  // The rare ways of an addition, out of the way of the common one. What it makes is freed with the
  // machine: a sum beyond 63 bits is no part of what is timed.
  [[gnu::noinline]] Value slow_add(Value left, Value right) {
    auto const big_of = [](Value value) {
      if (is_integer(value)) return BigInteger{integer_of(value)};
      if (other_of(value)->kind != Other::Kind::big) refuse(Op::binary_add);
      return other_of(value)->big;
    };
    return value_of(big_of(left) + big_of(right));
  }

  Value range_of(Value stop) {
    if (!is_integer(stop)) refuse(Op::call_function);
    std::uint64_t const left = stack_machine::range_length(0, integer_of(stop), 1);
    others_.push_back({.kind = Other::Kind::range, .left = left});
    policy_.allocate();
    return bytecode::value_of(&others_.back());
  }

  // A range may be gone through again; each time is one of its own.
  Value iterator_of(Value iterable) {
    if (is_integer(iterable) || other_of(iterable)->kind != Other::Kind::range)
      refuse(Op::get_iter);
    others_.push_back(*other_of(iterable));
    policy_.allocate();
    return bytecode::value_of(&others_.back());
  }

  std::vector<Word> translate(Code const& code, Handlers const& handlers) {
    std::vector<Instruction> const instructions = instructions_of(code);
    std::vector<Word> program(words * instructions.size());
    for (std::size_t i = 0; i < instructions.size(); ++i) {
      auto const [op, argument] = instructions[i];
      void const* const handler = handlers.of[static_cast<std::size_t>(op)];
      if (handler == nullptr) refuse(op);
      if (op == Op::load_global && code.names[argument] != "range") refuse(op);
      program[words * i].handler = handler;
      Word& operand = program[words * i + 1];
      if (stack_machine::is_absolute_jump(op) || stack_machine::is_relative_jump(op))
        operand.target = &program[words * argument];
      else if (op == Op::load_const)
        operand.value = value_of(code.constants[argument]);
      else if (op == Op::load_global)
        operand.value = bytecode::value_of(&range_function_);
      else
        operand.index = argument;
    }
    return program;
  }

  Value execute(Word const* next, Value* locals, Value* top, Handlers* handlers) {
    if (handlers) {
      *handlers = {};
      auto const set = [&](Op op, void const* label) {
        handlers->of[static_cast<std::size_t>(op)] = label;
      };
      set(Op::load_const, &&load_const);
      set(Op::load_fast, &&load_fast);
      set(Op::store_fast, &&store_fast);
      set(Op::load_global, &&load_const);  // range, and nothing else
      set(Op::binary_add, &&add);
      set(Op::inplace_add, &&add);
      set(Op::call_function, &&call_function);
      set(Op::get_iter, &&get_iter);
      set(Op::for_iter, &&for_iter);
      set(Op::jump_absolute, &&jump_absolute);
      set(Op::setup_loop, &&nothing);
      set(Op::pop_block, &&nothing);
      set(Op::return_value, &&return_value);
      return unbound;
    }

    Word operand;

#define DISPATCH()                        \
  do {                                    \
    void const* const to = next->handler; \
    policy_.dispatch();                   \
    operand = next[1];                    \
    next += words;                        \
    goto* to;                             \
  } while (false)

    DISPATCH();

  load_const:
    *top++ = operand.value;
    DISPATCH();

  load_fast:
    if (locals[operand.index] == unbound)
      throw stack_machine::Failure{"UnboundLocalError", "unbound local"};
    *top++ = locals[operand.index];
    DISPATCH();

  store_fast:
    locals[operand.index] = *--top;
    DISPATCH();

  add : {
    policy_.check_type();
    Value const right = *--top;
    Value const left = top[-1];
    // Both are twice their integer and one, and so shall be the sum.
    if (Value sum = 0; is_integer(left & right) && !__builtin_add_overflow(left, right - 1, &sum))
      top[-1] = sum;
    else
      top[-1] = slow_add(left, right);
    DISPATCH();
  }

  call_function:
    policy_.check_type();
    if (operand.index != 1 || top[-2] != bytecode::value_of(&range_function_))
      refuse(Op::call_function);
    top[-2] = range_of(top[-1]);
    --top;
    DISPATCH();

  get_iter:
    policy_.check_type();
    top[-1] = iterator_of(top[-1]);
    DISPATCH();

  for_iter : {
    policy_.check_type();
    if (is_integer(top[-1]) || other_of(top[-1])->kind != Other::Kind::range) refuse(Op::for_iter);
    Other& range = *other_of(top[-1]);
    if (range.left != 0) {
      --range.left;
      *top++ = range.next++ * 2 | 1;
    } else {
      --top;
      next = operand.target;
    }
    DISPATCH();
  }

  jump_absolute:
    next = operand.target;
    DISPATCH();

  nothing:
    DISPATCH();

  return_value:
    return top[-1];

#undef DISPATCH
  }

  Policy policy_;
  std::deque<Other> others_;
  Other range_function_{.kind = Other::Kind::range_function};
};

}  // namespace

void unboxed(Input const& in, Output& out) {
  with_policy(in, [&](auto policy) {
    Unboxed<decltype(policy)> machine;
    out = halves(machine.call(*in.function, {in.n, in.start}));
    return machine.policy();
  });
}

}  // namespace mythbench::bytecode
