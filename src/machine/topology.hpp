#pragma once

// How the processors of a machine lie to each other and to its memory: as hwloc tells, where it was
// there when this was built, else as Linux does in /sys. It may be another machine: hwloc makes one
// up from a description, for plans of what there is no machine for.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "machine/caches.hpp"

namespace mythbench {

// Logical ones, by the system's numbers, ascending.
using Processors = std::vector<int>;

struct Topology {
  struct Shared {
    int level;          // of a cache for data, 1 is nearest to the core
    std::size_t bytes;  // of this one
    Processors processors;
  };
  struct Node {
    int number;
    std::int64_t bytes;  // 0: unknown
    Processors processors;
  };

  std::string told_by;
  Processors usable;  // by this process; control groups and affinity may forbid others
  std::vector<Processors> packages, cores;
  std::vector<Node> nodes;
  std::vector<Shared> caches;     // nearest first
  std::vector<Processors> kinds;  // the thriftiest cores first; empty where all are of one kind
};

Topology topology();

// Of a description such as "node:8 l3:1 core:16 pu:1" in hwloc's words. Throws std::out_of_range
// where it is none, or where there is no hwloc.
Topology made_up_topology(std::string const& description);

// As Linux tells it in a folder like /sys/devices/system.
Topology topology_told_in(std::string const& system);

// What the first of these processors sees on its way to memory, and how many of these share it.
std::vector<Cache> caches_of(Topology const& topology, Processors const& processors);

// Keeps the calling thread, and those that it starts meanwhile, on these processors. Elsewhere than
// on Linux the system decides.
class Confined {
 public:
  explicit Confined(Processors const& processors);
  ~Confined();
  Confined(Confined const&) = delete;
  Confined& operator=(Confined const&) = delete;

 private:
  Processors before_;
};

}  // namespace mythbench
