#include "bytecode/machine_code.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "bytecode/aarch64.hpp"
#include "bytecode/executable_memory.hpp"
#include "bytecode/generator.hpp"
#include "bytecode/x86_64.hpp"
#include "catch.hpp"
#include "stack_machine/compiler.hpp"
#include "stack_machine/counts.hpp"

using namespace mythbench::bytecode;

using Kind = RegisterInstruction::Kind;

namespace {

RegisterCode loop_of_the_talk() {
  auto const module = mythbench::stack_machine::compile(
      "def gauss(n, start):\n    count = start\n    for i in range(n + 1):\n"
      "        count += 1\n    return count\n",
      "gauss.py");
  return translate(*mythbench::stack_machine::function_named("gauss", *module));
}

// One addition after the other.
RegisterCode straight(std::size_t additions) {
  RegisterCode code{.instructions = {}, .registers = 2, .parameters = 2};
  for (std::size_t i = 0; i < additions; ++i)
    code.instructions.push_back({.kind = Kind::add_constant, .a = 1, .b = 1, .c = 1});
  code.instructions.push_back({.kind = Kind::give, .a = 1});
  return code;
}

std::vector<std::uint32_t> words_of(std::vector<std::uint8_t> const& bytes) {
  std::vector<std::uint32_t> words;
  for (std::size_t i = 0; i + 4 <= bytes.size(); i += 4)
    words.push_back(static_cast<std::uint32_t>(bytes[i] | bytes[i + 1] << 8 | bytes[i + 2] << 16) |
                    static_cast<std::uint32_t>(bytes[i + 3]) << 24);
  return words;
}

// Any instructions in any order, with loops in loops: of few iterations, since nothing writes to
// the first register, which says how many.
class RandomCode {
 public:
  explicit RandomCode(unsigned seed) : generator_{seed} {}

  RegisterCode code() {
    code_.parameters = locals_ = 2;
    for (std::size_t more = 1 + pick(3); more > 0; --more, ++locals_)
      write(Kind::add_constant, locals_);
    code_.registers = locals_;
    block(3);
    code_.instructions.push_back({.kind = Kind::give, .a = pick(locals_)});
    return code_;
  }

 private:
  std::size_t pick(std::size_t count) { return generator_() % count; }

  std::int64_t constant() {
    constexpr std::int64_t far = std::numeric_limits<std::int64_t>::max();
    constexpr std::int64_t constants[] = {
        0,       1,        -1,      7,          300,        4095, 4096, -4095,   -4096,   65536,
        300'000, -300'000, 1 << 30, -(1 << 30), 0x7fffffff, far,  -far, far / 2, -far - 1};
    // What has more than 32 bits is no part of an instruction of every processor.
    constexpr std::size_t short_ones = std::size(constants) - 4;
    return constants[pick(pick(40) == 0 ? std::size(constants) : short_ones)];
  }

  void write(Kind kind, std::size_t to) {
    RegisterInstruction instruction{.kind = kind, .a = to, .b = pick(locals_)};
    if (kind == Kind::add_constant) instruction.c = constant();
    if (kind == Kind::add) instruction.c = static_cast<std::int64_t>(pick(locals_));
    code_.instructions.push_back(instruction);
  }

  std::size_t any_but_the_first() { return 1 + pick(locals_ - 1); }

  void block(int nesting) {
    constexpr Kind kinds[] = {Kind::copy, Kind::add_constant, Kind::add, Kind::add};
    for (std::size_t left = 1 + pick(4); left > 0; --left)
      if (nesting > 0 && code_.registers <= 5 && pick(3) == 0)
        loop(nesting);
      else
        write(kinds[pick(std::size(kinds))], any_but_the_first());
  }

