#include "machine/triad.hpp"

#include <algorithm>
#include <barrier>
#include <iterator>

#include "layers/os.hpp"
#include "machine/caches.hpp"
#include "machine/pages.hpp"
#include "machine/threads.hpp"
#include "machine/triad_plan.hpp"

#ifndef MYTHBENCH_TRIAD_OPERANDS  // once, not once per instruction set
#define MYTHBENCH_TRIAD_OPERANDS
namespace mythbench {
namespace {

constexpr std::size_t unrolled = 4;

struct Operands {
  double *a, *b, *c;
  std::size_t size;
  double scalar;
};

}  // namespace
}  // namespace mythbench
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "machine/triad.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file once per instruction set.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mythbench {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// `size` is a multiple of grain, the arrays are aligned. Unrolled so that in the first-level cache
// the loop does not count.
template <bool streaming, class D>
HWY_INLINE void triad(D d, Operands const& on) {
  double* HWY_RESTRICT const a = on.a;
  double const *HWY_RESTRICT const b = on.b, *HWY_RESTRICT const c = on.c;
  std::size_t const size = on.size;
  auto const s = hn::Set(d, on.scalar);
  std::size_t const lanes = hn::Lanes(d);
  for (std::size_t i = 0; i < size; i += unrolled * lanes)
    for (std::size_t k = i; k < i + unrolled * lanes; k += lanes) {
      auto const sum = hn::MulAdd(s, hn::Load(d, c + k), hn::Load(d, b + k));
      if constexpr (streaming)
        hn::Stream(sum, d, a + k);
      else
        hn::Store(sum, d, a + k);
    }
  // The time of what still waits in buffers is the triad's.
  if constexpr (streaming) hwy::FlushStream();
}

using Whole = hn::ScalableTag<double>;
// Stores of whole cache lines are not the fastest way to memory on every processor that has them.
using HalfALine = hn::CappedTag<double, 4>;
using Pair = hn::CappedTag<double, 2>;  // as compilers write it for any processor

