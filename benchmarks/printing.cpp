#include "printing.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "catalogue.hpp"
#include "counting.hpp"
#include "machine/ceilings.hpp"
#include "machine/instruction_set.hpp"

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
  return {{"threads", ceiling.threads},
          {"f64_operations_per_second", ceiling.peaks.f64},
          {"f32_operations_per_second", ceiling.peaks.f32},
          {"u64_operations_per_second", ceiling.peaks.u64},
          {"bandwidths", bandwidths}};
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
  auto const ceilings = measure_ceilings(thread_counts(), ceilings_seconds);
  Json measured = Json::array(), left_out = Json::array();
  for (auto const& ceiling : ceilings.measured) measured.push_back(described(ceiling));
  for (auto const& [threads, what, reason] : ceilings.left_out)
    left_out.push_back({{"threads", threads}, {"what", what}, {"reason", reason}});
  print({{"instruction_set", instruction_sets().front()},
         {"ceilings", measured},
         {"left_out", left_out}});
}

}  // namespace mythbench
