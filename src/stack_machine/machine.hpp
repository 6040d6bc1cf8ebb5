#pragma once

// The stack machine: runs the instructions of CPython 2.7, as straightforwardly as CPython does.
// One loop takes an instruction, a switch finds what it means, operands lie on a stack, and every
// operation asks the types of its operands what to do.

#include <atomic>
#include <cmath>
#include <compare>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "stack_machine/code.hpp"
#include "stack_machine/counts.hpp"
#include "stack_machine/names.hpp"
#include "stack_machine/object.hpp"

namespace mythbench::stack_machine {

// A code whose constants and names have become objects of one machine.
struct LoadedCode {
  std::shared_ptr<Code const> code;
  std::vector<Object*> constants;
  std::vector<Text*> names;
};

struct Runtime {};

template <class Policy>
class Machine : public Runtime {
 public:
  explicit Machine(Dialect dialect = Dialect::python2, std::ostream* output = nullptr);
  ~Machine();
  Machine(Machine const&) = delete;
  Machine& operator=(Machine const&) = delete;

  // Runs a module from its first instruction to its last. Throws a Failure that says where.
  void run(std::shared_ptr<Code const> const& module);

  // Calls a function of a module; its globals are those of the machine.
  Constant call(std::shared_ptr<Code const> const& function,
                std::vector<Constant> const& arguments);

  void set_global(std::string const& name, Constant const& value);
  Constant global(std::string const& name);

  // One operation on constants, as an instruction would do it.
  Constant calculate(Arithmetic what, Constant const& left, Constant const& right);
  Constant negate(Constant const& value);

  Policy& policy() { return policy_; }

  // Between two instructions the machine looks whether somebody wants it to stop, as CPython does
  // for signals and for other threads. Any thread may ask, and a signal handler, too: the program
  // ends with a KeyboardInterrupt.
  void interrupt() { interrupted_.store(true, std::memory_order_relaxed); }

 protected:
  // What one call of a function has: its locals, and above them the operands.
  struct Frame;
  using FramePointer = std::unique_ptr<Frame>;

  static Machine& self(Runtime& runtime) { return static_cast<Machine&>(runtime); }

  // --- references and memory ---
  Object* up(Object* object) {
    policy_.up(object->references);
    return object;
  }
  void down(Object* object) {
    if (policy_.down(object->references)) object->type->release(*this, object);
  }

  Object* integer(std::int64_t value);
  Object* integer(BigInteger value);
  Object* real(double value);
  Object* text(std::string value);
  Object* boolean(bool value) { return up(value ? &true_ : &false_); }
  Object* none() { return up(&none_); }
  Text* interned(std::string const& name);

  template <class T>
  T* linked(Type const& type);
  static void release_integer(Runtime& runtime, Object* object);
  static void release_real(Runtime& runtime, Object* object);
  static void release_linked(Runtime& runtime, Object* object);
  static void release_never(Runtime&, Object* object) { object->references = 1; }

  // --- types ---
  static Operations const integer_operations;
  static Operations const big_operations;
  static Operations const real_operations;
  static Operations const text_operations;
  static Operations const list_operations;
  static Type const none_type;
  static Type const boolean_type;
  static Type const integer_type;
  static Type const big_type;
  static Type const real_type;
  static Type const text_type;
  static Type const range_type;
  static Type const list_type;
  static Type const xrange_type;
  static Type const range_iterator_type;
  static Type const function_type;
  static Type const builtin_type;

  static bool is_integer(Object const* o) {
    return o->type == &integer_type || o->type == &boolean_type;
  }
  static bool is_integral(Object const* o) { return is_integer(o) || o->type == &big_type; }
  // Python 2 has two of them, and neither is called so.
  static bool is_range(Object const* o) {
    return o->type == &range_type || o->type == &list_type || o->type == &xrange_type;
  }
  static bool is_number(Object const* o) { return is_integral(o) || o->type == &real_type; }
  static std::int64_t value_of(Object const* o) { return static_cast<Integer const*>(o)->value; }
  static BigInteger big_of(Object const* o) {
    return is_integer(o) ? BigInteger{value_of(o)} : static_cast<Big const*>(o)->value;
  }
  double real_of(Object const* o) const;
  std::string name_of_type(Object const* o) const;

