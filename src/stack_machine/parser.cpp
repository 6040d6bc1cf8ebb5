#include <algorithm>
#include <map>
#include <optional>

#include "stack_machine/lexer.hpp"
#include "stack_machine/syntax.hpp"

namespace mythbench::stack_machine {
namespace {

using Kind = Expression::Kind;

// As deep as CPython 2.7's own parser goes, more or less; deeper ones would exhaust our stack.
constexpr int deepest = 90;

class Parser {
 public:
  Parser(std::string_view source, Dialect dialect)
      : dialect_{dialect}, tokens_{tokens_of(source, dialect)} {}

  Block run() {
    Block block;
    while (current().kind != Token::Kind::end) parse_statement(block);
    return block;
  }

 private:
  struct Deeper {
    explicit Deeper(Parser& parser) : parser_{parser} {
      if (++parser_.depth_ > deepest)
        throw Failure{"SyntaxError", "too many levels of nesting", parser_.current().at};
    }
    ~Deeper() { --parser_.depth_; }
    Deeper(Deeper const&) = delete;
    Deeper& operator=(Deeper const&) = delete;
    Parser& parser_;
  };

  Token const& current() const { return tokens_[next_]; }
  Token take() { return tokens_[next_++]; }

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
    if (dialect_ == Dialect::python2 && take_if("print")) return parse_print_statement(at);
    if (dialect_ == Dialect::python3 && current().kind == Token::Kind::name &&
        current().spelling == "print" && tokens_[next_ + 1].spelling == "(")
      return parse_print_call(at);
    if (current().kind == Token::Kind::keyword && current().spelling != "not") fail_about_keyword();
    return parse_expression_statement(at);
  }

  [[noreturn]] void fail_about_keyword() const {
    static constexpr std::string_view lacking[] = {"as",    "assert",  "class", "del",    "except",
                                                   "exec",  "finally", "from",  "import", "lambda",
                                                   "raise", "try",     "with",  "yield"};
    if (std::ranges::find(lacking, current().spelling) != std::end(lacking))
      fail("this machine knows no '" + current().spelling + "'");
    fail();
  }

  Statement parse_return(Position at) {
    Statement statement{.kind = Statement::Kind::return_value, .at = at};
    if (current().kind != Token::Kind::newline && !is_spelled(";"))
      statement.values.push_back(parse_single_value());
    return statement;
  }

  Statement parse_global(Position at) {
    Statement statement{.kind = Statement::Kind::global, .at = at};
    do statement.names.push_back(parse_name());
    while (take_if(","));
    return statement;
  }

  Statement parse_print_statement(Position at) {
    Statement statement{.kind = Statement::Kind::print, .at = at};
    if (current().kind == Token::Kind::newline || is_spelled(";")) return statement;
    do {
      if (current().kind == Token::Kind::newline || is_spelled(";"))
        fail("this machine always ends the line after print");
      in_print_ = is_spelled("(");
      statement.values.push_back(parse_expression());
      in_print_ = false;
    } while (take_if(","));
    return statement;
  }

  Statement parse_print_call(Position at) {
    Statement statement{.kind = Statement::Kind::print, .at = at};
    next_ += 2;
    while (!is_spelled(")")) {
      statement.values.push_back(parse_expression());
      if (is_spelled("=")) fail("this machine knows no keyword arguments");
      if (!take_if(",") && !is_spelled(")")) fail();
    }
    expect(")");
    if (current().kind != Token::Kind::newline && !is_spelled(";"))
      fail("to this machine print is a statement of its own");
    return statement;
  }

