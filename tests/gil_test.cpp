#include "gil/gil.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "core/contract.hpp"
#include "gil/interval_lock.hpp"
#include "gil/policies.hpp"
#include "gil/threads.hpp"
#include "gil/tick_lock.hpp"
#include "stack_machine/compiler.hpp"

using mythbench::Case;
using mythbench::Rung;

namespace gil = mythbench::gil;

namespace {

using gil::Example;
using gil::Input;
using gil::Output;

std::vector<Rung> cpp_rungs() {
  std::vector<Rung> rungs;
  for (Rung const& rung : mythbench::all_rungs())
    if (rung.example == "gil" && rung.prepare) rungs.push_back(rung);
  return rungs;
}

Input counting(std::int64_t n, int threads) {
  return Example::make_input(
      {{"work", "gauss"}, {"n", n}, {"threads", static_cast<std::int64_t>(threads)}});
}

// Function of a program of the test's own, instead of the talk's.
Input with_program(Input in, std::string const& source) {
  auto const module = mythbench::stack_machine::compile(source, "test.py");
  in.program = mythbench::stack_machine::function_named("gauss", *module);
  return in;
}

// Sixteen threads that want the lock all the time; each looks whether it is alone.
template <class Lock>
int hand_overs(int wanted) {
  Lock lock;
  std::atomic<int> changes = 0;
  int inside = 0;
  int last = -1;
  std::atomic<bool> crowded = false;
  gil::in_threads(16, [&](std::size_t job) {
    while (changes < wanted) {
      lock.take();
      if (++inside != 1) crowded = true;
      if (last != static_cast<int>(job)) ++changes;
      last = static_cast<int>(job);
      --inside;
      lock.give();
      std::this_thread::yield();
    }
  });
  REQUIRE_FALSE(crowded);
  return changes;
}

// The talk's jobs gone wrong, each in one way that a timing would reward or not notice.

void right(Input const& in, Output& out) { out = Example::reference(in); }

void writes_nothing(Input const&, Output&) {}

void does_one_job_for_all(Input const& in, Output& out) {
  right(in, out);
  for (auto& count : out.counts) count = out.counts.front();
  for (auto& product : out.products) product = out.products.front();
}

void forgets_the_last_job(Input const& in, Output& out) {
  right(in, out);
  if (!out.counts.empty()) out.counts.pop_back();
  if (!out.products.empty()) out.products.pop_back();
}

void mixes_up_the_jobs(Input const& in, Output& out) {
  right(in, out);
  std::ranges::reverse(out.counts);
  std::ranges::reverse(out.products);
}

void counts_one_too_few(Input const& in, Output& out) {
  right(in, out);
  for (auto& count : out.counts) --count;
  for (auto& product : out.products) product.back() -= 1;
}

void leaves_out_the_last_term(Input const& in, Output& out) {
  right(in, out);
  for (auto& count : out.counts) --count;
  auto const n = static_cast<std::size_t>(in.n);
  for (std::size_t job = 0; job < out.products.size(); ++job) {
    auto const& left = mythbench::gil::left_of(in, job);
    auto const& right = mythbench::gil::right_of(in, job);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        out.products[job][i * n + j] -= left[i * n + n - 1] * right[(n - 1) * n + j];
  }
}

// As without a lock and without atomic operations: an update of another thread is lost.
void loses_an_update(Input const& in, Output& out) {
  right(in, out);
  if (!out.counts.empty()) --out.counts.back();
  if (!out.products.empty()) out.products.back()[in.n / 2] += 1;
}

struct Mutant {
  std::string name;
  mythbench::Kernel<Example>* kernel;
};

Mutant const mutants[] = {
    {"writes nothing", writes_nothing},
    {"does one job for all", does_one_job_for_all},
    {"forgets the last job", forgets_the_last_job},
    {"mixes up the jobs", mixes_up_the_jobs},
    {"counts one too few", counts_one_too_few},
    {"leaves out the last term", leaves_out_the_last_term},
    {"loses an update", loses_an_update},
};

bool passes(mythbench::Kernel<Example>* kernel, Case const& c) {
  Input const in = Example::make_input(c);
  Output out;
  kernel(in, out);
  return Example::distance(Example::answer(out), Example::answer(Example::reference(in))) <=
         Example::tolerance;
}

}  // namespace

TEST_CASE("threads go from one to twice the cores that may be used", "[gil]") {
  std::int64_t const cores = mythbench::thread_counts().back();
  for (std::string const work : {"gauss", "matmul"}) {
    std::vector<std::int64_t> threads;
    for (Case const& c : Example::cases())
      if (c.text("work") == work) threads.push_back(c.threads());
    CHECK(threads.front() == 1);
    CHECK(threads.back() <= 2 * cores);
    CHECK(2 * threads.back() > 2 * cores);
    CHECK(std::ranges::count(threads, cores) == 1);
    CHECK(std::ranges::is_sorted(threads));
  }
}

TEST_CASE("the work of a case grows with its threads: each does all of it", "[gil]") {
  auto const items = [](std::int64_t threads) {
    return Example::work({{"work", "gauss"}, {"n", 1000}, {"threads", threads}}).items;
  };
  CHECK(items(1) == 1001);
  CHECK(items(3) == 3 * items(1));
}

TEST_CASE("another work than the talk's is refused", "[gil]") {
  CHECK_THROWS_AS(Example::make_input({{"work", "sleep"}, {"n", 1}, {"threads", 1}}),
                  std::out_of_range);
}

