#include "stack_machine/compiler.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <stdexcept>

#include "stack_machine/own_stack.hpp"
#include "stack_machine/peephole.hpp"
#include "stack_machine/scopes.hpp"
#include "stack_machine/source.hpp"
#include "stack_machine/syntax.hpp"

namespace mythbench::stack_machine {
namespace {

constexpr std::size_t most_loops = 20;  // CO_MAXBLOCKS
constexpr int most_of_argument = 0xffff;

// For a program that is nested as deeply as the parser allows; with sanitizers, too. The system
// gives pages as they are touched: what is not needed costs nothing.
constexpr std::size_t stack_bytes = std::size_t{64} << 20;

using Label = int;
constexpr Label no_label = -1;

struct Instruction {
  Op op;
  int argument;
  Label target;
  int line;  // if a new line begins here, else 0
  Position at;
};

bool is_same(Constant const& a, Constant const& b) {
  if (a.index() != b.index()) return false;
  if (auto const* const x = std::get_if<double>(&a)) {
    double const y = std::get<double>(b);
    return *x == y && std::signbit(*x) == std::signbit(y);
  }
  if (auto const* const x = std::get_if<BigInteger>(&a))
    return BigInteger::compare(*x, std::get<BigInteger>(b)) == 0;
  if (auto const* const x = std::get_if<std::int64_t>(&a)) return *x == std::get<std::int64_t>(b);
  if (auto const* const x = std::get_if<std::string>(&a)) return *x == std::get<std::string>(b);
  if (auto const* const x = std::get_if<bool>(&a)) return *x == std::get<bool>(b);
  return std::holds_alternative<std::monostate>(a);
}

// What is known of a condition before the program runs.
std::optional<bool> known(Expression const& condition) {
  if (condition.kind != Expression::Kind::constant) return std::nullopt;
  return is_true(condition.value);
}

// The names that a function binds, and those it declares global.
struct Names {
  std::set<std::string> bound;
  std::set<std::string> global;

  void collect(Block const& block) {
    for (Statement const& statement : block) {
      for (ExpressionPointer const& target : statement.targets) bound.insert(target->name);
      if (statement.kind == Statement::Kind::global)
        global.insert(statement.names.begin(), statement.names.end());
      if (statement.kind == Statement::Kind::function) {
        bound.insert(statement.names[0]);
        // CPython 2.7 calls a name global in the module, too, when one of its functions does.
        Names inner;
        inner.collect(statement.body);
        global.merge(inner.global);
        continue;
      }
      collect(statement.body);
      collect(statement.elifs);
      collect(statement.otherwise);
    }
  }
};

// Compiles one module or one function. Blocks, jumps and lines are CPython's own, so that the
// listing is, too.
class Compiler {
 public:
  Compiler(std::string const& file, Dialect dialect, bool is_function) : is_function_{is_function} {
    code_.file = file;
    code_.dialect = dialect;
  }

  std::shared_ptr<Code const> module(Block const& block) {
    code_.name = "<module>";
    names_.collect(block);
    names_.bound.clear();  // at module level every name is looked up
    if (std::string const* const text = docstring(block)) {
      begin_statement(block[0]);
      add(Op::load_const, constant(*text));
      add(Op::store_name, index_of("__doc__", code_.names));
    }
    compile_block(block);
    return finish(0);
  }

  std::shared_ptr<Code const> function(Statement const& definition) {
    code_.name = definition.names[0];
    code_.parameters = definition.names.size() - 1;
    code_.locals.assign(definition.names.begin() + 1, definition.names.end());
    names_.collect(definition.body);
    names_.bound.insert(code_.locals.begin(), code_.locals.end());
    // CPython's first constant of a function is its documentation.
    if (std::string const* const text = docstring(definition.body))
      constant(*text);
    else
      constant(std::monostate{});
    compile_block(definition.body);
    return finish(definition.at.line);
  }

 private:
  static std::string const* docstring(Block const& block) {
    if (block.empty() || block[0].kind != Statement::Kind::expression) return nullptr;
    return std::get_if<std::string>(&block[0].values[0]->value);
  }

