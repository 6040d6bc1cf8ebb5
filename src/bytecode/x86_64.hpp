#pragma once

// The instructions of x86-64 that 80_native needs, as bytes: names and encodings are those of
// Intel's Software Developer's Manual, volume 2.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "bytecode/registers.hpp"

namespace mythbench::bytecode {

class X86_64 {
 public:
  using Register = std::uint8_t;
  enum class Condition : std::uint8_t { overflowed = 0x80, borrowed = 0x82, not_negative = 0x89 };

  // What a function may change by the System V calling convention, as the processor numbers them:
  // rcx, rdx, rsi, r8 to r11. rdi holds the address of our registers, rax is the result.
  static constexpr std::array<Register, 7> registers{1, 2, 6, 8, 9, 10, 11};
  static constexpr Register scratch = 0;

  std::size_t here() const { return bytes_.size(); }
  std::vector<std::uint8_t> const& bytes() const { return bytes_; }

  static bool takes(std::int64_t constant) {
    return constant == static_cast<std::int32_t>(constant);
  }

  void load(Register to, std::size_t index) { memory(0x8b, to, index); }
  void store(std::size_t index, Register from) { memory(0x89, from, index); }
  void copy(Register to, Register from) { pair(0x89, to, from); }
  void add(Register to, Register left, Register right) {
    copy(to, left);
    pair(0x01, to, right);
  }
  void add(Register to, std::int64_t constant) { immediate(0, to, constant); }
  void subtract(Register to, std::int64_t constant) { immediate(5, to, constant); }
  void test(Register a) { pair(0x85, a, a); }
  void clear(Register to) {
    byte(rex(0, to));
    byte(0xc7);
    byte(mod_register(0, to));
    word(0);
  }
  void give(std::int32_t result) {
    byte(0xb8);
    word(result);
    byte(0xc3);
  }

  std::size_t jump_if(Condition condition) {
    byte(0x0f);
    byte(static_cast<std::uint8_t>(condition));
    word(0);
    return here() - sizeof(std::int32_t);
  }
  std::size_t jump() {
    byte(0xe9);
    word(0);
    return here() - sizeof(std::int32_t);
  }
  bool set_target(std::size_t jump, std::size_t target) {
    auto const distance =
        static_cast<std::int64_t>(target) - static_cast<std::int64_t>(jump + sizeof(std::int32_t));
    if (!takes(distance)) return false;
    auto const encoded = static_cast<std::int32_t>(distance);
    std::memcpy(&bytes_[jump], &encoded, sizeof encoded);
    return true;
  }

 private:
  static constexpr Register rdi = 7;

  void byte(std::uint8_t value) { bytes_.push_back(value); }
  void word(std::int32_t value) {
    std::uint8_t parts[sizeof value];
    std::memcpy(parts, &value, sizeof value);
    bytes_.insert(bytes_.end(), parts, parts + sizeof value);
  }
  // 64 bits, and the high bits of both register numbers.
  static std::uint8_t rex(Register in_reg, Register in_rm) {
    return static_cast<std::uint8_t>(0x48 | (in_reg >> 3) << 2 | in_rm >> 3);
  }
  static std::uint8_t mod_register(Register in_reg, Register in_rm) {
    return static_cast<std::uint8_t>(0xc0 | (in_reg & 7) << 3 | (in_rm & 7));
  }
  void pair(std::uint8_t operation, Register to, Register from) {
    byte(rex(from, to));
    byte(operation);
    byte(mod_register(from, to));
  }
  void immediate(std::uint8_t operation, Register to, std::int64_t constant) {
    byte(rex(0, to));
    byte(0x81);
    byte(mod_register(operation, to));
    word(static_cast<std::int32_t>(constant));
  }
  // The integer of the register at an index of our array.
  void memory(std::uint8_t operation, Register in_reg, std::size_t index) {
    byte(rex(in_reg, rdi));
    byte(operation);
    byte(static_cast<std::uint8_t>(0x80 | (in_reg & 7) << 3 | rdi));
    word(static_cast<std::int32_t>(place_of_integer(index)));
  }

  std::vector<std::uint8_t> bytes_;
};

}  // namespace mythbench::bytecode
