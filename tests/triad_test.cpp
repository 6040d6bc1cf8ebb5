#include "machine/triad.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>

#include "catch.hpp"
#include "layers/os.hpp"
#include "machine/caches.hpp"
#include "machine/pages.hpp"
#include "machine/triad_plan.hpp"

using mythbench::Clock;

namespace {

// What John McCalpin's STREAM times, for this comparison alone: plain loops, arrays that begin
// where the pages do, the best of ten passes. One thread, ordinary stores.
double stream_triad_rate(std::size_t size) {
  auto const a = mythbench::untouched_pages(size);
  auto const b = mythbench::untouched_pages(size);
  auto const c = mythbench::untouched_pages(size);
  double *const out = a.get(), *const x = b.get(), *const y = c.get();
  for (std::size_t i = 0; i < size; ++i) out[i] = 2.0, x[i] = 0.5, y[i] = 1.0;
  double best = 0;
  for (int pass = 0; pass < 10; ++pass) {
    double const scalar = 3.0 + pass;
    auto const start = Clock::now();
    for (std::size_t i = 0; i < size; ++i) out[i] = x[i] + scalar * y[i];
    std::chrono::duration<double> const took = Clock::now() - start;
    best = std::max(best, 24.0 * static_cast<double>(size) / took.count());
  }
  REQUIRE(out[size / 2] == 0.5 + 12.0);
  return best;
}

Clock::time_point in_seconds(double seconds) {
  return Clock::now() +
         std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{seconds});
}

// More than any of these measurements needs.
auto plenty_of_time() { return in_seconds(600); }

// Of each array of so many threads, for a test that only wants to see it work.
constexpr std::size_t few = 1 << 18;

}  // namespace

TEST_CASE("a triad is measured in caches, and in memory with both kinds of stores", "[machine]") {
  for (int const threads : {1, 3}) {
    CHECK(mythbench::triad_in_cache(threads, 1000, plenty_of_time()).value_or(0) > 0);
    auto const memory = mythbench::triad_from_memory(threads, {few, 2 * few}, plenty_of_time());
    CHECK(memory.ordinary.value_or(0) > 0);
    CHECK(memory.streaming.value_or(0) > 0);
  }
}

TEST_CASE("without time for one measurement there is no rate", "[machine]") {
  for (int const threads : {1, 3}) {
    auto const now = in_seconds(0);
    CHECK_FALSE(mythbench::triad_in_cache(threads, 1000, now));
    auto const memory = mythbench::triad_from_memory(threads, {few, 2 * few}, now);
    CHECK_FALSE(memory.ordinary);
    CHECK_FALSE(memory.streaming);
    CHECK_FALSE(mythbench::triad_beside(threads, 1e12, now));
  }
}

TEST_CASE("memory is measured beside what no cache holds, and beside nothing else", "[machine]") {
  for (int const threads : {1, 2}) {
    CHECK_FALSE(mythbench::triad_beside(threads, 1000, plenty_of_time()));
    auto const plan = mythbench::triad_plan(mythbench::data_caches(), threads,
                                            mythbench::layers::available_memory_bytes());
    auto const rate = mythbench::triad_beside(threads, 1e12, plenty_of_time());
    CHECK(rate.has_value() == !plan.memory.empty());
    CHECK(rate.value_or(1) > 0);
  }
}

TEST_CASE("untouched pages can be written from the first number to the last", "[machine]") {
  for (std::size_t const size : {1, 3, 1000, 600'000}) {
    auto const pages = mythbench::untouched_pages(size);
    pages[0] = 1;
    pages[size - 1] = 2;
    CHECK(reinterpret_cast<std::uintptr_t>(pages.get()) % 64 == 0);
    CHECK(pages[size - 1] == 2);
  }
  CHECK(mythbench::untouched_pages(0));
}

// By hand, on an idle machine: mythbench_tests "[timing]"
TEST_CASE("the triad reaches what a plain STREAM triad reaches, within 5 per cent", "[.][timing]") {
  auto const plan = mythbench::triad_plan(mythbench::data_caches(), 1,
                                          mythbench::layers::available_memory_bytes());
  // In turns, the best of each: memory that others use, too, changes from second to second.
  double stream = 0, ours = 0;
  for (int turn = 0; turn < 8; ++turn) {
    stream = std::max(stream, stream_triad_rate(plan.memory.back()));
    auto const memory = mythbench::triad_from_memory(1, {plan.memory.back()}, plenty_of_time());
    ours = std::max(ours, memory.ordinary.value_or(0));
  }
  std::cout << "STREAM triad " << stream / 1e9 << " GB/s, ours " << ours / 1e9 << " GB/s\n";
  CHECK(ours > 0.95 * stream);
  CHECK(ours < 1.05 * stream);
}