void ordinary_whole(Operands const& on) { triad<false>(Whole{}, on); }
void ordinary_half(Operands const& on) { triad<false>(HalfALine{}, on); }
void ordinary_pairs(Operands const& on) { triad<false>(Pair{}, on); }
void streaming_whole(Operands const& on) { triad<true>(Whole{}, on); }
void streaming_half(Operands const& on) { triad<true>(HalfALine{}, on); }

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mythbench
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mythbench {
namespace {

HWY_EXPORT(ordinary_whole);
HWY_EXPORT(ordinary_half);
HWY_EXPORT(ordinary_pairs);
HWY_EXPORT(streaming_whole);
HWY_EXPORT(streaming_half);

// Four of the longest vectors there are on x86 and Arm.
constexpr std::size_t grain = 32;
// Where arrays lie to each other matters: arrays that begin at the same place of a page look to
// some processors as if a load waited for the store before it. So bursts try several distances, in
// lines.
constexpr std::size_t line = 64 / sizeof(double);
constexpr std::size_t distances[] = {1, 9, 17, 32, 5, 65};
constexpr std::size_t furthest = 65;
// A burst is long against the start of a thread, and so short that one of many is undisturbed.
constexpr double bytes_of_burst = 1e8;
constexpr std::size_t bursts_in_caches = 48, bursts_beside = 20;
// Each triad meets each distance, at each size of the arrays.
constexpr std::size_t bursts_in_memory = 5 * std::size(distances);
constexpr std::size_t most_passes = 1 << 20;
constexpr double flat = 1.05;
// The clock is looked at after so many elements: seldom against the work, and soon enough even for
// a thread that has a hundredth of a core.
constexpr std::size_t step = 4096 * grain;

class Arrays {
 public:
  explicit Arrays(std::size_t size)
      : size_{size}, numbers_{3 * size + 2 * furthest * line}, memory_{untouched_pages(numbers_)} {}

  // By the thread that will use them. False if the time was out before all pages were there.
  bool touch(Clock::time_point until) const {
    for (std::size_t first = 0; first < numbers_; first += step) {
      if (Clock::now() >= until) return false;
      std::fill_n(memory_.get() + first, std::min(step, numbers_ - first), 1.0);
    }
    return true;
  }

  Operands operands(std::size_t distance) const {
    double* const a = memory_.get();
    double* const b = a + size_ + distance * line;
    return {a, b, b + size_ + distance * line, size_, 0.5};
  }

 private:
  std::size_t size_, numbers_;
  Pages memory_;
};

struct Interval {
  Clock::time_point start, end;
  bool complete;
};

using Triad = void (*)(Operands const&);
using Triads = std::vector<Triad>;

Triads triads(Stores stores) {
  if (stores == Stores::streaming)
    return {HWY_DYNAMIC_DISPATCH(streaming_whole), HWY_DYNAMIC_DISPATCH(streaming_half)};
  return {HWY_DYNAMIC_DISPATCH(ordinary_whole), HWY_DYNAMIC_DISPATCH(ordinary_half),
          HWY_DYNAMIC_DISPATCH(ordinary_pairs)};
}

Triads all_triads() {
  Triads all = triads(Stores::ordinary);
  std::ranges::copy(triads(Stores::streaming), std::back_inserter(all));
  return all;
}

// False if the time was out before the last pass was over.
bool pass_over(Triad triad, Operands const& all, std::size_t passes, Clock::time_point until) {
  std::size_t since = 0;  // the last look at the clock
  for (std::size_t pass = 0; pass < passes; ++pass)
    for (std::size_t first = 0; first < all.size; first += step) {
      Operands const part{all.a + first, all.b + first, all.c + first,
                          std::min(step, all.size - first), all.scalar};
      triad(part);
      since += part.size;
      if (since < step) continue;
      if (Clock::now() >= until) return false;
      since = 0;
    }
  return true;
}

// Bytes per second of each burst that was over in time; the triads take turns. All threads pass
// over arrays of their own, in step, and the slowest counts: what is shared is shared by all of
// them.
std::vector<double> rates(int threads, std::size_t elements, std::size_t bursts,
                          Triads const& triads, Clock::time_point until) {
  elements = std::max(grain, elements / grain * grain);
  double const bytes = static_cast<double>(elements * bytes_per_element);
  auto const passes = static_cast<std::size_t>(
      std::clamp(bytes_of_burst / bytes, 1.0, static_cast<double>(most_passes)));
  std::vector<Arrays> arrays;
  for (int thread = 0; thread < threads; ++thread) arrays.emplace_back(elements);
  std::vector<Interval> intervals(static_cast<std::size_t>(threads));
  std::vector<double> found;
  found.reserve(bursts);
  bool time_left = true;
  std::barrier begin{threads};
  std::barrier end{threads, [&]() noexcept {
                     time_left = std::ranges::all_of(intervals, &Interval::complete);
                     if (!time_left) return;
                     auto const start = std::ranges::min(intervals, {}, &Interval::start).start;
                     auto const last = std::ranges::max(intervals, {}, &Interval::end).end;
                     std::chrono::duration<double> const took = last - start;
                     found.push_back(bytes * static_cast<double>(passes) *
                                     static_cast<double>(threads) / took.count());
                   }};
  on_threads(threads, [&](int thread) {
    stay_on_processor(thread);
    Arrays const& mine = arrays[static_cast<std::size_t>(thread)];
    Interval& interval = intervals[static_cast<std::size_t>(thread)];
    bool const touched = mine.touch(until);
    for (std::size_t burst = 0; burst < bursts && time_left; ++burst) {
      Triad const triad = triads[burst % triads.size()];
      Operands const operands =
          mine.operands(distances[burst / triads.size() % std::size(distances)]);
      begin.arrive_and_wait();
      interval.start = Clock::now();
      interval.complete = touched && pass_over(triad, operands, passes, until);
      interval.end = Clock::now();
      end.arrive_and_wait();
    }
  });
  return found;
}

// Of the bursts of these triads, `first` and those after it, of all that took turns.
std::optional<double> best_of(std::vector<double> const& rates, std::size_t triads,
                              std::size_t first, std::size_t count) {
  std::optional<double> best;
  for (std::size_t burst = 0; burst < rates.size(); ++burst)
    if (std::size_t const which = burst % triads; first <= which && which < first + count)
      best = std::max(best.value_or(0), rates[burst]);
  return best;
}

FromMemory best_of_both(std::vector<double> const& rates) {
  std::size_t const ordinary = triads(Stores::ordinary).size(), all = all_triads().size();
  return {best_of(rates, all, 0, ordinary), best_of(rates, all, ordinary, all - ordinary)};
}

bool same(std::optional<double> one, std::optional<double> other) {
  return one && other && std::max(*one, *other) <= flat * std::min(*one, *other);
}

// Of the bursts of one of several triads that took turns: as one long run would have done.
double mean_rate(std::vector<double> const& rates, std::size_t which, std::size_t triads) {
  double seconds = 0, bursts = 0;  // per byte
  for (std::size_t burst = which; burst < rates.size(); burst += triads, ++bursts)
    seconds += 1 / rates[burst];
  return bursts / seconds;
}

}  // namespace

std::optional<double> triad_in_cache(int threads, std::size_t elements, Clock::time_point until) {
  auto const found = rates(threads, elements, bursts_in_caches, triads(Stores::ordinary), until);
  if (found.empty()) return std::nullopt;
  return std::ranges::max(found);
}

FromMemory triad_from_memory(int threads, std::vector<std::size_t> const& sizes,
                             Clock::time_point until) {
  FromMemory last;
  for (std::size_t const elements : sizes) {
    auto const measured = rates(threads, elements, bursts_in_memory, all_triads(), until);
    // What larger arrays have no time for the smaller ones tell: no cache holds them either.
    if (last.ordinary && measured.size() < bursts_in_memory) return last;
    auto const now = best_of_both(measured);
    if (same(last.ordinary, now.ordinary) && same(last.streaming, now.streaming))
      return {std::max(last.ordinary, now.ordinary), std::max(last.streaming, now.streaming)};
    last = now;
  }
  return last;
}

std::optional<double> triad_beside(int threads, double working_set, Clock::time_point until) {
  TriadPlan const plan = triad_plan(data_caches(), threads, layers::available_memory_bytes());
  if (plan.memory.empty()) return std::nullopt;
  if (!plan.caches.empty() && working_set <= static_cast<double>(plan.caches.back().holds))
    return std::nullopt;
  auto const wanted = working_set / static_cast<double>(bytes_per_element) / threads;
  // The first size may still find a part of itself in the caches.
  std::size_t const most = plan.memory[std::min<std::size_t>(1, plan.memory.size() - 1)];
  auto const elements = std::min(static_cast<std::size_t>(wanted), most);
  Triads const all = all_triads();
  auto const measured = rates(threads, elements, bursts_beside, all, until);
  if (measured.size() < all.size()) return std::nullopt;
  double best = 0;
  for (std::size_t which = 0; which < all.size(); ++which)
    best = std::max(best, mean_rate(measured, which, all.size()));
  return best;
}

}  // namespace mythbench
#endif  // HWY_ONCE
