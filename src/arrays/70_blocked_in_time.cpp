// Several steps at once: a field comes from memory once for all of them.
//
// A front moves down through the rows. Behind it, one row apart, follow the later steps, each of
// which finds the rows round its own as the step before it has left them. The two levels that there
// are suffice: a step writes over the level before the last, which is read by itself and by the
// step in front of it, and that one is past.
//
// Bound: of memory, 24 bytes per element and block of steps. Of the cache that holds the rows
// between the first step and the last, 48 bytes per update; the first-level one is too small for
// that.

#include <algorithm>
#include <cmath>
#include <utility>

#include "arrays/arrays.hpp"
#include "core/rung.hpp"

// Once, and not for each instruction set.
#ifndef MYTHBENCH_ARRAYS_DEPTH
#define MYTHBENCH_ARRAYS_DEPTH
namespace mythbench::arrays {
namespace {

// Steps in a block: so many rows of both levels that a second-level cache holds them, or nearly.
constexpr std::int64_t depth = 16;

}  // namespace
}  // namespace mythbench::arrays
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "arrays/70_blocked_in_time.cpp"
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

void run(Input const& in, Output& out) {
  auto const rows = static_cast<std::int64_t>(in.start.rows());
  for (std::int64_t first = 0; first < in.steps; first += depth) {
    std::int64_t const steps = std::min(depth, in.steps - first);
    for (std::int64_t front = 0; front < rows + steps - 1; ++front)
      for (std::int64_t s = 0; s < steps; ++s) {
        std::int64_t const i = front - s;
        if (i >= 0 && i < rows) step(in, out, first + s, static_cast<std::size_t>(i));
      }
  }
  if (in.steps % 2 == 0) std::swap(out.now, out.before);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench::arrays
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench::arrays {
namespace {

HWY_EXPORT(run);

}  // namespace

void blocked_in_time(Input const& in, Output& out) {
  shape(in, out);
  HWY_DYNAMIC_DISPATCH(run)(in, out);
}

// An addition may have a port of its own, so that only two multiply-adds are counted.
Bound blocked_in_time_bound(Case const& c) {
  double const steps = static_cast<double>(c.integer("steps"));
  double const blocks = std::ceil(steps / static_cast<double>(depth));
  return {.f64_operations = 2 * steps * elements_of(c),
          .bytes = 24 * blocks * elements_of(c),
          .working_set_bytes = 24 * elements_of(c)};
}

}  // namespace mythbench::arrays
#endif  // HWY_ONCE
