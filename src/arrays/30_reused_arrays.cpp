// Each operation writes into an array that is there already; the last one, into the next level.
//
// Bound: memory, as before without the copy, and without fresh pages: 8 * (12 + 7) bytes per update
// once no cache holds the arrays. This is what NumPy does when it is told out=.

#include <utility>
#include <vector>

#include "arrays/arrays.hpp"
#include "arrays/program.hpp"
#include "arrays/row_operations.hpp"
#include "core/rung.hpp"

namespace mythbench::arrays {
namespace {

// On the stack: a view of a level of time, or the array of this place of the stack.
struct Value {
  Place place = Place::here;
  Field const* array = nullptr;

  double const* row(Field const& now, Field const& before, std::size_t i) const {
    return array ? array->row(i) : Places{now, before, i}[place];
  }
};

void step(Program const& program, Field const& now, Field const& before, Field& next,
          std::vector<Field>& arrays) {
  RowOperations const operations = row_operations();
  std::vector<Value> stack;
  for (Instruction const& instruction : program) {
    if (instruction.kind == Instruction::Kind::load) {
      stack.push_back({instruction.place});
      continue;
    }
    Value const last = stack.back();
    bool const two = instruction.kind != Instruction::Kind::scale;
    if (two) stack.pop_back();
    Value const first = stack.back();
    Field& result = &instruction == &program.back() ? next : arrays[stack.size() - 1];
    if (two) {
      auto* const operation =
          instruction.kind == Instruction::Kind::add ? operations.add : operations.subtract;
      for (std::size_t i = 0; i < now.rows(); ++i)
        operation(first.row(now, before, i), last.row(now, before, i), result.row(i),
                  now.columns());
    } else {
      for (std::size_t i = 0; i < now.rows(); ++i)
        operations.scale(&instruction.number, last.row(now, before, i), result.row(i),
                         now.columns());
    }
    stack.back() = {{}, &result};
  }
}

}  // namespace

void reused_arrays(Input const& in, Output& out) {
  shape(in, out);
  out.spare.resize(stack_depth);
  for (Field& array : out.spare)
    if (array.rows() != in.start.rows() || array.columns() != in.start.columns())
      array = Field{in.start.rows(), in.start.columns()};

  step(program(first_factors(in)), in.start, in.start, out.now, out.spare);
  Program const update = program(factors(in));
  for (std::int64_t k = 1; k < in.steps; ++k) {
    step(update, out.now, k == 1 ? in.start : out.before, out.before, out.spare);
    std::swap(out.now, out.before);
  }
}

Bound reused_arrays_bound(Case const& c) {
  double const updates = Example::work(c).items;
  // Two levels and the start, and what lies on the stack.
  return {.bytes = 8 * (12 + 7) * updates, .working_set_bytes = 8 * 6 * elements_of(c)};
}

}  // namespace mythbench::arrays
