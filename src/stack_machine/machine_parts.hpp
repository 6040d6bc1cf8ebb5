#pragma once

// The members of Machine, for whoever instantiates it with a policy of their own.

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include "stack_machine/machine.hpp"

namespace mythbench::stack_machine {

template <class Policy>
struct Machine<Policy>::Frame {
  struct Loop {
    std::size_t end;    // offset behind the loop
    std::size_t depth;  // of the stack, outside it
  };

  Frame(Machine& machine, LoadedCode const& loaded, bool is_a_function)
      : owner{machine},
        code{loaded},
        is_function{is_a_function},
        slots(loaded.code->locals.size() + loaded.code->stack_size, nullptr),
        stack{slots.data() + loaded.code->locals.size()} {}
  ~Frame() {
    for (Object* const object : slots)
      if (object) owner.down(object);
    // One after the other: if each let go of its own, a thousand of them would need a deep stack.
    while (caller) caller = std::move(caller->caller);
  }
  Frame(Frame const&) = delete;
  Frame& operator=(Frame const&) = delete;

  Machine& owner;
  LoadedCode const& code;
  bool is_function;
  std::vector<Object*> slots;
  Object** stack;
  std::vector<Loop> loops;
  // Of a frame that waits for one it has called: where it goes on.
  FramePointer caller;
  std::size_t next = 0;
  Object** top = nullptr;
};

// --- types ---

#define MYTHBENCH_SLOTS(slot)                                                                    \
  {                                                                                              \
    slot<Arithmetic::add>, slot<Arithmetic::subtract>, slot<Arithmetic::multiply>,               \
        slot<Arithmetic::divide>, slot<Arithmetic::true_divide>, slot<Arithmetic::floor_divide>, \
        slot<Arithmetic::modulo>, slot<Arithmetic::power>                                        \
  }

// Nothing in place: numbers and texts cannot change.
template <class Policy>
Operations const Machine<Policy>::integer_operations{MYTHBENCH_SLOTS(integer_binary), {}};
template <class Policy>
Operations const Machine<Policy>::big_operations{MYTHBENCH_SLOTS(big_binary), {}};
template <class Policy>
Operations const Machine<Policy>::real_operations{MYTHBENCH_SLOTS(real_binary), {}};
template <class Policy>
Operations const Machine<Policy>::text_operations{
    {text_add, nullptr, text_repeat, nullptr, nullptr, nullptr, text_format, nullptr}, {}};
template <class Policy>
Operations const Machine<Policy>::list_operations{{list_add, nullptr, list_repeat}, {list_extend}};

template <class Policy>
Type const Machine<Policy>::none_type{"NoneType", nullptr, nullptr, release_never};
template <class Policy>
Type const Machine<Policy>::boolean_type{"bool", &integer_operations, nullptr, release_never};
template <class Policy>
Type const Machine<Policy>::integer_type{"int", &integer_operations, nullptr, release_integer};
template <class Policy>
Type const Machine<Policy>::big_type{"int", &big_operations, nullptr, release_linked};
template <class Policy>
Type const Machine<Policy>::real_type{"float", &real_operations, nullptr, release_real};
template <class Policy>
Type const Machine<Policy>::text_type{"str", &text_operations, nullptr, release_linked};
template <class Policy>
Type const Machine<Policy>::range_type{"range", nullptr, nullptr, release_linked};
template <class Policy>
Type const Machine<Policy>::list_type{"list", &list_operations, nullptr, release_linked};
template <class Policy>
Type const Machine<Policy>::xrange_type{"xrange", nullptr, nullptr, release_linked};
template <class Policy>
Type const Machine<Policy>::range_iterator_type{"range_iterator", nullptr, next_of_range,
                                                release_linked};
template <class Policy>
Type const Machine<Policy>::function_type{"function", nullptr, nullptr, release_linked};
template <class Policy>
Type const Machine<Policy>::builtin_type{"builtin_function_or_method", nullptr, nullptr,
                                         release_linked};

#undef MYTHBENCH_SLOTS

// --- references and memory ---

template <class Policy>
Machine<Policy>::Machine(Dialect dialect, std::ostream* output)
    : dialect_{dialect}, output_{output} {
  for (std::int64_t i = smallest_cached; i <= largest_cached; ++i)
    cached_.push_back(Integer{{1, &integer_type}, i});
  define_builtin("range", builtin_range);
  define_builtin("abs", builtin_abs);
  define_builtin("int", builtin_int);
  define_builtin("float", builtin_float);
  define_builtin("bool", builtin_bool);
  define_builtin("str", builtin_str);
  define_builtin("min", builtin_min);
  define_builtin("max", builtin_max);
  if (dialect_ == Dialect::python2) {
    define_builtin("xrange", builtin_xrange);
    builtins_.bind(interned("True"), up(&true_));
    builtins_.bind(interned("False"), up(&false_));
  } else {
    define_builtin("print", builtin_print);
  }
}

template <class Policy>
Machine<Policy>::~Machine() {
  while (objects_.following) {
    Linked* const object = objects_.following;
    objects_.following = object->following;
    delete object;
  }
}

template <class Policy>
Object* Machine<Policy>::integer(std::int64_t value) {
  policy_.box();
  if (smallest_cached <= value && value <= largest_cached)
    return up(&cached_[static_cast<std::size_t>(value - smallest_cached)]);
  policy_.allocate();
  return new (integers_.take()) Integer{{policy_.first(), &integer_type}, value};
}

template <class Policy>
Object* Machine<Policy>::integer(BigInteger value) {
  if (auto const small = value.to_int64()) return integer(*small);
  policy_.box();
  Big* const object = linked<Big>(big_type);
  object->value = std::move(value);
  return object;
}

template <class Policy>
Object* Machine<Policy>::real(double value) {
  policy_.box();
  policy_.allocate();
  return new (reals_.take()) Real{{policy_.first(), &real_type}, value};
}

template <class Policy>
Object* Machine<Policy>::text(std::string value) {
  Text* const object = linked<Text>(text_type);
  object->value = std::move(value);
  object->hash = std::hash<std::string>{}(object->value);
  return object;
}

template <class Policy>
Text* Machine<Policy>::interned(std::string const& name) {
  auto const [place, added] = interned_.try_emplace(name);
  if (added) place->second = static_cast<Text*>(text(name));
  return place->second;
}

template <class Policy>
template <class T>
T* Machine<Policy>::linked(Type const& type) {
  policy_.allocate();
  T* const object = new T;
  object->references = policy_.first();
  object->type = &type;
  object->previous = &objects_;
  object->following = objects_.following;
  if (objects_.following) objects_.following->previous = object;
  objects_.following = object;
  return object;
}

template <class Policy>
void Machine<Policy>::release_integer(Runtime& runtime, Object* object) {
  self(runtime).integers_.give_back(object);
}

template <class Policy>
void Machine<Policy>::release_real(Runtime& runtime, Object* object) {
  self(runtime).reals_.give_back(object);
}

template <class Policy>
void Machine<Policy>::release_linked(Runtime&, Object* object) {
  auto* const linked = static_cast<Linked*>(object);
  linked->previous->following = linked->following;
  if (linked->following) linked->following->previous = linked->previous;
  delete linked;
}

// --- what operators do ---

template <class Policy>
double Machine<Policy>::real_of(Object const* o) const {
  if (o->type == &real_type) return static_cast<Real const*>(o)->value;
  if (is_integer(o)) return static_cast<double>(value_of(o));
  double const value = static_cast<Big const*>(o)->value.to_real();
  if (std::isinf(value))
    throw Failure{"OverflowError", dialect_ == Dialect::python2
                                       ? "long int too large to convert to float"
                                       : "int too large to convert to float"};
  return value;
}

template <class Policy>
std::string Machine<Policy>::name_of_type(Object const* o) const {
  if (o->type == &big_type && dialect_ == Dialect::python2) return "long";
  return o->type->name;
}

template <class Policy>
Object* Machine<Policy>::binary(Arithmetic what, char const* symbol, Object* left, Object* right) {
  auto const index = static_cast<std::size_t>(what);
  policy_.check_type();
  Operations const* const of_left = left->type->operations;
  Operations const* const of_right = right->type->operations;
  Operations::Binary const slot = of_left ? of_left->binary[index] : nullptr;
  Operations::Binary const other = of_right ? of_right->binary[index] : nullptr;
  if (slot)
    if (Object* const result = slot(*this, left, right)) return result;
  if (other && other != slot)
    if (Object* const result = other(*this, left, right)) return result;
  throw Failure{"TypeError", std::string{"unsupported operand type(s) for "} + symbol + ": '" +
                                 name_of_type(left) + "' and '" + name_of_type(right) + "'"};
}

template <class Policy>
Object* Machine<Policy>::in_place(Arithmetic what, char const* symbol, Object* left,
                                  Object* right) {
  policy_.check_type();
  if (Operations const* const of_left = left->type->operations)
    if (auto const slot = of_left->in_place[static_cast<std::size_t>(what)])
      if (Object* const result = slot(*this, left, right)) return result;
  return binary(what, symbol, left, right);
}

template <class Policy>
void Machine<Policy>::fail_to_divide(Arithmetic what, Type const& type) const {
  bool const modern = dialect_ == Dialect::python3;
  bool const real = &type == &real_type;
  char const* message = "division by zero";
  if (real && what == Arithmetic::modulo)
    message = "float modulo";
  else if (real && what == Arithmetic::floor_divide)
    message = modern ? "float floor division by zero" : "float divmod()";
  else if (real)
    message = "float division by zero";
  else if (&type == &big_type && !modern)
    message = "long division or modulo by zero";
  else if (what != Arithmetic::true_divide)
    message = "integer division or modulo by zero";
  throw Failure{"ZeroDivisionError", message};
}

template <class Policy>
template <Arithmetic what>
Object* Machine<Policy>::integer_binary(Runtime& runtime, Object* left, Object* right) {
  Machine& machine = self(runtime);
  machine.policy_.check_type();
  machine.policy_.check_type();
  if (!is_integer(left) || !is_integer(right)) return nullptr;
  std::int64_t const a = value_of(left);
  std::int64_t const b = value_of(right);
  std::int64_t result = 0;
  if constexpr (what == Arithmetic::add) {
    if (!__builtin_add_overflow(a, b, &result)) return machine.integer(result);
    return machine.integer(BigInteger{a} + BigInteger{b});
  } else if constexpr (what == Arithmetic::subtract) {
    if (!__builtin_sub_overflow(a, b, &result)) return machine.integer(result);
    return machine.integer(BigInteger{a} - BigInteger{b});
  } else if constexpr (what == Arithmetic::multiply) {
    if (!__builtin_mul_overflow(a, b, &result)) return machine.integer(result);
    return machine.integer(BigInteger{a} * BigInteger{b});
  } else if constexpr (what == Arithmetic::power) {
    return machine.integer_power(left, right);
  } else {
    if (b == 0) machine.fail_to_divide(what, integer_type);
    if constexpr (what == Arithmetic::true_divide)
      return machine.real(BigInteger::true_quotient(BigInteger{a}, BigInteger{b}));
    // The one quotient that does not fit, and whose remainder the processor does not give either.
    if (a == std::numeric_limits<std::int64_t>::min() && b == -1)
      return what == Arithmetic::modulo ? machine.integer(std::int64_t{0})
                                        : machine.integer(-BigInteger{a});
    std::int64_t quotient = a / b;
    std::int64_t remainder = a % b;
    if (remainder != 0 && (remainder < 0) != (b < 0)) {
      --quotient;
      remainder += b;
    }
    return machine.integer(what == Arithmetic::modulo ? remainder : quotient);
  }
}

template <class Policy>
template <Arithmetic what>
Object* Machine<Policy>::big_binary(Runtime& runtime, Object* left, Object* right) {
  Machine& machine = self(runtime);
  if (!is_integral(left) || !is_integral(right)) return nullptr;
  if constexpr (what == Arithmetic::power) return machine.integer_power(left, right);
  BigInteger const a = big_of(left);
  BigInteger const b = big_of(right);
  if constexpr (what == Arithmetic::add) return machine.integer(a + b);
  if constexpr (what == Arithmetic::subtract) return machine.integer(a - b);
  if constexpr (what == Arithmetic::multiply) return machine.integer(a * b);
  if (b.is_zero()) machine.fail_to_divide(what, big_type);
  if constexpr (what == Arithmetic::true_divide) {
    double const quotient = BigInteger::true_quotient(a, b);
    if (std::isinf(quotient))
      throw Failure{"OverflowError", "integer division result too large for a float"};
    return machine.real(quotient);
  }
  auto [quotient, remainder] = BigInteger::divide(a, b);
  return machine.integer(what == Arithmetic::modulo ? std::move(remainder) : std::move(quotient));
}

template <class Policy>
template <Arithmetic what>
Object* Machine<Policy>::real_binary(Runtime& runtime, Object* left, Object* right) {
  Machine& machine = self(runtime);
  machine.policy_.check_type();
  machine.policy_.check_type();
  if (!is_number(left) || !is_number(right)) return nullptr;
  double const a = machine.real_of(left);
  double const b = machine.real_of(right);
  if constexpr (what == Arithmetic::add) return machine.real(a + b);
  if constexpr (what == Arithmetic::subtract) return machine.real(a - b);
  if constexpr (what == Arithmetic::multiply) return machine.real(a * b);
  if constexpr (what == Arithmetic::power) return machine.real_power(a, b);
  if (b == 0) machine.fail_to_divide(what, real_type);
  if constexpr (what == Arithmetic::divide || what == Arithmetic::true_divide)
    return machine.real(a / b);
  double remainder = std::fmod(a, b);
  double quotient = (a - remainder) / b;
  if (remainder == 0) {
    remainder = std::copysign(0.0, b);
  } else if ((remainder < 0) != (b < 0)) {
    remainder += b;
    quotient -= 1;
  }
  if constexpr (what == Arithmetic::modulo) return machine.real(remainder);
  if (quotient == 0) return machine.real(std::copysign(0.0, a / b));
  // The quotient is nearly whole; rounding may have left it just below.
  double const floor = std::floor(quotient);
  return machine.real(quotient - floor > 0.5 ? floor + 1 : floor);
}

template <class Policy>
Object* Machine<Policy>::integer_power(Object* base, Object* exponent) {
  BigInteger const power = big_of(exponent);
  if (power.is_negative()) return real_power(real_of(base), real_of(exponent));
  BigInteger root = big_of(base);
  if (root.bit_length() > 1) {
    constexpr std::int64_t most_bits = 1 << 24;
    auto const times = power.to_int64();
    if (!times || *times > most_bits ||
        *times * static_cast<std::int64_t>(root.bit_length()) > most_bits)
      throw Failure{"OverflowError", "this power is too large for this machine"};
    return integer(BigInteger::power(std::move(root), power));
  }
  // Of 0, 1 and -1 only the sign can change, however large the exponent is.
  if (power.is_zero()) return integer(std::int64_t{1});
  if (root.is_negative() && !power.is_odd()) return integer(std::int64_t{1});
  return integer(std::move(root));
}

template <class Policy>
Object* Machine<Policy>::real_power(double base, double exponent) {
  if (base == 0 && exponent < 0)
    throw Failure{"ZeroDivisionError", "0.0 cannot be raised to a negative power"};
  if (base < 0 && std::isfinite(base) && std::isfinite(exponent) &&
      exponent != std::floor(exponent))
    throw Failure{"ValueError", dialect_ == Dialect::python2
                                    ? "negative number cannot be raised to a fractional power"
                                    : "this machine knows no complex numbers"};
  double const result = std::pow(base, exponent);
  if (std::isinf(result) && std::isfinite(base) && std::isfinite(exponent))
    throw Failure{"OverflowError", "(34, 'Numerical result out of range')"};
  return real(result);
}

template <class Policy>
Object* Machine<Policy>::text_add(Runtime& runtime, Object* left, Object* right) {
  Machine& machine = self(runtime);
  if (left->type != &text_type) return nullptr;
  if (right->type != &text_type)
    throw Failure{
        "TypeError",
        machine.dialect_ == Dialect::python2
            ? "cannot concatenate 'str' and '" + machine.name_of_type(right) + "' objects"
            : "can only concatenate str (not \"" + machine.name_of_type(right) + "\") to str"};
  return machine.text(static_cast<Text*>(left)->value + static_cast<Text*>(right)->value);
}

template <class Policy>
Object* Machine<Policy>::text_repeat(Runtime& runtime, Object* left, Object* right) {
  Machine& machine = self(runtime);
  if (left->type != &text_type) std::swap(left, right);
  if (!is_integral(right)) {
    throw Failure{"TypeError", "can't multiply sequence by non-int of type '" +
                                   machine.name_of_type(right) + "'"};
  }
  std::string const& part = static_cast<Text*>(left)->value;
  auto const times = big_of(right).to_int64();
  constexpr std::int64_t most_bytes = 1 << 28;
  if (times && part.empty()) return machine.text("");
  if (!times || (*times > 0 && *times > most_bytes / static_cast<std::int64_t>(part.size() + 1)))
    throw Failure{"OverflowError", "this text is too long for this machine"};
  std::string repeated;
  for (std::int64_t i = 0; i < *times; ++i) repeated += part;
  return machine.text(std::move(repeated));
}

template <class Policy>
Object* Machine<Policy>::text_format(Runtime&, Object* left, Object*) {
  if (left->type != &text_type) return nullptr;
  throw Failure{"TypeError", "this machine knows no formats of texts"};
}

// The lists of Python 2 are those of range: they are kept as three numbers, and cannot grow.
template <class Policy>
Object* Machine<Policy>::list_add(Runtime& runtime, Object* left, Object* right) {
  if (left->type != &list_type) return nullptr;
  if (right->type == &list_type)
    throw Failure{"TypeError", "this machine knows no lists but those of range"};
  throw Failure{"TypeError", "can only concatenate list (not \"" +
                                 self(runtime).name_of_type(right) + "\") to list"};
}

template <class Policy>
Object* Machine<Policy>::list_extend(Runtime& runtime, Object*, Object* right) {
  if (is_range(right) || right->type == &text_type)
    throw Failure{"TypeError", "this machine knows no lists but those of range"};
  throw Failure{"TypeError", "'" + self(runtime).name_of_type(right) + "' object is not iterable"};
}

template <class Policy>
Object* Machine<Policy>::list_repeat(Runtime& runtime, Object* left, Object* right) {
  Object const* const times = left->type == &list_type ? right : left;
  if (is_integral(times))
    throw Failure{"TypeError", "this machine knows no lists but those of range"};
  throw Failure{"TypeError", "can't multiply sequence by non-int of type '" +
                                 self(runtime).name_of_type(times) + "'"};
}

template <class Policy>
Object* Machine<Policy>::negative(Object* operand) {
  policy_.check_type();
  if (operand->type == &real_type) return real(-static_cast<Real*>(operand)->value);
  if (is_integral(operand)) return integer(-big_of(operand));
  throw Failure{"TypeError", "bad operand type for unary -: '" + name_of_type(operand) + "'"};
}

template <class Policy>
Object* Machine<Policy>::positive(Object* operand) {
  policy_.check_type();
  if (operand->type == &boolean_type) return integer(value_of(operand));
  if (is_number(operand)) return up(operand);
  throw Failure{"TypeError", "bad operand type for unary +: '" + name_of_type(operand) + "'"};
}

template <class Policy>
std::partial_ordering Machine<Policy>::order_of_numbers(Object* left, Object* right) const {
  if (is_integer(left) && is_integer(right)) return value_of(left) <=> value_of(right);
  if (is_integral(left) && is_integral(right))
    return BigInteger::compare(big_of(left), big_of(right)) <=> 0;
  if (left->type == &real_type && right->type == &real_type)
    return static_cast<Real*>(left)->value <=> static_cast<Real*>(right)->value;
  if (right->type != &real_type) return 0 <=> order_of_numbers(right, left);
  // An integer and a real: exactly, although not every integer is a real.
  double const y = static_cast<Real*>(right)->value;
  if (!std::isfinite(y)) return 0.0 <=> y;
  if (int const order = BigInteger::compare(big_of(left), BigInteger::from_real(y)); order != 0)
    return order <=> 0;
  return 0.0 <=> y - std::trunc(y);
}

inline bool is_equality(Comparison how) {
  return how == Comparison::equal || how == Comparison::not_equal;
}

// As sequences: the first place where they differ decides, and then their lengths.
inline std::partial_ordering order_of_ranges(Range const& a, Range const& b) {
  std::uint64_t const shared = std::min(a.length, b.length);
  if (shared > 0 && a.start != b.start) return a.start <=> b.start;
  if (shared > 1 && a.step != b.step) return a.step <=> b.step;
  return a.length <=> b.length;
}

template <class Policy>
bool Machine<Policy>::compares(Comparison how, Object* left, Object* right) {
  if (how == Comparison::is) return left == right;
  if (how == Comparison::is_not) return left != right;
  policy_.check_type();
  policy_.check_type();
  std::partial_ordering order = std::partial_ordering::unordered;
  if (is_number(left) && is_number(right)) {
    order = order_of_numbers(left, right);
  } else if (left->type == &text_type && right->type == &text_type) {
    order = static_cast<Text*>(left)->value.compare(static_cast<Text*>(right)->value) <=> 0;
  } else if (left->type == right->type &&
             (left->type == &list_type || (left->type == &range_type && is_equality(how)))) {
    order = order_of_ranges(*static_cast<Range*>(left), *static_cast<Range*>(right));
  } else if (is_equality(how)) {
    return (left == right) == (how == Comparison::equal);
  } else if (dialect_ == Dialect::python3) {
    throw Failure{"TypeError", "'" + std::string{symbol_of(how)} +
                                   "' not supported between instances of '" + name_of_type(left) +
                                   "' and '" + name_of_type(right) + "'"};
  } else {
    // Python 2 puts None before everything, numbers before the rest, the rest by names of types.
    auto const rank = [](Object* o) { return o->type == &none_type ? 0 : is_number(o) ? 1 : 2; };
    order = rank(left) <=> rank(right);
    if (order == 0) order = std::strcmp(left->type->name, right->type->name) <=> 0;
    if (order == 0)
      order = std::less<>{}(left, right) ? std::partial_ordering::less
              : left == right            ? std::partial_ordering::equivalent
                                         : std::partial_ordering::greater;
  }
  switch (how) {
    case Comparison::less:
      return order < 0;
    case Comparison::less_equal:
      return order <= 0;
    case Comparison::equal:
      return order == 0;
    case Comparison::not_equal:
      return order != 0;
    case Comparison::greater:
      return order > 0;
    default:
      return order >= 0;
  }
}

template <class Policy>
Object* Machine<Policy>::compare(Comparison how, Object* left, Object* right) {
  return boolean(compares(how, left, right));
}

template <class Policy>
bool Machine<Policy>::truth(Object* object) {
  policy_.check_type();
  if (object == &true_) return true;
  if (object == &false_ || object == &none_) return false;
  if (is_integer(object)) return value_of(object) != 0;
  if (object->type == &real_type) return static_cast<Real*>(object)->value != 0;
  if (object->type == &text_type) return !static_cast<Text*>(object)->value.empty();
  if (is_range(object)) return static_cast<Range*>(object)->length != 0;
  return true;
}

template <class Policy>
std::string Machine<Policy>::text_of(Object* object) {
  if (object == &none_) return "None";
  if (object->type == &boolean_type) return value_of(object) != 0 ? "True" : "False";
  if (object->type == &integer_type) return std::to_string(value_of(object));
  if (object->type == &big_type) return text_of_integer(static_cast<Big*>(object)->value);
  if (object->type == &real_type) return text_of_real(static_cast<Real*>(object)->value, dialect_);
  if (object->type == &text_type) return static_cast<Text*>(object)->value;
  if (object->type == &function_type)
    return "<function " + static_cast<Function*>(object)->code->code->name + ">";
  if (object->type == &builtin_type)
    return std::string{"<built-in function "} + static_cast<Builtin*>(object)->name + ">";
  return text_of_range(*static_cast<Range*>(object));
}

// Python 3 refuses to write integers whose digits would take long to find.
template <class Policy>
std::string Machine<Policy>::text_of_integer(BigInteger const& value) const {
  constexpr std::size_t most_digits = 4300;
  constexpr std::size_t most_bits = 14'285;  // most_digits * log2(10), rounded up
  bool const is_limited = dialect_ == Dialect::python3;
  std::string text = is_limited && value.bit_length() > most_bits ? "" : value.to_string();
  if (is_limited && (text.empty() || text.size() - (value.is_negative() ? 1 : 0) > most_digits))
    throw Failure{"ValueError", "Exceeds the limit (4300 digits) for integer string conversion"};
  return text;
}

template <class Policy>
std::string Machine<Policy>::text_of_range(Range const& range) const {
  auto const nth = [&](std::uint64_t n) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(range.start) +
                                     n * static_cast<std::uint64_t>(range.step));
  };
  if (range.type == &list_type) {
    constexpr std::uint64_t longest = std::uint64_t{1} << 24;  // CPython's list would take 0.5 GB
    if (range.length > longest)
      throw Failure{"MemoryError", "this list is too long for this machine to print"};
    std::string text = "[";
    for (std::uint64_t i = 0; i < range.length; ++i)
      text += (i == 0 ? "" : ", ") + std::to_string(nth(i));
    return text + ']';
  }
  // An xrange has forgotten where it was to stop, and says where it does.
  std::int64_t const stop = range.type == &xrange_type ? nth(range.length) : range.stop;
  bool const from_zero = range.type == &xrange_type && range.start == 0 && range.step == 1;
  std::string text = range.type->name + std::string{"("};
  if (!from_zero) text += std::to_string(range.start) + ", ";
  text += std::to_string(stop);
  if (range.step != 1) text += ", " + std::to_string(range.step);
  return text + ')';
}

