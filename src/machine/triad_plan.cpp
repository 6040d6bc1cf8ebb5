#include "machine/triad_plan.hpp"

#include <algorithm>

namespace mythbench {
namespace {

// Of one thread.
std::size_t bound(int threads, std::int64_t available) {
  auto const count = static_cast<std::size_t>(threads);
  std::size_t const most = std::max(most_bytes / count, most_bytes_of_thread);
  if (available <= 0) return most;
  return std::min(most, static_cast<std::size_t>(available) / part_of_memory / count);
}

std::string megabytes(std::size_t bytes) { return std::to_string(bytes / 1'000'000) + " MB"; }

}  // namespace

std::size_t share(Cache const& cache, int threads) {
  return cache.bytes / static_cast<std::size_t>(std::clamp(cache.shared_by, 1, threads));
}

TriadPlan triad_plan(std::vector<Cache> const& caches, int threads, std::int64_t available) {
  TriadPlan plan;
  std::size_t const most = bound(threads, available);
  std::size_t held = 0;  // by the caches so far, of each thread
  for (Cache const& cache : caches) {
    std::string const name = std::string{"L"}.append(std::to_string(cache.level));
    std::size_t const mine = share(cache, threads);
    if (mine <= held) {
      plan.left_out.push_back({name, "a thread has no more of it than of the level before"});
      continue;
    }
    held = mine;
    // Half of it: the rest is for the stack, the code and the neighbours.
    plan.caches.push_back({name, mine * static_cast<std::size_t>(threads),
                           std::min(mine / 2, most) / bytes_per_element});
  }

  if (most <= held) {
    plan.left_out.push_back({"memory", "the caches are said to hold " + megabytes(held) +
                                           " for a thread, and its arrays may take " +
                                           megabytes(most)});
    return plan;
  }
  // Where nothing is said of caches, they may be as large as any.
  std::size_t const first = held == 0 ? most : times_the_caches * held;
  for (std::size_t bytes = first; bytes < most; bytes *= 2)
    plan.memory.push_back(bytes / bytes_per_element);
  plan.memory.push_back(most / bytes_per_element);
  return plan;
}

}  // namespace mythbench
