// One thread does all jobs, one after the other.
//
// Bound: of gauss, per count what an interpreter does: seven instructions, two new numbers. Of
// matmul, one multiply-add for each term of each number, on the ports that do them.

#include "gil/interpreter.hpp"
#include "gil/policies.hpp"

namespace mythbench::gil {

void one_thread(Input const& in, Output& out) {
  prepare(in, out);
  Interpreter<Alone> interpreter{[&](std::size_t job) { multiply(in, job, out); }};
  for (std::size_t job = 0; job < in.starts.size(); ++job) interpreter.run(in, job, out);
}

Bound one_thread_bound(Case const& c) { return least(c); }

}  // namespace mythbench::gil