// --- iteration, names and calls ---

template <class Policy>
Object* Machine<Policy>::iterator_of(Object* iterable) {
  policy_.check_type();
  if (!is_range(iterable))
    throw Failure{"TypeError", "'" + name_of_type(iterable) + "' object is not iterable"};
  auto const* const range = static_cast<Range*>(iterable);
  auto* const iterator = linked<RangeIterator>(range_iterator_type);
  iterator->next = range->start;
  iterator->step = range->step;
  iterator->left = range->length;
  return iterator;
}

template <class Policy>
Object* Machine<Policy>::next_of_range(Runtime& runtime, Object* object) {
  auto* const iterator = static_cast<RangeIterator*>(object);
  if (iterator->left == 0) return nullptr;
  --iterator->left;
  std::int64_t const value = iterator->next;
  // The step behind the last value may be out of range; nobody asks for it.
  iterator->next = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) +
                                             static_cast<std::uint64_t>(iterator->step));
  return self(runtime).integer(value);
}

template <class Policy>
Object* Machine<Policy>::look_up(Text* name, bool in_function) {
  policy_.look_up();
  if (Object* const found = globals_.find(name)) return up(found);
  policy_.look_up();
  if (Object* const found = builtins_.find(name)) return up(found);
  bool const says_global = in_function && dialect_ == Dialect::python2;
  throw Failure{"NameError", std::string{says_global ? "global name '" : "name '"} + name->value +
                                 "' is not defined"};
}

