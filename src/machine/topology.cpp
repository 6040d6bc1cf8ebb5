#include "machine/topology.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>

#include "core/processors.hpp"
#include "machine/told.hpp"

#ifdef __linux__
#include <sched.h>
#endif
#ifdef MYTHBENCH_HWLOC
#include <hwloc.h>
#include <hwloc/cpukinds.h>
#endif

namespace mythbench {
namespace {

// Of the calling thread; empty where the system does not tell.
Processors allowed() {
  Processors found;
#ifdef __linux__
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    for (int p = 0; p < CPU_SETSIZE; ++p)
      if (CPU_ISSET(static_cast<std::size_t>(p), &set)) found.push_back(p);
#endif
  return found;
}

void allow([[maybe_unused]] Processors const& processors) {
#ifdef __linux__
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int const p : processors)
    if (p >= 0 && p < CPU_SETSIZE) CPU_SET(static_cast<std::size_t>(p), &set);
  // A refusal costs some steadiness, no more.
  (void)sched_setaffinity(0, sizeof set, &set);
#endif
}

Processors all_of(std::vector<Processors> const& parts) {
  Processors all;
  for (auto const& part : parts) std::ranges::copy(part, std::back_inserter(all));
  std::ranges::sort(all);
  return all;
}

bool has(Processors const& processors, int which) {
  return std::ranges::binary_search(processors, which);
}

void add_once(std::vector<Processors>& to, Processors const& part) {
  if (!part.empty() && std::ranges::find(to, part) == to.end()) to.push_back(part);
}

// -- As Linux tells it --

void add_caches(Topology& told, std::string const& folder) {
  for (int i = 0;; ++i) {
    std::string const index = folder + "/index" + std::to_string(i);
    auto const type = line_of(index + "/type");
    if (!type) return;
    auto const level = number_in(line_of(index + "/level").value_or(""));
    auto const bytes = bytes_in(line_of(index + "/size").value_or(""));
    Processors const shared = processors_in(line_of(index + "/shared_cpu_list").value_or(""));
    if (*type == "Instruction" || !level || !bytes || *bytes == 0 || shared.empty()) continue;
    auto const same = [&](Topology::Shared const& cache) {
      return cache.level == static_cast<int>(*level) && cache.processors == shared;
    };
    if (std::ranges::none_of(told.caches, same))
      told.caches.push_back({static_cast<int>(*level), *bytes, shared});
  }
}

// Node 0 MemTotal:       16384 kB
std::int64_t memory_of_node(std::string const& folder) {
  std::ifstream in{folder + "/meminfo"};
  std::string word;
  while (in >> word)
    if (std::int64_t kilobytes = 0; word == "MemTotal:" && in >> kilobytes) return kilobytes * 1024;
  return 0;
}

void add_nodes(Topology& told, std::string const& folder) {
  std::error_code none;
  for (auto const& entry : std::filesystem::directory_iterator{folder, none}) {
    std::string const name = entry.path().filename().string();
    auto const number = name.starts_with("node") ? number_in(name.substr(4)) : std::nullopt;
    if (!number) continue;
    std::string const path = entry.path().string();
    told.nodes.push_back({static_cast<int>(*number), memory_of_node(path),
                          processors_in(line_of(path + "/cpulist").value_or(""))});
  }
  std::ranges::sort(told.nodes, {}, &Topology::Node::number);
}

// Those of one capacity are of one kind; Intel has no capacities, but a list of its small cores.
void add_kinds(Topology& told, std::string const& system, Processors const& online) {
  std::set<std::size_t> capacities;
  auto const capacity = [&](int p) {
    return number_in(
               line_of(system + "/cpu/cpu" + std::to_string(p) + "/cpu_capacity").value_or(""))
        .value_or(0);
  };
  for (int const p : online) capacities.insert(capacity(p));
  if (capacities.size() > 1) {
    for (std::size_t const each : capacities) {
      Processors& kind = told.kinds.emplace_back();
      std::ranges::copy_if(online, std::back_inserter(kind),
                           [&](int p) { return capacity(p) == each; });
    }
    return;
  }
  auto const small = processors_in(line_of(system + "/../cpu_atom/cpus").value_or(""));
  auto const large = processors_in(line_of(system + "/../cpu_core/cpus").value_or(""));
  if (!small.empty() && !large.empty()) told.kinds = {small, large};
}

void finish(Topology& told) {
  std::ranges::sort(told.caches, {}, [](Topology::Shared const& cache) {
    return std::pair{cache.level, cache.processors.front()};
  });
  if (told.usable.empty()) std::ranges::copy(usable_processors(), std::back_inserter(told.usable));
  if (told.usable.empty()) told.usable = all_of(told.cores);
  auto const least = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  for (int p = 0; told.cores.empty() && told.usable.empty() && p < least; ++p)
    told.usable.push_back(p);
}

[[maybe_unused]] Topology of_linux(std::string const& why) {
  Topology told = topology_told_in("/sys/devices/system");
  told.told_by += ", since " + why;
  return told;
}

#ifdef MYTHBENCH_HWLOC

// -- As hwloc tells it --

struct Destroy {
  void operator()(hwloc_topology_t topology) const { hwloc_topology_destroy(topology); }
};
using Handle = std::unique_ptr<hwloc_topology, Destroy>;

Handle fresh() {
  hwloc_topology_t topology = nullptr;
  if (hwloc_topology_init(&topology) != 0) throw std::out_of_range{"hwloc does not begin"};
  Handle handle{topology};
  // Those that this process may not use, too: the picture is of the machine.
  (void)hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
  return handle;
}

Processors processors_of(hwloc_const_cpuset_t set) {
  Processors found;
  if (!set) return found;
  for (int p = hwloc_bitmap_first(set); p >= 0; p = hwloc_bitmap_next(set, p)) found.push_back(p);
  return found;
}

template <class Add>
void each_of(hwloc_topology_t topology, hwloc_obj_type_t type, Add const& add) {
  for (hwloc_obj_t at = nullptr; (at = hwloc_get_next_obj_by_type(topology, type, at));) add(*at);
}

void add_kinds(Topology& told, hwloc_topology_t topology) {
  int const kinds = hwloc_cpukinds_get_nr(topology, 0);
  for (int kind = 0; kinds > 1 && kind < kinds; ++kind) {
    hwloc_bitmap_t const set = hwloc_bitmap_alloc();
    int efficiency = 0;
    if (hwloc_cpukinds_get_info(topology, static_cast<unsigned>(kind), set, &efficiency, nullptr,
                                nullptr, 0) == 0)
      told.kinds.push_back(processors_of(set));
    hwloc_bitmap_free(set);
  }
}

Topology told_by_hwloc(hwloc_topology_t topology) {
  Topology told;
  unsigned const version = hwloc_get_api_version();
  told.told_by =
      "hwloc, API " + std::to_string(version >> 16) + "." + std::to_string(version >> 8 & 255);
  each_of(topology, HWLOC_OBJ_PACKAGE,
          [&](hwloc_obj const& at) { add_once(told.packages, processors_of(at.cpuset)); });
  each_of(topology, HWLOC_OBJ_CORE,
          [&](hwloc_obj const& at) { add_once(told.cores, processors_of(at.cpuset)); });
  each_of(topology, HWLOC_OBJ_NUMANODE, [&](hwloc_obj const& at) {
    told.nodes.push_back({static_cast<int>(at.os_index),
                          static_cast<std::int64_t>(at.attr->numanode.local_memory),
                          processors_of(at.cpuset)});
  });
  for (int type = HWLOC_OBJ_L1CACHE; type <= HWLOC_OBJ_L5CACHE; ++type)
    each_of(topology, static_cast<hwloc_obj_type_t>(type), [&](hwloc_obj const& at) {
      told.caches.push_back(
          {static_cast<int>(at.attr->cache.depth), at.attr->cache.size, processors_of(at.cpuset)});
    });
  std::erase_if(told.caches, [](auto const& c) { return c.bytes == 0 || c.processors.empty(); });
  add_kinds(told, topology);
  if (!hwloc_topology_is_thissystem(topology))
    told.usable = processors_of(hwloc_topology_get_allowed_cpuset(topology));
  finish(told);
  return told;
}

Topology of_this_system() {
  Handle const handle = fresh();
  if (hwloc_topology_load(handle.get()) != 0) return of_linux("hwloc finds nothing");
  return told_by_hwloc(handle.get());
}

Topology described(std::string const& description) {
  Handle const handle = fresh();
  if (hwloc_topology_set_synthetic(handle.get(), description.c_str()) != 0 ||
      hwloc_topology_load(handle.get()) != 0)
    throw std::out_of_range{"'" + description + "' describes no machine in hwloc's words"};
  return told_by_hwloc(handle.get());
}

#else

Topology of_this_system() { return of_linux("this was built without hwloc"); }

Topology described(std::string const&) {
  throw std::out_of_range{"this was built without hwloc, which makes up machines"};
}

#endif

}  // namespace

