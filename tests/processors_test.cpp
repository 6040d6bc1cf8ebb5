#include "core/processors.hpp"

#include <thread>

#include "catch.hpp"

#ifdef __linux__
#include <sched.h>

namespace {

cpu_set_t processors_of_this_thread() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof set, &set);
  return set;
}

// As OpenMP binds the first thread of a program.
void bind_to(std::size_t processor) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(processor, &one);
  sched_setaffinity(0, sizeof one, &one);
}

// On a thread of its own, for no other test may run on that processor alone.
void on_bound_thread(auto const& action) {
  std::jthread const thread{[&] {
    bind_to(mythbench::usable_processors().back());
    action();
  }};
}

}  // namespace

TEST_CASE("the processors that may be used are those that the first thread was started with",
          "[core]") {
  cpu_set_t const before = processors_of_this_thread();
  auto const count = static_cast<std::size_t>(CPU_COUNT(&before));
  CHECK(mythbench::usable_cores() == count);
  for (std::size_t const processor : mythbench::usable_processors())
    CHECK(CPU_ISSET(processor, &before));
}

TEST_CASE("a thread that was bound to a processor counts all that the process may use", "[core]") {
  std::size_t const before = mythbench::usable_cores();
  std::size_t counted = 0;
  on_bound_thread([&] { counted = mythbench::usable_cores(); });
  CHECK(counted == before);
}

TEST_CASE("a thread that a bound one starts may use all processors if it wants them", "[core]") {
  cpu_set_t const before = processors_of_this_thread();
  cpu_set_t after;
  on_bound_thread([&] {
    std::jthread const inner{[&] {
      mythbench::use_all_processors();
      after = processors_of_this_thread();
    }};
  });
  CHECK(CPU_EQUAL(&before, &after));
}
#endif