template <class Policy>
void Machine<Policy>::bind(Text* name, Object* value) {
  policy_.look_up();
  // As CPython's dictionary, it takes references of its own to key and value, and gives the one to
  // a key back that it has already; then the machine gives back its own to the value.
  up(name);
  up(value);
  if (Object* const old = globals_.bind(name, value)) {
    down(old);
    down(name);
  }
  down(value);
}

template <class Policy>
Object* Machine<Policy>::call(Object* callee, Object** arguments, std::size_t count) {
  policy_.check_type();
  if (callee->type == &function_type)
    return call(*static_cast<Function*>(callee)->code, arguments, count);
  if (callee->type == &builtin_type)
    return static_cast<Builtin*>(callee)->call(*this, arguments, count);
  throw Failure{"TypeError", "'" + name_of_type(callee) + "' object is not callable"};
}

template <class Policy>
Object* Machine<Policy>::call(LoadedCode const& code, Object** arguments, std::size_t count) {
  FramePointer frame = frame_of(code, count);
  for (std::size_t i = 0; i < count; ++i) frame->slots[i] = up(arguments[i]);
  return run(std::move(frame));
}

// What CPython says of a call whose arguments are not those of the function.
inline std::string complaint_about_arguments(Code const& code, std::size_t count) {
  std::size_t const wanted = code.parameters;
  std::string const name = code.name + "()";
  auto const number_of = [](std::size_t n, std::string const& what) {
    return std::to_string(n) + ' ' + what + (n == 1 ? "" : "s");
  };
  if (code.dialect == Dialect::python2)
    return name + " takes " +
           (wanted == 0 ? "no arguments" : "exactly " + number_of(wanted, "argument")) + " (" +
           std::to_string(count) + " given)";
  if (count > wanted)
    return name + " takes " + number_of(wanted, "positional argument") + " but " +
           std::to_string(count) + (count == 1 ? " was given" : " were given");
  std::string missing;
  for (std::size_t i = count; i < wanted; ++i) {
    if (i > count) missing += wanted - count > 2 ? ", " : " ";
    if (i > count && i + 1 == wanted) missing += "and ";
    missing += "'" + code.locals[i] + "'";
  }
  return name + " missing " + number_of(wanted - count, "required positional argument") + ": " +
         missing;
}

