#pragma once

// Philox4x32-10, a generator without a state: a number is computed from its place in the stream.

#include <array>
#include <cstddef>
#include <cstdint>

namespace mythbench::random {

// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11: ten rounds
// of multiplying and mixing turn a counter and a key into four words. Where the Mersenne Twister
// has to compute all that comes before, here any number can be had at once, by any thread.
struct Philox4x32 {
  using Counter = std::array<std::uint32_t, 4>;
  using Key = std::array<std::uint32_t, 2>;

  static constexpr int rounds = 10;
  static constexpr std::uint32_t factors[] = {0xd2511f53, 0xcd9e8d57};
  // Weyl sequences, from the golden ratio and the square root of 3: each round has its own key.
  static constexpr std::uint32_t steps[] = {0x9e3779b9, 0xbb67ae85};

  static constexpr Counter words(Counter c, Key key) {
    for (int round = 0; round < rounds; ++round) {
      std::uint64_t const p0 = std::uint64_t{factors[0]} * c[0];
      std::uint64_t const p1 = std::uint64_t{factors[1]} * c[2];
      c = {high(p1) ^ c[1] ^ key[0], low(p1), high(p0) ^ c[3] ^ key[1], low(p0)};
      key = {key[0] + steps[0], key[1] + steps[1]};
    }
    return c;
  }

 private:
  static constexpr std::uint32_t high(std::uint64_t x) {
    return static_cast<std::uint32_t>(x >> 32);
  }
  static constexpr std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
};

// One of 2^32 streams of a seed: the key holds both, so no two streams share a number.
class PhiloxStream {
 public:
  PhiloxStream(std::uint32_t seed, std::uint32_t stream) : key_{seed, stream} {}

  // Two numbers, uniform in [0, 1): those at 2 * pair and 2 * pair + 1. With 52 random bits, not
  // 53: so many bits below the exponent of 1 are a number from 1 to 2 on every processor, and most
  // have no instruction that turns a larger integer into a double.
  std::array<double, 2> pair(std::uint64_t pair) const {
    auto const words = Philox4x32::words(
        {static_cast<std::uint32_t>(pair), static_cast<std::uint32_t>(pair >> 32), 0, 0}, key_);
    return {uniform(words[0], words[1]), uniform(words[2], words[3])};
  }

  double operator[](std::uint64_t i) const { return pair(i / 2)[i % 2]; }

 private:
  static double uniform(std::uint32_t high, std::uint32_t low) {
    auto const bits = (std::uint64_t{high} << 32 | low) >> 12;
    return static_cast<double>(static_cast<std::int64_t>(bits)) * 0x1p-52;
  }

  Philox4x32::Key key_;
};

}  // namespace mythbench::random
