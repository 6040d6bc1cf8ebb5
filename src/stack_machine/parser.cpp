#include <algorithm>
#include <map>
#include <optional>

#include "stack_machine/lexer.hpp"
#include "stack_machine/syntax.hpp"

namespace mythbench::stack_machine {
namespace {

using Kind = Expression::Kind;

// Deeper than CPython's own parsers go, from 1500 to 3000. The stack is made for this:
// compiler.cpp.
constexpr int deepest = 4000;

class Parser {
 public:
  Parser(std::string_view source, Dialect dialect)
      : dialect_{dialect}, tokens_{tokens_of(source, dialect)} {}

  Block run() {
    Block block;
    while (current().kind != Token::Kind::end) {
      // A line that holds only a backslash ends in the next one, and has nothing in it.
      if (current().kind == Token::Kind::newline)
        ++next_;
      else
        parse_statement(block);
    }
    if (late_) throw *late_;
    return block;
  }

 private:
  struct Deeper {
    explicit Deeper(Parser& parser) : parser_{parser} { parser_.go_deeper(); }
    ~Deeper() { --parser_.depth_; }
    Deeper(Deeper const&) = delete;
    Deeper& operator=(Deeper const&) = delete;
    Parser& parser_;
  };

  void go_deeper() {
    if (++depth_ > deepest)
      throw Failure{"MemoryError", "this program is nested too deeply", current().at};
  }

  bool is_python3() const { return dialect_ == Dialect::python3; }

  Token const& current() const {
    if (tokens_.failure && next_ + 1 == tokens_.all.size()) throw *tokens_.failure;
    return tokens_.all[next_];
  }
  Token const& take() {
    Token const& token = current();
    ++next_;
    return token;
  }

  bool is_spelled(std::string_view spelling) const {
    return (current().kind == Token::Kind::symbol || current().kind == Token::Kind::keyword) &&
           current().spelling == spelling;
  }
  bool take_if(std::string_view spelling) {
    if (!is_spelled(spelling)) return false;
    ++next_;
    return true;
  }

  [[noreturn]] void fail(std::string const& message = "invalid syntax") const {
    if (current().kind == Token::Kind::indent)
      throw Failure{"IndentationError", "unexpected indent", current().at};
    if (current().kind == Token::Kind::end)
      throw Failure{"SyntaxError", "unexpected EOF while parsing", current().at};
    throw Failure{"SyntaxError", message, current().at};
  }
  [[noreturn]] void lack(std::string const& what) const { fail("this machine knows no " + what); }

  // What CPython finds only after it has read all of a text without an error of this kind.
  void fail_later(std::string const& message, Position at) {
    if (!late_) late_ = Failure{"SyntaxError", message, at};
  }

  void expect(std::string_view spelling) {
    if (!take_if(spelling)) fail();
  }

  // --- statements ---

  void parse_statement(Block& block) {
    Deeper const deeper{*this};
    if (is_spelled("if")) return block.push_back(parse_if());
    if (is_spelled("while")) return block.push_back(parse_while());
    if (is_spelled("for")) return block.push_back(parse_for());
    if (is_spelled("def")) return block.push_back(parse_function());
    parse_simple_statements(block);
  }

  void parse_simple_statements(Block& block) {
    do block.push_back(parse_simple_statement());
    while (take_if(";") && current().kind != Token::Kind::newline);
    if (current().kind != Token::Kind::newline) fail();
    ++next_;
  }

  Statement parse_simple_statement() {
    Position const at = current().at;
    if (take_if("pass")) return {.kind = Statement::Kind::pass, .at = at};
    if (take_if("break")) return {.kind = Statement::Kind::break_loop, .at = at};
    if (take_if("continue")) return {.kind = Statement::Kind::continue_loop, .at = at};
    if (take_if("return")) return parse_return(at);
    if (take_if("global")) return parse_global(at);
    if (take_if("print")) return parse_print_statement(at);
    if (current().kind == Token::Kind::keyword && current().spelling != "not") fail_about_keyword();
    return parse_expression_statement(at);
  }

  [[noreturn]] void fail_about_keyword() const {
    static constexpr std::string_view lacking[] = {
        "assert", "async",  "await",    "class", "del", "exec", "from",
        "import", "lambda", "nonlocal", "raise", "try", "with", "yield"};
    if (std::ranges::find(lacking, current().spelling) != std::end(lacking))
      lack("'" + current().spelling + "'");
    fail();
  }

  Statement parse_return(Position at) {
    Statement statement{.kind = Statement::Kind::return_value, .at = at};
    if (!is_end_of_statement()) statement.values.push_back(parse_single_value());
    return statement;
  }

  Statement parse_global(Position at) {
    Statement statement{.kind = Statement::Kind::global, .at = at};
    do statement.names.push_back(parse_new_name());
    while (take_if(","));
    return statement;
  }

