// The lock is given up when a thread has waited for five milliseconds and asks: CPython since 3.2.
//
// Threads: as many as the case says.
//
// Bound: the jobs take turns, so as many threads take as many times as long, and nearly no longer:
// the lock changes hands so seldom that waking a thread does not matter.

#include "gil/interpreter.hpp"
#include "gil/policies.hpp"
#include "gil/threads.hpp"

namespace mythbench::gil {

void interval_lock(Input const& in, Output& out) {
  prepare(in, out);
  IntervalLock lock;
  Interpreter<Requests> interpreter{[&](std::size_t job) { multiply(in, job, out); }};
  interpreter.policy().lock = &lock;
  in_threads(in.threads, [&](std::size_t job) {
    Hold const held{lock};
    interpreter.run(in, job, out);
  });
}

Bound interval_lock_bound(Case const& c) { return least(c); }

}  // namespace mythbench::gil
