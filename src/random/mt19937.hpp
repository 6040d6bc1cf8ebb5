#pragma once

// The Mersenne Twister as NumPy's legacy stream uses it: np.random.seed(seed); np.random.random().

#include <array>
#include <cstddef>
#include <cstdint>

namespace mythbench::random {

// Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998): 19937 bits of state in 624
// words, renewed all at once. Not std::mt19937, whose draws pass through a call per word and
// whose state no later rung could renew in vectors.
class Mt19937 {
 public:
  explicit Mt19937(std::uint32_t seed);

  // Uniform in [0, 1) with 53 random bits, from two words, as NumPy makes it.
  double uniform() {
    std::uint32_t const high = word() >> 5;
    std::uint32_t const low = word() >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }

 private:
  static constexpr std::size_t words = 624;

  std::uint32_t word() {
    if (next_ == words) renew();
    std::uint32_t y = state_[next_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680U;
    y ^= (y << 15) & 0xefc60000U;
    return y ^ (y >> 18);
  }

  void renew();

  std::array<std::uint32_t, words> state_;
  std::size_t next_ = words;
};

}  // namespace mythbench::random