  Statement parse_print_statement(Position at) {
    Statement statement{.kind = Statement::Kind::print, .at = at};
    if (is_end_of_statement()) return statement;
    do {
      if ((statement.goes_on = is_end_of_statement())) break;
      in_print_ = is_spelled("(");
      statement.values.push_back(parse_expression());
      in_print_ = false;
    } while (take_if(","));
    return statement;
  }

  bool is_end_of_statement() const {
    return current().kind == Token::Kind::newline || is_spelled(";");
  }

  std::string_view next_spelling() const {
    return next_ + 1 < tokens_.all.size() ? std::string_view{tokens_.all[next_ + 1].spelling} : "";
  }

  Statement parse_expression_statement(Position at) {
    ExpressionPointer first = parse_single_value();
    static std::map<std::string, Op, std::less<>> const in_place{
        {"+=", Op::inplace_add},    {"-=", Op::inplace_subtract},      {"*=", Op::inplace_multiply},
        {"/=", Op::inplace_divide}, {"//=", Op::inplace_floor_divide}, {"%=", Op::inplace_modulo},
        {"**=", Op::inplace_power}};
    if (auto const found = in_place.find(current().spelling);
        current().kind == Token::Kind::symbol && found != in_place.end()) {
      ++next_;
      Statement statement{.kind = Statement::Kind::in_place, .at = at, .op = found->second};
      if (found->second == Op::inplace_divide && is_python3())
        statement.op = Op::inplace_true_divide;
      check_target(*first);
      statement.targets.push_back(std::move(first));
      statement.values.push_back(parse_single_value());
      return statement;
    }
    if (is_spelled(":") && is_python3()) lack("annotations");
    if (!is_spelled("=")) {
      Statement statement{.kind = Statement::Kind::expression, .at = at};
      statement.values.push_back(std::move(first));
      return statement;
    }
    Statement statement{.kind = Statement::Kind::assignment, .at = at};
    while (take_if("=")) {
      check_target(*first);
      statement.targets.push_back(std::move(first));
      first = parse_single_value();
    }
    statement.values.push_back(std::move(first));
    return statement;
  }

  void check_target(Expression const& target) {
    std::string const what = what_is_no_target(target);
    if (!what.empty()) fail_later("cannot assign to " + what, target.at);
  }

  static std::string what_is_no_target(Expression const& expression) {
    switch (expression.kind) {
      case Kind::name:
        return expression.name == "None" ? "None" : "";
      case Kind::constant:
        if (std::holds_alternative<std::monostate>(expression.value)) return "None";
        if (auto const* const value = std::get_if<bool>(&expression.value))
          return *value ? "True" : "False";
        return "literal";
      case Kind::call:
        return "function call";
      case Kind::comparison:
        return "comparison";
      case Kind::conditional:
        return "conditional expression";
      default:
        return "operator";
    }
  }

  Block parse_suite() {
    expect(":");
    Block block;
    if (current().kind != Token::Kind::newline) {
      parse_simple_statements(block);
      return block;
    }
    int const line = take().at.line;
    if (current().kind == Token::Kind::end && current().at.line == line && !is_python3()) fail();
    if (current().kind != Token::Kind::indent)
      throw Failure{"IndentationError", "expected an indented block", current().at};
    ++next_;
    while (current().kind != Token::Kind::dedent) parse_statement(block);
    ++next_;
    return block;
  }

  Statement parse_if() {
    Statement statement = parse_branch();
    while (is_spelled("elif")) {
      statement.elifs.push_back(parse_branch());
      // CPython gives an elif the line of its condition.
      statement.elifs.back().at = statement.elifs.back().values[0]->at;
    }
    if (take_if("else")) statement.otherwise = parse_suite();
    return statement;
  }

  // A condition and what is done if it holds.
  Statement parse_branch() {
    Statement statement{.kind = Statement::Kind::if_else, .at = take().at};
    statement.values.push_back(parse_expression());
    statement.body = parse_suite();
    return statement;
  }

  Statement parse_while() {
    Statement statement{.kind = Statement::Kind::while_loop, .at = take().at};
    statement.values.push_back(parse_expression());
    parse_loop(statement);
    return statement;
  }

  Statement parse_for() {
    Statement statement{.kind = Statement::Kind::for_loop, .at = take().at};
    statement.targets.push_back(parse_sum());
    if (is_spelled(",")) lack("tuples");
    check_target(*statement.targets[0]);
    expect("in");
    statement.values.push_back(parse_single_value());
    parse_loop(statement);
    return statement;
  }

  void parse_loop(Statement& statement) {
    statement.body = parse_suite();
    if (take_if("else")) statement.otherwise = parse_suite();
  }

