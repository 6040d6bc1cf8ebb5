#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <ostream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

#include "bytecode/registers.hpp"
#include "catch.hpp"
#include "core/contract.hpp"
#include "stack_machine/compiler.hpp"
#include "stack_machine/machine.hpp"
#include "stack_machine/own_stack.hpp"

using namespace mythbench::stack_machine;

namespace {

std::string printed(std::string const& source, Dialect dialect = Dialect::python3) {
  std::ostringstream output;
  Machine<CountsNothing> machine{dialect, &output};
  machine.run(compile(source, "test.py", dialect));
  return output.str();
}

// What an exception of the program is called; empty if there is none.
std::string raised(std::string const& source) {
  try {
    printed(source);
    return {};
  } catch (Failure const& failure) {
    return failure.kind();
  }
}

// What it says of the line; empty if it says nothing.
std::string said_of(std::string const& line, Dialect dialect) {
  try {
    printed("big = 2 ** 70\n" + line + "\n", dialect);
    return {};
  } catch (Failure const& failure) {
    return failure.what();
  }
}

BigInteger random_integer(std::mt19937_64& generator) {
  BigInteger value{0};
  for (std::size_t i = generator() % 6; i > 0; --i) {
    // Limbs of zeros and of ones are where carries and guessed digits go wrong.
    std::uint64_t const kind = generator() % 4;
    std::uint64_t const limb = kind == 0 ? 0 : kind == 1 ? 0xffffffffU : generator() & 0xffffffffU;
    value = value.shifted_left(32) + BigInteger{static_cast<std::int64_t>(limb)};
  }
  return generator() % 2 == 0 ? value : -value;
}

}  // namespace

TEST_CASE("a quotient times the divisor and the remainder give the dividend back") {
  std::mt19937_64 generator{5};
  for (int i = 0; i < 20'000; ++i) {
    BigInteger const a = random_integer(generator);
    BigInteger const b = random_integer(generator);
    if (b.is_zero()) continue;
    auto const [quotient, remainder] = BigInteger::divide(a, b);
    INFO(a.to_string() << " / " << b.to_string());
    REQUIRE(BigInteger::compare(quotient * b + remainder, a) == 0);
    REQUIRE((remainder.is_zero() || remainder.is_negative() == b.is_negative()));
    BigInteger const size = b.is_negative() ? -b : b;
    BigInteger const rest = remainder.is_negative() ? -remainder : remainder;
    REQUIRE(BigInteger::compare(rest, size) < 0);
  }
}

TEST_CASE("a large integer is read as it is written") {
  std::mt19937_64 generator{6};
  for (int i = 0; i < 1000; ++i) {
    BigInteger const value = random_integer(generator);
    BigInteger const size = value.is_negative() ? -value : value;
    REQUIRE(BigInteger::compare(BigInteger::from_digits(size.to_string(), 10), size) == 0);
  }
}

TEST_CASE("the smallest integer of 64 bits is one, its opposite is not") {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  CHECK(BigInteger{least}.to_int64() == least);
  CHECK_FALSE((-BigInteger{least}).to_int64().has_value());
}

TEST_CASE("an integer becomes the nearest real, ties to even") {
  auto const power = [](std::size_t bits) { return BigInteger{1}.shifted_left(bits); };
  CHECK((power(53) + BigInteger{1}).to_real() == 9007199254740992.0);
  CHECK((power(53) + BigInteger{3}).to_real() == 9007199254740996.0);
  CHECK((power(100) + power(47)).to_real() == power(100).to_real());
  CHECK((power(100) + power(47) + BigInteger{1}).to_real() > power(100).to_real());
}

TEST_CASE("a machine that failed can run the next program") {
  Machine<CountsNothing> machine{Dialect::python3};
  auto const bad = compile("x = 2 ** 100\ny = x + undefined\n", "bad.py", Dialect::python3);
  CHECK_THROWS_AS(machine.run(bad), Failure);
  machine.run(compile("z = x + 1\n", "good.py", Dialect::python3));
  auto const z = machine.global("z");
  CHECK(repr(z, Dialect::python3) == "1267650600228229401496703205377");
}

