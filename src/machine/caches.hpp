#pragma once

// The data caches that a core of this machine sees on its way to memory, and the cores themselves.

#include <cstddef>
#include <vector>

namespace mythbench {

struct Cache {
  int level;          // 1 is nearest to the core
  std::size_t bytes;  // of one instance
  int shared_by;      // logical processors that this process may use, of those that share it
};

// Nearest first. Empty where the system does not tell.
std::vector<Cache> data_caches();

// Keeps the calling thread on one of the processors that this process may use: another one for each
// number below their count. Elsewhere than on Linux the system decides.
void stay_on_processor(int number);

}  // namespace mythbench
