// Nobody counts references: a collector moves the few numbers that are still in use.
//
// Numbers are made one behind the other. When one half of the memory is full, those that are still
// in use go to the other half.
//
// Bound: seven indirect jumps per iteration, two objects made and three types asked. Pointers move
// without a word to what they point at, and nothing is ever given back one by one. The memory of
// both halves stays in the first-level cache.

#include <cstdint>
#include <list>
#include <memory>
#include <utility>
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

class Heap {};
struct Object;

struct Type {
  Object* (*add)(Heap&, Object*, Object*);  // null: cannot
  Object* (*next)(Heap&, Object*);          // null: no iterator; a null result: exhausted
};

// Filled member by member: in a template, Clang 14 initialises no union without a name.
struct Object {
  Type const* type;
  union {
    std::int64_t integer;
    BigInteger const* big;
    struct Range* range;  // as a range, and as its iterator
  };
};

struct Range {
  std::int64_t next;
  std::uint64_t left;
};

union Word {
  void const* handler;
  std::size_t index;
  Object* object;
  Word const* target;
};

constexpr std::size_t words = 2;

template <class Policy>
class Collected : public Heap {
 public:
  Collected() {
    for (std::int64_t i = smallest_cached; i <= largest_cached; ++i) {
      Object& object = cached_.emplace_back();
      object.type = &integer_type;
      object.integer = i;
    }
  }

  Constant call(Code const& function, std::vector<Constant> const& arguments) {
    std::vector<Object> constants;
    for (Constant const& constant : function.constants) {
      auto const* const integer = std::get_if<std::int64_t>(&constant);
      Object& object = constants.emplace_back();
      object.type = integer ? &integer_type : &other_type;
      object.integer = integer ? *integer : 0;
    }
    std::vector<Object*> slots(function.locals.size() + function.stack_size, nullptr);
    // The collector looks through all of them for what is in use.
    slots_ = &slots;
    for (std::size_t i = 0; i < arguments.size(); ++i)
      slots[i] = integer(std::get<std::int64_t>(arguments[i]));

    Handlers handlers;
    execute(nullptr, nullptr, nullptr, &handlers);
    std::vector<Word> const program = translate(function, constants, handlers);
    Object const* const result =
        execute(program.data(), slots.data(), slots.data() + function.locals.size(), nullptr);
    if (result->type != &integer_type && result->type != &big_type) refuse(Op::return_value);
    Constant value = result->integer;
    if (result->type == &big_type) value = *result->big;
    bigs_.clear();
    ranges_.clear();
    return value;
  }

  Policy& policy() { return policy_; }

 private:
  struct Handlers {
    void const* of[256];
  };

  static Type const integer_type;
  static Type const big_type;
  static Type const range_type;
  static Type const iterator_type;
  static Type const other_type;

  static Collected& self(Heap& heap) { return static_cast<Collected&>(heap); }

  Object* fresh() {
    policy_.allocate();
    if (used_ == half) collect();
    return &halves_[here_][used_++];
  }

  Object* integer(std::int64_t value) {
    policy_.box();
    if (smallest_cached <= value && value <= largest_cached)
      return &cached_[static_cast<std::size_t>(value - smallest_cached)];
    Object* const object = fresh();
    object->type = &integer_type;
    object->integer = value;
    return object;
  }

  Object* integer(BigInteger value) {
    if (auto const small = value.to_int64()) return integer(*small);
    policy_.box();
    Object* const object = fresh();
    bigs_.push_back(std::make_unique<BigInteger>(std::move(value)));
    object->type = &big_type;
    object->big = bigs_.back().get();
    return object;
  }

  // Out of the way of fresh(), which is what happens nearly always.
  [[gnu::noinline]] void collect() {
    Object const* const begin = halves_[here_].data();
    Object const* const end = begin + half;
    std::vector<std::unique_ptr<BigInteger>> old_bigs = std::move(bigs_);
    bigs_.clear();
    here_ = 1 - here_;
    used_ = 0;
    for (Object*& object : *slots_) {
      if (object < begin || object >= end) continue;
      // What two slots share becomes two: numbers do not change, so nobody can tell.
      Object& moved = halves_[here_][used_++];
      moved = *object;
      object = &moved;
      if (moved.type != &big_type) continue;
      bigs_.push_back(std::make_unique<BigInteger>(*moved.big));
      moved.big = bigs_.back().get();
    }
  }

