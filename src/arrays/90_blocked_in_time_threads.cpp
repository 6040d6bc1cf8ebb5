// Several steps at once, and each thread has a band of rows.
//
// Threads: as many as the case says.
//
// Of a band, each step of a block leaves out one row more at an edge towards another band, because
// it would have to know what is beyond. So no thread waits for another until all bands are done.
// Then what was left out between two bands is done, in steps of one row more on either side.
//
// Bound: as without threads, by as many cores; and twice per block of steps, the time that threads
// take to meet.

#include <algorithm>
#include <cmath>
#include <utility>

#include "arrays/arrays.hpp"
#include "core/rung.hpp"

// Once, and not for each instruction set.
#ifndef MYTHBENCH_ARRAYS_BAND
#define MYTHBENCH_ARRAYS_BAND
namespace mythbench::arrays {
namespace {

// Rows top to bottom in the first step of a block; in each later one, both edges have moved down by
// so many.
struct Band {
  std::int64_t top, top_moves, bottom, bottom_moves;
};

}  // namespace
}  // namespace mythbench::arrays
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "arrays/90_blocked_in_time_threads.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file once per instruction set.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mythbench::arrays {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// A row of the next level.
HWY_INLINE void update(Factors const& factors, Field const& now, Field const& before, Field& next,
                       std::size_t i) {
  hn::ScalableTag<double> const d;
  std::size_t const lanes = hn::Lanes(d);
  auto const centre = hn::Set(d, factors.centre);
  auto const side = hn::Set(d, factors.side);
  auto const keep = hn::Set(d, factors.keep);
  double const* const above = now.above(i);
  double const* const here = now.row(i);
  double const* const below = now.below(i);
  double const* const old = before.row(i);
  double* const out = next.row(i);

  auto const updated = [&](std::size_t j) HWY_ATTR {
    auto const vertical = hn::Add(hn::Load(d, above + j), hn::Load(d, below + j));
    auto const horizontal = hn::Add(hn::LoadU(d, here + j - 1), hn::LoadU(d, here + j + 1));
    auto const kept = hn::Mul(keep, hn::Load(d, old + j));
    auto const middle = hn::MulSub(centre, hn::Load(d, here + j), kept);
    return hn::MulAdd(side, hn::Add(vertical, horizontal), middle);
  };
  std::size_t j = 0;
  for (; j + lanes <= next.columns(); j += lanes) hn::Store(updated(j), d, out + j);
  // Beyond the last column stand zeros, and stay.
  if (j < next.columns())
    hn::Store(hn::IfThenElseZero(hn::FirstN(d, next.columns() - j), updated(j)), d, out + j);
}

// Step k, from 0, on row i. Levels of odd numbers lie in `now`, even ones in `before`, but for the
// start, which stays.
HWY_INLINE void step(Input const& in, Output& out, std::int64_t k, std::size_t i) {
  if (k == 0) return update(first_factors(in), in.start, in.start, out.now, i);
  bool const odd = k % 2 == 1;
  Field const& now = odd ? out.now : out.before;
  Field& next = odd ? out.before : out.now;
  update(factors(in), now, k == 1 ? in.start : next, next, i);
}

// So many steps from the given one on.
void advance(Input const& in, Output& out, std::int64_t first, std::int64_t steps,
             Band const& band) {
  std::int64_t const end = band.bottom + (steps - 1) * (band.bottom_moves + 1);
  for (std::int64_t front = band.top; front < end; ++front)
    for (std::int64_t s = 0; s < steps; ++s) {
      std::int64_t const i = front - s;
      if (i >= band.top + s * band.top_moves && i < band.bottom + s * band.bottom_moves)
        step(in, out, first + s, static_cast<std::size_t>(i));
    }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench::arrays
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench::arrays {
namespace {

HWY_EXPORT(advance);

// Steps in a block: so many rows of both levels that a second-level cache holds them, or nearly.
constexpr std::int64_t depth = 16;

// Threads take a moment to meet. A block of fewer updates has been done by one of them before the
// others have come.
constexpr std::int64_t worth_sharing = 131072;

// How many bands: each must be left with a row in the last step of a block.
std::int64_t bands_of(Input const& in) {
  auto const rows = static_cast<std::int64_t>(in.start.rows());
  auto const columns = static_cast<std::int64_t>(in.start.columns());
  if (rows * columns * std::min(depth, in.steps) < worth_sharing) return 1;
  return std::clamp<std::int64_t>(rows / (2 * depth), 1, in.threads);
}

}  // namespace

void blocked_in_time_threads(Input const& in, Output& out) {
  std::int64_t const bands = bands_of(in);
  auto const edge = [&](std::int64_t band) {
    return static_cast<std::int64_t>(in.start.rows()) * band / bands;
  };
  shape(in, out, static_cast<int>(bands));
#pragma omp parallel num_threads(static_cast <int>(bands)) if (bands > 1)
  for (std::int64_t first = 0; first < in.steps; first += depth) {
    std::int64_t const steps = std::min(depth, in.steps - first);
#pragma omp for schedule(static)
    for (std::int64_t b = 0; b < bands; ++b) {
      Band const band{edge(b), b > 0 ? 1 : 0, edge(b + 1), b + 1 < bands ? -1 : 0};
      HWY_DYNAMIC_DISPATCH(advance)(in, out, first, steps, band);
    }
#pragma omp for schedule(static)
    for (std::int64_t b = 1; b < bands; ++b)
      HWY_DYNAMIC_DISPATCH(advance)(in, out, first, steps, Band{edge(b), -1, edge(b), 1});
  }
  if (in.steps % 2 == 0) std::swap(out.now, out.before);
}

// An addition may have a port of its own, so that only two multiply-adds are counted.
Bound blocked_in_time_threads_bound(Case const& c) {
  double const steps = static_cast<double>(c.integer("steps"));
  double const blocks = std::ceil(steps / static_cast<double>(depth));
  return {.f64_operations = 2 * steps * elements_of(c),
          .bytes = 24 * blocks * elements_of(c),
          .working_set_bytes = 24 * elements_of(c)};
}

}  // namespace mythbench::arrays
#endif  // HWY_ONCE
