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
};

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
  static Input make_input(Case const& c);
  static Fields fields(Input const& input);
  static Output reference(Input const& input);
  static Answer answer(Output const& output);
  static double distance(Answer const& got, Answer const& expected);
};

}  // namespace mythbench::bytecode
