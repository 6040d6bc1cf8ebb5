// No call: the compiler sees the functions and puts them where they are called.
//
// Bound: the work itself, with several calls done at once where vector registers allow it.

#include "wrapper/functions.hpp"
#include "wrapper/wrapper.hpp"

namespace mythbench::wrapper {

void inlined(Input const& in, Output& out) {
  out.resize(in.calls);
  switch (in.argument) {
    case Argument::none: {
      Ticker ticker;
      for (double& result : out) result = ticker.tick();
      break;
    }
    case Argument::real:
      for (std::size_t call = 0; call < in.calls; ++call) out[call] = square(in.numbers[call]);
      break;
    case Argument::view:
      for (std::size_t call = 0; call < in.calls; ++call)
        out[call] = energy(in.batch_of(call), in.batch);
      break;
    case Argument::copied:
      for (std::size_t call = 0; call < in.calls; ++call) {
        std::vector<double> const copy(in.batch_of(call), in.batch_of(call) + in.batch);
        out[call] = energy(copy.data(), copy.size());
      }
      break;
  }
}

}  // namespace mythbench::wrapper
