#pragma once

// Who held a lock when, as the lock itself writes it down: when it changes hands, not in between.

#include <chrono>
#include <cstddef>
#include <vector>

namespace mythbench::gil {

using Clock = std::chrono::steady_clock;

// The calling thread's number in the journals, 0 if it has not said.
inline thread_local int thread_number = 0;

struct Tenure {
  int thread;
  Clock::time_point asked;  // when it began to wait
  Clock::time_point taken;
  Clock::time_point given;  // to another thread; the end of time if it is still there
};

// Written by whoever holds the lock.
class Journal {
 public:
  explicit Journal(std::size_t expected) { tenures_.reserve(expected); }

  void taken(int thread, Clock::time_point asked, Clock::time_point since) {
    tenures_.push_back({thread, asked, since, Clock::time_point::max()});
  }
  void given(Clock::time_point now) {
    if (!tenures_.empty()) tenures_.back().given = now;
  }

  std::vector<Tenure> const& tenures() const { return tenures_; }

 private:
  std::vector<Tenure> tenures_;
};

}  // namespace mythbench::gil
