#include <cstdint>
#include <limits>
#include <memory>
#include <ostream>
#include <ostream>
#include <random>
#include <sstream>
#include <streambuf>
#include <streambuf>
#include <string>

#include "bytecode/registers.hpp"
#include "catch.hpp"
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

TEST_CASE("deep recursion and deep nesting are errors, not crashes") {
  CHECK(raised("def f(n):\n    return f(n + 1)\nf(0)\n") == "RecursionError");
  CHECK(raised("x = " + std::string(10'000, '(') + "1" + std::string(10'000, ')')) ==
        "SyntaxError");
  CHECK(raised("x = " + std::string(10'000, '-') + "1\n") == "MemoryError");
  std::string sum = "x = 1";
  for (int i = 0; i < 30'000; ++i) sum += " + 1";
  CHECK(raised(sum) == "SyntaxError");
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