  // --- instructions ---

  void add(Op op, int argument = 0, Label target = no_label) {
    size_ += size_of(op);
    if (argument > most_of_argument || size_ > most_of_argument)
      throw Failure{"SyntaxError", "this program is too large for this machine", at_};
    instructions_.push_back({op, argument, target, line_is_set_ ? 0 : line_, position()});
    line_is_set_ = true;
    if (op == Op::return_value) block_returns_ = true;
  }

  // Where an error happens. Python 2 knows of an expression only its last line so far.
  Position position() const {
    return code_.dialect == Dialect::python2 && line_ > at_.line ? line_begins_ : at_;
  }

  void jump(Op op, Label target) { add(op, 0, target); }

  Label new_label() {
    labels_.push_back(0);
    return static_cast<Label>(labels_.size() - 1);
  }

  void place(Label label) {
    labels_[static_cast<std::size_t>(label)] = instructions_.size();
    begin_block();
  }

  void begin_block() { block_returns_ = false; }

  int constant(Constant value) {
    auto const found = std::ranges::find_if(
        code_.constants, [&](Constant const& known) { return is_same(known, value); });
    auto const index = found - code_.constants.begin();
    if (found == code_.constants.end()) code_.constants.push_back(std::move(value));
    return static_cast<int>(index);
  }

  static int index_of(std::string const& name, std::vector<std::string>& names) {
    auto const found = std::ranges::find(names, name);
    auto const index = found - names.begin();
    if (found == names.end()) names.push_back(name);
    return static_cast<int>(index);
  }

  void load(std::string const& name) {
    if (names_.global.contains(name) || (is_function_ && !names_.bound.contains(name)))
      add(Op::load_global, index_of(name, code_.names));
    else if (is_function_)
      add(Op::load_fast, index_of(name, code_.locals));
    else
      add(Op::load_name, index_of(name, code_.names));
  }

  void store(std::string const& name) {
    if (names_.global.contains(name))
      add(Op::store_global, index_of(name, code_.names));
    else if (is_function_)
      add(Op::store_fast, index_of(name, code_.locals));
    else
      add(Op::store_name, index_of(name, code_.names));
  }

  void begin_statement(Statement const& statement) {
    begin_line(statement.at);
    at_ = statement.at;
  }

  void begin_line(Position at) {
    line_ = at.line;
    line_begins_ = at;
    line_is_set_ = false;
  }

  // --- statements ---

  void compile_block(Block const& block) {
    for (Statement const& statement : block) {
      begin_statement(statement);
      compile(statement);
    }
  }

  void compile(Statement const& statement) {
    switch (statement.kind) {
      case Statement::Kind::expression:
        if (statement.values[0]->kind == Expression::Kind::constant &&
            !std::holds_alternative<std::monostate>(statement.values[0]->value) &&
            !std::holds_alternative<bool>(statement.values[0]->value))
          return;
        compile(*statement.values[0]);
        return add(Op::pop_top);
      case Statement::Kind::assignment:
        return compile_assignment(statement);
      case Statement::Kind::in_place:
        load(statement.targets[0]->name);
        compile(*statement.values[0]);
        at_ = statement.at;
        add(statement.op);
        return store(statement.targets[0]->name);
      case Statement::Kind::print:
        for (ExpressionPointer const& value : statement.values) {
          compile(*value);
          add(Op::print_item);
        }
        if (!statement.goes_on) add(Op::print_newline);
        return;
      case Statement::Kind::if_else:
        return compile_if(statement);
      case Statement::Kind::while_loop:
        return compile_while(statement);
      case Statement::Kind::for_loop:
        return compile_for(statement);
      case Statement::Kind::break_loop:
        if (loops_.empty()) throw Failure{"SyntaxError", "'break' outside loop", statement.at};
        return add(Op::break_loop);
      case Statement::Kind::continue_loop:
        if (loops_.empty())
          throw Failure{"SyntaxError", "'continue' not properly in loop", statement.at};
        return jump(Op::jump_absolute, loops_.back());
      case Statement::Kind::return_value:
        if (!is_function_) throw Failure{"SyntaxError", "'return' outside function", statement.at};
        if (statement.values.empty())
          add(Op::load_const, constant(std::monostate{}));
        else
          compile(*statement.values[0]);
        return add(Op::return_value);
      case Statement::Kind::function:
        return compile_function(statement);
      case Statement::Kind::pass:
      case Statement::Kind::global:
        return;
    }
  }

