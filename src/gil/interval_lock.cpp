#include "gil/interval_lock.hpp"

namespace mythbench::gil {

void IntervalLock::take() {
  Clock::time_point const asked = journal_ ? Clock::now() : Clock::time_point{};
  std::unique_lock guard{mutex_};
  while (held_) {
    unsigned long const before = switches_;
    bool const woken = given_.wait_for(guard, interval) == std::cv_status::no_timeout;
    // If it has changed hands meanwhile, the new holder has an interval of its own.
    if (!woken && held_ && switches_ == before) wanted_.store(true, std::memory_order_relaxed);
  }
  held_ = true;
  if (last_holder_ != std::this_thread::get_id()) {
    last_holder_ = std::this_thread::get_id();
    ++switches_;
  }
  if (journal_) journal_->taken(thread_number, asked, Clock::now());
  wanted_.store(false, std::memory_order_relaxed);
  switched_.notify_all();
}

void IntervalLock::give() {
  std::unique_lock guard{mutex_};
  if (journal_) journal_->given(Clock::now());
  held_ = false;
  given_.notify_one();
  // Whoever has asked is waiting still, so somebody will take it. Without this wait this thread
  // would be back before the other is awake.
  if (is_wanted())
    switched_.wait(guard, [&] { return last_holder_ != std::this_thread::get_id(); });
}

}  // namespace mythbench::gil
