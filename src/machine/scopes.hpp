#pragma once

// Of which processors ceilings are measured, and on what: decided before anything is measured.

#include <string>
#include <vector>

#include "machine/topology.hpp"
#include "machine/triad_plan.hpp"

namespace mythbench {

struct Scope {
  std::string name;  // core, node or machine
  Processors processors;
  TriadPlan triad;

  int threads() const { return static_cast<int>(processors.size()); }
};

// One core, one NUMA node where there are several, and all that this process may use. Available are
// so many bytes; 0 where nobody knows.
std::vector<Scope> scopes(Topology const& topology, std::int64_t available);

// Bytes of the largest array in which a load's latency is measured: beyond the caches of one core
// where the plan for its triad goes there.
std::size_t latency_reach(TriadPlan const& plan_of_core);

}  // namespace mythbench
