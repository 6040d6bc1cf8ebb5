// No Python: C++ calls the functions through pointers, as it would those of a library it loaded.
//
// Bound: per call a load of the address, a jump there and back, and the result stored. A list's
// stand-in is a vector that is copied, with the memory for it got and given back in each call.

#include <vector>

#include "wrapper/functions.h"
#include "wrapper/wrapper.hpp"

namespace mythbench::wrapper {
namespace {

// Volatile: as the compiler may not know what they hold, it cannot look into the functions.
double (*volatile tick)() = mythbench_tick;
double (*volatile square)(double) = mythbench_square;
double (*volatile energy)(double const*, std::size_t) = mythbench_energy;

}  // namespace

void function_pointer(Input const& in, Output& out) {
  out.resize(in.calls);
  if (in.argument == Argument::none) mythbench_restart();
  for (std::size_t call = 0; call < in.calls; ++call) {
    double const* const numbers = in.batch_of(call);
    switch (in.argument) {
      case Argument::none:
        out[call] = tick();
        break;
      case Argument::real:
        out[call] = square(*numbers);
        break;
      case Argument::view:
        out[call] = energy(numbers, in.batch);
        break;
      case Argument::copied: {
        std::vector<double> const copy(numbers, numbers + in.batch);
        out[call] = energy(copy.data(), copy.size());
        break;
      }
    }
  }
}

}  // namespace mythbench::wrapper