  void compile_assignment(Statement const& statement) {
    compile(*statement.values[0]);
    for (std::size_t i = 0; i < statement.targets.size(); ++i) {
      if (i + 1 < statement.targets.size()) add(Op::dup_top);
      store(statement.targets[i]->name);
    }
  }

  // An elif is the if of an else.
  void compile_if(Statement const& statement) {
    Label const end = new_label();
    auto const has_else = [&](std::size_t elifs_before) {
      return elifs_before < statement.elifs.size() || !statement.otherwise.empty();
    };
    bool goes_on = compile_branch(statement, has_else(0), end);
    for (std::size_t i = 0; goes_on && i < statement.elifs.size(); ++i) {
      begin_statement(statement.elifs[i]);
      goes_on = compile_branch(statement.elifs[i], has_else(i + 1), end);
    }
    if (goes_on) compile_block(statement.otherwise);
    place(end);
  }

  // False if nothing behind it can be reached.
  bool compile_branch(Statement const& branch, bool has_else, Label end) {
    if (auto const value = known(*branch.values[0])) {
      if (*value) compile_block(branch.body);
      return !*value;
    }
    Label const next = has_else ? new_label() : end;
    compile(*branch.values[0]);
    jump(Op::pop_jump_if_false, next);
    compile_block(branch.body);
    jump(Op::jump_forward, end);
    if (has_else) place(next);
    return true;
  }

  void enter_loop(Label start, Position at) {
    if (loops_.size() == most_loops)
      throw Failure{"SyntaxError", "too many statically nested blocks", at};
    loops_.push_back(start);
  }

  void compile_while(Statement const& statement) {
    auto const value = known(*statement.values[0]);
    if (value && !*value) return compile_block(statement.otherwise);
    Label const loop = new_label();
    Label const end = new_label();
    Label const anchor = new_label();
    jump(Op::setup_loop, end);
    place(loop);
    enter_loop(loop, statement.at);
    if (!value) {
      compile(*statement.values[0]);
      jump(Op::pop_jump_if_false, anchor);
    }
    compile_block(statement.body);
    jump(Op::jump_absolute, loop);
    if (!value) place(anchor);
    add(Op::pop_block);
    loops_.pop_back();
    compile_block(statement.otherwise);
    place(end);
  }

  void compile_for(Statement const& statement) {
    Label const start = new_label();
    Label const cleanup = new_label();
    Label const end = new_label();
    jump(Op::setup_loop, end);
    enter_loop(start, statement.at);
    compile(*statement.values[0]);
    add(Op::get_iter);
    place(start);
    jump(Op::for_iter, cleanup);
    store(statement.targets[0]->name);
    compile_block(statement.body);
    jump(Op::jump_absolute, start);
    place(cleanup);
    add(Op::pop_block);
    loops_.pop_back();
    compile_block(statement.otherwise);
    place(end);
  }

  void compile_function(Statement const& statement) {
    if (is_function_)
      throw Failure{"SyntaxError", "this machine knows no functions inside functions",
                    statement.at};
    Compiler inner{code_.file, code_.dialect, true};
    // Not by comparison: two functions are never the same constant.
    code_.constants.emplace_back(inner.function(statement));
    add(Op::load_const, static_cast<int>(code_.constants.size() - 1));
    add(Op::make_function, 0);
    store(statement.names[0]);
  }

  // --- expressions ---

