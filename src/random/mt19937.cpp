#include "random/mt19937.hpp"

namespace mythbench::random {
namespace {

constexpr std::size_t shift = 397;

std::uint32_t twisted(std::uint32_t high, std::uint32_t low) {
  std::uint32_t const y = (high & 0x80000000U) | (low & 0x7fffffffU);
  return (y >> 1) ^ (-(low & 1U) & 0x9908b0dfU);
}

}  // namespace

Mt19937::Mt19937(std::uint32_t seed) {
  state_[0] = seed;
  for (std::uint32_t i = 1; i < words; ++i)
    state_[i] = 1812433253U * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
}

// In three loops instead of one with a modulus, so that each can be vectorised.
void Mt19937::renew() {
  for (std::size_t i = 0; i < words - shift; ++i)
    state_[i] = state_[i + shift] ^ twisted(state_[i], state_[i + 1]);
  for (std::size_t i = words - shift; i < words - 1; ++i)
    state_[i] = state_[i + shift - words] ^ twisted(state_[i], state_[i + 1]);
  state_[words - 1] = state_[shift - 1] ^ twisted(state_[words - 1], state_[0]);
  next_ = 0;
}

void Mt19937::fill(std::span<double> numbers) {
  while (!numbers.empty()) {
    Numbers const stretch = next(numbers.size());
    for (std::size_t i = 0; i < stretch.size(); ++i) numbers[i] = stretch[i];
    numbers = numbers.subspan(stretch.size());
  }
}

}  // namespace mythbench::random