TEST_CASE("ten thousand hand-overs among sixteen threads end, and nobody is ever in company",
          "[gil][threads]") {
  CHECK(hand_overs<gil::TickLock>(10'000) >= 10'000);
  CHECK(hand_overs<gil::IntervalLock>(10'000) >= 10'000);
}

TEST_CASE("who is asked for the interval lock comes back only when another has had it",
          "[gil][threads]") {
  gil::IntervalLock lock;
  std::vector<std::size_t> holders;  // written by who holds the lock
  std::atomic<bool> ended = false;
  gil::in_threads(2, [&](std::size_t job) {
    gil::Hold const held{lock};
    holders.push_back(job);
    for (int turns = 0; turns < 20 && !ended;) {
      if (!lock.is_wanted()) continue;
      lock.offer();
      holders.push_back(job);
      ++turns;
    }
    ended = true;
  });
  REQUIRE(holders.size() > 10);
  for (std::size_t i = 1; i < holders.size(); ++i) CHECK(holders[i] != holders[i - 1]);
}

TEST_CASE("a rung that throws inside the lock leaves it free for the others", "[gil][threads]") {
  // The second job divides by zero while it counts; all others end.
  std::string const source =
      "def gauss(n, start):\n"
      "    count = start\n"
      "    for i in range(n + 1):\n"
      "        count += 1 + 0 // start\n"
      "    return count\n";
  for (Rung const& rung : cpp_rungs()) {
    INFO(rung.name);
    auto* const kernel = mythbench::kernel_of<Example>(rung);
    Input in = with_program(counting(20'000, 4), source);
    in.starts[1] = 0;
    Output out;
    CHECK_THROWS_AS(kernel(in, out), mythbench::stack_machine::Failure);
    if (rung.threaded)
      for (std::size_t const job : {0, 2, 3}) CHECK(out.counts[job] == in.starts[job] + 20'001);
    // And it can be run again.
    in.starts[1] = 5;
    kernel(in, out);
    CHECK(out.counts[1] == 5 + 20'001);
  }
}

TEST_CASE("a library that throws without the lock has it back for the interpreter",
          "[gil][threads]") {
  gil::IntervalLock lock;
  gil::in_threads(2, [&](std::size_t) {
    for (int i = 0; i < 100; ++i) {
      gil::Hold const held{lock};
      try {
        gil::AllowThreads const allow{lock};
        throw std::runtime_error{"singular"};
      } catch (std::runtime_error const&) {
      }
    }
  });
  lock.take();  // nobody has left it taken
  lock.give();
}

TEST_CASE("the first failure of several threads goes on, when all have ended", "[gil][threads]") {
  std::atomic<int> ended = 0;
  CHECK_THROWS_AS(gil::in_threads(4,
                                  [&](std::size_t job) {
                                    if (job % 2 == 0) throw std::runtime_error{"even"};
                                    std::this_thread::sleep_for(std::chrono::milliseconds{5});
                                    ++ended;
                                  }),
                  std::runtime_error);
  CHECK(ended == 2);
}

TEST_CASE("a shared object is counted right by threads that all refer to it", "[gil][threads]") {
  gil::AtomicCounts counts;
  std::int64_t references = 1;
  gil::in_threads(8, [&](std::size_t) {
    for (int i = 0; i < 10'000; ++i) {
      counts.up(references);
      REQUIRE_FALSE(counts.down(references));
    }
  });
  CHECK(references == 1);
  CHECK(counts.down(references));
}

TEST_CASE("biased counts free an object when owner and others have let go of it, and not before",
          "[gil][threads]") {
  for (int repetition = 0; repetition < 200; ++repetition) {
    gil::BiasedCounts owner;
    std::vector<gil::BiasedCounts> others(3);
    std::int64_t references = owner.first();
    for (gil::BiasedCounts& other : others) other.up(references);
    std::atomic<int> freed = 0;
    gil::in_threads(4, [&](std::size_t job) {
      if (job < others.size()) {
        for (int i = 0; i < 50; ++i) {
          others[job].up(references);
          if (others[job].down(references)) ++freed;
        }
        if (others[job].down(references)) ++freed;
      } else {
        for (int i = 0; i < 50; ++i) {
          owner.up(references);
          if (owner.down(references)) ++freed;
        }
        if (owner.down(references)) ++freed;
      }
    });
    REQUIRE(freed == 1);
  }
}

TEST_CASE("an owner alone needs nobody else to free its object", "[gil]") {
  gil::BiasedCounts owner;
  std::int64_t references = owner.first();
  owner.up(references);
  CHECK_FALSE(owner.down(references));
  CHECK(owner.down(references));
}

TEST_CASE("an immortal object outlives any count", "[gil]") {
  gil::BiasedCounts counts;
  std::int64_t references = 1;
  gil::BiasedCounts::share(references);
  for (int i = 0; i < 5; ++i) CHECK_FALSE(counts.down(references));
}

TEST_CASE("what the wrong rungs are made from is accepted", "[gil][mutants]") {
  for (Case const& c : Example::awkward_cases()) CHECK(passes(right, c));
}

TEST_CASE("every wrong rung is rejected by some awkward case of either work", "[gil][mutants]") {
  for (Mutant const& mutant : mutants)
    for (std::string const work : {"gauss", "matmul"}) {
      int rejected = 0;
      for (Case const& c : Example::awkward_cases())
        if (c.text("work") == work && !passes(mutant.kernel, c)) ++rejected;
      INFO(mutant.name << ", " << work);
      CHECK(rejected > 0);
    }
}

TEST_CASE("every wrong rung is rejected with two threads that are timed", "[gil][mutants]") {
  for (Mutant const& mutant : mutants) {
    INFO(mutant.name);
    CHECK_FALSE(passes(mutant.kernel, {{"work", "gauss"}, {"n", 1'000'000}, {"threads", 2}}));
    CHECK_FALSE(passes(mutant.kernel, {{"work", "matmul"}, {"n", 64}, {"threads", 2}}));
  }
}
