// An interpreter runs the update by elements: each instruction is found anew for each number.
//
// Bound: what any loop needs that takes one step at a time, two multiply-adds and 24 bytes per
// update. It is far away: per update there are thirteen instructions, each found by a switch; the
// processor guesses where it leads, and with one short program it guesses well. The numbers lie on
// a stack in memory, so each instruction also waits for a store of the one before to come back.

#include <utility>

#include "arrays/arrays.hpp"
#include "arrays/program.hpp"
#include "core/rung.hpp"

namespace mythbench::arrays {
namespace {

double run(Program const& program, Places const& places, std::size_t j) {
  double stack[stack_depth];
  double* top = stack;  // the first place that is free
  for (Instruction const& instruction : program) switch (instruction.kind) {
      case Instruction::Kind::load:
        *top++ = places[instruction.place][j];
        break;
      case Instruction::Kind::scale:
        top[-1] *= instruction.number;
        break;
      case Instruction::Kind::add:
        --top;
        top[-1] += *top;
        break;
      case Instruction::Kind::subtract:
        --top;
        top[-1] -= *top;
        break;
    }
  return stack[0];
}

void step(Program const& program, Field const& now, Field const& before, Field& next) {
  for (std::size_t i = 0; i < next.rows(); ++i) {
    Places const places{now, before, i};
    for (std::size_t j = 0; j < next.columns(); ++j) next.row(i)[j] = run(program, places, j);
  }
}

}  // namespace

void elements(Input const& in, Output& out) {
  shape(in, out);
  step(program(first_factors(in)), in.start, in.start, out.now);
  Program const update = program(factors(in));
  for (std::int64_t k = 1; k < in.steps; ++k) {
    step(update, out.now, k == 1 ? in.start : out.before, out.before);
    std::swap(out.now, out.before);
  }
}

Bound elements_bound(Case const& c) {
  double const updates = Example::work(c).items;
  return {.f64_operations = 2 * updates,
          .bytes = 24 * updates,
          .working_set_bytes = 24 * elements_of(c)};
}

}  // namespace mythbench::arrays