template <class Policy>
typename Machine<Policy>::FramePointer Machine<Policy>::frame_of(LoadedCode const& code,
                                                                 std::size_t arguments) {
  if (arguments != code.code->parameters)
    throw Failure{"TypeError", complaint_about_arguments(*code.code, arguments)};
  if (depth_ >= deepest_recursion)
    throw Failure{dialect_ == Dialect::python2 ? "RuntimeError" : "RecursionError",
                  "maximum recursion depth exceeded"};
  return std::make_unique<Frame>(*this, code, true);
}

template <class Policy>
void Machine<Policy>::print(Object* object) {
  std::string const text = text_of(object);
  if (!output_) return;
  if (space_before_item_) *output_ << ' ';
  *output_ << text;
  // Python 2 puts no space behind a text that ends a line itself.
  bool const ends_line = dialect_ == Dialect::python2 && object->type == &text_type &&
                         !text.empty() &&
                         std::string_view{"\n\t\r\v\f"}.find(text.back()) != std::string_view::npos;
  space_before_item_ = !ends_line;
}

template <class Policy>
void Machine<Policy>::print_newline() {
  if (output_) *output_ << '\n';
  space_before_item_ = false;
}

// --- built-in functions ---

template <class Policy>
void Machine<Policy>::define_builtin(char const* name,
                                     Object* (*function)(Runtime&, Object**, std::size_t)) {
  Builtin* const builtin = linked<Builtin>(builtin_type);
  builtin->name = name;
  builtin->call = function;
  builtins_.bind(interned(name), builtin);
}

