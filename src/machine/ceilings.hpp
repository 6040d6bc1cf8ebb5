#pragma once

// What this machine computes and moves at most, on one core, on one node of memory and on all, and
// how long a load takes, within a given time.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "machine/latency.hpp"
#include "machine/peaks.hpp"
#include "machine/scopes.hpp"
#include "machine/triad.hpp"

namespace mythbench {

struct Bandwidth {
  std::string level;                 // L1, L2, ... or memory
  std::optional<std::size_t> holds;  // bytes that so many threads find room for; memory: all
  double bytes_per_second = 0;
  Stores stores = Stores::ordinary;
};

struct Ceiling {
  std::string scope;  // core, node or machine
  int threads = 1;
  Peaks peaks;
  std::vector<Bandwidth> bandwidths;  // caches nearest first, then memory with both kinds of stores
};

// A part of the measurement that there is not, and why.
struct LeftOut {
  int threads;
  std::string what;
  std::string reason;
};

struct Ceilings {
  std::vector<Ceiling> measured;  // one for each scope of which the system grants the threads
  std::vector<Latency> latency;   // of one core
  std::vector<LeftOut> left_out;
};

// What was measured when the time is out is kept; what was not begun by then is left out.
Ceilings measure_ceilings(std::vector<Scope> const& scopes, double seconds);

}  // namespace mythbench
