#pragma once

// Myth:    "It cannot run as fast as C": a loop that counts, in an interpreter.
// Reality: the loop can; what takes the time is how a program is kept: names in dictionaries, an
//          instruction at a time, a counted object for each number. Each rung takes one of these
//          costs away, and the answer stays Python's: integers do not overflow.

#include <cstdint>
#include <memory>
#include <vector>

#include "core/contract.hpp"
#include "stack_machine/code.hpp"
#include "stack_machine/machine.hpp"

namespace mythbench::bytecode {

struct Input {
  std::int64_t n;      // the loop runs n + 1 times, or not at all
  std::int64_t start;  // what is counted from
  // The loop at module level, with n and start as globals, and in a function gauss(n, start).
  std::shared_ptr<stack_machine::Code const> module;
  std::shared_ptr<stack_machine::Code const> function;
  // As CPython does, it is there before the program and stays.
  std::shared_ptr<stack_machine::Machine<stack_machine::CountsNothing>> machine;
  // Where a rung leaves what it counted. Null when it is timed: then it counts nothing.
  std::shared_ptr<stack_machine::Counts> counts;
};

// Calls run(policy), which gives the policy back: the one that counts nothing, or, where the input
// asks for counts, the one that counts all.
template <class Run>
void with_policy(Input const& in, Run const& run) {
  if (in.counts)
    *in.counts = run(stack_machine::CountsAll{}).counts;
  else
    run(stack_machine::CountsNothing{});
}

// The same for a stack machine: run(machine).
template <class Run>
void on_machine(Input const& in, Run const& run) {
  if (!in.counts) return run(*in.machine);
  stack_machine::Machine<stack_machine::CountsAll> machine;
  machine.policy() = {};  // what it did to get ready is no part of the program
  run(machine);
  *in.counts = machine.policy().counts;
}

// The count, which may need more than 64 bits: high * 2**32 + low, with 0 <= low < 2**32.
struct Output {
  std::int64_t high = 0;
  std::int64_t low = -1;
};

// The halves of an integer that a program has left.
Output halves(stack_machine::Constant const& count);

struct Example {
  using Input = bytecode::Input;
  using Output = bytecode::Output;

  static constexpr std::string_view item = "iteration";
  static constexpr double tolerance = 0;  // integers

  static std::vector<Case> cases();
  static std::vector<Case> awkward_cases();
  static Work work(Case const& c);
  static Case twin(Case const& c);
  static Input make_input(Case const& c);
  static Fields fields(Input const& input);
  static Output reference(Input const& input);
  static Answer answer(Output const& output);
  static double distance(Answer const& got, Answer const& expected);
  static void counted(Input& input);
  static mythbench::Counts counts(Input const& input);
};

}  // namespace mythbench::bytecode