template <class Policy>
Object* Machine<Policy>::builtin_print(Runtime& runtime, Object** arguments, std::size_t count) {
  Machine& machine = self(runtime);
  for (std::size_t i = 0; i < count; ++i) machine.print(arguments[i]);
  machine.print_newline();
  return machine.none();
}

template <class Policy>
Object* Machine<Policy>::builtin_range(Runtime& runtime, Object** arguments, std::size_t count) {
  Machine& machine = self(runtime);
  bool const is_list = machine.dialect_ == Dialect::python2;
  char const* const least = is_list ? "least 1 arguments" : "least 1 argument";
  if (char const* const limit = count < 1 ? least : count > 3 ? "most 3 arguments" : nullptr)
    throw Failure{"TypeError",
                  std::string{"range expected at "} + limit + ", got " + std::to_string(count)};
  Range* const range = machine.range_of(is_list ? list_type : range_type, arguments, count);
  if (range->step == 0) {
    machine.down(range);
    throw Failure{"ValueError", is_list ? "range() step argument must not be zero"
                                        : "range() arg 3 must not be zero"};
  }
  return range;
}

template <class Policy>
Object* Machine<Policy>::builtin_xrange(Runtime& runtime, Object** arguments, std::size_t count) {
  Machine& machine = self(runtime);
  if (count < 1 || count > 3) throw Failure{"TypeError", "xrange() requires 1-3 int arguments"};
  Range* const range = machine.range_of(xrange_type, arguments, count);
  if (range->step == 0) {
    machine.down(range);
    throw Failure{"ValueError", "xrange() arg 3 must not be zero"};
  }
  return range;
}