  // --- what operators do ---
  Object* binary(Arithmetic what, char const* symbol, Object* left, Object* right);
  Object* in_place(Arithmetic what, char const* symbol, Object* left, Object* right);
  template <Arithmetic what>
  static Object* integer_binary(Runtime& runtime, Object* left, Object* right);
  template <Arithmetic what>
  static Object* big_binary(Runtime& runtime, Object* left, Object* right);
  template <Arithmetic what>
  static Object* real_binary(Runtime& runtime, Object* left, Object* right);
  static Object* text_add(Runtime& runtime, Object* left, Object* right);
  static Object* text_repeat(Runtime& runtime, Object* left, Object* right);
  static Object* text_format(Runtime& runtime, Object* left, Object* right);
  static Object* list_add(Runtime& runtime, Object* left, Object* right);
  static Object* list_extend(Runtime& runtime, Object* left, Object* right);
  static Object* list_repeat(Runtime& runtime, Object* left, Object* right);
  Object* integer_power(Object* base, Object* exponent);
  Object* real_power(double base, double exponent);
  Object* negative(Object* operand);
  Object* positive(Object* operand);
  Object* compare(Comparison how, Object* left, Object* right);
  bool compares(Comparison how, Object* left, Object* right);
  std::partial_ordering order_of_numbers(Object* left, Object* right) const;
  bool truth(Object* object);
  std::string text_of(Object* object);
  std::string text_of_integer(BigInteger const& value) const;
  std::string text_of_range(Range const& range) const;
  [[noreturn]] void fail_to_divide(Arithmetic what, Type const& type) const;

  // --- iteration, names and calls ---
  Object* iterator_of(Object* iterable);
  static Object* next_of_range(Runtime& runtime, Object* iterator);
  Object* look_up(Text* name, bool in_function);
  void bind(Text* name, Object* value);
  Object* call(Object* callee, Object** arguments, std::size_t count);
  Object* call(LoadedCode const& code, Object** arguments, std::size_t count);
  FramePointer frame_of(LoadedCode const& code, std::size_t arguments);
  void print(Object* object);
  void print_newline();
  void end_line();

  static Object* builtin_print(Runtime& runtime, Object** arguments, std::size_t count);
  static Object* builtin_range(Runtime& runtime, Object** arguments, std::size_t count);
  static Object* builtin_xrange(Runtime& runtime, Object** arguments, std::size_t count);
  Range* range_of(Type const& type, Object** arguments, std::size_t count);
  [[noreturn]] void fail_about_range(Type const& type, char const* what, Object* argument) const;
  static Object* builtin_abs(Runtime& runtime, Object** arguments, std::size_t count);
  static Object* builtin_int(Runtime& runtime, Object** arguments, std::size_t count);
  static Object* builtin_float(Runtime& runtime, Object** arguments, std::size_t count);
  static Object* builtin_bool(Runtime& runtime, Object** arguments, std::size_t count);
  static Object* builtin_str(Runtime& runtime, Object** arguments, std::size_t count);
  static Object* builtin_min(Runtime& runtime, Object** arguments, std::size_t count);
  static Object* builtin_max(Runtime& runtime, Object** arguments, std::size_t count);
  static Object* extreme(Runtime& runtime, Comparison how, char const* name, Object** arguments,
                         std::size_t count);
  void check_number(char const* function, Object** arguments, std::size_t count) const;
  void define_builtin(char const* name,
                      Object* (*call)(Runtime&, Object** arguments, std::size_t count));

  // --- code ---
  LoadedCode const& load(std::shared_ptr<Code const> const& code);
  Object* object_of(Constant const& constant);
  Constant constant_of(Object* object) const;
  Object* run(FramePointer frame);
  Object* run_instructions(FramePointer& frame, std::size_t& offset);

  static constexpr std::int64_t smallest_cached = -5;
  static constexpr std::int64_t largest_cached = 256;
  static constexpr int deepest_recursion = 1000;

  Policy policy_{};
  std::atomic<bool> interrupted_ = false;
  Dialect dialect_;
  std::ostream* output_;
  bool space_before_item_ = false;
  int depth_ = 0;
  FreeList<Integer> integers_;
  FreeList<Real> reals_;
  Linked objects_;  // the head of the list of all linked objects
  Object none_{1, &none_type};
  Integer true_{{1, &boolean_type}, 1};
  Integer false_{{1, &boolean_type}, 0};
  std::vector<Integer> cached_;
  std::map<std::string, Text*, std::less<>> interned_;
  Names globals_;
  Names builtins_;
  std::map<Code const*, std::unique_ptr<LoadedCode>> loaded_;
};

extern template class Machine<CountsNothing>;
extern template class Machine<CountsAll>;

}  // namespace mythbench::stack_machine
