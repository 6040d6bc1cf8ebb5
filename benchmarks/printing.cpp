#include "printing.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "catalogue.hpp"
#include "counting.hpp"
#include "layers/os.hpp"
#include "machine/ceilings.hpp"
#include "machine/instruction_set.hpp"
#include "machine/scopes.hpp"
#include "machine/told.hpp"
#include "machine/topology.hpp"

namespace mythbench {
namespace {

// Of the six that the ceilings may take in all: the rest is for the last burst, on a busy machine.
constexpr double ceilings_seconds = 5;

Json described(Bandwidth const& bandwidth) {
  bool const streaming = bandwidth.stores == Stores::streaming;
  Json json{{"level", bandwidth.level},
            {"bytes_per_second", bandwidth.bytes_per_second},
            {"stores", streaming ? "streaming" : "ordinary"}};
  if (bandwidth.holds) json["holds_bytes"] = *bandwidth.holds;
  return json;
}

Json described(Ceiling const& ceiling) {
  Json bandwidths = Json::array();
  for (auto const& bandwidth : ceiling.bandwidths) bandwidths.push_back(described(bandwidth));
  return {{"scope", ceiling.scope},
          {"threads", ceiling.threads},
          {"f64_operations_per_second", ceiling.peaks.f64},
          {"f32_operations_per_second", ceiling.peaks.f32},
          {"u64_operations_per_second", ceiling.peaks.u64},
          {"bandwidths", bandwidths}};
}

// The nearest level that holds so many bytes.
std::string level_of(std::size_t bytes, TriadPlan const& plan_of_core) {
  for (auto const& cache : plan_of_core.caches)
    if (bytes <= cache.holds) return cache.name;
  return "memory";
}

Json lists_of(std::vector<Processors> const& parts) {
  Json lists = Json::array();
  for (auto const& part : parts) lists.push_back(list_of(part));
  return lists;
}

Json described(Topology const& topology) {
  Json nodes = Json::array(), caches = Json::array();
  for (auto const& [number, bytes, processors] : topology.nodes) {
    nodes.push_back({{"number", number}, {"processors", list_of(processors)}});
    if (bytes > 0) nodes.back()["memory_bytes"] = bytes;
  }
  for (auto const& [level, bytes, processors] : topology.caches)
    caches.push_back(
        {{"level", level}, {"size_bytes", bytes}, {"processors", list_of(processors)}});
  return {{"told_by", topology.told_by},
          {"usable", list_of(topology.usable)},
          {"packages", lists_of(topology.packages)},
          {"cores", lists_of(topology.cores)},
          {"kinds", lists_of(topology.kinds)},
          {"nodes", nodes},
          {"caches", caches}};
}

// Bytes of the arrays of all threads.
Json described(Scope const& scope) {
  auto const threads = static_cast<std::size_t>(scope.threads());
  auto const bytes = [&](std::size_t each) { return each * bytes_per_element * threads; };
  Json caches = Json::array(), memory = Json::array(), left_out = Json::array();
  for (auto const& [name, holds, elements] : scope.triad.caches)
    caches.push_back({{"level", name}, {"holds_bytes", holds}, {"bytes", bytes(elements)}});
  for (std::size_t const elements : scope.triad.memory) memory.push_back(bytes(elements));
  for (auto const& [level, reason] : scope.triad.left_out)
    left_out.push_back({{"level", level}, {"reason", reason}});
  return {{"scope", scope.name},    {"processors", list_of(scope.processors)},
          {"threads", threads},     {"caches", caches},
          {"memory_bytes", memory}, {"left_out", left_out}};
}

void print(Json const& json) { std::cout << json.dump(1) << '\n'; }

}  // namespace

void print_catalogue() { print(catalogue()); }

void print_layers(std::vector<Selected> const& all) {
  Json counted = Json::array();
  for (auto const& [rung, timed] : all)
    counted.push_back({{"label", label(rung, timed)}, {"layers", layers_of(rung, timed)}});
  print(counted);
}

void print_ceilings() {
  auto const all = scopes(topology(), layers::available_memory_bytes());
  auto const ceilings = measure_ceilings(all, ceilings_seconds);
  Json measured = Json::array(), latency = Json::array(), left_out = Json::array();
  for (auto const& [bytes, seconds] : ceilings.latency)
    latency.push_back(
        {{"level", level_of(bytes, all.front().triad)}, {"bytes", bytes}, {"seconds", seconds}});
  for (auto const& ceiling : ceilings.measured) measured.push_back(described(ceiling));
  for (auto const& [threads, what, reason] : ceilings.left_out)
    left_out.push_back({{"threads", threads}, {"what", what}, {"reason", reason}});
  print({{"instruction_set", instruction_sets().front()},
         {"ceilings", measured},
         {"latency", latency},
         {"left_out", left_out}});
}

void print_topology(std::string const& made_up) {
  Topology const told = made_up.empty() ? topology() : made_up_topology(made_up);
  std::int64_t available = 0;
  if (made_up.empty()) available = layers::available_memory_bytes();
  for (auto const& node : told.nodes) available += made_up.empty() ? 0 : node.bytes;
  Json planned = Json::array();
  auto const all = scopes(told, available);
  for (Scope const& scope : all) planned.push_back(described(scope));
  print({{"topology", described(told)},
         {"scopes", planned},
         {"latency_bytes", latency_reach(all.front().triad)}});
}

}  // namespace mythbench
