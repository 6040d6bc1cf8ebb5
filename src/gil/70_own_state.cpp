// Nothing is shared: each thread has an interpreter of its own, with its own constants.
//
// Threads: as many as the case says.
//
// Bound: as one thread, for each: references are counted as ever, and nobody else looks. So do
// processes, and sub-interpreters since CPython 3.12.

#include <exception>

#include "gil/interpreter.hpp"
#include "gil/policies.hpp"

namespace mythbench::gil {

void own_state(Input const& in, Output& out) {
  prepare(in, out);
  std::exception_ptr failure;
#pragma omp parallel for num_threads(in.threads) schedule(static, 1)
  for (int job = 0; job < in.threads; ++job) {
    // An exception must not leave a thread of OpenMP.
    try {
      Interpreter<Alone> interpreter{[&](std::size_t j) { multiply(in, j, out); }};
      interpreter.run(in, static_cast<std::size_t>(job), out);
    } catch (...) {
#pragma omp critical
      failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

Bound own_state_bound(Case const& c) { return least(c); }

}  // namespace mythbench::gil
