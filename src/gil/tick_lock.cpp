#include "gil/tick_lock.hpp"

namespace mythbench::gil {

void TickLock::take() {
  Clock::time_point const asked = journal_ ? Clock::now() : Clock::time_point{};
  std::unique_lock guard{mutex_};
  given_.wait(guard, [&] { return !held_; });
  held_ = true;
  if (journal_ && last_holder_ != std::this_thread::get_id()) {
    journal_->given(given_at_);
    journal_->taken(thread_number, asked, Clock::now());
  }
  last_holder_ = std::this_thread::get_id();
}

void TickLock::give() {
  {
    std::lock_guard const guard{mutex_};
    held_ = false;
    if (journal_) given_at_ = Clock::now();
  }
  given_.notify_one();
}

}  // namespace mythbench::gil
