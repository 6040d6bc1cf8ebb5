// The program gil: who holds the lock when, and how long a thread waits that needs it often.

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "gil/gil.hpp"
#include "gil/interpreter.hpp"
#include "gil/interval_lock.hpp"
#include "gil/journal.hpp"
#include "gil/policies.hpp"
#include "gil/threads.hpp"
#include "gil/tick_lock.hpp"
#include "program/ending.hpp"

namespace {

using namespace mythbench::gil;
using Json = nlohmann::ordered_json;
using mythbench::Case;
using mythbench::status::bad_usage;

struct Options {
  bool timeline = false;
  bool convoy = false;
  std::string lock = "interval";
  std::string work = "gauss";
  std::int64_t n = 0;  // 0: one that takes a while
  int threads = 2;
  bool release = false;
  int period_milliseconds = 1;
};

Input input_of(Options const& options) {
  std::int64_t const usual = options.work == "gauss" ? 10'000'000 : 1024;
  return Example::make_input(Case{{"work", options.work},
                                  {"n", options.n != 0 ? options.n : usual},
                                  {"threads", static_cast<std::int64_t>(options.threads)}});
}

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

// The jobs of the example under a lock that writes a journal.
template <class Policy, class Lock>
Json timeline(Options const& options) {
  Input const in = input_of(options);
  Output out;
  prepare(in, out);
  Journal journal{1 << 20};
  Lock lock{&journal};
  Interpreter<Policy> interpreter{[&](std::size_t job) {
    if constexpr (std::is_same_v<Lock, IntervalLock>)
      if (options.release) {
        AllowThreads const allow{lock};
        return multiply(in, job, out);
      }
    multiply(in, job, out);
  }};
  interpreter.policy().lock = &lock;

  auto const begin = Clock::now();
  in_threads(in.threads, [&](std::size_t job) {
    Hold const held{lock};
    interpreter.run(in, job, out);
  });
  auto const end = Clock::now();

  Json tenures = Json::array();
  int switches = 0;
  int last = -1;
  for (Tenure const& tenure : journal.tenures()) {
    tenures.push_back({{"thread", tenure.thread},
                       {"asked", seconds(tenure.asked - begin)},
                       {"taken", seconds(tenure.taken - begin)},
                       {"given", seconds(std::min(tenure.given, end) - begin)}});
    switches += last != -1 && last != tenure.thread;
    last = tenure.thread;
  }
  double const took = seconds(end - begin);
  return {{"what", "timeline"},    {"lock", options.lock},
          {"work", options.work},  {"n", in.n},
          {"threads", in.threads}, {"released", options.release},
          {"seconds", took},       {"switches_per_second", switches / took},
          {"tenures", tenures}};
}

// One thread counts; the other sleeps for a period, wants the lock, and gives it back, again and
// again. Its latency is by how much it is late: what sleeping took too long is in it, everywhere
// alike.
template <class Run, class TakeTurn>
Json convoy(Options const& options, Run const& run, TakeTurn const& take_turn) {
  std::chrono::milliseconds const period{options.period_milliseconds};
  std::atomic<bool> ended = false;
  std::atomic<int> woken = 0;
  std::vector<double> latencies;
  in_threads(2, [&](std::size_t job) {
    if (job == 0) {
      // Where much else is to be done the other may not have had its turn yet.
      do run();
      while (woken < 2);
      ended = true;
      return;
    }
    while (!ended) {
      auto const due = Clock::now() + period;
      std::this_thread::sleep_until(due);
      take_turn();
      latencies.push_back(seconds(Clock::now() - due));
      ++woken;
    }
  });
  // The last one found nobody counting any more.
  latencies.pop_back();
  return {{"what", "convoy"},
          {"lock", options.lock},
          {"period_seconds", seconds(period)},
          {"latencies", latencies}};
}

template <class Policy, class Lock>
Json convoy_under(Options const& options) {
  Input const in = input_of(options);
  Output out;
  prepare(in, out);
  Lock lock;
  Interpreter<Policy> interpreter{[](std::size_t) {}};
  interpreter.policy().lock = &lock;
  return convoy(
      options,
      [&] {
        Hold const held{lock};
        interpreter.run(in, 0, out);
      },
      [&] { Hold const held{lock}; });
}

Json convoy_without_lock(Options const& options) {
  Input const in = input_of(options);
  Output out;
  prepare(in, out);
  Interpreter<Alone> interpreter{[](std::size_t) {}};
  return convoy(
      options, [&] { interpreter.run(in, 0, out); }, [] {});
}

Json timeline(Options const& options) {
  if (options.lock == "tick") return timeline<Ticks, TickLock>(options);
  if (options.lock == "interval") return timeline<Requests, IntervalLock>(options);
  throw CLI::ValidationError{"--timeline", "without a lock there is nothing to show"};
}

Json convoy(Options options) {
  options.threads = 1;
  options.work = "gauss";
  if (options.lock == "tick") return convoy_under<Ticks, TickLock>(options);
  if (options.lock == "interval") return convoy_under<Requests, IntervalLock>(options);
  return convoy_without_lock(options);
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app{
      "Runs the jobs of the example gil and prints, as JSON, who held the lock when (--timeline),\n"
      "or how late a thread is that needs it often beside one that counts (--convoy)."};
  auto* const what = app.add_option_group("what");
  what->add_flag("--timeline", options.timeline, "who held the lock when");
  what->add_flag("--convoy", options.convoy, "how late a thread is that needs the lock often");
  what->require_option(1);
  app.add_option("--lock", options.lock, "tick (CPython 2), interval (CPython 3), or none")
      ->check(CLI::IsMember({"tick", "interval", "none"}))
      ->capture_default_str();
  app.add_option("--work", options.work, "of the timeline: gauss or matmul")
      ->check(CLI::IsMember({"gauss", "matmul"}))
      ->capture_default_str();
  app.add_option("--n", options.n, "how far to count, or the size of the matrices")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
  app.add_option("--threads", options.threads, "of the timeline")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_flag("--release", options.release, "the product gives the interval lock up");
  app.add_option("--period", options.period_milliseconds, "of the convoy, in milliseconds")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
    std::cout << (options.timeline ? timeline(options) : convoy(options)).dump() << '\n';
    return 0;
  } catch (CLI::CallForHelp const&) {
    std::cout << app.help();
    return 0;
  } catch (CLI::ParseError const& error) {
    std::cerr << "gil: " << error.what() << "; --help lists the options\n";
    return bad_usage;
  }
}

}  // namespace

int main(int argc, char** argv) {
  return mythbench::ended("gil", [&] { return run(argc, argv); });
}
