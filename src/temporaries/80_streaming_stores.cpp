// Results too large for any cache are written past the caches, without reading them first.
//
// Threads: as many as the case says.
//
// Bound: that of the problem, and here it counts all that moves. Where the result would fit, it is
// better left in the cache: whoever reads it next finds it there.

#include <omp.h>

#include <numeric>
#include <vector>

#include "machine/caches.hpp"
#include "temporaries/pieces.hpp"
#include "temporaries/temporaries.hpp"

namespace mythbench::temporaries {
namespace {

Store store_for(Input const& in) {
  static auto const caches = data_caches();
  std::size_t const last = caches.empty() ? std::size_t{32} << 20 : caches.back().bytes;
  // Two arrays at least pass through the cache, so of one that takes half of it nothing is left.
  return in.size * sizeof(double) > last / 2 ? Store::streaming : Store::whole_vectors;
}

}  // namespace

void streaming_stores(Input const& in, Output& out) {
  bool const reduced = in.expression == Expression::products;
  out.numbers.resize(reduced ? 0 : in.size);
  double* const result = out.numbers.data();
  Store const store = store_for(in);
  std::vector<double> sums(static_cast<std::size_t>(in.threads));

#pragma omp parallel num_threads(in.threads)
  for (int part = omp_get_thread_num(); part < in.threads; part += omp_get_num_threads()) {
    std::size_t const first = begin_of_part(in.size, part, in.threads);
    std::size_t const end = begin_of_part(in.size, part + 1, in.threads);
    if (reduced)
      sums[static_cast<std::size_t>(part)] = fused_sum(in, first, end);
    else
      fused_piece(in, first, end, result, store);
  }

  out.sum = std::accumulate(sums.begin(), sums.end(), 0.0);
  note_traffic(in, {.numbers_moved = least_numbers_moved(in.expression)});
}

Bound streaming_stores_bound(Case const& c) { return least(c); }

}  // namespace mythbench::temporaries
