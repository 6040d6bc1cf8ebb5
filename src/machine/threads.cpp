#include "machine/threads.hpp"

#include <latch>
#include <thread>
#include <vector>

#include "core/processors.hpp"

namespace mythbench {

void on_threads(int threads, std::function<void(int)> const& work) {
  bool complete = false;
  std::latch all_there{1};
  std::vector<std::jthread> running;
  try {
    for (int thread = 0; thread < threads; ++thread)
      running.emplace_back([&, thread] {
        use_all_processors();
        all_there.wait();
        if (complete) work(thread);
      });
  } catch (...) {
    all_there.count_down();  // those that are there end, for they may wait for the others in `work`
    throw;
  }
  complete = true;
  all_there.count_down();
}

}  // namespace mythbench
