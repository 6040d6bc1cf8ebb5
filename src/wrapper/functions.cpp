#include "wrapper/functions.hpp"

#include "wrapper/functions.h"

namespace {

mythbench::wrapper::Ticker ticker;

}  // namespace

double mythbench_tick(void) { return ticker.tick(); }

void mythbench_restart(void) { ticker.restart(); }

double mythbench_square(double x) { return mythbench::wrapper::square(x); }

double mythbench_energy(double const* numbers, size_t count) {
  return mythbench::wrapper::energy(numbers, count);
}
