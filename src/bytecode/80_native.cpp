// The register code becomes machine code, when the rung runs: locals live in the processor's.
//
// Bound: per iteration one addition that is tested for overflow, and one count down, two more
// instructions for i, one jump back; and once per run some microseconds for two system calls, one
// for memory and one that makes it executable. No compiler has seen this loop, so none has taken it
// away: each instruction below is written byte by byte, once for each instruction of the register
// code, and the processor executes all of them n + 1 times. A sum beyond 64 bits leaves for the
// interpreter of the rung below, which goes on from there.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bytecode/bytecode.hpp"
#include "bytecode/registers.hpp"

#if defined(__x86_64__) && defined(__unix__)
#include <sys/mman.h>
#endif

namespace mythbench::bytecode {

#if defined(__x86_64__) && defined(__unix__)

namespace {

using Kind = RegisterInstruction::Kind;

// What a function keeps to itself by the System V calling convention, as the processor numbers
// them: rcx, rdx, rsi, r8 to r11. rdi holds the address of our registers, rax is the result.
constexpr std::uint8_t machine_registers[] = {1, 2, 6, 8, 9, 10, 11};
constexpr std::uint8_t rdi = 7;

constexpr std::uint8_t overflowed = 0x80;
constexpr std::uint8_t borrowed = 0x82;
constexpr std::uint8_t not_negative = 0x89;

// The instructions of x86-64 that we need, as bytes.
class Assembler {
 public:
  using Register = std::uint8_t;

  std::size_t here() const { return bytes_.size(); }
  std::vector<std::uint8_t> const& bytes() const { return bytes_; }

  void load(Register to, std::size_t index) { memory(0x8b, to, index); }
  void store(std::size_t index, Register from) { memory(0x89, from, index); }
  void copy(Register to, Register from) { pair(0x89, to, from); }
  void add(Register to, Register from) { pair(0x01, to, from); }
  void subtract(Register to, Register from) { pair(0x29, to, from); }
  void test(Register a) { pair(0x85, a, a); }
  void add(Register to, std::int32_t constant) { immediate(0, to, constant); }
  void subtract(Register to, std::int32_t constant) { immediate(5, to, constant); }
  void clear(Register to) {
    // Not exclusive-or, which would change the flags.
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

  // A jump whose target is set later: where that is written.
  std::size_t jump_if(std::uint8_t condition) {
    byte(0x0f);
    byte(condition);
    word(0);
    return here() - 4;
  }
  std::size_t jump() {
    byte(0xe9);
    word(0);
    return here() - 4;
  }
  void set_target(std::size_t jump, std::size_t target) {
    auto const distance = static_cast<std::int32_t>(static_cast<std::int64_t>(target) -
                                                    static_cast<std::int64_t>(jump) - 4);
    std::memcpy(&bytes_[jump], &distance, sizeof distance);
  }

 private:
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
  void immediate(std::uint8_t operation, Register to, std::int32_t constant) {
    byte(rex(0, to));
    byte(0x81);
    byte(mod_register(operation, to));
    word(constant);
  }
  // The integer of the register at an index of our array.
  void memory(std::uint8_t operation, Register in_reg, std::size_t index) {
    byte(rex(in_reg, rdi));
    byte(operation);
    byte(static_cast<std::uint8_t>(0x80 | (in_reg & 7) << 3 | rdi));
    word(static_cast<std::int32_t>(index * sizeof(bytecode::Register) +
                                   offsetof(bytecode::Register, integer)));
  }

  std::vector<std::uint8_t> bytes_;
};

// Code gets the array of registers, all of them integers, and gives the index of the instruction
// where the interpreter must go on.
class Generator {
 public:
  explicit Generator(RegisterCode const& code) : code_{code} {}

  // Nothing if the code has something that is left to the interpreter.
  std::optional<std::vector<std::uint8_t>> run() {
    if (code_.registers > std::size(machine_registers) || !is_always_bound()) return std::nullopt;
    for (std::size_t i = 0; i < code_.registers; ++i) assembler_.load(machine_registers[i], i);
    for (std::size_t i = 0; i < code_.instructions.size(); ++i) {
      starts_.push_back(assembler_.here());
      if (!generate(i)) return std::nullopt;
    }
    for (auto const& [jump, target] : jumps_) assembler_.set_target(jump, starts_[target]);
    for (Exit const& exit : exits_) write_exit(exit);
    return assembler_.bytes();
  }

