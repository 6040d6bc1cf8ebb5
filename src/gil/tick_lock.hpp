#pragma once

// The lock of CPython 2: one flag, and a condition variable for those who wait until it is down.

#include <condition_variable>
#include <mutex>
#include <thread>

#include "gil/journal.hpp"

namespace mythbench::gil {

class TickLock {
 public:
  explicit TickLock(Journal* journal = nullptr) : journal_{journal} {}

  void take();
  void give();

  // For another thread that waits, if one is quick enough: nobody makes this one wait for it. While
  // the other is being woken, which takes the operating system longer than this takes to come back
  // for the lock, the lock is mostly taken again.
  void offer() {
    give();
    take();
  }

 private:
  std::mutex mutex_;
  std::condition_variable given_;
  bool held_ = false;
  std::thread::id last_holder_;
  Clock::time_point given_at_;
  Journal* journal_;
};

}  // namespace mythbench::gil
