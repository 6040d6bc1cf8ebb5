// No lock: threads run at the same time, and count references by atomic operations.
//
// Threads: as many as the case says.
//
// Bound: an atomic addition for each reference that comes or goes. The constants of the program are
// shared: their counters travel from core to core and back, for each count of each thread.

#include <deque>

#include "gil/interpreter.hpp"
#include "gil/policies.hpp"
#include "gil/threads.hpp"

namespace mythbench::gil {

void no_lock_shared_counts(Input const& in, Output& out) {
  prepare(in, out);
  // As without a lock in CPython, each thread has memory of its own for the objects that it makes.
  std::deque<Interpreter<AtomicCounts>> interpreters;
  for (int i = 0; i < in.threads; ++i)
    interpreters.emplace_back([&](std::size_t job) { multiply(in, job, out); });
  for (auto& interpreter : interpreters) interpreter.share(in.program, interpreters.front());
  in_threads(in.threads, [&](std::size_t job) { interpreters[job].run(in, job, out); });
}

Bound no_lock_shared_counts_bound(Case const& c) { return least(c); }

}  // namespace mythbench::gil
