#pragma once

#include <optional>
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

// The tokens up to the end, or up to the first that is none of Python, or whose indentation does
// not fit. That one is an error only to a parser that gets there.
struct Tokens {
  std::vector<Token> all;
  std::optional<Failure> failure;  // what the last of them stands for
};

Tokens tokens_of(std::string_view source, Dialect dialect);

}  // namespace mythbench::stack_machine
