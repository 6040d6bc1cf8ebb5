#include "dummy_objects/philox_row.hpp"

#include <algorithm>

#include "random/philox.hpp"

#ifndef MYTHBENCH_PHILOX_ROW_KEYS  // once, not once per instruction set
#define MYTHBENCH_PHILOX_ROW_KEYS
namespace mythbench::dummy_objects {
namespace {

// Of each round, those of the first and the second product.
struct Keys {
  std::uint64_t first[random::Philox4x32::rounds], second[random::Philox4x32::rounds];
};

}  // namespace
}  // namespace mythbench::dummy_objects
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dummy_objects/philox_row.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file once per instruction set.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mythbench::dummy_objects {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using random::Philox4x32;

// A word lies in the lower half of a lane, where the multiplication of 32 by 32 bits takes it from;
// what the upper half holds does not matter to it, so nothing is ever cleared.
using Words = hn::ScalableTag<std::uint64_t>;
using Numbers = hn::ScalableTag<double>;
using WordVector = hn::Vec<Words>;
using NumberVector = hn::Vec<Numbers>;

HWY_INLINE WordVector product(WordVector x, WordVector y) {
#if HWY_TARGET == HWY_SCALAR
  auto const word = [](WordVector v) { return hn::GetLane(v) & 0xffffffff; };
  return hn::Set(Words{}, word(x) * word(y));
#else
  hn::Repartition<std::uint32_t, Words> const halves;
  return hn::MulEven(hn::BitCast(halves, x), hn::BitCast(halves, y));
#endif
}

#if HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86
constexpr double operations_of_mix = 1;
#else
constexpr double operations_of_mix = 2;
#endif

HWY_INLINE WordVector mix(WordVector x, WordVector y, WordVector key) {
  return hn::Xor3(x, y, key);
}

// The upper 52 bits, below the exponent of 1: from 1 to 2.
HWY_INLINE NumberVector one_plus(WordVector bits) {
  auto const one = hn::Set(Words{}, 0x3ff0000000000000);
  return hn::BitCast(Numbers{}, hn::Or(hn::ShiftRight<12>(bits), one));
}

// Vectors drawn side by side, as many as there are registers for. A round waits for the one before:
// the processor finds enough to do meanwhile only if it need not look far ahead.
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM_A64
constexpr std::size_t abreast = 3;
#else
constexpr std::size_t abreast = 2;
#endif

// The pairs whose places in the stream are given, each number one too large.
template <std::size_t count>
HWY_INLINE void draw(Keys const& keys, WordVector const (&place)[count],
                     NumberVector (&even)[count], NumberVector (&odd)[count]) {
  Words const d;
  auto const factor0 = hn::Set(d, Philox4x32::factors[0]);
  auto const factor1 = hn::Set(d, Philox4x32::factors[1]);
  WordVector c0[count], c1[count], c2[count], c3[count];
  for (std::size_t v = 0; v < count; ++v) {
    c0[v] = place[v];
    c1[v] = c2[v] = c3[v] = hn::Zero(d);
  }
  constexpr int last = Philox4x32::rounds - 1;
  for (int round = 0; round < last; ++round) {
    auto const key0 = hn::Set(d, keys.first[round]), key1 = hn::Set(d, keys.second[round]);
    for (std::size_t v = 0; v < count; ++v) {
      auto const p0 = product(factor0, c0[v]), p1 = product(factor1, c2[v]);
      c0[v] = mix(hn::ShiftRight<32>(p1), c1[v], key0);
      c2[v] = mix(hn::ShiftRight<32>(p0), c3[v], key1);
      c1[v] = p1;
      c3[v] = p0;
    }
  }
  // Of the last round both words of a number are wanted side by side, as the product holds them.
  auto const key0 = hn::Set(d, keys.first[last] << 32), key1 = hn::Set(d, keys.second[last] << 32);
  for (std::size_t v = 0; v < count; ++v) {
    auto const p0 = product(factor0, c0[v]), p1 = product(factor1, c2[v]);
    even[v] = one_plus(mix(p1, hn::ShiftLeft<32>(c1[v]), key0));
    odd[v] = one_plus(mix(p0, hn::ShiftLeft<32>(c3[v]), key1));
  }
}

double sum_of_numbers(Keys const& keys, std::size_t numbers) {
  Words const d;
  Numbers const f;
  std::size_t const lanes = hn::Lanes(d);
  auto const step = hn::Set(d, lanes * abreast);
  WordVector place[abreast];
  for (std::size_t v = 0; v < abreast; ++v) place[v] = hn::Iota(d, v * lanes);
  NumberVector even[abreast], odd[abreast];
  auto sum_even = hn::Zero(f), sum_odd = hn::Zero(f);
  std::size_t left = numbers;
  for (; left >= 2 * lanes * abreast; left -= 2 * lanes * abreast) {
    draw(keys, place, even, odd);
    for (std::size_t v = 0; v < abreast; ++v) {
      sum_even = hn::Add(sum_even, even[v]);
      sum_odd = hn::Add(sum_odd, odd[v]);
      place[v] = hn::Add(place[v], step);
    }
  }
  for (std::size_t v = 0; left > 0; ++v) {
    std::size_t const here = std::min(left, 2 * lanes);
    WordVector const one_place[] = {place[v]};
    NumberVector one_even[1], one_odd[1];
    draw(keys, one_place, one_even, one_odd);
    sum_even = hn::Add(sum_even, hn::IfThenElseZero(hn::FirstN(f, (here + 1) / 2), one_even[0]));
    sum_odd = hn::Add(sum_odd, hn::IfThenElseZero(hn::FirstN(f, here / 2), one_odd[0]));
    left -= here;
  }
  return hn::GetLane(hn::SumOfLanes(f, hn::Add(sum_even, sum_odd))) - static_cast<double>(numbers);
}

// Of those above, per pair: a round has two products, shifts and mixtures; a number a shift, an or
// and an addition; a pair a place.
double operations_of_pair() { return Philox4x32::rounds * (4 + 2 * operations_of_mix) + 2 * 3 + 1; }

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench::dummy_objects
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench::dummy_objects {
namespace {

HWY_EXPORT(sum_of_numbers);
HWY_EXPORT(operations_of_pair);

}  // namespace

double sum_of_row(std::uint32_t seed, std::uint32_t stream, std::size_t numbers) {
  Keys keys;
  std::uint32_t first = seed, second = stream;
  for (int round = 0; round < random::Philox4x32::rounds; ++round) {
    keys.first[round] = first;
    keys.second[round] = second;
    first += random::Philox4x32::steps[0];
    second += random::Philox4x32::steps[1];
  }
  return HWY_DYNAMIC_DISPATCH(sum_of_numbers)(keys, numbers);
}

Bound bound_of_numbers(double numbers) {
  // The products and the additions of doubles go where multiply-adds go.
  double const products = random::Philox4x32::rounds * numbers;
  return {.f64_operations = products + numbers,
          .u64_operations = HWY_DYNAMIC_DISPATCH(operations_of_pair)() * numbers / 2};
}

}  // namespace mythbench::dummy_objects
#endif  // HWY_ONCE