template <class Policy>
Range* Machine<Policy>::range_of(Type const& type, Object** arguments, std::size_t count) {
  std::int64_t values[3] = {0, 0, 1};
  char const* const names[3] = {"start", "end", "step"};
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t const place = count == 1 ? 1 : i;
    if (!is_integral(arguments[i])) fail_about_range(type, names[place], arguments[i]);
    auto const value = big_of(arguments[i]).to_int64();
    if (!value) throw Failure{"OverflowError", "this range is too large for this machine"};
    values[place] = *value;
  }
  Range* const range = linked<Range>(type);
  range->start = values[0];
  range->stop = values[1];
  range->step = values[2];
  range->length = values[2] == 0 ? 0 : range_length(values[0], values[1], values[2]);
  return range;
}

template <class Policy>
void Machine<Policy>::fail_about_range(Type const& type, char const* what, Object* argument) const {
  std::string const name = name_of_type(argument);
  std::string message = "'" + name + "' object cannot be interpreted as an integer";
  if (&type == &list_type)
    message = std::string{"range() integer "} + what + " argument expected, got " + name + ".";
  if (&type == &xrange_type)
    message = argument->type == &real_type ? "integer argument expected, got float"
                                           : "an integer is required";
  throw Failure{"TypeError", message};
}

template <class Policy>
Object* Machine<Policy>::builtin_abs(Runtime& runtime, Object** arguments, std::size_t count) {
  Machine& machine = self(runtime);
  if (count != 1)
    throw Failure{"TypeError",
                  "abs() takes exactly one argument (" + std::to_string(count) + " given)"};
  Object* const number = arguments[0];
  if (number->type == &real_type) return machine.real(std::abs(static_cast<Real*>(number)->value));
  if (!is_integral(number))
    throw Failure{"TypeError",
                  "bad operand type for abs(): '" + machine.name_of_type(number) + "'"};
  BigInteger value = big_of(number);
  return machine.integer(value.is_negative() ? -value : std::move(value));
}

template <class Policy>
void Machine<Policy>::check_number(char const* function, Object** arguments,
                                   std::size_t count) const {
  std::string const name = function;
  if (count != 1) throw Failure{"TypeError", name + "() takes one number on this machine"};
  if (is_number(arguments[0])) return;
  if (arguments[0]->type == &text_type)
    throw Failure{"ValueError", "this machine reads no numbers from texts"};
  std::string const article = name == "int" && dialect_ == Dialect::python3
                                  ? "a string, a bytes-like object or a number"
                                  : "a string or a number";
  std::string const got = ", not '" + name_of_type(arguments[0]) + "'";
  bool const says_what_it_got = name == "int" || dialect_ == Dialect::python3;
  throw Failure{"TypeError",
                name + "() argument must be " + article + (says_what_it_got ? got : "")};
}

template <class Policy>
Object* Machine<Policy>::builtin_int(Runtime& runtime, Object** arguments, std::size_t count) {
  Machine& machine = self(runtime);
  machine.check_number("int", arguments, count);
  if (arguments[0]->type != &real_type) return machine.positive(arguments[0]);
  double const value = static_cast<Real*>(arguments[0])->value;
  if (std::isnan(value)) throw Failure{"ValueError", "cannot convert float NaN to integer"};
  if (std::isinf(value)) throw Failure{"OverflowError", "cannot convert float infinity to integer"};
  return machine.integer(BigInteger::from_real(value));
}

template <class Policy>
Object* Machine<Policy>::builtin_float(Runtime& runtime, Object** arguments, std::size_t count) {
  Machine& machine = self(runtime);
  machine.check_number("float", arguments, count);
  return machine.real(machine.real_of(arguments[0]));
}

template <class Policy>
Object* Machine<Policy>::builtin_bool(Runtime& runtime, Object** arguments, std::size_t count) {
  Machine& machine = self(runtime);
  if (count != 1) throw Failure{"TypeError", "bool() takes one argument on this machine"};
  return machine.boolean(machine.truth(arguments[0]));
}

