#pragma once

// The tree between the source text and the bytecode.

#include <memory>
#include <string>
#include <vector>

#include "stack_machine/code.hpp"

namespace mythbench::stack_machine {

struct Expression {
  enum class Kind {
    constant,     // value
    name,         // name
    unary,        // ops[0] of operands[0]
    binary,       // operands with ops between them, from the left to the right
    all_of,       // and: operands
    any_of,       // or: operands
    comparison,   // operands with comparisons between them
    conditional,  // operands[0] if operands[1] else operands[2]
    call          // operands[0], called with the others
  };
  Kind kind;
  Position at;
  std::vector<Op> ops{};
  std::string name{};
  Constant value{};
  std::vector<Comparison> comparisons{};
  std::vector<std::unique_ptr<Expression>> operands{};
};

using ExpressionPointer = std::unique_ptr<Expression>;

struct Statement {
  enum class Kind {
    expression,     // values[0]
    assignment,     // targets = ... = values[0]
    in_place,       // targets[0] op= values[0]
    print,          // values
    if_else,        // if values[0]: body, then elifs, else: otherwise
    while_loop,     // while values[0]: body else: otherwise
    for_loop,       // for targets[0] in values[0]: body else: otherwise
    break_loop,     //
    continue_loop,  //
    pass,           //
    return_value,   // values[0], if any
    global,         // names
    function        // names[0], with the other names as parameters: body
  };
  Kind kind;
  Position at;
  Op op = Op::nop;
  std::vector<ExpressionPointer> targets{};  // names
  std::vector<ExpressionPointer> values{};
  std::vector<std::string> names{};
  std::vector<Statement> body{};
  std::vector<Statement> otherwise{};
  std::vector<Statement> elifs{};  // each a condition and a body
  bool goes_on = false;            // of print: the next one continues the line
};

using Block = std::vector<Statement>;

// Throws a Failure that says where the text is not Python, or Python that this machine lacks.
Block parse(std::string_view source, Dialect dialect);

}  // namespace mythbench::stack_machine
