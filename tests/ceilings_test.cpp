// The measurement of the ceilings, on machines that are told and not had.

#include "machine/ceilings.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "catch.hpp"
#include "machine/caches.hpp"
#include "machine/threads.hpp"
#include "machine/time_shares.hpp"
#include "machine/triad_plan.hpp"

using mythbench::Cache;
using mythbench::TriadPlan;

namespace {

constexpr std::size_t kilo = 1 << 10, mega = 1 << 20, giga = 1 << 30;

struct Machine {
  std::string name;
  std::vector<Cache> caches;
  int threads;
  std::int64_t available;  // bytes; 0: unknown
};

std::vector<Machine> machines() {
  std::vector<Cache> const laptop{{1, 32 * kilo, 2}, {2, 512 * kilo, 2}, {3, 16 * mega, 16}};
  std::vector<Cache> const guest{{1, 32 * kilo, 1}, {2, 2 * mega, 1}, {3, 260 * mega, 2}};
  std::vector<Cache> const node{{1, 32 * kilo, 2}, {2, mega, 2}, {3, 32 * mega, 16}};
  std::vector<Cache> const single{{1, 32 * kilo, 1}, {2, 256 * kilo, 1}};
  return {
      {"a laptop, one thread", laptop, 1, 8 * giga},
      {"a laptop, all threads", laptop, 16, 8 * giga},
      {"a guest that names its host's caches", guest, 1, 7 * giga},
      {"such a guest, two threads", guest, 2, 7 * giga},
      {"such a guest with little memory", guest, 2, 400 * mega},
      {"one that names no caches", {}, 2, 8 * giga},
      {"one that names neither caches nor memory", {}, 2, 0},
      {"one core, 512 MB", single, 1, 300 * mega},
      {"128 cores", node, 128, std::int64_t{200} * giga},
      {"128 cores, of whose memory 2 GB are ours", node, 128, 2 * giga},
      {"128 cores, 512 MB", node, 128, 300 * mega},
      {"128 cores that share one large cache", {{1, 48 * kilo, 1}, {3, giga, 128}}, 128, 0},
      {"caches of nonsense", {{1, 1, 1}, {2, std::size_t{1} << 60, 1}}, 4, 4 * giga},
      {"no memory left", laptop, 4, 1},
  };
}

TriadPlan plan(Machine const& machine) {
  return mythbench::triad_plan(machine.caches, machine.threads, machine.available);
}

std::size_t largest_bytes(Machine const& machine, TriadPlan const& plan) {
  std::size_t most = plan.memory.empty() ? 0 : plan.memory.back();
  for (auto const& level : plan.caches) most = std::max(most, level.elements);
  return most * mythbench::bytes_per_element * static_cast<std::size_t>(machine.threads);
}

// A processor's folder of caches, as Linux has it.
class Told {
 public:
  Told() { std::filesystem::remove_all(folder_); }
  ~Told() { std::filesystem::remove_all(folder_); }

  Told& with(int index, std::map<std::string, std::string> const& files) {
    auto const place = folder_ / ("index" + std::to_string(index));
    std::filesystem::create_directories(place);
    for (auto const& [name, text] : files) std::ofstream{place / name} << text << '\n';
    return *this;
  }

  std::vector<Cache> caches() const {
    return mythbench::caches_told_in(folder_.string(), [](std::size_t p) { return p < 4; });
  }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("mythbench_caches_" + std::to_string(getpid()));
};

}  // namespace

TEST_CASE("whatever a machine says of itself, a triad's arrays stay within bounds", "[machine]") {
  for (Machine const& machine : machines()) {
    INFO(machine.name);
    auto const threads = static_cast<std::size_t>(machine.threads);
    std::size_t const most = largest_bytes(machine, plan(machine));
    CHECK(most <= std::max(mythbench::most_bytes, threads * mythbench::most_bytes_of_thread));
    if (machine.available > 0)
      CHECK(most <= static_cast<std::size_t>(machine.available) / mythbench::part_of_memory);
  }
}

TEST_CASE("memory's arrays grow by doubling from beyond the caches to the bound", "[machine]") {
  for (Machine const& machine : machines()) {
    INFO(machine.name);
    TriadPlan const planned = plan(machine);
    auto const& sizes = planned.memory;
    std::size_t const threads = static_cast<std::size_t>(machine.threads);
    std::size_t const held = planned.caches.empty() ? 0 : planned.caches.back().holds / threads;
    for (std::size_t const size : sizes) CHECK((size + 1) * mythbench::bytes_per_element > held);
    for (std::size_t i = 1; i < sizes.size(); ++i) {
      CHECK(sizes[i - 1] < sizes[i]);
      CHECK(sizes[i] <= 2 * sizes[i - 1] + 2);
    }
    CHECK(sizes.size() < 30);
  }
}

TEST_CASE("each level of each machine is measured or left out with a reason", "[machine]") {
  for (Machine const& machine : machines()) {
    INFO(machine.name);
    TriadPlan const planned = plan(machine);
    CHECK(planned.caches.size() + planned.left_out.size() + (planned.memory.empty() ? 0 : 1) ==
          machine.caches.size() + 1);
    for (auto const& [level, reason] : planned.left_out) CHECK_FALSE(reason.empty());
    for (std::size_t i = 1; i < planned.caches.size(); ++i)
      CHECK(planned.caches[i - 1].holds < planned.caches[i].holds);
  }
}

