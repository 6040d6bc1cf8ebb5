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

// CPython keeps long texts out of its files of bytecode. Long integers it would keep, a sum of a
// thousand of them, too, and each on the way there; here they wait until the program runs.
constexpr std::size_t longest_text = 20;
constexpr std::size_t most_bits = std::size_t{1} << 16;

std::size_t bits_of(Constant const& constant) {
  if (auto const* const small = std::get_if<std::int64_t>(&constant))
    return BigInteger{*small}.bit_length();
  auto const* const big = std::get_if<BigInteger>(&constant);
  return big ? big->bit_length() : 0;
}

bool is_too_large(Constant const& constant) {
  auto const* const text = std::get_if<std::string>(&constant);
  return text ? text->size() > longest_text : bits_of(constant) > most_bits;
}

// Where it shows before it has been computed.
bool would_be_too_large(Op op, Constant const& left, Constant const& right) {
  auto const* const times = std::get_if<std::int64_t>(&right);
  if (op == Op::binary_power && bits_of(left) > 1)
    return times ? *times > static_cast<std::int64_t>(most_bits / bits_of(left))
                 : bits_of(right) > 0;
  bool const has_text =
      std::holds_alternative<std::string>(left) || std::holds_alternative<std::string>(right);
  constexpr std::size_t few_bits = 10;
  return op == Op::binary_multiply && has_text && bits_of(left) + bits_of(right) > few_bits;
}

}  // namespace

bool fold_binary(Op op, Constant const& left, Constant const& right, Constant& result) {
  if (would_be_too_large(op, left, right)) return false;
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
  return !is_too_large(result);
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
