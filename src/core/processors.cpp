#include "core/processors.hpp"

#include <algorithm>
#include <thread>

#ifdef __linux__
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace mythbench {

#ifdef __linux__

namespace {

// Written before any constructor runs: it must have none.
constinit cpu_set_t allowed_at_start{};
constinit bool is_known = false;

cpu_set_t allowed() {
  if (is_known) return allowed_at_start;
  cpu_set_t now;
  CPU_ZERO(&now);
  // Refused, there is nothing in it: a machine of more processors than such a set can hold.
  if (sched_getaffinity(0, sizeof now, &now) != 0) CPU_ZERO(&now);
  return now;
}

}  // namespace

// No library has begun, that of a sanitizer included: it is left out of this, and the system is
// asked directly.
extern "C" __attribute__((used, no_sanitize("address", "thread", "undefined"))) void
mythbench_remember_processors() {
  is_known = syscall(SYS_sched_getaffinity, 0, sizeof allowed_at_start, &allowed_at_start) > 0;
}

std::vector<std::size_t> usable_processors() {
  cpu_set_t const set = allowed();
  std::vector<std::size_t> found;
  for (std::size_t processor = 0; processor < CPU_SETSIZE; ++processor)
    if (CPU_ISSET(processor, &set)) found.push_back(processor);
  return found;
}

void use_all_processors() {
  // A refusal leaves the thread where it is.
  if (is_known) (void)sched_setaffinity(0, sizeof allowed_at_start, &allowed_at_start);
}

#else

std::vector<std::size_t> usable_processors() { return {}; }

void use_all_processors() {}

#endif

std::size_t usable_cores() {
  std::size_t const told = usable_processors().size();
  return told ? told : std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace mythbench