TEST_CASE("caches that hold more than the arrays may take leave memory out", "[machine]") {
  TriadPlan const planned = mythbench::triad_plan({{3, 260 * mega, 2}}, 2, 400 * mega);
  CHECK(planned.memory.empty());
  REQUIRE(planned.left_out.size() == 1);
  CHECK(planned.left_out[0].level == "memory");
  CHECK(planned.left_out[0].reason ==
        "the caches are said to hold 136 MB for a thread, and its arrays may take 52 MB");
}

TEST_CASE("parts that take their shares of the time take no more than all of it", "[machine]") {
  mythbench::TimeShares shares{10};
  double left = 5;
  for (double const weight : {1, 2, 3, 4}) {
    double const share = shares.next(left, weight);
    CHECK(share == weight / 2);
    left -= share;
  }
  CHECK(left == 0);
}

TEST_CASE("what one part leaves is for the others, what it takes too much they lack", "[machine]") {
  mythbench::TimeShares shares{4};
  CHECK(shares.next(8, 1) == 2);
  CHECK(shares.next(7.5, 1) == 2.5);
  CHECK(shares.next(1, 1) == 0.5);
  CHECK(shares.next(-3, 1) == 0);
}

TEST_CASE("without time, ceilings are peaks alone, and say what they lack", "[machine]") {
  auto const caches = mythbench::data_caches();
  auto const ceilings =
      mythbench::measure_ceilings({{"core", {0}, mythbench::triad_plan(caches, 1, 0)},
                                   {"machine", {0, 1, 2}, mythbench::triad_plan(caches, 3, 0)}},
                                  0);
  REQUIRE(ceilings.measured.size() == 2);
  CHECK(ceilings.latency.empty());
  for (auto const& ceiling : ceilings.measured) {
    CHECK(ceiling.peaks.f64 > 0);
    CHECK(ceiling.peaks.f32 > 0);
    CHECK(ceiling.peaks.u64 > 0);
    CHECK(ceiling.bandwidths.empty());
    auto const lacks = [&](mythbench::LeftOut const& part) {
      return part.threads == ceiling.threads && part.what.starts_with("triad in ");
    };
    auto const levels = static_cast<std::ptrdiff_t>(caches.size());
    CHECK(std::ranges::count_if(ceilings.left_out, lacks) > levels);
  }
  for (auto const& part : ceilings.left_out) CHECK_FALSE(part.reason.empty());
}

TEST_CASE("a processor's caches are read as Linux tells them", "[machine]") {
  auto const caches =
      Told{}
          .with(0, {{"type", "Data"}, {"level", "1"}, {"size", "48K"}, {"shared_cpu_list", "0,64"}})
          .with(
              1,
              {{"type", "Instruction"}, {"level", "1"}, {"size", "32K"}, {"shared_cpu_list", "0"}})
          .with(2,
                {{"type", "Unified"}, {"level", "2"}, {"size", "2M"}, {"shared_cpu_list", "0-1"}})
          .with(3, {{"type", "Unified"},
                    {"level", "3"},
                    {"size", "266240K"},
                    {"shared_cpu_list", "0-63"}})
          .caches();
  REQUIRE(caches.size() == 3);
  CHECK((caches[0].level == 1 && caches[0].bytes == 48 * kilo && caches[0].shared_by == 1));
  CHECK((caches[1].level == 2 && caches[1].bytes == 2 * mega && caches[1].shared_by == 2));
  CHECK((caches[2].level == 3 && caches[2].bytes == 260 * mega && caches[2].shared_by == 4));
}

TEST_CASE("what a system says of caches without sense is left out", "[machine]") {
  CHECK(Told{}.caches().empty());
  for (char const* const size : {"", "0K", "K", "-3K", "many", "12T", "99999999999999999999"})
    CHECK(Told{}
              .with(0, {{"type", "Data"}, {"level", "1"}, {"size", size}, {"shared_cpu_list", "0"}})
              .caches()
              .empty());
  CHECK(Told{}
            .with(0, {{"type", "Data"}, {"level", ""}, {"size", "1K"}, {"shared_cpu_list", "0"}})
            .caches()
            .empty());
  CHECK(Told{}.with(0, {{"type", "Data"}, {"level", "1"}, {"size", "1K"}}).caches().empty());
  auto const odd = Told{}
                       .with(0, {{"type", "Data"},
                                 {"level", "1"},
                                 {"size", "1K"},
                                 {"shared_cpu_list", ",x,2-,0-99999999999"}})
                       .caches();
  REQUIRE(odd.size() == 1);
  CHECK(odd[0].shared_by == 4);
}

TEST_CASE("this machine's caches come nearest first", "[machine]") {
  auto const caches = mythbench::data_caches();
  CHECK(std::ranges::is_sorted(caches, {}, &Cache::level));
  for (Cache const& cache : caches) {
    CHECK(cache.bytes > 0);
    CHECK(cache.shared_by > 0);
  }
}

TEST_CASE("threads begin together, each with a number of its own", "[machine]") {
  for (int const threads : {1, 2, 9}) {
    std::vector<std::atomic<int>> met(static_cast<std::size_t>(threads));
    mythbench::on_threads(threads, [&](int thread) { ++met[static_cast<std::size_t>(thread)]; });
    for (auto const& times : met) CHECK(times == 1);
  }
}
