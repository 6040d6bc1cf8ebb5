#pragma once

// The interpreter of this example: the stack machine, with a function of a library, dot(job), that
// is not written in Python.

#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>

#include "gil/gil.hpp"
#include "stack_machine/machine.hpp"

namespace mythbench::gil {

template <class Policy>
class Interpreter : public stack_machine::Machine<Policy> {
 public:
  using Library = std::function<void(std::size_t job)>;

  explicit Interpreter(Library dot);

  // What one thread is asked for. Without a lock, no two threads may run one interpreter.
  void run(Input const& in, std::size_t job, Output& out);

  // Uses the constants of a program that another interpreter has loaded, instead of making its own:
  // threads that run one program share its objects.
  void share(std::shared_ptr<stack_machine::Code const> const& program, Interpreter& owner);

 private:
  using Object = stack_machine::Object;

  static Object* call_dot(stack_machine::Runtime& runtime, Object** arguments, std::size_t count);

  Library dot_;
};

// Room for the answers of all jobs, before threads write theirs.
void prepare(Input const& in, Output& out);

// --- for whoever instantiates it with a policy of their own ---

template <class Policy>
Interpreter<Policy>::Interpreter(Library dot) : dot_{std::move(dot)} {
  this->define_builtin("dot", call_dot);
  // Those that every program uses.
  for (stack_machine::Integer& integer : this->cached_) this->policy_.share(integer.references);
  for (Object* const constant :
       {&this->none_, static_cast<Object*>(&this->true_), static_cast<Object*>(&this->false_)})
    this->policy_.share(constant->references);
}

template <class Policy>
void Interpreter<Policy>::run(Input const& in, std::size_t job, Output& out) {
  if (in.work == Work::gauss) {
    auto const count = this->call(in.program, {in.n, in.starts[job]});
    auto const* const integer = std::get_if<std::int64_t>(&count);
    if (integer == nullptr) throw std::invalid_argument{"the loop left no integer"};
    out.counts[job] = *integer;
  } else {
    this->call(in.program, {static_cast<std::int64_t>(job)});
  }
}

template <class Policy>
void Interpreter<Policy>::share(std::shared_ptr<stack_machine::Code const> const& program,
                                Interpreter& owner) {
  stack_machine::LoadedCode const& loaded = owner.load(program);
  for (Object* const constant : loaded.constants) owner.policy_.share(constant->references);
  this->loaded_[program.get()] = std::make_unique<stack_machine::LoadedCode>(loaded);
}

template <class Policy>
stack_machine::Object* Interpreter<Policy>::call_dot(stack_machine::Runtime& runtime,
                                                     Object** arguments, std::size_t count) {
  auto& interpreter = static_cast<Interpreter&>(runtime);
  if (count != 1 || !interpreter.is_integer(arguments[0]))
    throw stack_machine::Failure{"TypeError", "dot() takes the number of a job"};
  interpreter.dot_(static_cast<std::size_t>(interpreter.value_of(arguments[0])));
  return interpreter.none();
}

}  // namespace mythbench::gil
