#pragma once

// What a run asks of malloc, in a process that was started to count: with the library
// count_allocations loaded before all others (LD_PRELOAD).

#include <cstdint>
#include <optional>

namespace mythbench::layers {

struct Allocations {
  std::int64_t calls = 0;
  std::int64_t bytes = 0;
  std::int64_t arrays = 0;  // calls that asked for as many bytes as an array has, or more
};

// Counts from zero, of all threads. An array has so many bytes.
void count_allocations(std::uint64_t bytes_of_array);

// Since then; nothing where that library is not loaded.
std::optional<Allocations> allocations();

}  // namespace mythbench::layers
