#include "machine/scopes.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

#include "machine/latency.hpp"

namespace mythbench {
namespace {

// Of the fastest kind of core, where there are several.
int first_core(Topology const& topology) {
  if (!topology.kinds.empty())
    for (int const p : topology.usable)
      if (std::ranges::binary_search(topology.kinds.back(), p)) return p;
  return topology.usable.front();
}

// Those usable processors that are on the node of this one.
Processors node_of(Topology const& topology, int processor) {
  Processors own;
  for (auto const& node : topology.nodes) {
    if (!std::ranges::binary_search(node.processors, processor)) continue;
    std::ranges::set_intersection(node.processors, topology.usable, std::back_inserter(own));
    return own;
  }
  return own;
}

}  // namespace

std::vector<Scope> scopes(Topology const& topology, std::int64_t available) {
  std::vector<Scope> found;
  auto const add = [&](std::string const& name, Processors const& processors) {
    // Where /sys shows no caches, the C library may know some.
    std::vector<Cache> const caches =
        topology.caches.empty() ? data_caches() : caches_of(topology, processors);
    int const threads = static_cast<int>(processors.size());
    found.push_back({name, processors, triad_plan(caches, threads, available)});
  };
  Processors const& all = topology.usable;
  int const core = first_core(topology);
  Processors const node = node_of(topology, core);
  add("core", {core});
  if (1 < node.size() && node.size() < all.size()) add("node", node);
  if (all.size() > 1) add("machine", all);
  return found;
}

std::size_t latency_reach(TriadPlan const& plan_of_core) {
  // Elements of three doubles just miss the powers of two that caches and bounds are.
  auto const bytes = [](std::size_t elements) {
    return std::bit_floor((elements + 1) * bytes_per_element);
  };
  auto const& sizes = plan_of_core.memory;
  if (sizes.empty()) {
    if (plan_of_core.caches.empty()) return least_latency_bytes;
    return bytes(plan_of_core.caches.back().elements);
  }
  // The first size is just beyond the caches: a part of it may still be found in them.
  return bytes(sizes[std::min<std::size_t>(1, sizes.size() - 1)]);
}

}  // namespace mythbench
