// Writes what the generator of dummy_objects draws to standard output, 32 bits after 32 bits for as
// long as somebody reads: for programs that test generators. Not part of the suite.
//
//   philox_words rows | stream | few_rounds | repeats

#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "random/philox.hpp"

namespace {

using mythbench::random::Philox4x32;
using mythbench::random::PhiloxStream;

constexpr std::uint32_t seed = 20180202;
constexpr std::uint64_t row = 4000;  // numbers per stream, as in the case that claims are about

// The first 32 bits behind the point: of a number with 52 all that one word decided.
std::uint32_t word_of(double number) { return static_cast<std::uint32_t>(number * 0x1p32); }

// Row after row, each a stream of its own: the order in which the rungs draw.
std::uint32_t of_rows(std::uint64_t i) {
  return word_of(PhiloxStream{seed, static_cast<std::uint32_t>(i / row)}[i % row]);
}

std::uint32_t of_one_stream(std::uint64_t i) { return word_of(PhiloxStream{seed, 7}[i]); }

// Gone wrong: a fifth of the rounds.
std::uint32_t of_few_rounds(std::uint64_t i) {
  Philox4x32::Counter c{static_cast<std::uint32_t>(i), 0, 0, 0};
  Philox4x32::Key key{seed, 7};
  for (int round = 0; round < 2; ++round) {
    std::uint64_t const p0 = std::uint64_t{Philox4x32::factors[0]} * c[0];
    std::uint64_t const p1 = std::uint64_t{Philox4x32::factors[1]} * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ key[0], static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key = {key[0] + Philox4x32::steps[0], key[1] + Philox4x32::steps[1]};
  }
  return c[0];
}

// Gone wrong: a counter of sixteen bits, which begins again.
std::uint32_t of_short_counter(std::uint64_t i) { return of_one_stream(i % (1 << 16)); }

void write(std::function<std::uint32_t(std::uint64_t)> const& word) {
  std::vector<std::uint32_t> words(1 << 14);
  for (std::uint64_t i = 0;;) {
    for (std::uint32_t& each : words) each = word(i++);
    if (std::fwrite(words.data(), sizeof words[0], words.size(), stdout) != words.size()) return;
  }
}

}  // namespace

int main(int count, char** arguments) {
  std::map<std::string, std::uint32_t (*)(std::uint64_t)> const known{
      {"rows", of_rows},
      {"stream", of_one_stream},
      {"few_rounds", of_few_rounds},
      {"repeats", of_short_counter}};
  auto const chosen = known.find(count == 2 ? arguments[1] : "");
  if (chosen == known.end()) {
    std::fputs("philox_words: say rows, stream, few_rounds or repeats\n", stderr);
    return 2;
  }
  write(chosen->second);
}
