#include "temporaries/pieces.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "temporaries/pieces.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file once per instruction set.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mythbench::temporaries {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Whole = hn::ScalableTag<double>;
using HalfALine = hn::CappedTag<double, 4>;
using One = hn::CappedTag<double, 1>;

struct Linear {
  double const *HWY_RESTRICT x, *HWY_RESTRICT y;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, std::size_t i) const {
    auto const scaled = hn::MulAdd(hn::Set(d, b), hn::LoadU(d, y + i), hn::Set(d, -shift));
    return hn::MulAdd(hn::Set(d, a), hn::LoadU(d, x + i), scaled);
  }
};

struct Polynomial {
  double const* HWY_RESTRICT x;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, std::size_t i) const {
    auto const at = hn::LoadU(d, x + i);
    auto value = hn::Set(d, coefficients[degree]);
    for (std::size_t k = degree; k-- > 0;)
      value = hn::MulAdd(value, at, hn::Set(d, coefficients[k]));
    return value;
  }
};

struct Distance {
  double const *HWY_RESTRICT x, *HWY_RESTRICT y, *HWY_RESTRICT z;
  template <class D>
  HWY_INLINE hn::Vec<D> operator()(D d, std::size_t i) const {
    auto const dx = hn::Sub(hn::LoadU(d, x + i), hn::Set(d, px));
    auto const dy = hn::Sub(hn::LoadU(d, y + i), hn::Set(d, py));
    auto const dz = hn::Sub(hn::LoadU(d, z + i), hn::Set(d, pz));
    return hn::Sqrt(hn::MulAdd(dx, dx, hn::MulAdd(dy, dy, hn::Mul(dz, dz))));
  }
};

template <bool streaming, class D, class Formula>
HWY_INLINE void loop(D d, Formula const& formula, std::size_t first, std::size_t end,
                     double* HWY_RESTRICT result) {
  std::size_t const lanes = hn::Lanes(d);
  std::size_t i = first;
  // Four at a time, so that a short array is not all loop; in the order of memory.
  for (; i + 4 * lanes <= end; i += 4 * lanes)
    for (std::size_t k = i; k < i + 4 * lanes; k += lanes) {
      if constexpr (streaming)
        hn::Stream(formula(d, k), d, result + k);
      else
        hn::StoreU(formula(d, k), d, result + k);
    }
  for (; i + lanes <= end; i += lanes) hn::StoreU(formula(d, i), d, result + i);
  for (; i < end; ++i) hn::StoreU(formula(One{}, i), One{}, result + i);
  if constexpr (streaming) hwy::FlushStream();  // or another thread might not see them
}

template <class Formula>
HWY_INLINE void loops(Formula const& formula, std::size_t first, std::size_t end, double* result,
                      Store store) {
  switch (store) {
    case Store::whole_vectors:
      return loop<false>(Whole{}, formula, first, end, result);
    case Store::half_lines:
      return loop<false>(HalfALine{}, formula, first, end, result);
    case Store::streaming:
      return loop<true>(HalfALine{}, formula, first, end, result);
  }
}

void piece(Input const& in, std::size_t first, std::size_t end, double* result, Store store) {
  double const *const x = in.x.data(), *const y = in.y.data(), *const z = in.z.data();
  switch (in.expression) {
    case Expression::linear:
      return loops(Linear{x, y}, first, end, result, store);
    case Expression::polynomial:
      return loops(Polynomial{x}, first, end, result, store);
    case Expression::distance:
      return loops(Distance{x, y, z}, first, end, result, store);
    case Expression::products:
      return;
  }
}

// Four sums, because each multiply-add waits for the one before.
double sum_of_piece(Input const& in, std::size_t first, std::size_t end) {
  double const *HWY_RESTRICT const x = in.x.data(), *HWY_RESTRICT const y = in.y.data(),
                                   *HWY_RESTRICT const z = in.z.data();
  auto const grow = [=](auto d, std::size_t i, auto sum) HWY_ATTR {
    auto const xi = hn::LoadU(d, x + i), yi = hn::LoadU(d, y + i), zi = hn::LoadU(d, z + i);
    return hn::MulAdd(xi, yi, hn::MulAdd(yi, zi, hn::MulAdd(zi, xi, sum)));
  };
  Whole const d;
  std::size_t const lanes = hn::Lanes(d);
  auto sum0 = hn::Zero(d), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  std::size_t i = first;
  for (; i + 4 * lanes <= end; i += 4 * lanes) {
    sum0 = grow(d, i, sum0);
    sum1 = grow(d, i + lanes, sum1);
    sum2 = grow(d, i + 2 * lanes, sum2);
    sum3 = grow(d, i + 3 * lanes, sum3);
  }
  auto rest = hn::Zero(One{});
  for (; i < end; ++i) rest = grow(One{}, i, rest);
  auto const all = hn::Add(hn::Add(sum0, sum1), hn::Add(sum2, sum3));
  return hn::GetLane(rest) + hn::GetLane(hn::SumOfLanes(d, all));
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench::temporaries
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench::temporaries {
namespace {

HWY_EXPORT(piece);
HWY_EXPORT(sum_of_piece);

}  // namespace

void fused_piece(Input const& in, std::size_t first, std::size_t end, double* result, Store store) {
  HWY_DYNAMIC_DISPATCH(piece)(in, first, end, result, store);
}

// In blocks: one long sum would round too often.
double fused_sum(Input const& in, std::size_t first, std::size_t end) {
  constexpr std::size_t block = 8192;
  double total = 0;
  for (std::size_t i = first; i < end; i += block)
    total += HWY_DYNAMIC_DISPATCH(sum_of_piece)(in, i, std::min(i + block, end));
  return total;
}

}  // namespace mythbench::temporaries
#endif  // HWY_ONCE
