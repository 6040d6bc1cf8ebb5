#include "machine/caches.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#ifdef __linux__
#include <sched.h>
#endif

namespace mythbench {
namespace {

#ifdef __linux__

std::optional<std::string> text_of(std::string const& file) {
  std::ifstream in{file};
  std::string text;
  if (std::getline(in, text)) return text;
  return std::nullopt;
}

bool may_use(std::size_t processor, cpu_set_t const& allowed) {
  return processor < CPU_SETSIZE && CPU_ISSET(processor, &allowed);
}

// Of a list such as 0-3,8.
int usable_among(std::string const& list, cpu_set_t const& allowed) {
  int usable = 0;
  std::istringstream parts{list};
  for (std::string part; std::getline(parts, part, ',');) {
    auto const dash = part.find('-');
    std::size_t const first = std::stoul(part);
    std::size_t const last = dash == std::string::npos ? first : std::stoul(part.substr(dash + 1));
    for (std::size_t p = first; p <= last; ++p) usable += may_use(p, allowed) ? 1 : 0;
  }
  return std::max(1, usable);
}

// 32K, 1M
std::size_t bytes_of(std::string const& size) {
  std::size_t const unit = size.back() == 'G'   ? std::size_t{1} << 30
                           : size.back() == 'M' ? std::size_t{1} << 20
                           : size.back() == 'K' ? std::size_t{1} << 10
                                                : 1;
  return std::stoul(size) * unit;
}

std::vector<Cache> caches_of_system() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return {};
  std::size_t here = 0;
  while (here + 1 < CPU_SETSIZE && !may_use(here, allowed)) ++here;

  std::vector<Cache> caches;
  std::string const folder = "/sys/devices/system/cpu/cpu" + std::to_string(here) + "/cache/index";
  for (int i = 0;; ++i) {
    std::string const index = folder + std::to_string(i);
    auto const type = text_of(index + "/type");
    auto const level = text_of(index + "/level");
    auto const size = text_of(index + "/size");
    auto const shared = text_of(index + "/shared_cpu_list");
    if (!type) return caches;
    if (*type != "Instruction" && level && size && shared)
      caches.push_back({std::stoi(*level), bytes_of(*size), usable_among(*shared, allowed)});
  }
}

void stay_on(int number) {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  int left = number % std::max(1, CPU_COUNT(&allowed));
  for (std::size_t processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (!may_use(processor, allowed) || left-- > 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    // A refusal costs some steadiness, no more.
    (void)sched_setaffinity(0, sizeof one, &one);
    return;
  }
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

std::vector<Cache> data_caches() {
  std::vector<Cache> caches = caches_of_system();
  if (caches.empty()) caches = caches_of_library();
  std::ranges::sort(caches, {}, &Cache::level);
  return caches;
}

void stay_on_processor(int number) { stay_on(number); }

}  // namespace mythbench