  Statement parse_function() {
    Statement statement{.kind = Statement::Kind::function, .at = take().at};
    statement.names.push_back(parse_new_name());
    expect("(");
    while (!is_spelled(")")) {
      statement.names.push_back(parse_parameter());
      if (!take_if(",") && !is_spelled(")")) fail();
    }
    expect(")");
    statement.body = parse_suite();
    return statement;
  }

  std::string parse_parameter() {
    if (is_spelled("*") || is_spelled("**")) lack("starred arguments");
    if (is_spelled("(") && !is_python3()) lack("tuples");
    std::string name = parse_new_name();
    if (is_spelled("=")) lack("default arguments");
    if (is_spelled(":") && is_python3()) lack("annotations");
    return name;
  }

  std::string parse_new_name() {
    if (current().kind != Token::Kind::name || is_constant(current().spelling)) fail();
    if (current().spelling == "None") fail_later("cannot assign to None", current().at);
    return take().spelling;
  }

  // To Python 2 they are names.
  bool is_constant(std::string_view name) const {
    return is_python3() && (name == "None" || name == "True" || name == "False");
  }

  // --- expressions, from the loosest binding to the tightest ---

  // An expression where Python would take a tuple, too.
  ExpressionPointer parse_single_value() {
    ExpressionPointer value = parse_expression();
    if (is_spelled(",")) lack("tuples");
    return value;
  }

  ExpressionPointer parse_expression() {
    Deeper const deeper{*this};
    ExpressionPointer value = parse_or();
    if (!is_spelled("if")) return value;
    ++next_;
    ExpressionPointer chosen = make(Kind::conditional, value->at);
    ExpressionPointer condition = parse_or();
    expect("else");
    chosen->operands.push_back(std::move(value));
    chosen->operands.push_back(std::move(condition));
    chosen->operands.push_back(parse_expression());
    return chosen;
  }

  static ExpressionPointer make(Kind kind, Position at, std::vector<Op> ops = {}) {
    return std::make_unique<Expression>(Expression{.kind = kind, .at = at, .ops = std::move(ops)});
  }

  template <class Operand>
  ExpressionPointer parse_chain(std::string_view word, Kind kind, Operand const& parse_operand) {
    ExpressionPointer first = parse_operand();
    if (!is_spelled(word)) return first;
    ExpressionPointer chain = make(kind, first->at);
    chain->operands.push_back(std::move(first));
    while (take_if(word)) chain->operands.push_back(parse_operand());
    return chain;
  }

  ExpressionPointer parse_or() {
    return parse_chain("or", Kind::any_of, [&] { return parse_and(); });
  }

  ExpressionPointer parse_and() {
    return parse_chain("and", Kind::all_of, [&] { return parse_not(); });
  }

  ExpressionPointer parse_not() {
    Deeper const deeper{*this};
    Position const at = current().at;
    if (!take_if("not")) return parse_comparison();
    ExpressionPointer negation = make(Kind::unary, at, {Op::unary_not});
    negation->operands.push_back(parse_not());
    return negation;
  }

  std::optional<Comparison> take_comparison() {
    for (auto const comparison :
         {Comparison::less, Comparison::less_equal, Comparison::equal, Comparison::not_equal,
          Comparison::greater, Comparison::greater_equal})
      if (take_if(symbol_of(comparison))) return comparison;
    if (take_if("is")) return take_if("not") ? Comparison::is_not : Comparison::is;
    if (is_spelled("in") || (is_spelled("not") && next_spelling() == "in"))
      lack("'in' but that of for");
    return std::nullopt;
  }

  ExpressionPointer parse_comparison() {
    ExpressionPointer first = parse_sum();
    auto comparison = take_comparison();
    if (!comparison) return first;
    ExpressionPointer chain = make(Kind::comparison, first->at);
    chain->operands.push_back(std::move(first));
    for (; comparison; comparison = take_comparison()) {
      chain->comparisons.push_back(*comparison);
      chain->operands.push_back(parse_sum());
    }
    return chain;
  }

  using Operators = std::vector<std::pair<std::string_view, Op>>;

  // However long it is, a sum is no deeper than its parts.
  template <class Operand>
  ExpressionPointer parse_binary(Operators const& operators, Operand const& parse_operand) {
    ExpressionPointer first = parse_operand();
    auto const found = [&] {
      return std::ranges::find_if(
          operators, [&](auto const& candidate) { return is_spelled(candidate.first); });
    };
    if (found() == operators.end()) return first;
    ExpressionPointer chain = make(Kind::binary, first->at);
    chain->operands.push_back(std::move(first));
    for (auto next = found(); next != operators.end(); next = found()) {
      ++next_;
      chain->ops.push_back(next->second);
      chain->operands.push_back(parse_operand());
    }
    return chain;
  }

  ExpressionPointer parse_sum() {
    static Operators const operators{{"+", Op::binary_add}, {"-", Op::binary_subtract}};
    return parse_binary(operators, [&] { return parse_product(); });
  }

