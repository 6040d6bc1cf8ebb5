#pragma once

// What the operating system did during one run, and how long it took.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "layers/allocations.hpp"

namespace mythbench::layers {

struct OsCounts {
  double seconds = 0;       // wall time of the run, its first: nothing is warm
  double user_seconds = 0;  // of all threads
  double system_seconds = 0;
  std::int64_t baseline_resident_bytes = 0;  // with the input made, before the run
  std::int64_t peak_resident_bytes = 0;      // during the run, the baseline included
  std::int64_t minor_page_faults = 0;
  std::int64_t major_page_faults = 0;
  std::int64_t voluntary_context_switches = 0;
  std::int64_t involuntary_context_switches = 0;
};

// How much of the process was resident so long after the run began.
struct ResidentSample {
  double seconds;
  std::int64_t bytes;
};

struct Counted : OsCounts {
  // From the parent, which looks about once per millisecond; of a long run less often. Empty where
  // the system shows no other process.
  std::vector<ResidentSample> resident;
  std::optional<Allocations> allocations;  // unless nobody counts them: see allocations.hpp
  // Of a run after the first, which meets the memory that the first one left; nothing if the first
  // took long.
  struct Later {
    std::int64_t page_faults = 0;
    std::optional<Allocations> allocations;
  };
  std::optional<Later> later;
};

// A run that took longer is not made once more to see what it does with memory.
inline constexpr double most_seconds_to_run_again = 2;

// In a forked child of its own, because a process's peak memory is a maximum over its whole life:
// calls prepare(), then counts during run(), and again during another one. An array has so many
// bytes. The text says why there are no counts.
std::variant<Counted, std::string> count_in_child(std::function<void()> const& prepare,
                                                  std::function<void()> const& run,
                                                  std::uint64_t bytes_of_array = UINT64_MAX);

// What could be allocated now without swapping, in bytes, within the limit of the control group.
// 0 where the system does not say.
std::int64_t available_memory_bytes();

}  // namespace mythbench::layers
