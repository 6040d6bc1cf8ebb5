// The library gives the lock up while it multiplies, as NumPy does: it touches no Python object.
//
// Threads: as many as the case says.
//
// Bound: of matmul, as many products at a time as there are cores; what is left under the lock is a
// handful of instructions. Of gauss, as before: there is no library to wait for.

#include "gil/interpreter.hpp"
#include "gil/policies.hpp"
#include "gil/threads.hpp"

namespace mythbench::gil {

void lock_released(Input const& in, Output& out) {
  prepare(in, out);
  IntervalLock lock;
  Interpreter<Requests> interpreter{[&](std::size_t job) {
    AllowThreads const allow{lock};
    multiply(in, job, out);
  }};
  interpreter.policy().lock = &lock;
  in_threads(in.threads, [&](std::size_t job) {
    Hold const held{lock};
    interpreter.run(in, job, out);
  });
}

Bound lock_released_bound(Case const& c) { return least(c); }

}  // namespace mythbench::gil
