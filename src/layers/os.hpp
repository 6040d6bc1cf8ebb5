#pragma once

// What the operating system did during one run, and how long it took.

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

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
};

// In a forked child of its own, because a process's peak memory is a maximum over its whole life:
// calls prepare(), then counts during run(). The text says why there are no counts.
std::variant<Counted, std::string> count_in_child(std::function<void()> const& prepare,
                                                  std::function<void()> const& run);

// What could be allocated now without swapping, in bytes, within the limit of the control group.
// 0 where the system does not say.
std::int64_t available_memory_bytes();

}  // namespace mythbench::layers