  void compile(Expression const& expression) {
    // An expression that goes on in a new line begins one in the listing, too.
    if (expression.at.line > line_) begin_line(expression.at);
    switch (expression.kind) {
      case Expression::Kind::constant:
        at_ = expression.at;
        return add(Op::load_const, constant(expression.value));
      case Expression::Kind::name:
        at_ = expression.at;
        return load(expression.name);
      case Expression::Kind::unary:
        compile(*expression.operands[0]);
        at_ = expression.at;
        return add(expression.ops[0]);
      case Expression::Kind::binary:
        return compile_binary(expression);
      case Expression::Kind::all_of:
        return compile_chain(expression, Op::jump_if_false_or_pop);
      case Expression::Kind::any_of:
        return compile_chain(expression, Op::jump_if_true_or_pop);
      case Expression::Kind::comparison:
        return compile_comparison(expression);
      case Expression::Kind::conditional:
        return compile_conditional(expression);
      case Expression::Kind::call:
        for (ExpressionPointer const& operand : expression.operands) compile(*operand);
        at_ = expression.at;
        return add(Op::call_function, static_cast<int>(expression.operands.size() - 1));
    }
  }

  void compile_binary(Expression const& expression) {
    compile(*expression.operands[0]);
    for (std::size_t i = 0; i < expression.ops.size(); ++i) {
      compile(*expression.operands[i + 1]);
      at_ = expression.at;
      add(expression.ops[i]);
    }
  }

  void compile_chain(Expression const& expression, Op op) {
    Label const end = new_label();
    for (std::size_t i = 0; i + 1 < expression.operands.size(); ++i) {
      compile(*expression.operands[i]);
      jump(op, end);
    }
    compile(*expression.operands.back());
    place(end);
  }

  void compile_comparison(Expression const& expression) {
    auto const& comparisons = expression.comparisons;
    auto const compare = [&](std::size_t i) {
      at_ = expression.at;
      add(Op::compare_op, static_cast<int>(comparisons[i]));
    };
    compile(*expression.operands[0]);
    compile(*expression.operands[1]);
    if (comparisons.size() == 1) return compare(0);
    Label const cleanup = new_label();
    Label const end = new_label();
    for (std::size_t i = 1; i < comparisons.size(); ++i) {
      add(Op::dup_top);
      add(Op::rot_three);
      compare(i - 1);
      jump(Op::jump_if_false_or_pop, cleanup);
      begin_block();
      compile(*expression.operands[i + 1]);
    }
    compare(comparisons.size() - 1);
    jump(Op::jump_forward, end);
    place(cleanup);
    add(Op::rot_two);
    add(Op::pop_top);
    place(end);
  }

  void compile_conditional(Expression const& expression) {
    Label const next = new_label();
    Label const end = new_label();
    compile(*expression.operands[1]);
    jump(Op::pop_jump_if_false, next);
    compile(*expression.operands[0]);
    jump(Op::jump_forward, end);
    place(next);
    compile(*expression.operands[2]);
    place(end);
  }

  // --- bytes ---

  std::shared_ptr<Code const> finish(int first_line) {
    if (!block_returns_) {
      add(Op::load_const, constant(std::monostate{}));
      add(Op::return_value);
    }
    code_.first_line = first_line;
    if (first_line == 0)
      code_.first_line = instructions_.front().line > 0 ? instructions_.front().line : 1;
    assemble();
    improve(code_);
    code_.stack_size = stack_size();
    return std::make_shared<Code const>(std::move(code_));
  }

