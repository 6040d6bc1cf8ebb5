#include "stack_machine/disassembler.hpp"

#include <map>
#include <set>

namespace mythbench::stack_machine {
namespace {

std::string padded_left(std::string text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string padded_right(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::set<int> jump_targets(Code const& code) {
  std::set<int> targets;
  for (std::size_t i = 0; i < code.bytes.size();) {
    auto const op = static_cast<Op>(code.bytes[i]);
    auto const next = i + static_cast<std::size_t>(size_of(op));
    if (is_absolute_jump(op)) targets.insert(argument_at(code, i));
    if (is_relative_jump(op)) targets.insert(argument_at(code, i) + static_cast<int>(next));
    i = next;
  }
  return targets;
}

// Where a listing names a line: of several lines at one offset the last, and none twice running.
std::map<int, int> line_starts(Code const& code) {
  std::map<int, int> last_at;
  for (auto const& [offset, line] : code.lines) last_at[offset] = line;
  last_at.try_emplace(0, code.first_line);
  std::map<int, int> starts;
  int last = 0;
  for (auto const& [offset, line] : last_at)
    if (line != last) starts[offset] = last = line;
  return starts;
}

std::string meaning(Code const& code, Op op, int argument, int next) {
  auto const index = static_cast<std::size_t>(argument);
  switch (op) {
    case Op::load_const:
      return " (" + repr(code.constants[index], code.dialect) + ')';
    case Op::load_name:
    case Op::store_name:
    case Op::load_global:
    case Op::store_global:
      return " (" + code.names[index] + ')';
    case Op::load_fast:
    case Op::store_fast:
      return " (" + code.locals[index] + ')';
    case Op::compare_op:
      return " (" + std::string{symbol_of(static_cast<Comparison>(argument))} + ')';
    default:
      break;
  }
  return is_relative_jump(op) ? " (to " + std::to_string(next + argument) + ')' : "";
}

}  // namespace

std::string disassemble(Code const& code) {
  std::set<int> const targets = jump_targets(code);
  std::map<int, int> const starts = line_starts(code);
  std::string listing;
  int const size = static_cast<int>(code.bytes.size());
  for (int i = 0; i < size;) {
    auto const op = static_cast<Op>(code.bytes[static_cast<std::size_t>(i)]);
    int const next = i + size_of(op);
    auto const start = starts.find(i);
    if (start != starts.end() && i > 0) listing += '\n';
    listing += start == starts.end() ? "   " : padded_left(std::to_string(start->second), 3);
    listing += targets.contains(i) ? "     >> " : "        ";
    listing += padded_left(std::to_string(i), 4) + ' ';
    listing += padded_right(std::string{name_of(op)}, 20);
    if (has_argument(op)) {
      int const argument = argument_at(code, static_cast<std::size_t>(i));
      listing += ' ' + padded_left(std::to_string(argument), 5);
      listing += meaning(code, op, argument, next);
    }
    listing += '\n';
    i = next;
  }
  return listing;
}

}  // namespace mythbench::stack_machine