  static Object* integer_add(Heap& memory, Object* left, Object* right) {
    Collected& heap = self(memory);
    heap.policy_.check_type();
    heap.policy_.check_type();
    if (left->type == &integer_type && right->type == &integer_type) {
      std::int64_t sum = 0;
      if (!__builtin_add_overflow(left->integer, right->integer, &sum)) return heap.integer(sum);
      return heap.integer(BigInteger{left->integer} + BigInteger{right->integer});
    }
    auto const big_of = [](Object* o) {
      return o->type == &big_type ? *o->big : BigInteger{o->integer};
    };
    return heap.integer(big_of(left) + big_of(right));
  }

  static Object* next_of_range(Heap& memory, Object* iterator) {
    Range& range = *iterator->range;
    if (range.left == 0) return nullptr;
    --range.left;
    return self(memory).integer(range.next++);
  }

  [[gnu::noinline]] Object* add(Object* left, Object* right) {
    policy_.check_type();
    if (left->type->add == nullptr || right->type->add == nullptr) refuse(Op::binary_add);
    return left->type->add(*this, left, right);
  }

  Object* range_of(Object* stop) {
    if (stop->type != &integer_type) refuse(Op::call_function);
    ranges_.push_back({0, stack_machine::range_length(0, stop->integer, 1)});
    Object* const object = fresh();
    object->type = &range_type;
    object->range = &ranges_.back();
    return object;
  }

  Object* iterator_of(Object* iterable) {
    if (iterable->type != &range_type) refuse(Op::get_iter);
    ranges_.push_back(*iterable->range);
    Object* const object = fresh();
    object->type = &iterator_type;
    object->range = &ranges_.back();
    return object;
  }

  std::vector<Word> translate(Code const& code, std::vector<Object>& constants,
                              Handlers const& handlers) {
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
        operand.object = &constants[argument];
      else if (op == Op::load_global)
        operand.object = &range_function_;
      else
        operand.index = argument;
    }
    return program;
  }

  Object* execute(Word const* next, Object** locals, Object** top, Handlers* handlers) {
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
      return nullptr;
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
    *top++ = operand.object;
    DISPATCH();

  load_fast:
    if (!locals[operand.index]) throw stack_machine::Failure{"UnboundLocalError", "unbound local"};
    *top++ = locals[operand.index];
    DISPATCH();

  store_fast:
    locals[operand.index] = *--top;
    DISPATCH();

  add:
    // Both stay on the stack until there is a sum: the collector must see them.
    top[-2] = this->add(top[-2], top[-1]);
    --top;
    DISPATCH();

  call_function:
    if (operand.index != 1 || top[-2] != &range_function_) refuse(Op::call_function);
    top[-2] = range_of(top[-1]);
    --top;
    DISPATCH();

  get_iter:
    top[-1] = iterator_of(top[-1]);
    DISPATCH();

  for_iter:
    policy_.check_type();
    if (Object* const value = top[-1]->type->next(*this, top[-1])) {
      *top++ = value;
    } else {
      --top;
      next = operand.target;
    }
    DISPATCH();

  jump_absolute:
    next = operand.target;
    DISPATCH();

  nothing:
    DISPATCH();

  return_value:
    return top[-1];

#undef DISPATCH
  }

  static constexpr std::int64_t smallest_cached = -5;
  static constexpr std::int64_t largest_cached = 256;
  static constexpr std::size_t half = 512;  // objects: both halves are 16 kB

  Policy policy_;
  std::vector<Object> halves_[2] = {std::vector<Object>(half), std::vector<Object>(half)};
  std::size_t here_ = 0;
  std::size_t used_ = 0;
  std::vector<Object*>* slots_ = nullptr;
  std::vector<std::unique_ptr<BigInteger>> bigs_;
  std::list<Range> ranges_;
  std::vector<Object> cached_;
  Object range_function_{.type = &other_type, .integer = 0};
};

template <class Policy>
Type const Collected<Policy>::integer_type{integer_add, nullptr};
template <class Policy>
Type const Collected<Policy>::big_type{integer_add, nullptr};
template <class Policy>
Type const Collected<Policy>::range_type{nullptr, nullptr};
template <class Policy>
Type const Collected<Policy>::iterator_type{nullptr, next_of_range};
template <class Policy>
Type const Collected<Policy>::other_type{nullptr, nullptr};

}  // namespace

void no_reference_counts(Input const& in, Output& out) {
  with_policy(in, [&](auto policy) {
    thread_local Collected<decltype(policy)> machine;
    machine.policy() = policy;
    out = halves(machine.call(*in.function, {in.n, in.start}));
    return machine.policy();
  });
}

}  // namespace mythbench::bytecode
