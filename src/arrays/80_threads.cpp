// The rows are shared among threads, which meet after each step.
//
// Threads: as many as the case says.
//
// Bound: memory, 24 bytes per update once no cache holds the levels, by as many cores as there are
// threads. Few cores reach all that the memory has to give. And as often as there are steps, the
// time that threads take to meet.

#include <algorithm>
#include <utility>

#include "arrays/arrays.hpp"
#include "core/rung.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "arrays/80_threads.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file once per instruction set.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mythbench::arrays {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// A row of the next level, from the first column to the last.
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

// Step k, from 0, on rows first to last. Levels of odd numbers lie in `now`, even ones in `before`,
// but for the start, which stays.
void step(Input const& in, Output& out, std::int64_t k, std::size_t first, std::size_t last) {
  Factors const chosen = k == 0 ? first_factors(in) : factors(in);
  Field const& now = k == 0 ? in.start : k % 2 == 1 ? out.now : out.before;
  Field& next = k % 2 == 1 ? out.before : out.now;
  Field const& before = k < 2 ? in.start : next;
  for (std::size_t i = first; i < last; ++i) update(chosen, now, before, next, i);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench::arrays
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench::arrays {
namespace {

HWY_EXPORT(step);

// Threads take a moment to meet. A step of fewer updates has been done by one of them before the
// others have come.
constexpr std::size_t worth_sharing = 16384;

}  // namespace

void threads(Input const& in, Output& out) {
  std::size_t const rows = in.start.rows();
  bool const shared = rows * in.start.columns() >= worth_sharing;
  std::size_t const bands = shared ? std::min<std::size_t>(in.threads, rows) : 1;
  shape(in, out, static_cast<int>(bands));
#pragma omp parallel num_threads(static_cast <int>(bands)) if (bands > 1)
  for (std::int64_t k = 0; k < in.steps; ++k)
#pragma omp for schedule(static)
    for (std::size_t band = 0; band < bands; ++band)
      HWY_DYNAMIC_DISPATCH(step)(in, out, k, rows * band / bands, rows * (band + 1) / bands);
  if (in.steps % 2 == 0) std::swap(out.now, out.before);
}

// An addition may have a port of its own, so that only two multiply-adds are counted.
Bound threads_bound(Case const& c) {
  double const updates = Example::work(c).items;
  return {.f64_operations = 2 * updates,
          .bytes = 24 * updates,
          .working_set_bytes = 24 * elements_of(c)};
}

}  // namespace mythbench::arrays
#endif  // HWY_ONCE
