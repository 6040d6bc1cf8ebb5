// Each instruction holds the address of what it does, and jumps from there to the next.
//
// Bound: seven indirect jumps per iteration, as before, but nothing to decode in front of them: no
// byte to fetch, no argument to put together, no table of a switch to read. All the rest, objects,
// reference counts, types to ask, is the very code of the machine below.

#include <memory>
#include <utility>
#include <vector>

#include "bytecode/bytecode.hpp"
#include "bytecode/instructions.hpp"

// Labels as values are no standard C++; GCC and Clang both have them.
#pragma GCC diagnostic ignored "-Wpedantic"

namespace mythbench::bytecode {
namespace {

using stack_machine::Arithmetic;
using stack_machine::Constant;
using stack_machine::LoadedCode;
using stack_machine::Machine;
using stack_machine::Object;
using stack_machine::Op;
using stack_machine::Text;

union Word {
  void const* handler;
  std::size_t index;
  Object* object;
  Text* name;
  Word const* target;
};

// One instruction is two words: what it does, and with what.
constexpr std::size_t words = 2;

template <class Policy>
class ThreadedMachine : public Machine<Policy> {
  using Base = Machine<Policy>;
  using Base::binary, Base::call, Base::constant_of, Base::down, Base::in_place, Base::iterator_of,
      Base::load, Base::look_up, Base::object_of, Base::policy_, Base::up;

 public:
  Constant call_threaded(std::shared_ptr<stack_machine::Code const> const& function,
                         std::vector<Constant> const& arguments) {
    LoadedCode const& code = load(function);
    std::vector<Object*> locals(function->locals.size(), nullptr);
    for (std::size_t i = 0; i < arguments.size(); ++i) locals[i] = object_of(arguments[i]);
    std::vector<Object*> stack(function->stack_size, nullptr);

    Handlers handlers;
    execute(nullptr, nullptr, nullptr, &handlers);
    std::vector<Word> const program = translate(code, handlers);
    Object* const result = execute(program.data(), locals.data(), stack.data(), nullptr);
    Constant value = constant_of(result);
    down(result);
    for (Object* const object : locals)
      if (object) down(object);
    return value;
  }

 private:
  struct Handlers {
    void const* of[256];
  };

  static std::vector<Word> translate(LoadedCode const& code, Handlers const& handlers) {
    std::vector<Instruction> const instructions = instructions_of(*code.code);
    std::vector<Word> program(words * instructions.size());
    for (std::size_t i = 0; i < instructions.size(); ++i) {
      auto const [op, argument] = instructions[i];
      void const* const handler = handlers.of[static_cast<std::size_t>(op)];
      if (handler == nullptr) refuse(op);
      program[words * i].handler = handler;
      Word& operand = program[words * i + 1];
      if (stack_machine::is_absolute_jump(op) || stack_machine::is_relative_jump(op))
        operand.target = &program[words * argument];
      else if (op == Op::load_const)
        operand.object = code.constants[argument];
      else if (op == Op::load_global)
        operand.name = code.names[argument];
      else
        operand.index = argument;
    }
    return program;
  }

  // The addresses of labels are known only where the labels are: asked for them, it runs nothing.
  Object* execute(Word const* next, Object** locals, Object** top, Handlers* handlers) {
    if (handlers) {
      *handlers = {};
      auto const set = [&](Op op, void const* label) {
        handlers->of[static_cast<std::size_t>(op)] = label;
      };
      set(Op::load_const, &&load_const);
      set(Op::load_fast, &&load_fast);
      set(Op::store_fast, &&store_fast);
      set(Op::load_global, &&load_global);
      set(Op::binary_add, &&add);
      set(Op::inplace_add, &&inplace_add);
      set(Op::call_function, &&call_function);
      set(Op::get_iter, &&get_iter);
      set(Op::for_iter, &&for_iter);
      set(Op::jump_absolute, &&jump_absolute);
      set(Op::setup_loop, &&nothing);  // without break there is nothing to remember
      set(Op::pop_block, &&nothing);
      set(Op::return_value, &&return_value);
      return nullptr;
    }

    Word operand;
    auto const push = [&](Object* object) { *top++ = object; };
    auto const pop = [&] { return *--top; };

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
    push(up(operand.object));
    DISPATCH();

  load_fast:
    if (!locals[operand.index]) throw stack_machine::Failure{"UnboundLocalError", "unbound local"};
    push(up(locals[operand.index]));
    DISPATCH();

  store_fast:
    if (Object* const old = std::exchange(locals[operand.index], pop())) down(old);
    DISPATCH();

  load_global:
    push(look_up(operand.name, true));
    DISPATCH();

  add : {
    Object* const right = pop();
    Object* const left = pop();
    push(binary(Arithmetic::add, "+", left, right));
    down(right);
    down(left);
    DISPATCH();
  }

  inplace_add : {
    Object* const right = pop();
    Object* const left = pop();
    push(in_place(Arithmetic::add, "+=", left, right));
    down(right);
    down(left);
    DISPATCH();
  }

  call_function : {
    Object** const callee = top - operand.index - 1;
    Object* const result = call(*callee, callee + 1, operand.index);
    while (top > callee) down(pop());
    push(result);
    DISPATCH();
  }

  get_iter : {
    Object* const iterator = iterator_of(top[-1]);
    down(std::exchange(top[-1], iterator));
    DISPATCH();
  }

  for_iter:
    policy_.check_type();
    if (Object* const value = top[-1]->type->next(*this, top[-1])) {
      push(value);
    } else {
      down(pop());
      next = operand.target;
    }
    DISPATCH();

  jump_absolute:
    next = operand.target;
    DISPATCH();

  nothing:
    DISPATCH();

  return_value:
    return pop();

#undef DISPATCH
  }
};

}  // namespace

void threaded_code(Input const& in, Output& out) {
  with_policy(in, [&](auto policy) {
    // As for the rungs below: the machine is there before the program, and stays.
    thread_local ThreadedMachine<decltype(policy)> machine;
    machine.policy() = policy;
    out = halves(machine.call_threaded(in.function, {in.n, in.start}));
    return machine.policy();
  });
}

}  // namespace mythbench::bytecode
