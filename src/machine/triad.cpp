#include "machine/triad.hpp"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <thread>

#include "layers/os.hpp"
#include "machine/caches.hpp"
#include "machine/pages.hpp"

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

using Clock = std::chrono::steady_clock;

constexpr std::size_t bytes_per_element = 3 * sizeof(double);
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
constexpr std::size_t bursts_in_caches = 48, bursts_in_memory = 48, bursts_beside = 20;
constexpr std::size_t most_passes = 1 << 20;

class Arrays {
 public:
  explicit Arrays(std::size_t size)
      : size_{size}, numbers_{3 * size + 2 * furthest * line}, memory_{untouched_pages(numbers_)} {
    std::fill_n(memory_.get(), numbers_, 1.0);
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
};

using Triads = std::vector<void (*)(Operands const&)>;

Triads triads(Stores stores) {
  if (stores == Stores::streaming)
    return {HWY_DYNAMIC_DISPATCH(streaming_whole), HWY_DYNAMIC_DISPATCH(streaming_half)};
  return {HWY_DYNAMIC_DISPATCH(ordinary_whole), HWY_DYNAMIC_DISPATCH(ordinary_half),
          HWY_DYNAMIC_DISPATCH(ordinary_pairs)};
}

// Bytes per second of each burst; the triads take turns. All threads pass over arrays of their own,
// in step, and the slowest counts: what is shared is shared by all of them.
std::vector<double> rates(int threads, std::size_t elements, std::size_t bursts,
                          Triads const& triads) {
  elements = std::max(grain, elements / grain * grain);
  double const bytes = static_cast<double>(elements * bytes_per_element);
  auto const passes = static_cast<std::size_t>(
      std::clamp(bytes_of_burst / bytes, 1.0, static_cast<double>(most_passes)));
  std::vector<Interval> intervals(static_cast<std::size_t>(threads));
  std::vector<double> found;
  found.reserve(bursts);
  std::barrier begin{threads};
  std::barrier end{threads, [&]() noexcept {
                     auto const start = std::ranges::min(intervals, {}, &Interval::start).start;
                     auto const last = std::ranges::max(intervals, {}, &Interval::end).end;
                     std::chrono::duration<double> const took = last - start;
                     found.push_back(bytes * static_cast<double>(passes) *
                                     static_cast<double>(threads) / took.count());
                   }};
  {
    std::vector<std::jthread> running;
    for (int thread = 0; thread < threads; ++thread)
      running.emplace_back([&, thread] {
        stay_on_processor(thread);
        Interval& interval = intervals[static_cast<std::size_t>(thread)];
        Arrays const arrays{elements};
        for (std::size_t burst = 0; burst < bursts; ++burst) {
          auto* const triad = triads[burst % triads.size()];
          Operands const operands =
              arrays.operands(distances[burst / triads.size() % std::size(distances)]);
          begin.arrive_and_wait();
          interval.start = Clock::now();
          for (std::size_t pass = 0; pass < passes; ++pass) triad(operands);
          interval.end = Clock::now();
          end.arrive_and_wait();
        }
      });
  }
  return found;
}

double best_rate(int threads, std::size_t elements, std::size_t bursts, Triads const& triads) {
  return std::ranges::max(rates(threads, elements, bursts, triads));
}

// What one of so many threads has of a cache.
std::size_t share(Cache const& cache, int threads) {
  return cache.bytes / static_cast<std::size_t>(std::min(threads, cache.shared_by));
}

// STREAM's rule: each array at least four times as large as all caches that the threads fill. No
// more than a quarter of what is free, or the measurement would disturb others.
std::size_t elements_in_memory(int threads) {
  auto const caches = data_caches();
  std::size_t const last = caches.empty() ? std::size_t{32} << 20 : share(caches.back(), threads);
  std::size_t const wanted = 4 * last / sizeof(double);
  auto const free = layers::available_memory_bytes();
  if (free <= 0) return wanted;
  auto const quarter = static_cast<std::size_t>(free) / 4 / static_cast<std::size_t>(threads);
  return std::min(wanted, quarter / bytes_per_element);
}

// Of the bursts of one of several triads that took turns: as one long run would have done.
double mean_rate(std::vector<double> const& rates, std::size_t which, std::size_t triads) {
  double seconds = 0, bursts = 0;  // per byte
  for (std::size_t burst = which; burst < rates.size(); burst += triads, ++bursts)
    seconds += 1 / rates[burst];
  return bursts / seconds;
}

}  // namespace

std::optional<double> triad_beside(int threads, double working_set) {
  auto const caches = data_caches();
  if (!caches.empty()) {
    auto const held = share(caches.back(), threads) * static_cast<std::size_t>(threads);
    if (working_set <= static_cast<double>(held)) return std::nullopt;
  }
  auto const wanted = working_set / static_cast<double>(bytes_per_element) / threads;
  auto const elements = std::min(static_cast<std::size_t>(wanted), elements_in_memory(threads));
  Triads all = triads(Stores::ordinary);
  std::ranges::copy(triads(Stores::streaming), std::back_inserter(all));
  auto const measured = rates(threads, elements, bursts_beside, all);
  double best = 0;
  for (std::size_t which = 0; which < all.size(); ++which)
    best = std::max(best, mean_rate(measured, which, all.size()));
  return best;
}

double triad_from_memory(int threads, Stores stores) {
  return best_rate(threads, elements_in_memory(threads), bursts_in_memory, triads(stores));
}

std::vector<Bandwidth> triad_bandwidths(int threads) {
  std::vector<Bandwidth> found;
  for (Cache const& cache : data_caches()) {
    std::size_t const mine = share(cache, threads);
    // Half of it: the rest is for the stack, the code and the neighbours.
    std::size_t const elements = mine / 2 / bytes_per_element;
    found.push_back({.level = std::string{"L"}.append(std::to_string(cache.level)),
                     .holds = mine * static_cast<std::size_t>(threads),
                     .bytes_per_second =
                         best_rate(threads, elements, bursts_in_caches, triads(Stores::ordinary)),
                     .stores = Stores::ordinary});
  }
  for (Stores const stores : {Stores::ordinary, Stores::streaming})
    found.push_back({.level = "memory",
                     .holds = std::nullopt,
                     .bytes_per_second = triad_from_memory(threads, stores),
                     .stores = stores});
  return found;
}

}  // namespace mythbench
#endif  // HWY_ONCE
