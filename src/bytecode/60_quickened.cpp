// Instructions that have seen what they work on become others, made for just that.
//
// The rewriting is done in place, as PEP 659 does since CPython 3.11: LOAD_FAST, LOAD_CONST,
// INPLACE_ADD and STORE_FAST become one instruction that adds a constant to a local integer, and
// FOR_ITER with STORE_FAST one that counts. Each still looks once whether it was made for what it
// finds; if not, it becomes what it was before.
//
// Bound: three indirect jumps per iteration, two tags looked at, one sum that is tested for
// overflow.

#include <cstdint>
#include <deque>
#include <initializer_list>
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

enum class Tag : std::uint64_t { unbound, none, integer, big, range_function, range, iterator };

struct Range {
  std::int64_t next;
  std::uint64_t left;
};

struct Value {
  Tag tag;
  union {
    std::int64_t integer;
    BigInteger const* big;
    Range* range;
  };
};

union Word {
  void const* handler;
  std::size_t index;
  Value const* value;
  Word* target;
};

constexpr std::size_t words = 2;

class Quickened {
 public:
  Constant call(Code const& function, std::vector<Constant> const& arguments) {
    std::vector<Value> constants;
    for (Constant const& constant : function.constants) {
      auto const* const integer = std::get_if<std::int64_t>(&constant);
      constants.push_back({integer ? Tag::integer : Tag::none, {integer ? *integer : 0}});
    }
    std::vector<Value> slots(function.locals.size() + function.stack_size, {Tag::unbound, {0}});
    for (std::size_t i = 0; i < arguments.size(); ++i)
      slots[i] = {Tag::integer, {std::get<std::int64_t>(arguments[i])}};

    Handlers handlers;
    execute(nullptr, nullptr, nullptr, &handlers);
    std::vector<Word> program = translate(function, constants, handlers);
    Value const result =
        execute(program.data(), slots.data(), slots.data() + function.locals.size(), nullptr);
    if (result.tag == Tag::big) return *result.big;
    return result.integer;
  }

 private:
  struct Handlers {
    void const* of[256];
  };

  // Whether an instruction and those behind it are of these kinds. Only the first of them may be
  // jumped to; and that is so for what the compiler makes of one statement.
  static bool follow(Word const* at, std::initializer_list<void const*> handlers) {
    for (void const* const handler : handlers) {
      if (at->handler != handler) return false;
      at += words;
    }
    return true;
  }

  // The rare ways of an addition, out of the way of the common one. What it makes is freed with the
  // machine: a sum beyond 64 bits is no part of what is timed.
  [[gnu::noinline]] Value slow_add(Value left, Value right) {
    auto const big_of = [](Value value) {
      if (value.tag == Tag::big) return *value.big;
      if (value.tag != Tag::integer) refuse(Op::binary_add);
      return BigInteger{value.integer};
    };
    BigInteger const sum = big_of(left) + big_of(right);
    Value result{Tag::integer, {0}};
    if (auto const small = sum.to_int64()) return result.integer = *small, result;
    bigs_.push_back(sum);
    result.tag = Tag::big;
    result.big = &bigs_.back();
    return result;
  }

  Value range_of(Value stop) {
    if (stop.tag != Tag::integer) refuse(Op::call_function);
    ranges_.push_back({0, stack_machine::range_length(0, stop.integer, 1)});
    Value result{Tag::range, {0}};
    result.range = &ranges_.back();
    return result;
  }

  static std::vector<Word> translate(Code const& code, std::vector<Value> const& constants,
                                     Handlers const& handlers) {
    static constexpr Value range_function{Tag::range_function, {0}};
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
        operand.value = &constants[argument];
      else if (op == Op::load_global)
        operand.value = &range_function;
      else
        operand.index = argument;
    }
    return program;
  }

  Value execute(Word* next, Value* locals, Value* top, Handlers* handlers) {
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
      return {Tag::none, {0}};
    }

    Word operand;

#define DISPATCH()                        \
  do {                                    \
    void const* const to = next->handler; \
    operand = next[1];                    \
    next += words;                        \
    goto* to;                             \
  } while (false)

    DISPATCH();

  load_const:
    *top++ = *operand.value;
    DISPATCH();

  load_fast:
    // The whole of `local += constant`?
    if (follow(next - words, {&&load_fast, &&load_const, &&add, &&store_fast}) &&
        next[words * 2 + 1].index == operand.index && locals[operand.index].tag == Tag::integer &&
        next[1].value->tag == Tag::integer) {
      next -= words;
      next->handler = &&add_constant;
      DISPATCH();
    }
    if (locals[operand.index].tag == Tag::unbound)
      throw stack_machine::Failure{"UnboundLocalError", "unbound local"};
    *top++ = locals[operand.index];
    DISPATCH();

  store_fast:
    locals[operand.index] = *--top;
    DISPATCH();

  add : {
    Value const right = *--top;
    Value const left = top[-1];
    std::int64_t sum = 0;
    if (left.tag == Tag::integer && right.tag == Tag::integer &&
        !__builtin_add_overflow(left.integer, right.integer, &sum))
      top[-1].integer = sum;
    else
      top[-1] = slow_add(left, right);
    DISPATCH();
  }

  call_function:
    if (operand.index != 1 || top[-2].tag != Tag::range_function) refuse(Op::call_function);
    top[-2] = range_of(top[-1]);
    --top;
    DISPATCH();

  get_iter:
    if (top[-1].tag != Tag::range) refuse(Op::get_iter);
    top[-1].tag = Tag::iterator;
    DISPATCH();

  for_iter : {
    if (next->handler == &&store_fast) {
      next -= words;
      next->handler = &&count;
      DISPATCH();
    }
    if (top[-1].tag != Tag::iterator) refuse(Op::for_iter);
    Range& range = *top[-1].range;
    if (range.left != 0) {
      --range.left;
      *top++ = {Tag::integer, {range.next++}};
    } else {
      --top;
      next = operand.target;
    }
    DISPATCH();
  }

  add_constant : {
    Value& local = locals[operand.index];
    std::int64_t sum = 0;
    if (local.tag == Tag::integer &&
        !__builtin_add_overflow(local.integer, next[1].value->integer, &sum)) {
      local.integer = sum;
      next += words * 3;
      DISPATCH();
    }
    // Not made for this: push the local, and let the others do what they are still there for.
    *top++ = local;
    DISPATCH();
  }

  count : {
    Range& range = *top[-1].range;  // only an iterator over a range lies here
    if (range.left != 0) {
      --range.left;
      locals[next[1].index] = {Tag::integer, {range.next++}};
      next += words;
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

  std::deque<BigInteger> bigs_;
  std::deque<Range> ranges_;
};

}  // namespace

void quickened(Input const& in, Output& out) {
  Quickened machine;
  out = halves(machine.call(*in.function, {in.n, in.start}));
}

}  // namespace mythbench::bytecode
