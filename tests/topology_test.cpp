// How processors lie to each other, and of which of them ceilings are measured: on machines that
// are told and not had.

#include "machine/topology.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "catch.hpp"
#include "machine/latency.hpp"
#include "machine/scopes.hpp"
#include "machine/told.hpp"

using mythbench::Processors;
using mythbench::Scope;
using mythbench::Topology;

namespace {

constexpr std::size_t kilo = 1 << 10, mega = 1 << 20;

// A folder like /sys/devices/system.
class System {
 public:
  System() { std::filesystem::remove_all(folder_); }
  ~System() { std::filesystem::remove_all(folder_); }

  System& with(std::string const& file, std::string const& line) {
    auto const place = folder_ / file;
    std::filesystem::create_directories(place.parent_path());
    std::ofstream{place} << line << '\n';
    return *this;
  }

  System& with_core(int number, std::string const& siblings, std::string const& package) {
    std::string const cpu = "cpu/cpu" + std::to_string(number);
    with(cpu + "/topology/thread_siblings_list", siblings);
    with(cpu + "/topology/core_siblings_list", package);
    with(cpu + "/cache/index0/type", "Data").with(cpu + "/cache/index0/level", "1");
    with(cpu + "/cache/index0/size", "48K");
    return with(cpu + "/cache/index0/shared_cpu_list", siblings);
  }

  Topology topology() const { return mythbench::topology_told_in(folder_.string()); }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("mythbench_system_" + std::to_string(getpid()));
};

// Two nodes of two cores with two threads each: 0 and 4, 1 and 5 are those of the first node.
Topology two_nodes() {
  System system;
  system.with("cpu/online", "0-7");
  for (int const p : {0, 1, 2, 3, 4, 5, 6, 7}) {
    std::string const core = std::to_string(p % 4) + "," + std::to_string(p % 4 + 4);
    system.with_core(p, core, p % 4 < 2 ? "0-1,4-5" : "2-3,6-7");
  }
  system.with("node/node0/cpulist", "0-1,4-5").with("node/node1/cpulist", "2-3,6-7");
  system.with("node/node0/meminfo", "Node 0 MemTotal:       16384 kB");
  return system.topology();
}

Topology usable(Topology topology, Processors const& processors) {
  topology.usable = processors;
  return topology;
}

std::vector<std::string> names(std::vector<Scope> const& scopes) {
  std::vector<std::string> all;
  for (Scope const& scope : scopes) all.push_back(scope.name);
  return all;
}

}  // namespace

TEST_CASE("lists of processors are read as they are written", "[machine]") {
  for (std::string const list : {"", "0", "0-3", "0,2,4", "0-1,64-65,128"})
    CHECK(mythbench::list_of(mythbench::processors_in(list)) == list);
  CHECK(mythbench::processors_in("3,1-2,2").size() == 3);
  CHECK(mythbench::processors_in("x,-,4-,7") == Processors{7});
}

TEST_CASE("packages, cores, nodes and caches are told as Linux tells them", "[machine]") {
  Topology const told = two_nodes();
  CHECK(told.packages == std::vector<Processors>{{0, 1, 4, 5}, {2, 3, 6, 7}});
  CHECK(told.cores == std::vector<Processors>{{0, 4}, {1, 5}, {2, 6}, {3, 7}});
  REQUIRE(told.nodes.size() == 2);
  CHECK(told.nodes[0].bytes == 16 * static_cast<std::int64_t>(mega));
  CHECK(told.nodes[1].bytes == 0);
  CHECK(told.nodes[1].processors == Processors{2, 3, 6, 7});
  REQUIRE(told.caches.size() == 4);
  CHECK(told.caches[1].bytes == 48 * kilo);
  CHECK(told.caches[1].processors == Processors{1, 5});
  CHECK(told.kinds.empty());
}

