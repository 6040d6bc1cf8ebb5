#include "gil/interpreter.hpp"

#include "gil/policies.hpp"
#include "stack_machine/machine_parts.hpp"

namespace mythbench::stack_machine {

template class Machine<gil::Alone>;
template class Machine<gil::Ticks>;
template class Machine<gil::Requests>;
template class Machine<gil::AtomicCounts>;
template class Machine<gil::BiasedCounts>;

}  // namespace mythbench::stack_machine

namespace mythbench::gil {

void prepare(Input const& in, Output& out) {
  std::size_t const jobs = in.starts.size();
  if (in.work == Work::gauss) {
    out.counts.resize(jobs);
    out.products.clear();
  } else {
    out.counts.clear();
    out.products.resize(jobs);
    for (auto& product : out.products) product.resize(static_cast<std::size_t>(in.n * in.n));
  }
}

}  // namespace mythbench::gil
