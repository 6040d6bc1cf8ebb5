#pragma once

// The data caches that a core of this machine sees on its way to memory, and the cores themselves.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace mythbench {

struct Cache {
  int level;          // 1 is nearest to the core
  std::size_t bytes;  // of one instance
  int shared_by;      // logical processors that this process may use, of those that share it
};

// Nearest first. Empty where the system does not tell. What it tells need not be true: a virtual
// machine may name the caches of its host.
std::vector<Cache> data_caches();

// As Linux tells them, in a folder of one processor. What makes no sense there is left out.
std::vector<Cache> caches_told_in(std::string const& folder,
                                  std::function<bool(std::size_t)> const& may_use);

// Keeps the calling thread on one of the processors that this process may use: another one for each
// number below their count. Elsewhere than on Linux the system decides.
void stay_on_processor(int number);

}  // namespace mythbench