  Statement parse_expression_statement(Position at) {
    ExpressionPointer first = parse_single_value();
    static std::map<std::string, Op, std::less<>> const in_place{
        {"+=", Op::inplace_add},    {"-=", Op::inplace_subtract},      {"*=", Op::inplace_multiply},
        {"/=", Op::inplace_divide}, {"//=", Op::inplace_floor_divide}, {"%=", Op::inplace_modulo},
        {"**=", Op::inplace_power}};
    if (auto const found = in_place.find(current().spelling);
        current().kind == Token::Kind::symbol && found != in_place.end()) {
      if (first->kind != Kind::name) fail("illegal expression for augmented assignment");
      ++next_;
      Statement statement{.kind = Statement::Kind::in_place, .at = at, .op = found->second};
      if (found->second == Op::inplace_divide && dialect_ == Dialect::python3)
        statement.op = Op::inplace_true_divide;
      check_target(*first);
      statement.targets.push_back(std::move(first));
      statement.values.push_back(parse_single_value());
      return statement;
    }
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

  void check_target(Expression const& target) const {
    auto const fail_at = [&](std::string const& what) {
      throw Failure{"SyntaxError", what, target.at};
    };
    switch (target.kind) {
      case Kind::name:
        if (target.name == "None") fail_at("cannot assign to None");
        return;
      case Kind::constant:
        if (std::holds_alternative<std::monostate>(target.value)) fail_at("cannot assign to None");
        if (std::holds_alternative<bool>(target.value))
          fail_at(std::get<bool>(target.value) ? "cannot assign to True"
                                               : "cannot assign to False");
        fail_at("can't assign to literal");
        break;
      case Kind::call:
        fail_at("can't assign to function call");
        break;
      case Kind::comparison:
        fail_at("can't assign to comparison");
        break;
      case Kind::conditional:
        fail_at("can't assign to conditional expression");
        break;
      default:
        fail_at("can't assign to operator");
    }
  }

  Block parse_suite() {
    expect(":");
    Block block;
    if (current().kind != Token::Kind::newline) {
      parse_simple_statements(block);
      return block;
    }
    ++next_;
    if (current().kind != Token::Kind::indent)
      throw Failure{"IndentationError", "expected an indented block", current().at};
    ++next_;
    while (current().kind != Token::Kind::dedent) parse_statement(block);
    ++next_;
    return block;
  }

  // After its first word: an elif is the if of an else.
  Statement parse_if() {
    Deeper const deeper{*this};
    Statement statement{.kind = Statement::Kind::if_else, .at = take().at};
    // CPython gives an elif the line of its condition.
    statement.values.push_back(parse_expression());
    statement.body = parse_suite();
    if (is_spelled("elif")) {
      statement.otherwise.push_back(parse_if());
      statement.otherwise.back().at = statement.otherwise.back().values[0]->at;
    } else if (take_if("else")) {
      statement.otherwise = parse_suite();
    }
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
    Position const at = current().at;
    statement.targets.push_back(std::make_unique<Expression>(
        Expression{.kind = Kind::name, .at = at, .name = parse_name()}));
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
    statement.names.push_back(parse_name());
    expect("(");
    while (!is_spelled(")")) {
      Position const at = current().at;
      std::string name = parse_name();
      if (std::find(statement.names.begin() + 1, statement.names.end(), name) !=
          statement.names.end())
        throw Failure{"SyntaxError", "duplicate argument '" + name + "' in function definition",
                      at};
      statement.names.push_back(std::move(name));
      if (is_spelled("=")) fail("this machine knows no default arguments");
      if (!take_if(",") && !is_spelled(")")) fail();
    }
    expect(")");
    statement.body = parse_suite();
    return statement;
  }

  std::string parse_name() {
    if (current().kind != Token::Kind::name) {
      if (is_spelled("*") || is_spelled("**")) fail("this machine knows no starred arguments");
      fail();
    }
    if (current().spelling == "None") fail("cannot assign to None");
    return take().spelling;
  }

  // --- expressions, from the loosest binding to the tightest ---

  // An expression where Python would take a tuple, too.
  ExpressionPointer parse_single_value() {
    ExpressionPointer value = parse_expression();
    if (is_spelled(",")) fail("this machine knows no tuples");
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

  static ExpressionPointer make(Kind kind, Position at, Op op = Op::nop) {
    return std::make_unique<Expression>(Expression{.kind = kind, .at = at, .op = op});
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
    ExpressionPointer negation = make(Kind::unary, at, Op::unary_not);
    negation->operands.push_back(parse_not());
    return negation;
  }

  std::optional<Comparison> take_comparison() {
    for (auto const comparison :
         {Comparison::less, Comparison::less_equal, Comparison::equal, Comparison::not_equal,
          Comparison::greater, Comparison::greater_equal})
      if (take_if(symbol_of(comparison))) return comparison;
    if (take_if("is")) return take_if("not") ? Comparison::is_not : Comparison::is;
    if ((is_spelled("in")) || (is_spelled("not") && tokens_[next_ + 1].spelling == "in"))
      fail("this machine knows no 'in' but that of for");
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

  template <class Operand>
  ExpressionPointer parse_binary(Operators const& operators, Operand const& parse_operand) {
    ExpressionPointer left = parse_operand();
    for (;;) {
      auto const found = std::ranges::find_if(
          operators, [&](auto const& candidate) { return is_spelled(candidate.first); });
      if (found == operators.end()) return left;
      ++next_;
      ExpressionPointer both = make(Kind::binary, left->at, found->second);
      if (++length_ > longest)
        throw Failure{"SyntaxError", "too many operators in one expression", current().at};
      both->operands.push_back(std::move(left));
      both->operands.push_back(parse_operand());
      left = std::move(both);
    }
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
    return parse_binary(dialect_ == Dialect::python2 ? python2 : python3,
                        [&] { return parse_factor(); });
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
    ExpressionPointer sign = make(Kind::unary, at, minus ? Op::unary_negative : Op::unary_positive);
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
    ExpressionPointer power = make(Kind::binary, base->at, Op::binary_power);
    power->operands.push_back(std::move(base));
    power->operands.push_back(parse_factor());
    return power;
  }

  ExpressionPointer parse_primary() {
    ExpressionPointer value = parse_atom();
    while (is_spelled("(")) {
      ++next_;
      Deeper const deeper{*this};
      ExpressionPointer call = make(Kind::call, value->at);
      call->operands.push_back(std::move(value));
      while (!is_spelled(")")) {
        call->operands.push_back(parse_expression());
        if (is_spelled("=")) fail("this machine knows no keyword arguments");
        if (!take_if(",") && !is_spelled(")")) fail();
      }
      expect(")");
      if (call->operands.size() > 256) fail("more than 255 arguments");
      value = std::move(call);
    }
    return value;
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
    if (is_spelled(")")) fail("this machine knows no tuples");
    ExpressionPointer value = parse_expression();
    if (is_spelled(","))
      fail(in_print ? "this machine knows no tuples, and a tuple is what Python 2 would print here"
                    : "this machine knows no tuples");
    expect(")");
    return value;
  }

  ExpressionPointer parse_name_or_constant(Position at) {
    std::string name = take().spelling;
    if (dialect_ == Dialect::python3) {
      if (name == "None") return constant(std::monostate{}, at);
      if (name == "True") return constant(true, at);
      if (name == "False") return constant(false, at);
    }
    ExpressionPointer expression = make(Kind::name, at);
    expression->name = std::move(name);
    return expression;
  }

  static ExpressionPointer constant(Constant value, Position at) {
    ExpressionPointer expression = make(Kind::constant, at);
    expression->value = std::move(value);
    return expression;
  }

  // The compiler walks down the left side of a sum by recursion.
  static constexpr int longest = 5000;

  Dialect dialect_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  int depth_ = 0;
  int length_ = 0;  // operators of all expressions of the statement
  bool in_print_ = false;
};

}  // namespace

Block parse(std::string_view source, Dialect dialect) { return Parser{source, dialect}.run(); }

}  // namespace mythbench::stack_machine