TEST_CASE("a folder that tells nothing makes a topology that knows only who may be used",
          "[machine]") {
  Topology const told = System{}.topology();
  CHECK(told.cores.empty());
  CHECK(told.nodes.empty());
  CHECK_FALSE(told.usable.empty());
  CHECK(names(mythbench::scopes(told, 0)).front() == "core");
}

TEST_CASE("ceilings are those of a core, of its node where there are several, and of all",
          "[machine]") {
  auto const scopes = mythbench::scopes(usable(two_nodes(), {0, 1, 2, 3, 4, 5, 6, 7}), 0);
  REQUIRE(names(scopes) == std::vector<std::string>{"core", "node", "machine"});
  CHECK(scopes[0].processors == Processors{0});
  CHECK(scopes[1].processors == Processors{0, 1, 4, 5});
  CHECK(scopes[2].threads() == 8);
  // The two threads of a core share its cache.
  CHECK(scopes[0].triad.caches[0].holds == 48 * kilo);
  CHECK(scopes[1].triad.caches[0].holds == 2 * 48 * kilo);
}

TEST_CASE("a process that may use a part of a machine has the ceilings of that part", "[machine]") {
  auto const scopes = [](Processors const& processors) {
    return mythbench::scopes(usable(two_nodes(), processors), 0);
  };
  CHECK(names(scopes({2, 3})) == std::vector<std::string>{"core", "machine"});
  CHECK(names(scopes({6})) == std::vector<std::string>{"core"});
  CHECK(scopes({1, 2, 3, 5, 6})[1].processors == Processors{1, 5});
  CHECK(names(scopes({0, 2, 3})) == std::vector<std::string>{"core", "machine"});
}

TEST_CASE("where cores are of several kinds, one core is one of the fastest", "[machine]") {
  System system;
  system.with("cpu/online", "0-3");
  for (int const p : {0, 1, 2, 3}) {
    system.with_core(p, std::to_string(p), "0-3");
    system.with("cpu/cpu" + std::to_string(p) + "/cpu_capacity", p < 2 ? "446" : "1024");
  }
  Topology const told = usable(system.topology(), {0, 1, 2, 3});
  CHECK(told.kinds == std::vector<Processors>{{0, 1}, {2, 3}});
  CHECK(mythbench::scopes(told, 0)[0].processors == Processors{2});
  CHECK(mythbench::scopes(usable(told, {0, 1}), 0)[0].processors == Processors{0});
}

TEST_CASE("this machine's topology names the processors that may be used", "[machine]") {
  Topology const told = mythbench::topology();
  CHECK_FALSE(told.told_by.empty());
  CHECK_FALSE(told.usable.empty());
  for (auto const& cache : told.caches) CHECK(cache.bytes > 0);
}

TEST_CASE("loads are timed in arrays of doubling size, or not at all without time", "[machine]") {
  auto const until = mythbench::Clock::now();
  CHECK(mythbench::latency_ladder(mega, until).empty());
  auto const ladder = mythbench::latency_ladder(100'000, until + std::chrono::minutes{10});
  REQUIRE(ladder.size() == 5);
  for (std::size_t i = 0; i < ladder.size(); ++i) {
    CHECK(ladder[i].bytes == mythbench::least_latency_bytes << i);
    CHECK(ladder[i].seconds > 0);
  }
}

TEST_CASE("a load's latency reaches beyond the caches, and no further than a triad", "[machine]") {
  std::vector<mythbench::Cache> const caches{{1, 32 * kilo, 1}, {3, 32 * mega, 1}};
  auto const reach = [&](std::int64_t available) {
    return mythbench::latency_reach(mythbench::triad_plan(caches, 1, available));
  };
  CHECK(reach(0) == 128 * mega);
  CHECK(reach(static_cast<std::int64_t>(400) * mega) == 64 * mega);
  CHECK(reach(static_cast<std::int64_t>(100) * mega) == 16 * mega);
  CHECK(mythbench::latency_reach({}) == mythbench::least_latency_bytes);
}
