// An object's owner counts without atomic operations, constants are not counted at all: PEP 703.
//
// Threads: as many as the case says.
//
// Bound: as one thread, for each, and one comparison per reference that comes or goes: whose object
// is it? No counter travels between the cores.

#include <deque>

#include "gil/interpreter.hpp"
#include "gil/policies.hpp"
#include "gil/threads.hpp"

namespace mythbench::gil {

void no_lock_biased_counts(Input const& in, Output& out) {
  prepare(in, out);
  std::deque<Interpreter<BiasedCounts>> interpreters;
  for (int i = 0; i < in.threads; ++i)
    interpreters.emplace_back([&](std::size_t job) { multiply(in, job, out); });
  for (auto& interpreter : interpreters) interpreter.share(in.program, interpreters.front());
  in_threads(in.threads, [&](std::size_t job) { interpreters[job].run(in, job, out); });
}

Bound no_lock_biased_counts_bound(Case const& c) { return least(c); }

}  // namespace mythbench::gil
