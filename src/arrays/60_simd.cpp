// The same loop in the best vectors of the processor, chosen when the program runs.
//
// Bound: memory, as before: 24 bytes per update once no cache holds the levels. In a cache the
// loads: per vector six, two of which are not aligned, and one store.

#include <utility>

#include "arrays/arrays.hpp"
#include "core/rung.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "arrays/60_simd.cpp"
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

void step(Factors const& factors, Field const& now, Field const& before, Field& next) {
  for (std::size_t i = 0; i < next.rows(); ++i) update(factors, now, before, next, i);
}

// All steps in one function, so that small fields pay for the choice of vectors once.
void run(Input const& in, Output& out) {
  step(first_factors(in), in.start, in.start, out.now);
  for (std::int64_t k = 1; k < in.steps; ++k) {
    step(factors(in), out.now, k == 1 ? in.start : out.before, out.before);
    std::swap(out.now, out.before);
  }
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

void simd(Input const& in, Output& out) {
  shape(in, out);
  HWY_DYNAMIC_DISPATCH(run)(in, out);
}

// An addition may have a port of its own, so that only two multiply-adds are counted.
Bound simd_bound(Case const& c) {
  double const updates = Example::work(c).items;
  return {.f64_operations = 2 * updates,
          .bytes = 24 * updates,
          .working_set_bytes = 24 * elements_of(c)};
}

}  // namespace mythbench::arrays
#endif  // HWY_ONCE
