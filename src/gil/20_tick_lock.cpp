// A thread for each job, one lock for the interpreter, offered every hundred ticks: CPython 2.
//
// Threads: as many as the case says.
//
// Bound: the jobs take turns, so as many threads take as many times as long. And each offer wakes a
// thread, which mostly finds the lock taken again and goes back to sleep: the convoy.

#include "gil/interpreter.hpp"
#include "gil/policies.hpp"
#include "gil/threads.hpp"

namespace mythbench::gil {

void tick_lock(Input const& in, Output& out) {
  prepare(in, out);
  TickLock lock;
  Interpreter<Ticks> interpreter{[&](std::size_t job) { multiply(in, job, out); }};
  interpreter.policy().lock = &lock;
  in_threads(in.threads, [&](std::size_t job) {
    Hold const held{lock};
    interpreter.run(in, job, out);
  });
}

Bound tick_lock_bound(Case const& c) { return least(c); }

}  // namespace mythbench::gil
