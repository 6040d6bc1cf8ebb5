// The program runs on pieces of arrays, so short that all that lies on the stack stays in a cache.
//
// Bound: loads and stores of the first-level cache: each of seven operations loads one number or
// two and stores one. An instruction is found once per piece. From memory come two levels, and one
// goes back, 24 bytes per update; numexpr, and data bases that work on columns, do it like this.

#include <algorithm>
#include <utility>

#include "arrays/arrays.hpp"
#include "arrays/program.hpp"
#include "arrays/row_operations.hpp"
#include "core/rung.hpp"

namespace mythbench::arrays {
namespace {

// A stack of 24 KiB would fill the first-level cache; the rows that are read need room, too.
constexpr std::size_t longest = 512;

void run(Program const& program, RowOperations const& operations, Places const& places,
         std::size_t j, std::size_t count, double* out) {
  alignas(64) double pieces[stack_depth][longest];
  double const* stack[stack_depth];  // each points to a row, or to the piece of its place
  std::size_t top = 0;
  for (Instruction const& instruction : program) {
    if (instruction.kind == Instruction::Kind::load) {
      stack[top++] = places[instruction.place] + j;
      continue;
    }
    if (instruction.kind != Instruction::Kind::scale) --top;
    double* const result = &instruction == &program.back() ? out : pieces[top - 1];
    if (instruction.kind == Instruction::Kind::scale)
      operations.scale(&instruction.number, stack[top - 1], result, count);
    else if (instruction.kind == Instruction::Kind::add)
      operations.add(stack[top - 1], stack[top], result, count);
    else
      operations.subtract(stack[top - 1], stack[top], result, count);
    stack[top - 1] = result;
  }
}

void step(Program const& program, Field const& now, Field const& before, Field& next) {
  RowOperations const operations = row_operations();
  for (std::size_t i = 0; i < next.rows(); ++i) {
    Places const places{now, before, i};
    for (std::size_t j = 0; j < next.columns(); j += longest)
      run(program, operations, places, j, std::min(longest, next.columns() - j), next.row(i) + j);
  }
}

}  // namespace

void pieces(Input const& in, Output& out) {
  shape(in, out);
  step(program(first_factors(in)), in.start, in.start, out.now);
  Program const update = program(factors(in));
  for (std::int64_t k = 1; k < in.steps; ++k) {
    step(update, out.now, k == 1 ? in.start : out.before, out.before);
    std::swap(out.now, out.before);
  }
}

Bound pieces_bound(Case const& c) {
  double const updates = Example::work(c).items;
  return {.bytes = 24 * updates, .working_set_bytes = 24 * elements_of(c)};
}

}  // namespace mythbench::arrays
