#pragma once

// What an interpreter did. The machine tells a policy, its template parameter; the policy of the
// timed machine answers with nothing, and nothing is what the compiler makes of it.

#include <cstdint>

#include "stack_machine/code.hpp"

namespace mythbench::stack_machine {

struct Counts {
  std::uint64_t bytecodes = 0;
  std::uint64_t dispatches = 0;
  std::uint64_t boxed_values = 0;
  std::uint64_t allocations = 0;
  std::uint64_t references_up = 0;
  std::uint64_t references_down = 0;
  std::uint64_t name_lookups = 0;
  std::uint64_t type_checks = 0;
};

struct CountsNothing {
  void dispatch(Op = Op::nop) {}
  void without_dispatch(int) {}
  void box() {}
  void allocate() {}
  void look_up() {}
  void check_type() {}
  // What a new object's counter holds: one reference, and whatever else the policy keeps there.
  static constexpr std::int64_t first() { return 1; }
  void up(std::int64_t& references) { ++references; }
  // True if it was the last.
  bool down(std::int64_t& references) { return --references == 0; }
};

struct CountsAll {
  void dispatch(Op = Op::nop) { ++counts.bytecodes, ++counts.dispatches; }
  // Bytecodes that another one does at once: they are done, but nobody had to find them.
  void without_dispatch(int bytecodes) { counts.bytecodes += static_cast<unsigned>(bytecodes); }
  void box() { ++counts.boxed_values; }
  void allocate() { ++counts.allocations; }
  void look_up() { ++counts.name_lookups; }
  void check_type() { ++counts.type_checks; }
  static constexpr std::int64_t first() { return 1; }
  void up(std::int64_t& references) { ++counts.references_up, ++references; }
  bool down(std::int64_t& references) { return ++counts.references_down, --references == 0; }

  Counts counts;
};

}  // namespace mythbench::stack_machine