TEST_CASE("a machine that is interrupted ends its program") {
  Machine<CountsNothing> machine;
  machine.interrupt();
  CHECK_THROWS_AS(machine.run(compile("while 1: pass\n", "endless.py")), Failure);
}

TEST_CASE("what is used up is let go of: as many references go down as come up") {
  // Every object of the loop is made with one reference; those that stay are the names' own.
  Machine<CountsAll> machine{Dialect::python3};
  auto const loop = [](int n) {
    return compile("for i in range(" + std::to_string(n) + "):\n    x = i * 1000 + 7\n", "loop.py");
  };
  auto const balance = [&](int n) {
    machine.policy() = {};
    machine.run(loop(n));
    auto const& counts = machine.policy().counts;
    return static_cast<std::int64_t>(counts.references_up + counts.allocations) -
           static_cast<std::int64_t>(counts.references_down);
  };
  balance(2000);  // from here on the names are bound to numbers of the same kinds
  CHECK(balance(2000) == balance(3000));
}

TEST_CASE("a product is the same by halves and by the schoolbook") {
  std::mt19937_64 generator{7};
  auto const random_of = [&](std::size_t limbs) {
    BigInteger value{0};
    for (std::size_t i = 0; i < limbs; ++i) {
      auto const limb = generator() % 5 == 0 ? 0xffffffffU : generator() & 0xffffffffU;
      value = value.shifted_left(32) + BigInteger{static_cast<std::int64_t>(limb)};
    }
    return value;
  };
  for (std::size_t const limbs : {63, 64, 65, 66, 127, 128, 129, 130, 131, 200, 1000}) {
    BigInteger const a = random_of(limbs);
    BigInteger const b = random_of(limbs + generator() % limbs);
    // Of few limbs each summand, so that the schoolbook multiplies.
    BigInteger expected{0};
    for (std::size_t place = 0; place < limbs + limbs; place += 32) {
      auto const upper = BigInteger::divide(b, BigInteger{1}.shifted_left(32 * place)).first;
      auto const part = BigInteger::divide(upper, BigInteger{1}.shifted_left(32 * 32)).second;
      expected = expected + (a * part).shifted_left(32 * place);
    }
    INFO(limbs);
    CHECK(BigInteger::compare(a * b, expected) == 0);
    CHECK(BigInteger::compare(b * -a, -expected) == 0);
  }
}

