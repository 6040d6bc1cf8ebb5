// Writes each instruction of 80_native in assembly and in bytes, a line each, as the assembler of
// one of the processors makes it: for a test that asks another assembler. Not part of the suite.
//
//   machine_instructions x86_64 | aarch64

#include <cstdint>
#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>

#include "bytecode/aarch64.hpp"
#include "bytecode/x86_64.hpp"

namespace {

using mythbench::bytecode::AArch64;
using mythbench::bytecode::X86_64;

constexpr std::int64_t most = 0x123456789abcdef0;
constexpr std::int32_t result = 0x12345;

template <class A, class Make>
void line(std::string const& assembly, Make const& make) {
  A assembler;
  make(assembler);
  for (std::uint8_t const byte : assembler.bytes()) std::printf("%02x", byte);
  std::printf("\t%s\n", assembly.c_str());
}

// Distances are from the instruction's own beginning.
template <class A>
void jump(std::string const& name, std::size_t before, std::int64_t distance, bool conditional,
          typename A::Condition condition = {}) {
  A assembler;
  for (std::size_t i = 0; i < before; ++i) assembler.clear(A::registers[0]);
  std::size_t const begin = assembler.here();
  std::size_t const jump = conditional ? assembler.jump_if(condition) : assembler.jump();
  if (!assembler.set_target(jump, begin + static_cast<std::size_t>(distance)))
    std::printf("does not reach ");
  auto const& bytes = assembler.bytes();
  for (std::size_t i = begin; i < bytes.size(); ++i) std::printf("%02x", bytes[i]);
  std::printf("\t%s . %+lld\n", name.c_str(), static_cast<long long>(distance));
}

void of_aarch64() {
  auto const name = [](unsigned number) { return std::string{"x"}.append(std::to_string(number)); };
  std::size_t index = 0;
  for (std::uint8_t const r : AArch64::registers) {
    std::string const x = name(r), place = std::to_string(16 * index + 8);
    line<AArch64>("ldr " + x + ", [x0, " + place + "]", [&](auto& a) { a.load(r, index); });
    line<AArch64>("str " + x + ", [x0, " + place + "]", [&](auto& a) { a.store(index, r); });
    line<AArch64>("mov " + x + ", x15", [&](auto& a) { a.copy(r, 15); });
    line<AArch64>("mov x15, " + x, [&](auto& a) { a.copy(15, r); });
    line<AArch64>("adds x16, " + x + ", x9", [&](auto& a) { a.add(AArch64::scratch, r, 9); });
    line<AArch64>("adds x16, x9, " + x, [&](auto& a) { a.add(AArch64::scratch, 9, r); });
    line<AArch64>("mov " + x + ", xzr", [&](auto& a) { a.clear(r); });
    line<AArch64>("tst " + x + ", " + x, [&](auto& a) { a.test(r); });
    line<AArch64>("adds " + x + ", " + x + ", 1", [&](auto& a) { a.add(r, 1); });
    line<AArch64>("subs " + x + ", " + x + ", 1", [&](auto& a) { a.subtract(r, 1); });
    ++index;
  }
  line<AArch64>("adds x5, x5, 4095", [](auto& a) { a.add(5, 4095); });
  line<AArch64>("subs x5, x5, 4095", [](auto& a) { a.add(5, -4095); });
  line<AArch64>("subs x5, x5, 4095", [](auto& a) { a.subtract(5, 4095); });
  line<AArch64>("movz x17, 4096; adds x5, x5, x17", [](auto& a) { a.add(5, 4096); });
  line<AArch64>("movz x17, 0; movk x17, 1, lsl 16; subs x5, x5, x17",
                [](auto& a) { a.subtract(5, 65536); });
  std::string const move =
      "movz x17, 0xdef0; movk x17, 0x9abc, lsl 16; movk x17, 0x5678, lsl 32; "
      "movk x17, 0x1234, lsl 48; ";
  line<AArch64>(move + "adds x5, x5, x17", [](auto& a) { a.add(5, most); });
  line<AArch64>(move + "subs x5, x5, x17", [](auto& a) { a.subtract(5, most); });
  line<AArch64>("movz w0, 0x2345; movk w0, 1, lsl 16; ret", [](auto& a) { a.give(result); });
  using Condition = AArch64::Condition;
  for (auto const& [jump_name, condition] :
       {std::pair{"b.vs", Condition::overflowed}, std::pair{"b.lo", Condition::borrowed},
        std::pair{"b.pl", Condition::not_negative}})
    for (std::int64_t const distance : {8L, 1048572L, -8L})
      jump<AArch64>(jump_name, 2, distance, true, condition);
  for (std::int64_t const distance : {4L, 134217724L, -8L}) jump<AArch64>("b", 2, distance, false);
}

void of_x86_64() {
  constexpr std::string_view names[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp",
                                        "rsi", "rdi", "r8",  "r9",  "r10", "r11"};
  for (std::uint8_t const r : X86_64::registers) {
    std::string const name{names[r]};
    line<X86_64>("mov " + name + ", [rdi + 1608]", [&](auto& a) { a.load(r, 100); });
    line<X86_64>("mov [rdi + 1608], " + name, [&](auto& a) { a.store(100, r); });
    line<X86_64>("mov " + name + ", r9", [&](auto& a) { a.copy(r, 9); });
    line<X86_64>("mov rcx, " + name, [&](auto& a) { a.copy(1, r); });
    line<X86_64>("mov rax, " + name + "; add rax, r8",
                 [&](auto& a) { a.add(X86_64::scratch, r, 8); });
    line<X86_64>("mov " + name + ", 0", [&](auto& a) { a.clear(r); });
    line<X86_64>("test " + name + ", " + name, [&](auto& a) { a.test(r); });
    line<X86_64>("add " + name + ", 305419896", [&](auto& a) { a.add(r, 0x12345678); });
    line<X86_64>("add " + name + ", -305419896", [&](auto& a) { a.add(r, -0x12345678); });
    line<X86_64>("sub " + name + ", 305419896", [&](auto& a) { a.subtract(r, 0x12345678); });
  }
  line<X86_64>("mov eax, 0x12345; ret", [](auto& a) { a.give(result); });
  using Condition = X86_64::Condition;
  // So far that no assembler takes the short form.
  for (auto const& [jump_name, condition] :
       {std::pair{"jo", Condition::overflowed}, std::pair{"jb", Condition::borrowed},
        std::pair{"jns", Condition::not_negative}})
    for (std::int64_t const distance : {65536L, -65536L})
      jump<X86_64>(jump_name, 20000, distance, true, condition);
  for (std::int64_t const distance : {65536L, -65536L}) jump<X86_64>("jmp", 20000, distance, false);
}

}  // namespace

int main(int count, char** arguments) {
  std::string_view const processor = count == 2 ? arguments[1] : "";
  if (processor == "aarch64") return of_aarch64(), 0;
  if (processor == "x86_64") return of_x86_64(), 0;
  std::fputs("usage: machine_instructions x86_64 | aarch64\n", stderr);
  return 2;
}