template <class Policy>
Object* Machine<Policy>::builtin_str(Runtime& runtime, Object** arguments, std::size_t count) {
  Machine& machine = self(runtime);
  if (count != 1) throw Failure{"TypeError", "str() takes one argument on this machine"};
  return machine.text(machine.text_of(arguments[0]));
}

template <class Policy>
Object* Machine<Policy>::extreme(Runtime& runtime, Comparison how, char const* name,
                                 Object** arguments, std::size_t count) {
  Machine& machine = self(runtime);
  if (count < 2)
    throw Failure{"TypeError",
                  std::string{name} + "() takes two arguments or more on this machine"};
  Object* best = arguments[0];
  for (std::size_t i = 1; i < count; ++i)
    if (machine.compares(how, arguments[i], best)) best = arguments[i];
  return machine.up(best);
}

template <class Policy>
Object* Machine<Policy>::builtin_min(Runtime& runtime, Object** arguments, std::size_t count) {
  return extreme(runtime, Comparison::less, "min", arguments, count);
}

template <class Policy>
Object* Machine<Policy>::builtin_max(Runtime& runtime, Object** arguments, std::size_t count) {
  return extreme(runtime, Comparison::greater, "max", arguments, count);
}

// --- code ---

template <class Policy>
Object* Machine<Policy>::object_of(Constant const& constant) {
  if (auto const* const value = std::get_if<bool>(&constant)) return boolean(*value);
  if (auto const* const value = std::get_if<std::int64_t>(&constant)) return integer(*value);
  if (auto const* const value = std::get_if<BigInteger>(&constant)) return integer(*value);
  if (auto const* const value = std::get_if<double>(&constant)) return real(*value);
  if (auto const* const value = std::get_if<std::string>(&constant)) return text(*value);
  if (auto const* const value = std::get_if<std::shared_ptr<Code const>>(&constant)) {
    Function* const function = linked<Function>(function_type);
    function->code = &load(*value);
    return function;
  }
  return none();
}

template <class Policy>
Constant Machine<Policy>::constant_of(Object* object) const {
  if (object->type == &boolean_type) return value_of(object) != 0;
  if (object->type == &integer_type) return value_of(object);
  if (object->type == &big_type) return static_cast<Big*>(object)->value;
  if (object->type == &real_type) return static_cast<Real*>(object)->value;
  if (object->type == &text_type) return static_cast<Text*>(object)->value;
  return std::monostate{};
}

template <class Policy>
LoadedCode const& Machine<Policy>::load(std::shared_ptr<Code const> const& code) {
  auto& place = loaded_[code.get()];
  if (place) return *place;
  place = std::make_unique<LoadedCode>();
  LoadedCode& loaded = *place;
  loaded.code = code;
  for (Constant const& constant : code->constants) loaded.constants.push_back(object_of(constant));
  for (std::string const& name : code->names) loaded.names.push_back(interned(name));
  return loaded;
}

template <class Policy>
void Machine<Policy>::run(std::shared_ptr<Code const> const& module) {
  try {
    down(run(std::make_unique<Frame>(*this, load(module), false)));
  } catch (Failure const&) {
    end_line();
    throw;
  }
  end_line();
}

// A line that Python 2's print has begun and not ended.
template <class Policy>
void Machine<Policy>::end_line() {
  if (space_before_item_) print_newline();
}

template <class Policy>
Constant Machine<Policy>::call(std::shared_ptr<Code const> const& function,
                               std::vector<Constant> const& arguments) {
  std::vector<Object*> objects;
  for (Constant const& argument : arguments) objects.push_back(object_of(argument));
  Object* const result = call(load(function), objects.data(), objects.size());
  Constant value = constant_of(result);
  down(result);
  for (Object* const object : objects) down(object);
  return value;
}

template <class Policy>
void Machine<Policy>::set_global(std::string const& name, Constant const& value) {
  bind(interned(name), object_of(value));
}

template <class Policy>
Constant Machine<Policy>::global(std::string const& name) {
  Object* const object = look_up(interned(name), false);
  Constant value = constant_of(object);
  down(object);
  return value;
}

template <class Policy>
Constant Machine<Policy>::calculate(Arithmetic what, Constant const& left, Constant const& right) {
  return constant_of(binary(what, "", object_of(left), object_of(right)));
}

template <class Policy>
Constant Machine<Policy>::negate(Constant const& value) {
  return constant_of(negative(object_of(value)));
}

template <class Policy>
Object* Machine<Policy>::run(FramePointer frame) {
  int const depth = depth_++;
  std::size_t offset = 0;
  try {
    Object* const result = run_instructions(frame, offset);
    depth_ = depth;
    return result;
  } catch (Failure& failure) {
    depth_ = depth;
    if (failure.at().line == 0) failure.place(frame->code.code->positions[offset]);
    throw;
  } catch (std::bad_alloc const&) {
    depth_ = depth;
    throw Failure{"MemoryError", "there is not enough memory", frame->code.code->positions[offset]};
  }
}

