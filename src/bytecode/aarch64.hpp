#pragma once

// The instructions of 64-bit Arm that 80_native needs, four bytes each: names and encodings are
// those of the Arm Architecture Reference Manual for A-profile architecture, chapter C6.2.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bytecode/registers.hpp"

namespace mythbench::bytecode {

class AArch64 {
 public:
  using Register = std::uint8_t;
  // VS, LO (a subtraction clears the carry where it borrows) and PL.
  enum class Condition : std::uint8_t { overflowed = 6, borrowed = 3, not_negative = 5 };

  // What a function may change by the Procedure Call Standard, x1 to x15. x0 holds the address of
  // our registers and later the result, x16 and x17 are ours for a moment, x18 is the system's.
  static constexpr std::array<Register, 15> registers{1, 2,  3,  4,  5,  6,  7, 8,
                                                      9, 10, 11, 12, 13, 14, 15};
  static constexpr Register scratch = 16;

  std::size_t here() const { return bytes_.size(); }
  std::vector<std::uint8_t> const& bytes() const { return bytes_; }

  static bool takes(std::int64_t) { return true; }

  // LDR and STR (immediate), unsigned offset: counted in eights.
  void load(Register to, std::size_t index) { word(0xf9400000 | place(index) | to); }
  void store(std::size_t index, Register from) { word(0xf9000000 | place(index) | from); }
  // MOV (register), which is ORR (shifted register) with the register of zeros.
  void copy(Register to, Register from) { word(0xaa000000 | operands(to, zeros, from)); }
  // ADDS (shifted register).
  void add(Register to, Register left, Register right) {
    word(0xab000000 | operands(to, left, right));
  }
  // ADDS and SUBS, of an immediate that has 12 bits or of a register. Taking 1 off overflows where
  // adding -1 does.
  void add(Register to, std::int64_t constant) {
    if (is_immediate(constant)) return immediate(0xb1000000, to, constant);
    if (-4096 < constant && constant < 0) return immediate(0xf1000000, to, -constant);
    move(constant);
    add(to, to, for_constants);
  }
  void subtract(Register to, std::int64_t constant) {
    if (is_immediate(constant)) return immediate(0xf1000000, to, constant);
    move(constant);
    word(0xeb000000 | operands(to, to, for_constants));
  }
  // TST (shifted register), which is ANDS to the register of zeros.
  void test(Register a) { word(0xea000000 | operands(zeros, a, a)); }
  void clear(Register to) { copy(to, zeros); }
  // MOVZ and MOVK of 32 bits, RET.
  void give(std::int32_t result) {
    auto const bits = static_cast<std::uint32_t>(result);
    word(0x52800000 | (bits & 0xffff) << 5);
    word(0x72a00000 | (bits >> 16) << 5);
    word(0xd65f03c0);
  }

  // B.cond reaches 1 MB, B 128 MB.
  std::size_t jump_if(Condition condition) {
    return word(0x54000000 | static_cast<unsigned>(condition));
  }
  std::size_t jump() { return word(0x14000000); }
  bool set_target(std::size_t jump, std::size_t target) {
    std::int64_t const instructions =
        (static_cast<std::int64_t>(target) - static_cast<std::int64_t>(jump)) / 4;
    bool const conditional = bytes_[jump + 3] == 0x54;
    unsigned const bits = conditional ? 19 : 26, first = conditional ? 5 : 0;
    std::int64_t const reach = std::int64_t{1} << (bits - 1);
    if (instructions < -reach || instructions >= reach) return false;
    auto const encoded = static_cast<std::uint32_t>(instructions) & ((1u << bits) - 1);
    for (unsigned i = 0; i < 4; ++i)
      bytes_[jump + i] |= static_cast<std::uint8_t>(encoded << first >> 8 * i);
    return true;
  }

 private:
  static constexpr Register for_constants = 17;
  static constexpr Register zeros = 31;  // as an operand

  // Instructions are little-endian, whatever data are. Returns where it stands.
  std::size_t word(std::uint32_t instruction) {
    for (unsigned i = 0; i < 4; ++i)
      bytes_.push_back(static_cast<std::uint8_t>(instruction >> 8 * i));
    return here() - 4;
  }
  static std::uint32_t operands(Register to, Register left, Register right) {
    return static_cast<std::uint32_t>(right) << 16 | static_cast<std::uint32_t>(left) << 5 | to;
  }
  static std::uint32_t place(std::size_t index) {
    return static_cast<std::uint32_t>(place_of_integer(index) / 8) << 10;  // from x0
  }
  static bool is_immediate(std::int64_t constant) { return 0 <= constant && constant < 4096; }
  void immediate(std::uint32_t operation, Register to, std::int64_t constant) {
    word(operation | static_cast<std::uint32_t>(constant) << 10 | operands(to, to, 0));
  }
  // MOVZ, then MOVK for each further sixteen bits that are not zero.
  void move(std::int64_t constant) {
    auto const bits = static_cast<std::uint64_t>(constant);
    word(0xd2800000 | static_cast<std::uint32_t>(bits & 0xffff) << 5 | for_constants);
    for (std::uint32_t quarter = 1; quarter < 4; ++quarter)
      if (auto const part = static_cast<std::uint32_t>(bits >> 16 * quarter & 0xffff); part != 0)
        word(0xf2800000 | quarter << 21 | part << 5 | for_constants);
  }

  std::vector<std::uint8_t> bytes_;
};

}  // namespace mythbench::bytecode
