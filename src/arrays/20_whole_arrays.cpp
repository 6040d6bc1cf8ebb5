// The same program on whole arrays: each instruction is found once per step, and makes an array.
//
// Bound: memory. Per update each of the seven operations reads one array or two and writes one,
// and its result is copied: once no cache holds the arrays, 8 * (12 + 7 + 2) bytes, and fresh pages
// where malloc gives large arrays back. This is what NumPy does.

#include <utility>
#include <vector>

#include "arrays/arrays.hpp"
#include "arrays/program.hpp"
#include "arrays/row_operations.hpp"
#include "core/rung.hpp"

namespace mythbench::arrays {
namespace {

// On the stack: a view of a level of time, or a temporary array of its own.
struct Value {
  Place place = Place::here;
  Field own;

  double const* row(Field const& now, Field const& before, std::size_t i) const {
    return own.rows() == 0 ? Places{now, before, i}[place] : own.row(i);
  }
};

void step(Program const& program, Field const& now, Field const& before, Field& next) {
  RowOperations const operations = row_operations();
  std::vector<Value> stack;
  for (Instruction const& instruction : program) {
    if (instruction.kind == Instruction::Kind::load) {
      stack.push_back({instruction.place, {}});
      continue;
    }
    Field result = Field::unwritten(now.rows(), now.columns());
    Value const last = std::move(stack.back());
    if (instruction.kind == Instruction::Kind::scale) {
      for (std::size_t i = 0; i < now.rows(); ++i)
        operations.scale(&instruction.number, last.row(now, before, i), result.row(i),
                         now.columns());
    } else {
      stack.pop_back();
      Value const& first = stack.back();
      auto* const operation =
          instruction.kind == Instruction::Kind::add ? operations.add : operations.subtract;
      for (std::size_t i = 0; i < now.rows(); ++i)
        operation(first.row(now, before, i), last.row(now, before, i), result.row(i),
                  now.columns());
    }
    stack.back() = {{}, std::move(result)};
  }
  for (std::size_t i = 0; i < next.rows(); ++i)
    std::copy_n(stack.back().own.row(i), next.columns(), next.row(i));
}

}  // namespace

void whole_arrays(Input const& in, Output& out) {
  shape(in, out);
  step(program(first_factors(in)), in.start, in.start, out.now);
  Program const update = program(factors(in));
  for (std::int64_t k = 1; k < in.steps; ++k) {
    step(update, out.now, k == 1 ? in.start : out.before, out.before);
    std::swap(out.now, out.before);
  }
}

Bound whole_arrays_bound(Case const& c) {
  double const updates = Example::work(c).items;
  // Two levels and the start, and what lies on the stack.
  return {.bytes = 8 * (12 + 7 + 2) * updates, .working_set_bytes = 8 * 6 * elements_of(c)};
}

}  // namespace mythbench::arrays
