// No interpreter: a loop of C++ that reads each element and its sides once and writes once.
//
// Bound: memory, 24 bytes per update once no cache holds the levels: two are read, one is written,
// over the older of the two, so that no line is fetched only to be written. In caches, the vectors
// that the compiler may take for granted on any processor of this kind.

#include <utility>

#include "arrays/arrays.hpp"
#include "core/rung.hpp"

namespace mythbench::arrays {
namespace {

void step(Factors const& factors, Field const& now, Field const& before, Field& next) {
  // Not as one binding of three: Clang 14 takes none of those into such a loop.
  double const centre = factors.centre, side = factors.side, keep = factors.keep;
  for (std::size_t i = 0; i < next.rows(); ++i) {
    double const* const above = now.above(i);
    double const* const here = now.row(i);
    double const* const below = now.below(i);
    double const* const old = before.row(i);
    double* const out = next.row(i);
    // `old` and `out` are mostly the same row, which the compiler could not vectorise by itself.
#pragma omp simd
    for (std::size_t j = 0; j < next.columns(); ++j)
      out[j] = centre * here[j] + side * ((above[j] + below[j]) + (here[j - 1] + here[j + 1])) -
               keep * old[j];
  }
}

}  // namespace

void fused(Input const& in, Output& out) {
  shape(in, out);
  step(first_factors(in), in.start, in.start, out.now);
  for (std::int64_t k = 1; k < in.steps; ++k) {
    step(factors(in), out.now, k == 1 ? in.start : out.before, out.before);
    std::swap(out.now, out.before);
  }
}

// An addition may have a port of its own, so that only two multiply-adds are counted.
Bound fused_bound(Case const& c) {
  double const updates = Example::work(c).items;
  return {.f64_operations = 2 * updates,
          .bytes = 24 * updates,
          .working_set_bytes = 24 * elements_of(c)};
}

}  // namespace mythbench::arrays
