#include "machine/ceilings.hpp"

#include <exception>
#include <functional>

#include "machine/topology.hpp"

namespace mythbench {
namespace {

// To touch the pages of the largest arrays takes longer than any burst in a cache.
constexpr double weight_of_peaks = 1, weight_of_cache = 1, weight_of_memory = 6;
constexpr double weight_of_latency = 5;
constexpr char const* out_of_time = "the time was out before one measurement was complete";

double weight(TriadPlan const& plan) {
  return weight_of_cache * static_cast<double>(plan.caches.size()) +
         (plan.memory.empty() ? 0 : weight_of_memory);
}

class Shares {
 public:
  Shares(double seconds, double weights)
      : end_{Clock::now() + in_ticks(seconds)}, shares_{weights} {}

  // When the share of the next part is over.
  Clock::time_point next(double weight) {
    auto const now = Clock::now();
    std::chrono::duration<double> const left = end_ - now;
    return now + in_ticks(shares_.next(left.count(), weight));
  }

 private:
  static Clock::duration in_ticks(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{seconds});
  }

  Clock::time_point end_;
  TimeShares shares_;
};

// What the system refuses is left out, too.
void part(std::vector<LeftOut>& left_out, int threads, std::string const& what,
          std::function<void()> const& measure) {
  try {
    measure();
  } catch (std::bad_alloc const&) {
    left_out.push_back({threads, what, "out of memory"});
  } catch (std::exception const& error) {
    left_out.push_back({threads, what, error.what()});
  }
}

void add(Ceilings& ceilings, Ceiling& ceiling, Bandwidth bandwidth, std::optional<double> rate) {
  if (rate) {
    bandwidth.bytes_per_second = *rate;
    ceiling.bandwidths.push_back(bandwidth);
    return;
  }
  bool const streaming = bandwidth.stores == Stores::streaming;
  ceilings.left_out.push_back(
      {ceiling.threads, "triad in " + bandwidth.level + (streaming ? ", streaming stores" : ""),
       out_of_time});
}

void measure_bandwidths(Ceilings& ceilings, Ceiling& ceiling, TriadPlan const& plan,
                        Shares& shares) {
  int const threads = ceiling.threads;
  for (auto const& cache : plan.caches)
    part(ceilings.left_out, threads, "triad in " + cache.name, [&] {
      auto const until = shares.next(weight_of_cache);
      add(ceilings, ceiling, {.level = cache.name, .holds = cache.holds},
          triad_in_cache(threads, cache.elements, until));
    });
  if (!plan.memory.empty())
    part(ceilings.left_out, threads, "triad in memory", [&] {
      auto const until = shares.next(weight_of_memory);
      auto const [ordinary, streaming] = triad_from_memory(threads, plan.memory, until);
      add(ceilings, ceiling, {.level = "memory", .holds = {}}, ordinary);
      add(ceilings, ceiling, {.level = "memory", .holds = {}, .stores = Stores::streaming},
          streaming);
    });
  for (auto const& [level, reason] : plan.left_out)
    ceilings.left_out.push_back({threads, "triad in " + level, reason});
}

void measure_latency(Ceilings& ceilings, Scope const& core, Shares& shares) {
  std::string const what = "latency of a load";
  part(ceilings.left_out, 1, what, [&] {
    Confined const here{core.processors};
    std::size_t const reach = latency_reach(core.triad);
    ceilings.latency = latency_ladder(reach, shares.next(weight_of_latency));
    if (ceilings.latency.empty() || ceilings.latency.back().bytes < reach)
      ceilings.left_out.push_back({1, what + " in larger arrays", out_of_time});
  });
}

}  // namespace

Ceilings measure_ceilings(std::vector<Scope> const& scopes, double seconds) {
  double weights = weight_of_latency;
  for (Scope const& scope : scopes) weights += weight_of_peaks + weight(scope.triad);
  Shares shares{seconds, weights};
  Ceilings ceilings;
  // First what every bound needs.
  for (Scope const& scope : scopes) {
    int const threads = scope.threads();
    auto const until = shares.next(weight_of_peaks);
    part(ceilings.left_out, threads, "everything", [&] {
      Confined const here{scope.processors};
      ceilings.measured.push_back({scope.name, threads, operation_peaks(threads, until), {}});
    });
  }
  for (Scope const& scope : scopes)
    for (Ceiling& ceiling : ceilings.measured)
      if (ceiling.scope == scope.name) {
        Confined const here{scope.processors};
        measure_bandwidths(ceilings, ceiling, scope.triad, shares);
      }
  measure_latency(ceilings, scopes.front(), shares);
  return ceilings;
}

}  // namespace mythbench
