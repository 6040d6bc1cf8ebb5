// The rows shared out among threads: a stream of its own for each row, so nothing to agree upon.
//
// Threads: as many as the case says.
//
// Bound: that of simd, divided among the cores. With one stream for all, each thread would have to
// find its place in it first; here a row's number is its place.

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

#include "core/processors.hpp"
#include "dummy_objects/dummy_objects.hpp"
#include "dummy_objects/philox_row.hpp"

namespace mythbench::dummy_objects {

void threads(Input const& in, Output& out) {
  // Whoever is done takes the next rows: a core that others disturb gets fewer of them.
  constexpr std::size_t at_once = 16;
  std::atomic<std::size_t> next = 0;
  std::vector<double> sums(static_cast<std::size_t>(in.threads));
  {
    std::vector<std::jthread> running;
    for (double& sum : sums)
      running.emplace_back([&] {
        use_all_processors();
        double mine = 0;
        for (std::size_t row; (row = next.fetch_add(at_once)) < in.n;)
          for (std::size_t const end = std::min(row + at_once, in.n); row < end; ++row)
            mine += sum_of_row(in.seed, static_cast<std::uint32_t>(row), in.n);
        sum = mine;
      });
  }
  out.philox = std::accumulate(sums.begin(), sums.end(), 0.0);
}

Bound threads_bound(Case const& c) { return bound_of_numbers(Example::work(c).items); }

}  // namespace mythbench::dummy_objects