Topology topology() { return of_this_system(); }

Topology made_up_topology(std::string const& description) { return described(description); }

Topology topology_told_in(std::string const& system) {
  Topology told;
  told.told_by = "/sys";
  Processors const online = processors_in(line_of(system + "/cpu/online").value_or(""));
  for (int const p : online) {
    std::string const folder = system + "/cpu/cpu" + std::to_string(p);
    std::string const place = folder + "/topology/";
    add_once(told.cores, processors_in(line_of(place + "thread_siblings_list").value_or("")));
    add_once(told.packages, processors_in(line_of(place + "core_siblings_list").value_or("")));
    add_caches(told, folder + "/cache");
  }
  add_nodes(told, system + "/node");
  add_kinds(told, system, online);
  finish(told);
  return told;
}

std::vector<Cache> caches_of(Topology const& topology, Processors const& processors) {
  std::vector<Cache> seen;
  for (auto const& [level, bytes, shared] : topology.caches) {
    if (processors.empty() || !has(shared, processors.front())) continue;
    auto const by = std::ranges::count_if(processors, [&](int p) { return has(shared, p); });
    seen.push_back({level, bytes, static_cast<int>(by)});
  }
  return seen;
}

Confined::Confined(Processors const& processors) : before_{allowed()} { allow(processors); }
Confined::~Confined() {
  if (!before_.empty()) allow(before_);
}

}  // namespace mythbench