  void assemble() {
    std::vector<int> offsets;
    int offset = 0;
    for (Instruction const& instruction : instructions_) {
      offsets.push_back(offset);
      offset += size_of(instruction.op);
    }
    offsets.push_back(offset);
    for (std::size_t i = 0; i < instructions_.size(); ++i) {
      Instruction const& instruction = instructions_[i];
      int argument = instruction.argument;
      if (instruction.target != no_label) {
        argument = offsets[labels_[static_cast<std::size_t>(instruction.target)]];
        if (is_relative_jump(instruction.op)) argument -= offsets[i + 1];
      }
      if (instruction.line != 0) code_.lines.emplace_back(offsets[i], instruction.line);
      code_.bytes.push_back(static_cast<std::uint8_t>(instruction.op));
      if (has_argument(instruction.op)) {
        code_.bytes.push_back(static_cast<std::uint8_t>(argument & 0xff));
        code_.bytes.push_back(static_cast<std::uint8_t>(argument >> 8));
      }
      code_.positions.insert(code_.positions.end(),
                             static_cast<std::size_t>(size_of(instruction.op)), instruction.at);
    }
  }

  // How many values an instruction adds; where it jumps, that may differ.
  struct Effect {
    int next;
    int jumped;
  };

  static Effect effect(Op op, int argument) {
    switch (op) {
      case Op::dup_top:
      case Op::load_const:
      case Op::load_name:
      case Op::load_global:
      case Op::load_fast:
        return {1, 1};
      case Op::for_iter:
        return {1, -1};
      case Op::jump_if_false_or_pop:
      case Op::jump_if_true_or_pop:
        return {-1, 0};
      case Op::call_function:
        return {-argument, 0};
      case Op::nop:
      case Op::rot_two:
      case Op::rot_three:
      case Op::unary_positive:
      case Op::unary_negative:
      case Op::unary_not:
      case Op::get_iter:
      case Op::print_newline:
      case Op::break_loop:
      case Op::pop_block:
      case Op::jump_forward:
      case Op::jump_absolute:
      case Op::setup_loop:
      case Op::stop_code:
      case Op::make_function:
        return {0, 0};
      default:
        return {-1, -1};
    }
  }

  // The most values that lie on the stack at once, found by following every path.
  std::size_t stack_size() const {
    std::vector<int> depths(code_.bytes.size() + 1, -1);
    std::vector<std::pair<std::size_t, int>> paths{{0, 0}};
    int most = 0;
    while (!paths.empty()) {
      auto [offset, depth] = paths.back();
      paths.pop_back();
      while (offset < code_.bytes.size() && depths[offset] < depth) {
        depths[offset] = depth;
        auto const op = static_cast<Op>(code_.bytes[offset]);
        int const argument = has_argument(op) ? argument_at(code_, offset) : 0;
        std::size_t const next = offset + static_cast<std::size_t>(size_of(op));
        Effect const change = effect(op, argument);
        std::size_t const target =
            static_cast<std::size_t>(argument) + (is_relative_jump(op) ? next : 0);
        if (is_relative_jump(op) || is_absolute_jump(op))
          paths.emplace_back(target, depth + change.jumped);
        if (op == Op::return_value || op == Op::jump_absolute || op == Op::jump_forward) break;
        depth += change.next;
        most = std::max(most, depth);
        offset = next;
      }
    }
    return static_cast<std::size_t>(most);
  }

  bool is_function_;
  Code code_;
  Names names_;
  std::vector<Instruction> instructions_;
  std::vector<std::size_t> labels_;
  std::vector<Label> loops_;
  Position at_{1, 1};
  int line_ = 0;
  Position line_begins_{};
  bool line_is_set_ = true;
  int size_ = 0;  // of all instructions
  bool block_returns_ = false;
};

}  // namespace

std::shared_ptr<Code const> compile(std::string_view source, std::string const& file,
                                    Dialect dialect) {
  std::shared_ptr<Code const> code;
  on_stack_of(stack_bytes, [&] {
    Block const module = parse(text_of_file(source, dialect), dialect);
    check_scopes(module, dialect);
    code = Compiler{file, dialect, false}.module(module);
  });
  return code;
}

std::shared_ptr<Code const> function_named(std::string_view name, Code const& module) {
  for (Constant const& constant : module.constants)
    if (auto const* const code = std::get_if<std::shared_ptr<Code const>>(&constant))
      if ((*code)->name == name) return *code;
  throw std::out_of_range{"the module defines no function '" + std::string{name} + "'"};
}

}  // namespace mythbench::stack_machine
