#pragma once

// The Mersenne Twister as NumPy's legacy stream uses it: np.random.seed(seed); np.random.random().

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mythbench::random {

// Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998): 19937 bits of state in 624
// words, renewed all at once. Not std::mt19937, which hands out word after word: a stretch of the
// stream that is known to be wanted can be computed in vectors.
class Mt19937 {
 public:
  // Some next numbers of the stream, uniform in [0, 1) with 53 random bits. Each is computed when
  // it is asked for, so they lie in no memory; they are gone once the generator is used again.
  class Numbers {
   public:
    std::size_t size() const { return size_; }

    // From two words, as NumPy makes it. Signed: SSE2 turns no unsigned number into a double.
    double operator[](std::size_t i) const {
      auto const high = static_cast<std::int32_t>(tempered(words_[2 * i]) >> 5);
      auto const low = static_cast<std::int32_t>(tempered(words_[2 * i + 1]) >> 6);
      return (high * 67108864.0 + low) / 9007199254740992.0;
    }

   private:
    friend class Mt19937;
    Numbers(std::uint32_t const* first, std::size_t size) : words_{first}, size_{size} {}

    std::uint32_t const* words_;
    std::size_t size_;
  };

  explicit Mt19937(std::uint32_t seed);

  // At least one number, at most so many: a stretch ends where the state must be renewed.
  Numbers next(std::size_t most) {
    if (next_ == words) renew();
    Numbers const numbers{&state_[next_], std::min(most, (words - next_) / 2)};
    next_ += 2 * numbers.size();
    return numbers;
  }

  double uniform() { return next(1)[0]; }

  void fill(std::span<double> numbers);

 private:
  static constexpr std::size_t words = 624;  // even: no number is made of words of two renewals

  static std::uint32_t tempered(std::uint32_t y) {
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