TEST_CASE("long literals are read in any base") {
  std::string const ones(5000, '1');
  BigInteger const all_ones = BigInteger{1}.shifted_left(20'000) - BigInteger{1};
  CHECK(BigInteger::compare(BigInteger::from_digits(ones, 2),
                            BigInteger{1}.shifted_left(5000) - BigInteger{1}) == 0);
  CHECK(BigInteger::compare(BigInteger::from_digits(std::string(5000, 'f'), 16), all_ones) == 0);
  CHECK(BigInteger::from_digits(std::string(5000, '7'), 10).to_string() == std::string(5000, '7'));
  CHECK(BigInteger::from_digits("1" + std::string(1025, '0'), 10).to_string().size() == 1026);
}

TEST_CASE("deep recursion and deep nesting are errors, not crashes") {
  CHECK(raised("def f(n):\n    return f(n + 1)\nf(0)\n") == "RecursionError");
  CHECK(raised("x = " + std::string(10'000, '(') + "1" + std::string(10'000, ')')) ==
        "SyntaxError");
  CHECK(raised("x = " + std::string(10'000, '-') + "1\n") == "MemoryError");
  std::string sum = "x = 1";
  for (int i = 0; i < 30'000; ++i) sum += " + 1";
  CHECK(raised(sum) == "SyntaxError");
}

TEST_CASE("what is said of a large integer names its type as the language does") {
  struct {
    char const* line;
    char const* in_python2;
    char const* in_python3;
  } const lines[] = {
      {"big + 'a'", "unsupported operand type(s) for +: 'long' and 'str'",
       "unsupported operand type(s) for +: 'int' and 'str'"},
      {"None - big", "unsupported operand type(s) for -: 'NoneType' and 'long'",
       "unsupported operand type(s) for -: 'NoneType' and 'int'"},
      {"x = big; x **= 'a'", "unsupported operand type(s) for ** or pow(): 'long' and 'str'",
       "unsupported operand type(s) for ** or pow(): 'int' and 'str'"},
      {"'a' + big", "cannot concatenate 'str' and 'long' objects",
       "can only concatenate str (not \"int\") to str"},
      {"x = 'a'; x += big", "cannot concatenate 'str' and 'long' objects",
       "can only concatenate str (not \"int\") to str"},
      {"range(3) + big", "can only concatenate list (not \"long\") to list",
       "unsupported operand type(s) for +: 'range' and 'int'"},
      {"x = range(3); x += big", "'long' object is not iterable",
       "unsupported operand type(s) for +=: 'range' and 'int'"},
      {"for x in big: pass", "'long' object is not iterable", "'int' object is not iterable"},
      {"big()", "'long' object is not callable", "'int' object is not callable"},
      {"big // 0", "long division or modulo by zero", "integer division or modulo by zero"},
      {"big % False", "long division or modulo by zero", "integer division or modulo by zero"},
      {"big / 0", "long division or modulo by zero", "division by zero"},
      {"big / 0.0", "float division by zero", "float division by zero"},
      {"big ** 20 * 1.0", "long int too large to convert to float",
       "int too large to convert to float"},
  };
  for (auto const& [line, in_python2, in_python3] : lines) {
    CHECK(said_of(line, Dialect::python2) == in_python2);
    CHECK(said_of(line, Dialect::python3) == in_python3);
  }
}

TEST_CASE("what recurses deeply fits on the stack of a small thread") {
  std::string const source =
      "def f(n):\n    return n if n == 0 else 1 + f(n - 1)\nx = f(990)\ny = " +
      std::string(200, '(') + std::string(3000, '-') + '1' + std::string(200, ')') + '\n';
  std::string x;
  on_stack_of(std::size_t{128} << 10, [&] {
    Machine<CountsNothing> machine{Dialect::python3};
    machine.run(compile(source, "deep.py", Dialect::python3));
    x = repr(machine.global("x"), Dialect::python3);
    CHECK(raised("def f(n):\n    return f(n + 1)\nf(0)\n") == "RecursionError");
  });
  CHECK(x == "990");
}

TEST_CASE("a machine whose output cannot be written does not go on") {
  struct Full : std::streambuf {
    int_type overflow(int_type) override { return traits_type::eof(); }
  } full;
  std::ostream output{&full};
  output.exceptions(std::ios::badbit | std::ios::failbit);
  Machine<CountsNothing> machine{Dialect::python3, &output};
  auto const program = compile("x = 1\nprint(x)\nx = 2\n", "full.py", Dialect::python3);
  CHECK_THROWS_AS(machine.run(program), std::ios::failure);
  CHECK(repr(machine.global("x"), Dialect::python3) == "1");
}

namespace mythbench::bytecode {

Kernel<Example> fast_locals;

}  // namespace mythbench::bytecode

// Every interpreter of the ladder runs what it is given, or refuses it.
namespace {

using mythbench::bytecode::Example;
using mythbench::bytecode::Input;
using mythbench::bytecode::Output;

Input input_with(std::string const& body, std::int64_t n, std::int64_t start) {
  // The same statements at module level: there `give` is the count.
  Input input = Example::make_input({{"n", n}, {"start", start}});
  auto const indented = [&](std::string const& by) {
    std::string text;
    std::istringstream lines{body};
    for (std::string line; std::getline(lines, line);) text += by + line + '\n';
    return text;
  };
  input.module = compile(indented("") + "count = give\n", "module.py");
  auto const module =
      compile("def f(n, start):\n" + indented("    ") + "    return give\n", "function.py");
  input.function = function_named("f", *module);
  return input;
}

// The count, the kind of the exception, or that it was refused.
std::string outcome(mythbench::Kernel<Example>& kernel, Input const& input) {
  try {
    Output output;
    kernel(input, output);
    return std::to_string(output.high) + ' ' + std::to_string(output.low);
  } catch (Failure const& failure) {
    // What is unbound in a function is undefined in a module.
    return failure.kind() == "UnboundLocalError" ? "NameError" : failure.kind();
  } catch (std::invalid_argument const&) {
    return "refused";
  } catch (mythbench::Unsupported const&) {
    return "refused";
  }
}

class RandomLoops {
 public:
  explicit RandomLoops(unsigned seed) : generator_{seed} {}

  std::string body() {
    std::string text = one_of({"a = start\nb = n\n", "a = n + start\nb = start + 1\n",
                               "a = start\nb = a\n", "a = 0\nb = n\n"});
    for (int i = 0; i < 3; ++i) text += statement("", 2);
    return text + "give = " + one_of({"a", "b", "a", "c", "n + b"}) + '\n';
  }

 private:
  std::string one_of(std::vector<std::string> const& things) {
    return things[generator_() % things.size()];
  }
  std::string name() { return one_of({"a", "b", "a", "b", "c", "n", "start"}); }

  std::string statement(std::string const& indent, int nesting) {
    std::string const to = one_of({"a", "b", "c", "r"});
    if (nesting == 0 || generator_() % 2 == 0)
      return indent +
             one_of({to + " += 1", "a += " + name(), "b = " + name() + " + 7", "a += 300",
                     "a = " + name() + " + " + name() + " + " + name(), "c = " + name(),
                     "c = range(3)", "a += " + one_of({"-1", "4611686018427387904", "0"})}) +
             '\n';
    std::string const variable = one_of({"i", "j", "c", "n"});
    std::string text = indent + "for " + variable + " in " +
                       one_of({"range(n)", "range(n + 1)", "range(3)", "c", "r"}) + ":\n";
    for (std::size_t i = generator_() % 2 + 1; i > 0; --i)
      text += statement(indent + "    ", nesting - 1);
    return text;
  }

  std::mt19937_64 generator_;
};

}  // namespace

TEST_CASE("all interpreters of the ladder do the same with the same program") {
  std::map<std::string_view, int> answered;
  for (unsigned seed = 0; seed < 2000; ++seed) {
    std::string const body = RandomLoops{seed}.body();
    std::int64_t const n = seed % 5;
    std::int64_t const start = seed % 7 == 0 ? std::numeric_limits<std::int64_t>::max() - 3
                                             : static_cast<std::int64_t>(seed % 300) - 9;
    Input const input = input_with(body, n, start);
    std::string const expected = outcome(mythbench::bytecode::fast_locals, input);
    for (mythbench::Rung const& rung : mythbench::all_rungs()) {
      // Those of Python have no kernel, and the closed form runs no program.
      if (rung.example != "bytecode" || !rung.kernel || rung.name == "closed_form") continue;
      std::string const got = outcome(*mythbench::kernel_of<Example>(rung), input);
      if (got == "refused") continue;
      ++answered[rung.name];
      INFO(rung.name << " with n = " << n << ", start = " << start << "\n" << body);
      REQUIRE(got == expected);
    }
  }
  CHECK(answered.size() == 8);
  for (auto const& [name, programs] : answered) {
    INFO(name);
    CHECK(programs > 100);
  }
}

TEST_CASE("the register code of the loop has two instructions per iteration") {
  auto const module = compile(
      "def gauss(n, start):\n    count = start\n    for i in range(n + 1):\n"
      "        count += 1\n    return count\n",
      "gauss.py");
  auto const code = mythbench::bytecode::translate(*function_named("gauss", *module));
  using Kind = mythbench::bytecode::RegisterInstruction::Kind;
  REQUIRE(code.instructions.size() == 6);
  CHECK(code.instructions[3].kind == Kind::add_constant);
  CHECK(code.instructions[4].kind == Kind::loop);
  CHECK(code.instructions[4].target == 3);
}
