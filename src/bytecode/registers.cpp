#include "bytecode/registers.hpp"

#include <algorithm>

#include "bytecode/instructions.hpp"

namespace mythbench::bytecode {
namespace {

using stack_machine::Code;
using stack_machine::Op;
using Kind = RegisterInstruction::Kind;

// Runs through the bytecode with a stack that holds no values, only where they are.
class Translator {
 public:
  explicit Translator(Code const& function)
      : function_{function},
        instructions_{instructions_of(function)},
        bound_(function.locals.size(), false) {
    std::fill_n(bound_.begin(), function.parameters, true);
    code_.parameters = function.parameters;
    code_.registers = function.locals.size();
  }

  RegisterCode run() {
    for (std::size_t i = 0; i < instructions_.size(); ++i) {
      starts_.push_back(code_.instructions.size());
      translate(i);
    }
    return std::move(code_);
  }

 private:
  struct Place {
    enum class Kind { in_register, constant, range_function, range, iterator };
    Kind kind;
    std::size_t index = 0;     // of the register; of a range: the register of its stop
    std::int64_t integer = 0;  // of a constant
  };

  std::size_t add(RegisterInstruction const& instruction) {
    code_.instructions.push_back(instruction);
    return code_.instructions.size() - 1;
  }

  Place pop(Op wanted_by) {
    if (stack_.empty()) refuse(wanted_by);
    Place const place = stack_.back();
    stack_.pop_back();
    return place;
  }

  void translate(std::size_t at) {
    auto const [op, argument] = instructions_[at];
    switch (op) {
      case Op::load_fast:
        // Registers are not asked whether they are bound: those are refused that may not be.
        if (!bound_[argument]) refuse(op);
        return stack_.push_back({Place::Kind::in_register, argument});
      case Op::load_const:
        return load_constant(argument, op);
      case Op::load_global:
        if (function_.names[argument] != "range") refuse(op);
        return stack_.push_back({Place::Kind::range_function});
      case Op::binary_add:
      case Op::inplace_add:
        return add_places(op);
      case Op::store_fast:
        return store(argument, op);
      case Op::call_function: {
        Place const stop = pop(op);
        if (argument != 1 || pop(op).kind != Place::Kind::range_function) refuse(op);
        if (stop.kind != Place::Kind::in_register) refuse(op);
        return stack_.push_back({Place::Kind::range, stop.index});
      }
      case Op::get_iter: {
        Place const range = pop(op);
        if (range.kind != Place::Kind::range) refuse(op);
        std::size_t const iterator = code_.registers;
        code_.registers += 2;
        // The test of a loop stands at its end: once in, there is one jump per iteration.
        prepared_ = add({.kind = Kind::prepare_loop, .a = iterator, .b = range.index});
        return stack_.push_back({Place::Kind::iterator, iterator});
      }
      case Op::for_iter:
        if (stack_.empty() || stack_.back().kind != Place::Kind::iterator ||
            instructions_[at + 1].op != Op::store_fast)
          refuse(op);
        loops_.push_back(
            {at, argument, prepared_, stack_.back().index, instructions_[at + 1].argument, bound_});
        return stack_.push_back({Place::Kind::iterator});
      case Op::jump_absolute: {
        if (loops_.empty() || argument != loops_.back().start) refuse(op);
        Loop const loop = loops_.back();
        loops_.pop_back();
        std::size_t const test = add({.kind = Kind::loop, .a = loop.iterator, .b = loop.variable});
        code_.instructions[test].target = starts_[loop.start];
        code_.instructions[loop.prepared].target = test;
        // Behind the loop the iterator is gone, and so is what only its iterations have bound.
        bound_ = loop.bound_before;
        if (at + 1 != loop.end) refuse(op);
        pop(op);
        return;
      }
      case Op::return_value: {
        Place const value = pop(op);
        if (value.kind != Place::Kind::in_register) refuse(op);
        add({.kind = Kind::give, .a = value.index});
        return;
      }
      case Op::setup_loop:
      case Op::pop_block:
        return;
      default:
        refuse(op);
    }
  }

  void load_constant(std::size_t index, Op op) {
    auto const* const integer = std::get_if<std::int64_t>(&function_.constants[index]);
    if (integer == nullptr) refuse(op);
    stack_.push_back({Place::Kind::constant, 0, *integer});
  }

  void add_places(Op op) {
    Place const right = pop(op);
    Place const left = pop(op);
    if (left.kind != Place::Kind::in_register) refuse(op);
    std::size_t const result = code_.registers++;
    if (right.kind == Place::Kind::in_register)
      add({.kind = Kind::add,
           .a = result,
           .b = left.index,
           .c = static_cast<std::int64_t>(right.index)});
    else if (right.kind == Place::Kind::constant)
      add({.kind = Kind::add_constant, .a = result, .b = left.index, .c = right.integer});
    else
      refuse(op);
    stack_.push_back({Place::Kind::in_register, result});
  }

  void store(std::size_t local, Op op) {
    Place const value = pop(op);
    bound_[local] = true;
    if (value.kind == Place::Kind::iterator) return;  // the loop stores its variable itself
    if (value.kind != Place::Kind::in_register) refuse(op);
    // A sum that was just computed goes to the local at once.
    bool const is_temporary = value.index >= function_.locals.size();
    if (is_temporary && !code_.instructions.empty() && code_.instructions.back().a == value.index) {
      code_.instructions.back().a = local;
      if (value.index + 1 == code_.registers) --code_.registers;
      return;
    }
    add({.kind = Kind::copy, .a = local, .b = value.index});
  }

  struct Loop {
    std::size_t start;
    std::size_t end;
    std::size_t prepared;  // the instruction that begins it
    std::size_t iterator;
    std::size_t variable;
    std::vector<bool> bound_before;
  };

  Code const& function_;
  std::vector<Instruction> instructions_;
  std::vector<bool> bound_;  // whether a local has a value, whatever way led here
  RegisterCode code_;
  std::vector<Place> stack_;
  std::vector<Loop> loops_;
  std::vector<std::size_t> starts_;
  std::size_t prepared_ = 0;
};

}  // namespace

RegisterCode translate(Code const& function) { return Translator{function}.run(); }

}  // namespace mythbench::bytecode
