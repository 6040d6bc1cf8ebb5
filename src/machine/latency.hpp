#pragma once

// How long a load takes that waits for the one before it, in arrays of growing size.

#include <cstddef>
#include <vector>

#include "machine/time_shares.hpp"

namespace mythbench {

inline constexpr std::size_t least_latency_bytes = 4096;

struct Latency {
  std::size_t bytes;  // that are gone through, a cache line at a time
  double seconds;     // of a load
};

// On this thread: from 4 kB on, twice as much each time, up to `most`, or until the time is out.
// The largest pages that the kernel grants are asked for; smaller ones make a load in memory wait
// for the place of its page, too. Throws std::bad_alloc.
std::vector<Latency> latency_ladder(std::size_t most, Clock::time_point until);

}  // namespace mythbench
