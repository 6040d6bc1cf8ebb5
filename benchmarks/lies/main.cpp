// Myth 0, "your benchmark lies": the same work, measured wrong and measured right, side by side.
//
// Each exhibit is a mistake that a benchmark of threads, of a library or of a compiler makes
// easily. The fourth, a compiler that works while the clock runs, is cold_jit.py: it needs one.

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <iomanip>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "core/stopwatch.hpp"
#include "program/ending.hpp"

namespace {

using mythbench::Stopwatch;

struct Exhibit {
  std::string what;
  double wrong_seconds;
  double right_seconds;
  std::string why;
};

constexpr int steps = 10'000'000;

double sum_of_inverses() {
  double sum = 0;
  for (int i = 1; i <= steps; ++i) sum += 1.0 / i;
  return sum;
}

Exhibit processor_time_of_threads() {
  Stopwatch const wall;
  std::clock_t const before = std::clock();
  {
    auto const work = [] { benchmark::DoNotOptimize(sum_of_inverses()); };
    std::jthread const one{work};
    std::jthread const two{work};
  }
  double const wall_seconds = wall.seconds();
  double const processor_seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  return {"two threads work side by side", processor_seconds, wall_seconds,
          "clock() adds up the processor time of all threads; who waits looks at the wall"};
}

constexpr auto nap = std::chrono::milliseconds{20};
constexpr int nappers = 8;

void take_a_nap(benchmark::State& state) {
  for (auto _ : state) std::this_thread::sleep_for(nap);
}

// Keeps what the library says instead of printing it.
class Listener : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(Context const&) override { return true; }
  void ReportRuns(std::vector<Run> const& runs) override {
    for (Run const& run : runs) seconds = run.GetAdjustedRealTime() / 1e9;
  }
  double seconds = 0;
};

Exhibit library_that_divides_by_threads() {
  benchmark::RegisterBenchmark("nap", take_a_nap)
      ->Threads(nappers)
      ->UseRealTime()
      ->Iterations(2)
      ->Unit(benchmark::kNanosecond);
  Listener listener;
  benchmark::RunSpecifiedBenchmarks(&listener);
  benchmark::Shutdown();

  Stopwatch const watch;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < nappers; ++i)
      threads.emplace_back([] { std::this_thread::sleep_for(nap); });
  }
  return {"eight threads sleep for 0.02 s", listener.seconds, watch.seconds(),
          "Google Benchmark up to 1.8.5 divides real time by ->Threads(n); later versions do not"};
}

Exhibit code_that_nobody_needs() {
  Stopwatch const without;
  sum_of_inverses();  // the compiler sees that nobody looks at the sum
  double const wrong = without.seconds();
  Stopwatch const with;
  benchmark::DoNotOptimize(sum_of_inverses());
  return {"ten million divisions", wrong, with.seconds(),
          "what nobody uses is not computed; a benchmark has to use its result"};
}

void print(std::string const& what, std::string const& wrong, std::string const& right,
           std::string const& why) {
  std::cout << std::left << std::setw(34) << what << std::right << std::setw(15) << wrong
            << std::setw(15) << right << "   " << why << std::endl;
}

std::string milliseconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f ms", 1e3 * seconds);
  return text;
}

void print(Exhibit const& exhibit) {
  print(exhibit.what, milliseconds(exhibit.wrong_seconds), milliseconds(exhibit.right_seconds),
        exhibit.why);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  return mythbench::ended("lies", [] {
    print("", "wrong", "right", "why");
    print(processor_time_of_threads());
    print(library_that_divides_by_threads());
    print(code_that_nobody_needs());
    return 0;
  });
}
