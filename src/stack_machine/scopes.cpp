#include "stack_machine/scopes.hpp"

#include <set>
#include <string>

#include "stack_machine/failure.hpp"

namespace mythbench::stack_machine {
namespace {

// Walks through a module or a function in the order in which CPython does.
class Scope {
 public:
  explicit Scope(Dialect dialect) : dialect_{dialect} {}

  void visit(Block const& block) {
    for (Statement const& statement : block) visit(statement);
  }

 private:
  void visit(Statement const& statement) {
    if (statement.kind == Statement::Kind::global) return declare_global(statement);
    if (statement.kind == Statement::Kind::function) return visit_function(statement);
    for (ExpressionPointer const& target : statement.targets) bound_.insert(target->name);
    for (ExpressionPointer const& value : statement.values) visit(*value);
    visit(statement.body);
    visit(statement.elifs);
    visit(statement.otherwise);
  }

  void visit(Expression const& expression) {
    if (expression.kind == Expression::Kind::name) used_.insert(expression.name);
    for (ExpressionPointer const& operand : expression.operands) visit(*operand);
  }

  void visit_function(Statement const& definition) {
    bound_.insert(definition.names[0]);
    Scope inner{dialect_};
    for (std::size_t i = 1; i < definition.names.size(); ++i)
      if (!inner.parameters_.insert(definition.names[i]).second)
        throw Failure{"SyntaxError",
                      "duplicate argument '" + definition.names[i] + "' in function definition",
                      definition.at};
    inner.function_ = definition.at;
    inner.visit(definition.body);
  }

  void declare_global(Statement const& statement) const {
    bool const modern = dialect_ == Dialect::python3;
    for (std::string const& name : statement.names) {
      auto const refuse = [&](char const* what, Position at) {
        throw Failure{"SyntaxError", "name '" + name + "' is " + what, at};
      };
      if (parameters_.contains(name))
        refuse(modern ? "parameter and global" : "local and global",
               modern ? statement.at : function_);
      // Python 2 only warns.
      if (modern && used_.contains(name)) refuse("used prior to global declaration", statement.at);
      if (modern && bound_.contains(name))
        refuse("assigned to before global declaration", statement.at);
    }
  }

  Dialect dialect_;
  Position function_{};
  std::set<std::string> parameters_;
  std::set<std::string> bound_;
  std::set<std::string> used_;
};

}  // namespace

void check_scopes(Block const& module, Dialect dialect) { Scope{dialect}.visit(module); }

}  // namespace mythbench::stack_machine