  ExpressionPointer parse_product() {
    static Operators const python2{{"*", Op::binary_multiply},
                                   {"/", Op::binary_divide},
                                   {"//", Op::binary_floor_divide},
                                   {"%", Op::binary_modulo}};
    static Operators const python3{{"*", Op::binary_multiply},
                                   {"/", Op::binary_true_divide},
                                   {"//", Op::binary_floor_divide},
                                   {"%", Op::binary_modulo}};
    return parse_binary(is_python3() ? python3 : python2, [&] { return parse_factor(); });
  }

  ExpressionPointer parse_factor() {
    Deeper const deeper{*this};
    Position const at = current().at;
    bool const minus = is_spelled("-");
    if (!minus && !is_spelled("+")) return parse_power();
    ++next_;
    // CPython makes one constant of a minus sign and a number.
    bool const number = current().kind == Token::Kind::number;
    ExpressionPointer operand = parse_factor();
    if (minus && number && operand->kind == Kind::constant && negate(operand->value)) {
      operand->at = at;
      return operand;
    }
    ExpressionPointer sign =
        make(Kind::unary, at, {minus ? Op::unary_negative : Op::unary_positive});
    sign->operands.push_back(std::move(operand));
    return sign;
  }

  static bool negate(Constant& value) {
    if (auto* const real = std::get_if<double>(&value)) return *real = -*real, true;
    if (auto* const integer = std::get_if<std::int64_t>(&value)) return *integer = -*integer, true;
    if (auto const* const big = std::get_if<BigInteger>(&value)) {
      BigInteger const negative = -*big;
      if (auto const small = negative.to_int64())
        value = *small;
      else
        value = negative;
      return true;
    }
    return false;
  }

  ExpressionPointer parse_power() {
    ExpressionPointer base = parse_primary();
    if (!take_if("**")) return base;
    ExpressionPointer power = make(Kind::binary, base->at, {Op::binary_power});
    power->operands.push_back(std::move(base));
    power->operands.push_back(parse_factor());
    return power;
  }

  ExpressionPointer parse_primary() {
    ExpressionPointer value = parse_atom();
    int const depth = depth_;
    while (is_spelled("(")) {
      go_deeper();  // in the tree, where what is called lies below the call
      value = parse_call(std::move(value));
    }
    depth_ = depth;
    return value;
  }

  ExpressionPointer parse_call(ExpressionPointer callee) {
    ExpressionPointer call = make(Kind::call, callee->at);
    call->operands.push_back(std::move(callee));
    expect("(");
    while (!is_spelled(")")) {
      if (is_spelled("*") || is_spelled("**")) lack("starred arguments");
      call->operands.push_back(parse_expression());
      if (is_spelled("=")) lack("keyword arguments");
      if (is_spelled("for")) lack("generators");
      if (!take_if(",") && !is_spelled(")")) fail();
    }
    expect(")");
    if (call->operands.size() > 256 && !is_python3())
      fail_later("more than 255 arguments", call->at);
    return call;
  }

  ExpressionPointer parse_atom() {
    Position const at = current().at;
    bool const in_print = std::exchange(in_print_, false);
    if (current().kind == Token::Kind::name) return parse_name_or_constant(at);
    if (current().kind == Token::Kind::number) return constant(take().value, at);
    if (current().kind == Token::Kind::text) {
      std::string text;
      while (current().kind == Token::Kind::text) text += take().spelling;
      return constant(std::move(text), at);
    }
    if (current().kind == Token::Kind::keyword) fail_about_keyword();
    expect("(");
    Deeper const deeper{*this};
    if (is_spelled(")")) lack("tuples");
    ExpressionPointer value = parse_expression();
    if (is_spelled(","))
      lack(in_print ? "tuples, and a tuple is what Python 2 would print here" : "tuples");
    if (is_spelled("for")) lack("generators");
    expect(")");
    return value;
  }

  ExpressionPointer parse_name_or_constant(Position at) {
    std::string name = take().spelling;
    if (is_constant(name))
      return name == "None" ? constant(std::monostate{}, at) : constant(name == "True", at);
    ExpressionPointer expression = make(Kind::name, at);
    expression->name = std::move(name);
    return expression;
  }

  static ExpressionPointer constant(Constant value, Position at) {
    ExpressionPointer expression = make(Kind::constant, at);
    expression->value = std::move(value);
    return expression;
  }

  Dialect dialect_;
  Tokens tokens_;
  std::size_t next_ = 0;
  int depth_ = 0;
  bool in_print_ = false;
  std::optional<Failure> late_;
};

}  // namespace

Block parse(std::string_view source, Dialect dialect) { return Parser{source, dialect}.run(); }

}  // namespace mythbench::stack_machine