// A function that a program calls runs in the same loop, in a frame of its own, and takes nothing
// from the stack of the interpreter.
template <class Policy>
Object* Machine<Policy>::run_instructions(FramePointer& frame, std::size_t& offset) {
  LoadedCode const* code = &frame->code;
  std::uint8_t const* bytes = code->code->bytes.data();
  Object** locals = frame->slots.data();
  Object** top = frame->stack;  // the first free place
  std::size_t next = 0;

  auto const go_on_in_frame = [&] {
    code = &frame->code;
    bytes = code->code->bytes.data();
    locals = frame->slots.data();
    top = frame->top;
    next = frame->next;
  };
  auto const push = [&](Object* object) { *top++ = object; };
  // What is popped is not looked at again: the frame would let go of it twice.
  auto const pop = [&] { return std::exchange(*--top, nullptr); };
  auto const replace_two = [&](Object* result) {
    down(pop());
    down(std::exchange(top[-1], result));
  };
  auto const binary_with = [&](Arithmetic what, char const* symbol) {
    replace_two(binary(what, symbol, top[-2], top[-1]));
  };
  auto const in_place_with = [&](Arithmetic what, char const* symbol) {
    replace_two(in_place(what, symbol, top[-2], top[-1]));
  };

  for (;;) {
    offset = next;
    if (interrupted_.load(std::memory_order_relaxed)) [[unlikely]]
      throw Failure{"KeyboardInterrupt", "interrupted"};
    auto const op = static_cast<Op>(bytes[next++]);
    std::size_t argument = 0;
    if (has_argument(op)) {
      argument = static_cast<std::size_t>(bytes[next] | bytes[next + 1] << 8);
      next += 2;
    }
    policy_.dispatch(op);

    switch (op) {
      case Op::load_const:
        push(up(code->constants[argument]));
        break;
      case Op::load_fast:
        if (!locals[argument])
          throw Failure{"UnboundLocalError", "local variable '" + code->code->locals[argument] +
                                                 "' referenced before assignment"};
        push(up(locals[argument]));
        break;
      case Op::store_fast:
        if (Object* const old = std::exchange(locals[argument], pop())) down(old);
        break;
      case Op::load_name:
      case Op::load_global:
        push(look_up(code->names[argument], frame->is_function));
        break;
      case Op::store_name:
      case Op::store_global:
        bind(code->names[argument], pop());
        break;

      case Op::pop_top:
        down(pop());
        break;
      case Op::dup_top:
        push(up(top[-1]));
        break;
      case Op::rot_two:
        std::swap(top[-1], top[-2]);
        break;
      case Op::rot_three:
        std::rotate(top - 3, top - 1, top);
        break;

      case Op::binary_add:
        binary_with(Arithmetic::add, "+");
        break;
      case Op::binary_subtract:
        binary_with(Arithmetic::subtract, "-");
        break;
      case Op::binary_multiply:
        binary_with(Arithmetic::multiply, "*");
        break;
      case Op::binary_divide:
        binary_with(Arithmetic::divide, "/");
        break;
      case Op::binary_true_divide:
        binary_with(Arithmetic::true_divide, "/");
        break;
      case Op::binary_floor_divide:
        binary_with(Arithmetic::floor_divide, "//");
        break;
      case Op::binary_modulo:
        binary_with(Arithmetic::modulo, "%");
        break;
      case Op::binary_power:
        binary_with(Arithmetic::power, "** or pow()");
        break;
      case Op::inplace_add:
        in_place_with(Arithmetic::add, "+=");
        break;
      case Op::inplace_subtract:
        in_place_with(Arithmetic::subtract, "-=");
        break;
      case Op::inplace_multiply:
        in_place_with(Arithmetic::multiply, "*=");
        break;
      case Op::inplace_divide:
        in_place_with(Arithmetic::divide, "/=");
        break;
      case Op::inplace_true_divide:
        in_place_with(Arithmetic::true_divide, "/=");
        break;
      case Op::inplace_floor_divide:
        in_place_with(Arithmetic::floor_divide, "//=");
        break;
      case Op::inplace_modulo:
        in_place_with(Arithmetic::modulo, "%=");
        break;
      case Op::inplace_power:
        in_place_with(Arithmetic::power, "** or pow()");
        break;

      case Op::unary_negative: {
        Object* const result = negative(top[-1]);
        down(std::exchange(top[-1], result));
        break;
      }
      case Op::unary_positive: {
        Object* const result = positive(top[-1]);
        down(std::exchange(top[-1], result));
        break;
      }
      case Op::unary_not: {
        Object* const result = boolean(!truth(top[-1]));
        down(std::exchange(top[-1], result));
        break;
      }
      case Op::compare_op: {
        Object* const result = compare(static_cast<Comparison>(argument), top[-2], top[-1]);
        down(pop());
        down(std::exchange(top[-1], result));
        break;
      }

      case Op::jump_forward:
        next += argument;
        break;
      case Op::jump_absolute:
        next = argument;
        break;
      case Op::pop_jump_if_false:
      case Op::pop_jump_if_true: {
        Object* const condition = pop();
        if (truth(condition) == (op == Op::pop_jump_if_true)) next = argument;
        down(condition);
        break;
      }
      case Op::jump_if_false_or_pop:
      case Op::jump_if_true_or_pop:
        if (truth(top[-1]) == (op == Op::jump_if_true_or_pop))
          next = argument;
        else
          down(pop());
        break;

      case Op::setup_loop:
        frame->loops.push_back({next + argument, static_cast<std::size_t>(top - frame->stack)});
        break;
      case Op::pop_block:
        frame->loops.pop_back();
        break;
      case Op::break_loop: {
        auto const [end, depth] = frame->loops.back();
        frame->loops.pop_back();
        while (top > frame->stack + depth) down(pop());
        next = end;
        break;
      }
      case Op::get_iter: {
        Object* const iterator = iterator_of(top[-1]);
        down(std::exchange(top[-1], iterator));
        break;
      }
      case Op::for_iter:
        policy_.check_type();
        if (Object* const value = top[-1]->type->next(*this, top[-1])) {
          push(value);
        } else {
          down(pop());
          next += argument;
        }
        break;

      case Op::call_function: {
        Object** const callee = top - argument - 1;
        if ((*callee)->type == &function_type) {
          policy_.check_type();
          FramePointer called = frame_of(*static_cast<Function*>(*callee)->code, argument);
          ++depth_;
          while (argument-- > 0) called->slots[argument] = pop();
          down(pop());
          frame->top = top;
          frame->next = next;
          called->top = called->stack;
          called->caller = std::move(frame);
          frame = std::move(called);
          go_on_in_frame();
          break;
        }
        Object* const result = call(*callee, callee + 1, argument);
        while (top > callee) down(pop());
        push(result);
        break;
      }
      case Op::make_function:
        break;  // the constant is a function already
      case Op::return_value: {
        Object* const result = pop();
        if (!frame->caller) return result;
        --depth_;
        frame = std::move(frame->caller);
        go_on_in_frame();
        push(result);
        break;
      }

      case Op::print_item:
        print(top[-1]);
        down(pop());
        break;
      case Op::print_newline:
        print_newline();
        break;
      case Op::nop:
        break;
      case Op::stop_code:
        throw Failure{"SystemError", "unknown opcode"};
    }
  }
}

}  // namespace mythbench::stack_machine
