#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stack_machine/code.hpp"
#include "stack_machine/failure.hpp"

namespace mythbench::stack_machine {

struct Token {
  enum class Kind { name, keyword, number, text, symbol, newline, indent, dedent, end };
  Kind kind;
  std::string spelling;  // of a text: what it holds
  Position at;
  Constant value{};  // of a number
};

// Throws a Failure for what is no token of Python, or an indentation that does not fit.
std::vector<Token> tokens_of(std::string_view source, Dialect dialect);

}  // namespace mythbench::stack_machine
