#include "machine/peaks.hpp"

#include <algorithm>
#include <barrier>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "machine/threads.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "machine/peaks.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file once per instruction set.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mythbench {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// A chain's next step waits for its last. So many chains keep two ports busy on which a
// multiply-add takes up to six cycles, and fit into sixteen registers beside two factors.
constexpr std::size_t chains = 12;

// Returns how many multiply-adds it did. The chains tend to 1; from one start the compiler would
// make them one chain.
template <class T>
HWY_INLINE double burst(std::size_t steps, T volatile& value) {
  hn::ScalableTag<T> const d;
  T const half = value;
  auto const factor = hn::Set(d, half);
  hn::Vec<decltype(d)> chain[chains];
  for (std::size_t i = 0; i < chains; ++i) chain[i] = hn::Set(d, half + static_cast<T>(i));
  for (std::size_t step = 0; step < steps; ++step)
    for (auto& c : chain) c = hn::MulAdd(c, factor, factor);
  auto sum = hn::Zero(d);
  for (auto const& c : chain) sum = hn::Add(sum, c);
  value = hn::GetLane(sum) / (2 * chains);
  return static_cast<double>(steps * chains * hn::Lanes(d));
}

// An addition and an exclusive or in turn, because of two of a kind the compiler could make one.
HWY_INLINE double simple_burst(std::size_t steps, std::uint64_t volatile& value) {
  hn::ScalableTag<std::uint64_t> const d;
  std::uint64_t const start = value;
  auto const term = hn::Set(d, start);
  hn::Vec<decltype(d)> chain[chains];
  for (std::size_t i = 0; i < chains; ++i) chain[i] = hn::Set(d, start + i);
  for (std::size_t step = 0; step < steps; ++step)
    for (auto& c : chain) c = hn::Xor(hn::Add(c, term), term);
  auto sum = hn::Zero(d);
  for (auto const& c : chain) sum = hn::Add(sum, c);
  value = hn::GetLane(sum);
  return static_cast<double>(2 * steps * chains * hn::Lanes(d));
}

double burst_f64(std::size_t steps, double volatile& value) { return burst(steps, value); }
double burst_f32(std::size_t steps, float volatile& value) { return burst(steps, value); }
double burst_u64(std::size_t steps, std::uint64_t volatile& value) {
  return simple_burst(steps, value);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench {
namespace {

HWY_EXPORT(burst_f64);
HWY_EXPORT(burst_f32);
HWY_EXPORT(burst_u64);

// A burst is long against the clock's resolution and short against a time slice: of many, one is
// sure not to be interrupted.
constexpr std::size_t steps_of_burst = 100'000;
constexpr int bursts = 100;

template <class Burst, class T>
double best_rate(Burst burst, T start, Clock::time_point until) {
  T volatile value = start;
  double best = 0;
  for (int i = 0; i < bursts; ++i) {
    auto const before = Clock::now();
    if (i > 0 && before >= until) break;
    double const done = burst(steps_of_burst, value);
    std::chrono::duration<double> const took = Clock::now() - before;
    best = std::max(best, done / took.count());
    value = start;
  }
  return best;
}

}  // namespace

Peaks operation_peaks(int threads, Clock::time_point until) {
  std::vector<Peaks> peaks(static_cast<std::size_t>(threads));
  std::barrier next{threads};
  auto const begin = Clock::now();
  auto const quarter = [&](int number) { return begin + number * ((until - begin) / 4); };
  on_threads(threads, [&](int thread) {
    Peaks& peak = peaks[static_cast<std::size_t>(thread)];
    auto const simple = [&](Clock::time_point end) {
      std::uint64_t const start = 0x9e3779b97f4a7c15;
      return best_rate(HWY_DYNAMIC_DISPATCH(burst_u64), start, end);
    };
    // A core that had nothing to do takes its time to reach its highest clock: what comes first
    // warms it up.
    next.arrive_and_wait();
    peak.u64 = simple(quarter(1));
    next.arrive_and_wait();
    peak.f32 = best_rate(HWY_DYNAMIC_DISPATCH(burst_f32), 0.5F, quarter(2));
    next.arrive_and_wait();
    peak.f64 = best_rate(HWY_DYNAMIC_DISPATCH(burst_f64), 0.5, quarter(3));
    peak.u64 = std::max(peak.u64, simple(quarter(4)));
  });
  Peaks sum;
  for (Peaks const& peak : peaks) {
    sum.f64 += peak.f64;
    sum.f32 += peak.f32;
    sum.u64 += peak.u64;
  }
  return sum;
}

}  // namespace mythbench
#endif  // HWY_ONCE
