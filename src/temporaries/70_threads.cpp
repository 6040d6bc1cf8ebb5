// The fused loop on all cores, each on the part of the arrays whose pages it touched first.
//
// Threads: as many as the case says.
//
// Bound: as before, with the bandwidth of so many cores. One core cannot have as many lines under
// way as the memory could serve. Static parts, the same in every run and where the arrays were
// filled: on machines with several memories each core reads its own.

#include <omp.h>

#include <numeric>
#include <vector>

#include "temporaries/pieces.hpp"
#include "temporaries/temporaries.hpp"

namespace mythbench::temporaries {

void threads(Input const& in, Output& out) {
  bool const reduced = in.expression == Expression::products;
  out.numbers.resize(reduced ? 0 : in.size);
  double* const result = out.numbers.data();
  std::vector<double> sums(static_cast<std::size_t>(in.threads));

#pragma omp parallel num_threads(in.threads)
  for (int part = omp_get_thread_num(); part < in.threads; part += omp_get_num_threads()) {
    std::size_t const first = begin_of_part(in.size, part, in.threads);
    std::size_t const end = begin_of_part(in.size, part + 1, in.threads);
    if (reduced)
      sums[static_cast<std::size_t>(part)] = fused_sum(in, first, end);
    else
      fused_piece(in, first, end, result, Store::whole_vectors);
  }

  out.sum = std::accumulate(sums.begin(), sums.end(), 0.0);
  note_traffic(in, {.numbers_moved = least_numbers_moved(in.expression)});
}

Bound threads_bound(Case const& c) { return least(c); }

}  // namespace mythbench::temporaries