  void loop(int nesting) {
    RegisterInstruction loop{.kind = Kind::loop, .a = code_.registers, .b = any_but_the_first()};
    code_.registers += 2;
    std::size_t const prepared = code_.instructions.size();
    code_.instructions.push_back({.kind = Kind::prepare_loop, .a = loop.a});
    loop.target = code_.instructions.size();
    block(nesting - 1);
    code_.instructions[prepared].target = code_.instructions.size();
    code_.instructions.push_back(loop);
  }

  std::mt19937_64 generator_;
  RegisterCode code_;
  std::size_t locals_ = 0;
};

std::vector<Register> registers_of(RegisterCode const& code, std::int64_t first,
                                   std::int64_t second) {
  std::vector<Register> values(code.registers);
  values[0] = {Register::Tag::integer, {first}};
  values[1] = {Register::Tag::integer, {second}};
  return values;
}

std::string given(RegisterCode const& code, std::vector<Register> values, std::size_t from = 0) {
  mythbench::stack_machine::CountsNothing policy;
  return repr(run(code, values, from, policy), mythbench::stack_machine::Dialect::python3);
}

}  // namespace

TEST_CASE("the loop of the talk is seven instructions of 64-bit Arm") {
  auto const code = Generator<AArch64>{loop_of_the_talk()}.run();
  REQUIRE(code);
  std::vector<std::uint32_t> const loop{
      0xb1000463,  // adds x3, x3, 1
      0x54000246,  // b.vs
      0xf10004e7,  // subs x7, x7, 1
      0x54000083,  // b.lo
      0xaa0603e4,  // mov x4, x6
      0xb10004c6,  // adds x6, x6, 1
      0x17fffffa,  // b
  };
  auto const words = words_of(*code);
  CHECK_FALSE(std::ranges::search(words, loop).empty());
}

TEST_CASE("code whose jumps do not reach is left to the interpreter") {
  // A conditional jump of Arm reaches 1 MB: from the first of these additions to its exit is more.
  RegisterCode const far = straight(140'000);
  CHECK_FALSE(Generator<AArch64>{far}.run());
  CHECK(Generator<X86_64>{far}.run());
  CHECK(Generator<AArch64>{straight(1000)}.run());
}

TEST_CASE("a constant too large for an instruction is left to the interpreter") {
  RegisterCode code = straight(1);
  for (std::int64_t const constant : {std::int64_t{1} << 31, -(std::int64_t{1} << 31) - 1}) {
    code.instructions[0].c = constant;
    CHECK_FALSE(Generator<X86_64>{code}.run());
    CHECK(Generator<AArch64>{code}.run());
  }
}

TEST_CASE("code with more registers than the processor is left to the interpreter") {
  RegisterCode code = straight(1);
  for (code.registers = 2; code.registers < 20; ++code.registers) {
    CHECK(Generator<X86_64>{code}.run().has_value() == (code.registers <= 7));
    CHECK(Generator<AArch64>{code}.run().has_value() == (code.registers <= 15));
  }
}

#if defined(__x86_64__) || defined(__aarch64__)

TEST_CASE("machine code does what the interpreter of register code does") {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  int generated = 0, left_early = 0;
  for (unsigned seed = 0; seed < 4000; ++seed) {
    RegisterCode const code = RandomCode{seed}.code();
    auto const bytes = machine_code(code);
    if (!bytes) continue;
    ++generated;
    ExecutableMemory const memory{*bytes};
    for (std::int64_t const first : {-1, 0, 1, 4})
      for (std::int64_t const second : {std::int64_t{7}, most - 5, -most}) {
        auto values = registers_of(code, first, second);
        std::string const expected = given(code, values);
        std::size_t const instruction = memory.run(values.data());
        for (Register& value : values) value.tag = Register::Tag::integer;
        left_early += instruction + 1 < code.instructions.size() ? 1 : 0;
        INFO("seed " << seed << ", registers begin with " << first << " and " << second);
        REQUIRE(given(code, values, instruction) == expected);
      }
  }
  CHECK(generated > 3000);
  CHECK(left_early > 1000);
}

#endif
