#include "stack_machine/machine.hpp"

#include "stack_machine/machine_parts.hpp"
#include "stack_machine/peephole.hpp"

namespace mythbench::stack_machine {

template class Machine<CountsNothing>;
template class Machine<CountsAll>;

namespace {

// To Python 2 a long integer stays one, however small it becomes; and its listings say so.
Constant as_long_as(Constant const& operand, Constant value) {
  auto const* const small = std::get_if<std::int64_t>(&value);
  if (small && std::holds_alternative<BigInteger>(operand)) return BigInteger{*small};
  return value;
}

}  // namespace

bool fold_binary(Op op, Constant const& left, Constant const& right, Constant& result) {
  Machine<CountsNothing> machine;
  Arithmetic what = Arithmetic::add;
  switch (op) {
    case Op::binary_add:
      what = Arithmetic::add;
      break;
    case Op::binary_subtract:
      what = Arithmetic::subtract;
      break;
    case Op::binary_multiply:
      what = Arithmetic::multiply;
      break;
    case Op::binary_true_divide:
      what = Arithmetic::true_divide;
      break;
    case Op::binary_floor_divide:
      what = Arithmetic::floor_divide;
      break;
    case Op::binary_modulo:
      what = Arithmetic::modulo;
      break;
    case Op::binary_power:
      what = Arithmetic::power;
      break;
    default:
      return false;
  }
  try {
    result = as_long_as(left, as_long_as(right, machine.calculate(what, left, right)));
  } catch (Failure const&) {
    return false;
  }
  // CPython keeps long texts out of its files of bytecode.
  constexpr std::size_t longest = 20;
  auto const* const text = std::get_if<std::string>(&result);
  return text == nullptr || text->size() <= longest;
}

bool fold_unary(Op op, Constant const& operand, Constant& result) {
  auto const is_zero = [&] {
    auto const* const integer = std::get_if<std::int64_t>(&operand);
    auto const* const real = std::get_if<double>(&operand);
    auto const* const big = std::get_if<BigInteger>(&operand);
    return (integer && *integer == 0) || (real && *real == 0) || (big && big->is_zero());
  };
  if (op != Op::unary_negative || is_zero()) return false;
  Machine<CountsNothing> machine;
  try {
    result = as_long_as(operand, machine.negate(operand));
  } catch (Failure const&) {
    return false;
  }
  return true;
}

}  // namespace mythbench::stack_machine
