#include "temporaries/operations.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "temporaries/operations.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file once per instruction set.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mythbench::temporaries {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Whole = hn::ScalableTag<double>;
using One = hn::CappedTag<double, 1>;

// Whole vectors, then the rest one by one.
template <class Operation>
HWY_INLINE void for_each(std::size_t size, Operation const& operation) {
  Whole const d;
  std::size_t const lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= size; i += lanes) operation(d, i);
  for (; i < size; ++i) operation(One{}, i);
}

void add_arrays(double const* x, double const* y, std::size_t size, double* result) {
  for_each(size, [=](auto d, std::size_t i) HWY_ATTR {
    hn::StoreU(hn::Add(hn::LoadU(d, x + i), hn::LoadU(d, y + i)), d, result + i);
  });
}

void multiply_arrays(double const* x, double const* y, std::size_t size, double* result) {
  for_each(size, [=](auto d, std::size_t i) HWY_ATTR {
    hn::StoreU(hn::Mul(hn::LoadU(d, x + i), hn::LoadU(d, y + i)), d, result + i);
  });
}

void add_number(double const* x, double y, std::size_t size, double* result) {
  for_each(size, [=](auto d, std::size_t i) HWY_ATTR {
    hn::StoreU(hn::Add(hn::LoadU(d, x + i), hn::Set(d, y)), d, result + i);
  });
}

void multiply_number(double const* x, double y, std::size_t size, double* result) {
  for_each(size, [=](auto d, std::size_t i) HWY_ATTR {
    hn::StoreU(hn::Mul(hn::LoadU(d, x + i), hn::Set(d, y)), d, result + i);
  });
}

void roots(double const* x, std::size_t size, double* result) {
  for_each(size, [=](auto d, std::size_t i)
                     HWY_ATTR { hn::StoreU(hn::Sqrt(hn::LoadU(d, x + i)), d, result + i); });
}

// Four sums, because each addition waits for the one before; they also round less often.
double sum_of(double const* x, std::size_t size) {
  Whole const d;
  std::size_t const lanes = hn::Lanes(d);
  auto sum0 = hn::Zero(d), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  std::size_t i = 0;
  for (; i + 4 * lanes <= size; i += 4 * lanes) {
    sum0 = hn::Add(sum0, hn::LoadU(d, x + i));
    sum1 = hn::Add(sum1, hn::LoadU(d, x + i + lanes));
    sum2 = hn::Add(sum2, hn::LoadU(d, x + i + 2 * lanes));
    sum3 = hn::Add(sum3, hn::LoadU(d, x + i + 3 * lanes));
  }
  double rest = 0;
  for (; i < size; ++i) rest += x[i];
  return rest + hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(sum0, sum1), hn::Add(sum2, sum3))));
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench::temporaries
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench::temporaries {
namespace {

HWY_EXPORT(add_arrays);
HWY_EXPORT(multiply_arrays);
HWY_EXPORT(add_number);
HWY_EXPORT(multiply_number);
HWY_EXPORT(roots);
HWY_EXPORT(sum_of);

}  // namespace

void add(double const* x, double const* y, std::size_t size, double* result) {
  HWY_DYNAMIC_DISPATCH(add_arrays)(x, y, size, result);
}

void multiply(double const* x, double const* y, std::size_t size, double* result) {
  HWY_DYNAMIC_DISPATCH(multiply_arrays)(x, y, size, result);
}

void add(double const* x, double y, std::size_t size, double* result) {
  HWY_DYNAMIC_DISPATCH(add_number)(x, y, size, result);
}

void multiply(double const* x, double y, std::size_t size, double* result) {
  HWY_DYNAMIC_DISPATCH(multiply_number)(x, y, size, result);
}

void square_root(double const* x, std::size_t size, double* result) {
  HWY_DYNAMIC_DISPATCH(roots)(x, size, result);
}

// In blocks: one long sum would round too often.
double sum(double const* x, std::size_t size) {
  constexpr std::size_t block = 8192;
  double total = 0;
  for (std::size_t i = 0; i < size; i += block)
    total += HWY_DYNAMIC_DISPATCH(sum_of)(x + i, size - i < block ? size - i : block);
  return total;
}

}  // namespace mythbench::temporaries
#endif  // HWY_ONCE
