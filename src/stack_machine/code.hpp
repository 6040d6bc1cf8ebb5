#pragma once

// What the compiler makes of a source text: the instructions of CPython 2.7, byte for byte.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "stack_machine/big_integer.hpp"
#include "stack_machine/failure.hpp"

namespace mythbench::stack_machine {

// The instructions are those of Python 2 either way. The meaning of some differs: 7 / 2, how a
// float is printed, whether None < 1.
enum class Dialect { python2, python3 };

// The numbers are CPython 2.7's own.
enum class Op : std::uint8_t {
  stop_code = 0,
  pop_top = 1,
  rot_two = 2,
  rot_three = 3,
  dup_top = 4,
  nop = 9,
  unary_positive = 10,
  unary_negative = 11,
  unary_not = 12,
  binary_power = 19,
  binary_multiply = 20,
  binary_divide = 21,
  binary_modulo = 22,
  binary_add = 23,
  binary_subtract = 24,
  binary_floor_divide = 26,
  binary_true_divide = 27,
  inplace_floor_divide = 28,
  inplace_true_divide = 29,
  inplace_add = 55,
  inplace_subtract = 56,
  inplace_multiply = 57,
  inplace_divide = 58,
  inplace_modulo = 59,
  inplace_power = 67,
  get_iter = 68,
  print_item = 71,
  print_newline = 72,
  break_loop = 80,
  return_value = 83,
  pop_block = 87,
  // From here on an instruction has an argument of two bytes.
  store_name = 90,
  for_iter = 93,
  store_global = 97,
  load_const = 100,
  load_name = 101,
  compare_op = 107,
  jump_forward = 110,
  jump_if_false_or_pop = 111,
  jump_if_true_or_pop = 112,
  jump_absolute = 113,
  pop_jump_if_false = 114,
  pop_jump_if_true = 115,
  load_global = 116,
  setup_loop = 120,
  load_fast = 124,
  store_fast = 125,
  call_function = 131,
  make_function = 132,
};

constexpr bool has_argument(Op op) { return static_cast<std::uint8_t>(op) >= 90; }
constexpr int size_of(Op op) { return has_argument(op) ? 3 : 1; }

std::string_view name_of(Op op);
bool is_relative_jump(Op op);
bool is_absolute_jump(Op op);

// What COMPARE_OP does, in the order of its argument.
enum class Comparison {
  less,
  less_equal,
  equal,
  not_equal,
  greater,
  greater_equal,
  in,
  not_in,
  is,
  is_not
};

std::string_view symbol_of(Comparison comparison);

struct Code;
using Constant = std::variant<std::monostate, bool, std::int64_t, BigInteger, double, std::string,
                              std::shared_ptr<Code const>>;

struct Code {
  std::string name;
  std::string file;
  Dialect dialect = Dialect::python2;
  int first_line = 1;
  std::size_t parameters = 0;
  std::size_t stack_size = 0;
  std::vector<std::uint8_t> bytes;
  std::vector<Constant> constants;
  std::vector<std::string> names;
  std::vector<std::string> locals;         // the parameters first
  std::vector<std::pair<int, int>> lines;  // offset and line, where a new line begins
  std::vector<Position> positions;         // of each byte
};

// The argument of the instruction at an offset.
inline int argument_at(Code const& code, std::size_t offset) {
  return code.bytes[offset + 1] | code.bytes[offset + 2] << 8;
}

// What `if` makes of it.
bool is_true(Constant const& constant);
// As Python's repr() writes it.
std::string repr(Constant const& constant, Dialect dialect);
std::string repr_of_real(double number);
// As print writes it: Python 2 rounds to twelve digits.
std::string text_of_real(double number, Dialect dialect);

}  // namespace mythbench::stack_machine