 private:
  struct Exit {
    std::size_t jump;
    std::size_t instruction;
    std::optional<std::pair<std::uint8_t, std::int32_t>> undo;  // take this off that register
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
    std::uint8_t const a = machine_registers[instruction.a];
    std::uint8_t const b = machine_registers[instruction.b];
    switch (instruction.kind) {
      case Kind::copy:
        assembler_.copy(a, b);
        return true;
      case Kind::add: {
        std::uint8_t const c = machine_registers[static_cast<std::size_t>(instruction.c)];
        constexpr std::uint8_t rax = 0;  // so that an overflow leaves the operands as they were
        assembler_.copy(rax, b);
        assembler_.add(rax, c);
        exits_.push_back({assembler_.jump_if(overflowed), at, std::nullopt});
        assembler_.copy(a, rax);
        return true;
      }
      case Kind::add_constant: {
        auto const constant = static_cast<std::int32_t>(instruction.c);
        if (constant != instruction.c) return false;
        if (a != b) assembler_.copy(a, b);
        assembler_.add(a, constant);
        exits_.push_back({assembler_.jump_if(overflowed), at, std::pair{a, constant}});
        return true;
      }
      case Kind::prepare_loop: {
        std::uint8_t const left = machine_registers[instruction.a + 1];
        assembler_.clear(a);
        assembler_.copy(left, b);
        assembler_.test(left);
        std::size_t const is_positive = assembler_.jump_if(not_negative);
        assembler_.clear(left);
        assembler_.set_target(is_positive, assembler_.here());
        jumps_.emplace_back(assembler_.jump(), instruction.target);
        return true;
      }
      case Kind::loop: {
        std::uint8_t const left = machine_registers[instruction.a + 1];
        assembler_.subtract(left, 1);
        std::size_t const exhausted = assembler_.jump_if(borrowed);
        assembler_.copy(b, a);
        assembler_.add(a, 1);
        jumps_.emplace_back(assembler_.jump(), instruction.target);
        assembler_.set_target(exhausted, assembler_.here());
        return true;
      }
      case Kind::give:
        exits_.push_back({assembler_.jump(), at, std::nullopt});
        return true;
    }
    return false;
  }

  void write_exit(Exit const& exit) {
    assembler_.set_target(exit.jump, assembler_.here());
    if (exit.undo) assembler_.subtract(exit.undo->first, exit.undo->second);
    for (std::size_t i = 0; i < code_.registers; ++i) assembler_.store(i, machine_registers[i]);
    assembler_.give(static_cast<std::int32_t>(exit.instruction));
  }

  RegisterCode const& code_;
  Assembler assembler_;
  std::vector<std::size_t> starts_;
  std::vector<std::pair<std::size_t, std::size_t>> jumps_;
  std::vector<Exit> exits_;
};

// Pages that hold code: written first, executable afterwards, never both at once.
class ExecutableMemory {
 public:
  explicit ExecutableMemory(std::vector<std::uint8_t> const& code) : size_{code.size()} {
    memory_ = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory_ == MAP_FAILED) throw Unsupported{"the system gives no memory for code"};
    std::memcpy(memory_, code.data(), size_);
    if (mprotect(memory_, size_, PROT_READ | PROT_EXEC) == 0) return;
    munmap(memory_, size_);
    throw Unsupported{"the system lets no program write code for itself"};
  }
  ~ExecutableMemory() { munmap(memory_, size_); }
  ExecutableMemory(ExecutableMemory const&) = delete;
  ExecutableMemory& operator=(ExecutableMemory const&) = delete;

  std::size_t run(Register* registers) const {
    return static_cast<std::size_t>(
        reinterpret_cast<std::int32_t (*)(Register*)>(memory_)(registers));
  }

 private:
  std::size_t size_;
  void* memory_;
};

}  // namespace

void native(Input const& in, Output& out) {
  RegisterCode const code = translate(*in.function);
  std::vector<Register> values(code.registers);
  values[0] = {Register::Tag::integer, {in.n}};
  values[1] = {Register::Tag::integer, {in.start}};
  std::size_t instruction = 0;
  if (auto const bytes = Generator{code}.run()) {
    instruction = ExecutableMemory{*bytes}.run(values.data());
    for (Register& value : values) value.tag = Register::Tag::integer;
  }
  // What the machine code does, no interpreter does: only what is left after it is counted.
  with_policy(in, [&](auto policy) {
    out = halves(run(code, values, instruction, policy));
    return policy;
  });
}

#else

void native(Input const&, Output&) {
  throw Unsupported{"there is no code generator for this processor"};
}

#endif

}  // namespace mythbench::bytecode
