// A generator without a state, Philox: each row is a stream of its own, in any order.
//
// Bound: 20 products of 32-bit words and about a hundred other integer operations for two numbers.
// There is no state in memory at all: a number is computed from the seed, its row and its column.
// What that costs, and what it buys, the next two rungs show: nothing has to wait for the number
// before.
//
// Other numbers than those of the Mersenne Twister, so another sum: the reference knows both, and
// a test sees that they differ by no more than chance allows.

#include "dummy_objects/dummy_objects.hpp"
#include "dummy_objects/philox_row.hpp"
#include "random/philox.hpp"

namespace mythbench::dummy_objects {

void counter_based(Input const& in, Output& out) {
  double sum = 0;
  for (std::size_t row = 0; row < in.n; ++row) {
    random::PhiloxStream const stream{in.seed, static_cast<std::uint32_t>(row)};
    double even = 0, odd = 0;
    for (std::size_t pair = 0; pair < in.n / 2; ++pair) {
      auto const numbers = stream.pair(pair);
      even += numbers[0];
      odd += numbers[1];
    }
    sum += even + odd + (in.n % 2 == 1 ? stream[in.n - 1] : 0.0);
  }
  out.philox = sum;
}

Bound counter_based_bound(Case const& c) { return bound_of_numbers(Example::work(c).items); }

}  // namespace mythbench::dummy_objects
