#include "stack_machine/code.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <sstream>

namespace mythbench::stack_machine {
namespace {

std::string repr_of_text(std::string const& text) {
  char const quote =
      text.find('\'') != std::string::npos && text.find('"') == std::string::npos ? '"' : '\'';
  std::string quoted{quote};
  for (char const c : text) {
    if (c == quote || c == '\\')
      quoted += {'\\', c};
    else if (c == '\n')
      quoted += "\\n";
    else if (c == '\t')
      quoted += "\\t";
    else if (c == '\r')
      quoted += "\\r";
    else if (static_cast<unsigned char>(c) < 32 || static_cast<unsigned char>(c) >= 127) {
      std::array<char, 8> hexadecimal{};
      std::snprintf(hexadecimal.data(), hexadecimal.size(), "\\x%02x",
                    static_cast<unsigned>(static_cast<unsigned char>(c)));
      quoted += hexadecimal.data();
    } else {
      quoted += c;
    }
  }
  return quoted + quote;
}

struct Repr {
  Dialect dialect;
  std::string operator()(std::monostate) const { return "None"; }
  std::string operator()(bool value) const { return value ? "True" : "False"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(BigInteger const& value) const {
    return value.to_string() + (dialect == Dialect::python2 ? "L" : "");
  }
  std::string operator()(double value) const { return repr_of_real(value); }
  std::string operator()(std::string const& value) const { return repr_of_text(value); }
  std::string operator()(std::shared_ptr<Code const> const& code) const {
    std::ostringstream text;
    text << "<code object " << code->name << " at " << code.get() << ", file \"" << code->file
         << "\", line " << code->first_line << '>';
    return text.str();
  }
};

}  // namespace

std::string_view name_of(Op op) {
  switch (op) {
    case Op::stop_code:
      return "STOP_CODE";
    case Op::pop_top:
      return "POP_TOP";
    case Op::rot_two:
      return "ROT_TWO";
    case Op::rot_three:
      return "ROT_THREE";
    case Op::dup_top:
      return "DUP_TOP";
    case Op::nop:
      return "NOP";
    case Op::unary_positive:
      return "UNARY_POSITIVE";
    case Op::unary_negative:
      return "UNARY_NEGATIVE";
    case Op::unary_not:
      return "UNARY_NOT";
    case Op::binary_power:
      return "BINARY_POWER";
    case Op::binary_multiply:
      return "BINARY_MULTIPLY";
    case Op::binary_divide:
      return "BINARY_DIVIDE";
    case Op::binary_modulo:
      return "BINARY_MODULO";
    case Op::binary_add:
      return "BINARY_ADD";
    case Op::binary_subtract:
      return "BINARY_SUBTRACT";
    case Op::binary_floor_divide:
      return "BINARY_FLOOR_DIVIDE";
    case Op::binary_true_divide:
      return "BINARY_TRUE_DIVIDE";
    case Op::inplace_floor_divide:
      return "INPLACE_FLOOR_DIVIDE";
    case Op::inplace_true_divide:
      return "INPLACE_TRUE_DIVIDE";
    case Op::inplace_add:
      return "INPLACE_ADD";
    case Op::inplace_subtract:
      return "INPLACE_SUBTRACT";
    case Op::inplace_multiply:
      return "INPLACE_MULTIPLY";
    case Op::inplace_divide:
      return "INPLACE_DIVIDE";
    case Op::inplace_modulo:
      return "INPLACE_MODULO";
    case Op::inplace_power:
      return "INPLACE_POWER";
    case Op::get_iter:
      return "GET_ITER";
    case Op::print_item:
      return "PRINT_ITEM";
    case Op::print_newline:
      return "PRINT_NEWLINE";
    case Op::break_loop:
      return "BREAK_LOOP";
    case Op::return_value:
      return "RETURN_VALUE";
    case Op::pop_block:
      return "POP_BLOCK";
    case Op::store_name:
      return "STORE_NAME";
    case Op::for_iter:
      return "FOR_ITER";
    case Op::store_global:
      return "STORE_GLOBAL";
    case Op::load_const:
      return "LOAD_CONST";
    case Op::load_name:
      return "LOAD_NAME";
    case Op::compare_op:
      return "COMPARE_OP";
    case Op::jump_forward:
      return "JUMP_FORWARD";
    case Op::jump_if_false_or_pop:
      return "JUMP_IF_FALSE_OR_POP";
    case Op::jump_if_true_or_pop:
      return "JUMP_IF_TRUE_OR_POP";
    case Op::jump_absolute:
      return "JUMP_ABSOLUTE";
    case Op::pop_jump_if_false:
      return "POP_JUMP_IF_FALSE";
    case Op::pop_jump_if_true:
      return "POP_JUMP_IF_TRUE";
    case Op::load_global:
      return "LOAD_GLOBAL";
    case Op::setup_loop:
      return "SETUP_LOOP";
    case Op::load_fast:
      return "LOAD_FAST";
    case Op::store_fast:
      return "STORE_FAST";
    case Op::call_function:
      return "CALL_FUNCTION";
    case Op::make_function:
      return "MAKE_FUNCTION";
  }
  return "<unknown>";
}

bool is_relative_jump(Op op) {
  return op == Op::for_iter || op == Op::jump_forward || op == Op::setup_loop;
}

bool is_absolute_jump(Op op) {
  return op >= Op::jump_if_false_or_pop && op <= Op::pop_jump_if_true;
}

std::string_view symbol_of(Comparison comparison) {
  constexpr std::array<std::string_view, 10> symbols{"<",  "<=", "==",     "!=", ">",
                                                     ">=", "in", "not in", "is", "is not"};
  return symbols[static_cast<std::size_t>(comparison)];
}

bool is_true(Constant const& constant) {
  if (auto const* const x = std::get_if<std::int64_t>(&constant)) return *x != 0;
  if (auto const* const x = std::get_if<double>(&constant)) return *x != 0;
  if (auto const* const x = std::get_if<std::string>(&constant)) return !x->empty();
  if (auto const* const x = std::get_if<bool>(&constant)) return *x;
  if (auto const* const x = std::get_if<BigInteger>(&constant)) return !x->is_zero();
  return !std::holds_alternative<std::monostate>(constant);
}

std::string repr(Constant const& constant, Dialect dialect) {
  return std::visit(Repr{dialect}, constant);
}

std::string repr_of_real(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  std::array<char, 40> buffer{};
  auto const [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                          std::chars_format::scientific);
  std::string const shortest{buffer.data(), end};
  int const exponent = std::stoi(shortest.substr(shortest.find('e') + 1));
  if (exponent < -4 || exponent >= 16) return shortest;
  auto const [plain_end, plain_error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed);
  std::string plain{buffer.data(), plain_end};
  if (plain.find('.') == std::string::npos) plain += ".0";
  return plain;
}

std::string text_of_real(double number, Dialect dialect) {
  if (dialect == Dialect::python3 || !std::isfinite(number)) return repr_of_real(number);
  std::array<char, 40> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.12g", number);
  std::string text = buffer.data();
  if (text.find_first_of(".e") != std::string::npos) return text;
  // Twelve digits before the point are too many for it, because ".0" is still to come.
  if (std::abs(number) < 1e11) return text + ".0";
  std::snprintf(buffer.data(), buffer.size(), "%.11e", number);
  text = buffer.data();
  std::size_t const exponent = text.find('e');
  std::size_t const last = text.find_last_not_of('0', exponent - 1);
  return text.substr(0, text[last] == '.' ? last : last + 1) + text.substr(exponent);
}

}  // namespace mythbench::stack_machine
