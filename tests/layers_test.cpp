#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "catch.hpp"
#include "layers/os.hpp"

namespace {

using mythbench::layers::count_in_child;
using mythbench::layers::Counted;
using mythbench::layers::ResidentSample;

constexpr std::size_t megabyte = 1 << 20;

void nothing() {}

void touch(std::size_t bytes) {
  auto const memory = std::make_unique_for_overwrite<char[]>(bytes);
  for (std::size_t i = 0; i < bytes; i += 512) static_cast<char volatile*>(memory.get())[i] = 1;
}

// How often the process that watches this one has gone to sleep, which it does between two looks.
long sleeps_of_watcher() {
  std::ifstream status{"/proc/" + std::to_string(getppid()) + "/status"};
  std::string const key = "voluntary_ctxt_switches:";
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key)) return std::stol(line.substr(key.size()));
  throw std::runtime_error{"the watcher is not to be seen"};
}

void wait_for_looks() {
  long const before = sleeps_of_watcher();
  while (sleeps_of_watcher() < before + 6)
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

}  // namespace

TEST_CASE("the peak of a run holds the memory that it touched", "[layers]") {
  auto const counted = count_in_child(nothing, [] { touch(64 * megabyte); });
  REQUIRE(std::holds_alternative<Counted>(counted));
  Counted const counts = std::get<Counted>(counted);
  std::int64_t const used = counts.peak_resident_bytes - counts.baseline_resident_bytes;
  CHECK(used >= static_cast<std::int64_t>(63 * megabyte));
  CHECK(used <= static_cast<std::int64_t>(80 * megabyte));
  CHECK(counts.minor_page_faults > 0);
}

TEST_CASE("memory touched while preparing belongs to the baseline", "[layers]") {
  std::vector<char> input;
  auto const counted = count_in_child([&] { input.assign(64 * megabyte, 'x'); }, nothing);
  REQUIRE(std::holds_alternative<Counted>(counted));
  Counted const counts = std::get<Counted>(counted);
  CHECK(counts.baseline_resident_bytes >= static_cast<std::int64_t>(63 * megabyte));
  CHECK(counts.peak_resident_bytes - counts.baseline_resident_bytes <
        static_cast<std::int64_t>(8 * megabyte));
}

TEST_CASE("the memory of a run is seen to grow and shrink", "[layers]") {
  auto const counted = count_in_child(nothing, [&] {
    wait_for_looks();
    {
      std::vector<char> const held(64 * megabyte, 'x');
      wait_for_looks();
    }
    wait_for_looks();
  });
  REQUIRE(std::holds_alternative<Counted>(counted));
  auto const& samples = std::get<Counted>(counted).resident;
  REQUIRE(samples.size() > 10);
  CHECK(samples.front().seconds == 0);
  auto const most = std::ranges::max(samples, {}, &ResidentSample::bytes);
  auto const half = static_cast<std::int64_t>(32 * megabyte);
  CHECK(most.bytes - samples.front().bytes > half);
#ifndef __SANITIZE_ADDRESS__  // it holds back what is freed
  CHECK(most.bytes - samples.back().bytes > half);
#endif
  for (std::size_t i = 1; i < samples.size(); ++i)
    CHECK(samples[i - 1].seconds < samples[i].seconds);
  CHECK(samples.back().seconds <= std::get<Counted>(counted).seconds);
}

TEST_CASE("a child that throws says why", "[layers]") {
  auto const counted = count_in_child(nothing, [] { throw std::runtime_error{"no such luck"}; });
  CHECK(std::get<std::string>(counted) == "no such luck");
}

TEST_CASE("a child that dies names its signal and leaves the parent alive", "[layers]") {
  auto const counted = count_in_child(nothing, [] { std::raise(SIGKILL); });
  CHECK(std::get<std::string>(counted) == "the process was ended by signal 9");
}

TEST_CASE("some memory is available, and no more than a petabyte", "[layers]") {
  auto const available = mythbench::layers::available_memory_bytes();
  CHECK(available > 0);
  CHECK(available < std::int64_t{1} << 50);
}
