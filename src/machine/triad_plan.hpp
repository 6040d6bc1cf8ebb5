#pragma once

// On what a triad is measured: decided before anything is, from what the system says of its caches.
// That need not be true: a virtual machine may name its host's caches, or none. So there are bounds
// that hold whatever it says.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "machine/caches.hpp"

namespace mythbench {

inline constexpr std::size_t bytes_per_element = 3 * sizeof(double);

// The arrays of all threads together, or of each thread if that is more: many threads touch their
// pages at the same time.
inline constexpr std::size_t most_bytes = std::size_t{512} << 20;
inline constexpr std::size_t most_bytes_of_thread = std::size_t{64} << 20;
// Of what is available, or the measurement would disturb others.
inline constexpr std::size_t part_of_memory = 4;
// Arrays are memory's from so many times the caches on.
inline constexpr std::size_t times_the_caches = 2;

struct TriadPlan {
  struct Level {
    std::string name;      // L1, L2, ...
    std::size_t holds;     // bytes that so many threads find room for
    std::size_t elements;  // of each array of a thread
  };
  struct Lack {
    std::string level;
    std::string reason;
  };

  std::vector<Level> caches;
  // Elements of each array of a thread, each time twice as many, at last as many as the bounds
  // allow: to be measured until two of them show the same rate.
  std::vector<std::size_t> memory;
  std::vector<Lack> left_out;
};

// For so many threads. Available are so many bytes; 0 where nobody knows.
TriadPlan triad_plan(std::vector<Cache> const& caches, int threads, std::int64_t available);

// What one of so many threads has of a cache.
std::size_t share(Cache const& cache, int threads);

}  // namespace mythbench
