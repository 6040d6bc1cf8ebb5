#include "machine/caches.hpp"

#include <unistd.h>

#include <algorithm>
#include <optional>

#include "machine/told.hpp"

#include "core/processors.hpp"

#ifdef __linux__
#include <sched.h>
#endif

namespace mythbench {
namespace {

int usable_among(std::string const& list, std::function<bool(std::size_t)> const& may_use) {
  auto const usable = std::ranges::count_if(
      processors_in(list), [&](int p) { return may_use(static_cast<std::size_t>(p)); });
  return std::max(1, static_cast<int>(usable));
}

std::optional<Cache> cache_told_in(std::string const& index,
                                   std::function<bool(std::size_t)> const& may_use) {
  auto const level = number_in(line_of(index + "/level").value_or(""));
  auto const bytes = bytes_in(line_of(index + "/size").value_or(""));
  auto const shared = line_of(index + "/shared_cpu_list");
  if (!level || !bytes || *bytes == 0 || !shared) return std::nullopt;
  return Cache{static_cast<int>(*level), *bytes, usable_among(*shared, may_use)};
}

#ifdef __linux__

std::vector<Cache> caches_of_system() {
  std::vector<std::size_t> const usable = usable_processors();
  if (usable.empty()) return {};
  return caches_told_in(
      "/sys/devices/system/cpu/cpu" + std::to_string(usable.front()) + "/cache",
      [&](std::size_t processor) { return std::ranges::binary_search(usable, processor); });
}

void stay_on(int number) {
  std::vector<std::size_t> const usable = usable_processors();
  if (usable.empty()) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(usable[static_cast<std::size_t>(number) % usable.size()], &one);
  // A refusal costs some steadiness, no more.
  (void)sched_setaffinity(0, sizeof one, &one);
}

#else

std::vector<Cache> caches_of_system() { return {}; }
void stay_on(int) {}

#endif

// What the C library knows, where the kernel shows no caches. Who shares them it does not tell: the
// first two levels belong to a core on all machines that we know, the third to all.
std::vector<Cache> caches_of_library() {
  std::vector<Cache> caches;
#ifdef _SC_LEVEL1_DCACHE_SIZE
  int const all = static_cast<int>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
  int const names[] = {_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE, _SC_LEVEL3_CACHE_SIZE};
  for (int level = 1; level <= 3; ++level)
    if (long const bytes = sysconf(names[level - 1]); bytes > 0)
      caches.push_back({level, static_cast<std::size_t>(bytes), level < 3 ? 1 : all});
#endif
  return caches;
}

}  // namespace

std::vector<Cache> caches_told_in(std::string const& folder,
                                  std::function<bool(std::size_t)> const& may_use) {
  std::vector<Cache> caches;
  for (int i = 0;; ++i) {
    std::string const index = folder + "/index" + std::to_string(i);
    auto const type = line_of(index + "/type");
    if (!type) return caches;
    if (*type == "Instruction") continue;
    if (auto const cache = cache_told_in(index, may_use)) caches.push_back(*cache);
  }
}

std::vector<Cache> data_caches() {
  std::vector<Cache> caches = caches_of_system();
  if (caches.empty()) caches = caches_of_library();
  std::ranges::sort(caches, {}, &Cache::level);
  return caches;
}

void stay_on_processor(int number) { stay_on(number); }

}  // namespace mythbench
