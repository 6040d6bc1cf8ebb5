#pragma once

// Register code becomes machine code, in the same way for every processor: what is the processor's
// own stands in its assembler, one file for each.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "bytecode/registers.hpp"

namespace mythbench::bytecode {

// What a processor's assembler offers. Places are counted in bytes from the beginning of the code.
template <class A>
concept Assembler = requires(A assembler, typename A::Register a, std::int64_t constant,
                             std::size_t index, std::size_t place) {
  { A::registers.size() } -> std::same_as<std::size_t>;  // that a function need not give back
  { A::scratch } -> std::convertible_to<typename A::Register>;
  { A::takes(constant) } -> std::same_as<bool>;  // a number as part of an instruction
  assembler.load(a, index);                      // from the array of registers that code is given
  assembler.store(index, a);
  assembler.copy(a, a);
  assembler.clear(a);
  assembler.add(a, a, a);  // this and all below up to the jumps set the flags
  assembler.add(a, constant);
  assembler.subtract(a, constant);
  assembler.test(a);
  // A jump whose target is set later, and where it is; false if it does not reach so far.
  { assembler.jump_if(A::Condition::overflowed) } -> std::same_as<std::size_t>;
  { assembler.jump_if(A::Condition::borrowed) } -> std::same_as<std::size_t>;
  { assembler.jump_if(A::Condition::not_negative) } -> std::same_as<std::size_t>;
  { assembler.jump() } -> std::same_as<std::size_t>;
  { assembler.set_target(place, place) } -> std::same_as<bool>;
  assembler.give(std::int32_t{});  // returns with that result
  { assembler.here() } -> std::same_as<std::size_t>;
  { assembler.bytes() } -> std::same_as<std::vector<std::uint8_t> const&>;
};

// See machine_code().
template <Assembler A>
class Generator {
 public:
  explicit Generator(RegisterCode const& code) : code_{code} {}

  // Nothing if the code has something that is left to the interpreter.
  std::optional<std::vector<std::uint8_t>> run() {
    if (code_.registers > A::registers.size() || !is_always_bound()) return std::nullopt;
    for (std::size_t i = 0; i < code_.registers; ++i) assembler_.load(A::registers[i], i);
    for (std::size_t i = 0; i < code_.instructions.size(); ++i) {
      starts_.push_back(assembler_.here());
      if (!generate(i)) return std::nullopt;
    }
    for (auto const& [jump, target] : jumps_) aim(jump, starts_[target]);
    for (Exit const& exit : exits_) write_exit(exit);
    if (!reaches_) return std::nullopt;
    return assembler_.bytes();
  }

 private:
  using Kind = RegisterInstruction::Kind;
  using Condition = typename A::Condition;

  struct Exit {
    std::size_t jump;
    std::size_t instruction;
    std::optional<std::pair<std::uint8_t, std::int64_t>> undo;  // take this off that register
  };

  // Whether no register is read that may not have been written: the variable of a loop that did
  // not run is unbound, and the interpreter says so.
  bool is_always_bound() const {
    std::set<std::size_t> bound;
    for (std::size_t i = 0; i < code_.parameters; ++i) bound.insert(i);
    std::size_t in_loop_until = 0;
    for (std::size_t i = 0; i < code_.instructions.size(); ++i) {
      RegisterInstruction const& instruction = code_.instructions[i];
      auto const is_bound = [&](std::size_t r) { return bound.contains(r); };
      switch (instruction.kind) {
        case Kind::add:
          if (!is_bound(static_cast<std::size_t>(instruction.c))) return false;
          [[fallthrough]];
        case Kind::copy:
        case Kind::add_constant:
          if (!is_bound(instruction.b)) return false;
          // What only a loop writes may never be written.
          if (i >= in_loop_until) bound.insert(instruction.a);
          break;
        case Kind::prepare_loop:
          if (!is_bound(instruction.b)) return false;
          in_loop_until = std::max(in_loop_until, instruction.target);
          break;
        case Kind::loop:
          break;
        case Kind::give:
          if (!is_bound(instruction.a)) return false;
          break;
      }
    }
    return true;
  }

  bool generate(std::size_t at) {
    RegisterInstruction const& instruction = code_.instructions[at];
    std::uint8_t const a = A::registers[instruction.a];
    std::uint8_t const b = A::registers[instruction.b];
    switch (instruction.kind) {
      case Kind::copy:
        assembler_.copy(a, b);
        return true;
      case Kind::add: {
        std::uint8_t const c = A::registers[static_cast<std::size_t>(instruction.c)];
        // Elsewhere first, so that an overflow leaves the operands as they were.
        assembler_.add(A::scratch, b, c);
        exits_.push_back({assembler_.jump_if(Condition::overflowed), at, std::nullopt});
        assembler_.copy(a, A::scratch);
        return true;
      }
      case Kind::add_constant: {
        if (!A::takes(instruction.c)) return false;
        if (a != b) assembler_.copy(a, b);
        assembler_.add(a, instruction.c);
        exits_.push_back(
            {assembler_.jump_if(Condition::overflowed), at, std::pair{a, instruction.c}});
        return true;
      }
      case Kind::prepare_loop: {
        std::uint8_t const left = A::registers[instruction.a + 1];
        assembler_.clear(a);
        assembler_.copy(left, b);
        assembler_.test(left);
        std::size_t const is_positive = assembler_.jump_if(Condition::not_negative);
        assembler_.clear(left);
        aim(is_positive, assembler_.here());
        jumps_.emplace_back(assembler_.jump(), instruction.target);
        return true;
      }
      case Kind::loop: {
        std::uint8_t const left = A::registers[instruction.a + 1];
        assembler_.subtract(left, 1);
        std::size_t const exhausted = assembler_.jump_if(Condition::borrowed);
        assembler_.copy(b, a);
        assembler_.add(a, 1);
        jumps_.emplace_back(assembler_.jump(), instruction.target);
        aim(exhausted, assembler_.here());
        return true;
      }
      case Kind::give:
        exits_.push_back({assembler_.jump(), at, std::nullopt});
        return true;
    }
    return false;
  }

  void aim(std::size_t jump, std::size_t target) {
    reaches_ = assembler_.set_target(jump, target) && reaches_;
  }

  void write_exit(Exit const& exit) {
    aim(exit.jump, assembler_.here());
    if (exit.undo) assembler_.subtract(exit.undo->first, exit.undo->second);
    for (std::size_t i = 0; i < code_.registers; ++i) assembler_.store(i, A::registers[i]);
    assembler_.give(static_cast<std::int32_t>(exit.instruction));
  }

  RegisterCode const& code_;
  A assembler_;
  std::vector<std::size_t> starts_;
  std::vector<std::pair<std::size_t, std::size_t>> jumps_;
  std::vector<Exit> exits_;
  bool reaches_ = true;  // every jump its target
};

}  // namespace mythbench::bytecode
