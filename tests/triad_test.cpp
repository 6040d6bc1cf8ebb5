#include "machine/triad.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "machine/caches.hpp"
#include "machine/pages.hpp"

using mythbench::Bandwidth;
using mythbench::Stores;

namespace {

using Clock = std::chrono::steady_clock;

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

double rate(std::vector<Bandwidth> const& bandwidths, std::string const& level, Stores stores) {
  for (Bandwidth const& bandwidth : bandwidths)
    if (bandwidth.level == level && bandwidth.stores == stores) return bandwidth.bytes_per_second;
  return 0;
}

}  // namespace

TEST_CASE("data caches come nearest first, each larger than the one before", "[machine]") {
  auto const caches = mythbench::data_caches();
  for (std::size_t i = 0; i < caches.size(); ++i) {
    CHECK(caches[i].bytes > 0);
    CHECK(caches[i].shared_by > 0);
    if (i == 0) continue;
    CHECK(caches[i - 1].level < caches[i].level);
    CHECK(caches[i - 1].shared_by <= caches[i].shared_by);
  }
}

TEST_CASE("the triad is measured in every cache, and in memory with both kinds of stores",
          "[machine]") {
  auto const caches = mythbench::data_caches();
  auto const bandwidths = mythbench::triad_bandwidths(2);
  REQUIRE(bandwidths.size() == caches.size() + 2);
  for (std::size_t i = 0; i < bandwidths.size(); ++i) {
    CHECK(bandwidths[i].bytes_per_second > 1e8);
    CHECK(bandwidths[i].holds.has_value() == (i < caches.size()));
  }
  CHECK(rate(bandwidths, "memory", Stores::ordinary) > 0);
  CHECK(rate(bandwidths, "memory", Stores::streaming) > 0);
}

TEST_CASE("memory is measured beside what no cache holds, and beside nothing else", "[machine]") {
  for (int const threads : {1, 2}) {
    CHECK_FALSE(mythbench::triad_beside(threads, 1000));
    CHECK(mythbench::triad_beside(threads, 4e9).value_or(0) > 1e8);
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
  auto const caches = mythbench::data_caches();
  std::size_t const last = caches.empty() ? std::size_t{32} << 20 : caches.back().bytes;
  // In turns, the best of each: memory that others use, too, changes from second to second.
  double stream = 0, ours = 0;
  for (int turn = 0; turn < 8; ++turn) {
    stream = std::max(stream, stream_triad_rate(4 * last / sizeof(double)));
    ours = std::max(ours, mythbench::triad_from_memory(1, Stores::ordinary));
  }
  std::cout << "STREAM triad " << stream / 1e9 << " GB/s, ours " << ours / 1e9 << " GB/s\n";
  CHECK(ours > 0.95 * stream);
  CHECK(ours < 1.05 * stream);
}
