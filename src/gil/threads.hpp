#pragma once

#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "core/processors.hpp"
#include "gil/journal.hpp"

namespace mythbench::gil {

// Holds a lock of this example for as long as it lives: what throws in between leaves it free.
template <class Lock>
class Hold {
 public:
  explicit Hold(Lock& lock) : lock_{lock} { lock_.take(); }
  ~Hold() { lock_.give(); }
  Hold(Hold const&) = delete;
  Hold& operator=(Hold const&) = delete;

 private:
  Lock& lock_;
};

// Does action(job) for each job, each on a thread of its own. If some throw, the others finish, and
// then the first exception goes on.
template <class Action>
void in_threads(int jobs, Action const& action) {
  std::exception_ptr failure;
  std::mutex failing;
  {
    std::vector<std::jthread> threads;
    for (int job = 0; job < jobs; ++job)
      threads.emplace_back([&, job] {
        use_all_processors();
        thread_number = job;
        try {
          action(static_cast<std::size_t>(job));
        } catch (...) {
          std::lock_guard const guard{failing};
          if (!failure) failure = std::current_exception();
        }
      });
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace mythbench::gil
