#include "arrays/row_operations.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "arrays/row_operations.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file once per instruction set.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mythbench::arrays {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// `vector` and `number` do the same, to a vector and to one number.
template <class Vector, class Number>
HWY_INLINE void for_each(double* out, std::size_t count, Vector vector, Number number) {
  hn::ScalableTag<double> const d;
  std::size_t const lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) hn::StoreU(vector(i), d, out + i);
  for (; i < count; ++i) out[i] = number(i);
}

void add(double const* a, double const* b, double* out, std::size_t count) {
  hn::ScalableTag<double> const d;
  for_each(
      out, count, [=](std::size_t i) { return hn::Add(hn::LoadU(d, a + i), hn::LoadU(d, b + i)); },
      [=](std::size_t i) { return a[i] + b[i]; });
}

void subtract(double const* a, double const* b, double* out, std::size_t count) {
  hn::ScalableTag<double> const d;
  for_each(
      out, count, [=](std::size_t i) { return hn::Sub(hn::LoadU(d, a + i), hn::LoadU(d, b + i)); },
      [=](std::size_t i) { return a[i] - b[i]; });
}

void scale(double const* factor, double const* b, double* out, std::size_t count) {
  hn::ScalableTag<double> const d;
  double const f = *factor;
  auto const all = hn::Set(d, f);
  for_each(
      out, count, [=](std::size_t i) { return hn::Mul(all, hn::LoadU(d, b + i)); },
      [=](std::size_t i) { return f * b[i]; });
}

RowOperations operations() { return {add, subtract, scale}; }

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench::arrays
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench::arrays {
namespace {

HWY_EXPORT(operations);

}  // namespace

RowOperations row_operations() { return HWY_DYNAMIC_DISPATCH(operations)(); }

}  // namespace mythbench::arrays
#endif  // HWY_ONCE
