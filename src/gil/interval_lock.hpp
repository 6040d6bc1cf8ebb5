#pragma once

// The lock of CPython since 3.2: who waits asks for it, but not before an interval is over; who is
// asked gives it up, and comes back only when another thread has had it.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "gil/journal.hpp"

namespace mythbench::gil {

class IntervalLock {
 public:
  explicit IntervalLock(Journal* journal = nullptr) : journal_{journal} {}

  void take();
  void give();

  // Whether the holder has been asked. It looks often: a load that nobody disturbs.
  bool is_wanted() const { return wanted_.load(std::memory_order_relaxed); }

  void offer() {
    give();
    take();
  }

 private:
  static constexpr std::chrono::milliseconds interval{5};  // sys.getswitchinterval()

  // Alone on its cache line, or waiting threads would disturb the holder.
  alignas(64) std::atomic<bool> wanted_ = false;
  alignas(64) std::mutex mutex_;
  std::condition_variable given_;
  std::condition_variable switched_;
  bool held_ = false;
  std::thread::id last_holder_;
  unsigned long switches_ = 0;
  Journal* journal_;
};

// NPY_BEGIN_ALLOW_THREADS where it is made, NPY_END_ALLOW_THREADS where it ends: in between the
// thread works without the lock, and touches no object of the interpreter.
class AllowThreads {
 public:
  explicit AllowThreads(IntervalLock& lock) : lock_{lock} { lock_.give(); }
  ~AllowThreads() { lock_.take(); }
  AllowThreads(AllowThreads const&) = delete;
  AllowThreads& operator=(AllowThreads const&) = delete;

 private:
  IntervalLock& lock_;
};

}  // namespace mythbench::gil
