#include "machine/latency.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>

#include "machine/pages.hpp"

namespace mythbench {
namespace {

struct alignas(64) Line {
  std::uint64_t next;
};

// Long against the clock's resolution, short against a time slice: of several, the least disturbed.
constexpr std::size_t loads_of_burst = 1 << 15;
constexpr int bursts = 5;
// To come to rest: all lines of a cache, or so many of what none holds.
constexpr std::size_t most_loads_to_warm = 1 << 18;
constexpr std::size_t lines_between_clocks = 1 << 16;

// One circle through all lines, whose number is a power of two, in an order that no prefetcher
// foresees: a linear congruential generator of full period. To shuffle them would itself be as many
// random stores as there are lines. False if the time was out.
bool tie(Line* lines, std::size_t count, Clock::time_point until) {
  constexpr std::uint64_t factor = 1664525, term = 1013904223;
  for (std::size_t i = 0; i < count; ++i) {
    lines[i].next = (factor * i + term) & (count - 1);
    if (i % lines_between_clocks == 0 && Clock::now() >= until) return false;
  }
  return true;
}

std::uint64_t follow(Line const* lines, std::uint64_t at, std::size_t loads) {
  for (std::size_t load = 0; load < loads; ++load) at = lines[at].next;
  return at;
}

// Seconds of a load; nothing if the time was out before one burst was over.
std::optional<double> measured(Line const* lines, std::size_t count, Clock::time_point until) {
  std::uint64_t volatile at = follow(lines, 0, std::min(count, most_loads_to_warm));
  double best = std::numeric_limits<double>::infinity();
  for (int burst = 0; burst < bursts; ++burst) {
    auto const start = Clock::now();
    if (start >= until) break;
    at = follow(lines, at, loads_of_burst);
    std::chrono::duration<double> const took = Clock::now() - start;
    best = std::min(best, took.count() / static_cast<double>(loads_of_burst));
  }
  if (best == std::numeric_limits<double>::infinity()) return std::nullopt;
  return best;
}

}  // namespace

std::vector<Latency> latency_ladder(std::size_t most, Clock::time_point until) {
  most = std::bit_floor(std::max(most, least_latency_bytes));
  Pages const pages = untouched_pages(most / sizeof(double));
  auto* const lines = reinterpret_cast<Line*>(pages.get());
  std::vector<Latency> ladder;
  for (std::size_t bytes = least_latency_bytes; bytes <= most; bytes *= 2) {
    std::size_t const count = bytes / sizeof(Line);
    if (!tie(lines, count, until)) break;
    auto const seconds = measured(lines, count, until);
    if (!seconds) break;
    ladder.push_back({bytes, *seconds});
  }
  return ladder;
}

}  // namespace mythbench
