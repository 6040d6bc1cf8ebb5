#include "wrapper/wrapper.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "wrapper/functions.h"

using mythbench::Case;
using mythbench::Trial;

namespace {

using mythbench::wrapper::Argument;
using mythbench::wrapper::Example;
using mythbench::wrapper::Input;
using mythbench::wrapper::Output;

double result_of(Input const& in, std::size_t call) {
  switch (in.argument) {
    case Argument::none:
      return mythbench_tick();
    case Argument::real:
      return mythbench_square(*in.batch_of(call));
    default:
      return mythbench_energy(in.batch_of(call), in.batch);
  }
}

// What the others are made from: it must pass, or their failing would prove nothing.
void right(Input const& in, Output& out) {
  mythbench_restart();
  out.clear();
  for (std::size_t call = 0; call < in.calls; ++call) out.push_back(result_of(in, call));
}

// Rungs gone wrong, each in one way that a timing would reward or not notice.

void writes_nothing(Input const&, Output&) {}

void forgets_the_last_call(Input const& in, Output& out) {
  right(in, out);
  if (!out.empty()) out.pop_back();
}

void calls_once_for_all(Input const& in, Output& out) {
  mythbench_restart();
  out.assign(in.calls, result_of(in, 0));
}

void makes_one_call_of_all(Input const& in, Output& out) {
  right(in, out);
  out = {std::accumulate(out.begin(), out.end(), 0.0)};
}

void leaves_out_the_last_number(Input const& in, Output& out) {
  right(in, out);
  for (std::size_t call = 0; call < in.calls; ++call) {
    double const last = in.batch_of(call)[in.batch - 1];
    out[call] -= last * last;
  }
}

void computes_in_single_precision(Input const& in, Output& out) {
  mythbench_restart();
  out.clear();
  for (std::size_t call = 0; call < in.calls; ++call) {
    float sum = 0;
    for (std::size_t i = 0; i < in.batch; ++i) {
      auto const x = static_cast<float>(in.batch_of(call)[i]);
      sum += x * x;
    }
    out.push_back(static_cast<double>(sum));
  }
}

void does_not_begin_anew(Input const& in, Output& out) {
  out.clear();
  for (std::size_t call = 0; call < in.calls; ++call) out.push_back(result_of(in, call));
}

void gives_not_a_number(Input const& in, Output& out) {
  out.assign(in.calls, std::numeric_limits<double>::quiet_NaN());
}

template <mythbench::Kernel<Example>* kernel>
std::unique_ptr<Trial> trial(Case const& c) {
  return mythbench::prepare<Example, kernel>(c, std::nullopt);
}

struct Mutant {
  std::string name;
  std::unique_ptr<Trial> (*trial)(Case const&);
};

Mutant const mutants[] = {
    {"writes nothing", trial<writes_nothing>},
    {"forgets the last call", trial<forgets_the_last_call>},
    {"calls once for all", trial<calls_once_for_all>},
    {"makes one call of all", trial<makes_one_call_of_all>},
    {"leaves out the last number", trial<leaves_out_the_last_number>},
    {"computes in single precision", trial<computes_in_single_precision>},
    {"gives not a number", trial<gives_not_a_number>},
};

}  // namespace

TEST_CASE("calls that are all made are accepted", "[wrapper][mutants]") {
  for (Case const& c : Example::awkward_cases()) CHECK(trial<right>(c)->verify().passed());
  for (Case const& c : Example::cases()) CHECK(trial<right>(c)->verify().passed());
}

TEST_CASE("every rung that cheats at the border is rejected on every case that is timed",
          "[wrapper][mutants]") {
  for (Mutant const& mutant : mutants)
    for (Case const& c : Example::cases()) {
      auto const check = mutant.trial(c)->verify();
      INFO(mutant.name << ", " << c.label() << ": error " << check.error);
      CHECK_FALSE(check.passed());
    }
}

TEST_CASE("a function that does not begin anew is found out by its second run",
          "[wrapper][mutants]") {
  mythbench_restart();
  auto const mutant = trial<does_not_begin_anew>({{"argument", "none"}, {"batch", 1}});
  CHECK(mutant->verify().passed());
  CHECK_FALSE(mutant->verify().passed());
}

TEST_CASE("the squares of the numbers add up without rounding, in any order", "[wrapper]") {
  for (Case const& c : Example::cases()) {
    Input const in = Example::make_input(c);
    if (in.argument == Argument::none) continue;
    double largest = 0;
    for (double const x : in.numbers) {
      double const square = x * x * 4096;
      CHECK(square == std::round(square));
      largest = std::max(largest, square);
    }
    CHECK(largest * static_cast<double>(in.batch) < 0x1p53);
  }
}

TEST_CASE("an answer of another length is infinitely far from what the calls returned",
          "[wrapper]") {
  CHECK(Example::distance({1, 2}, {1}) == std::numeric_limits<double>::infinity());
  CHECK(Example::distance({}, {}) == 0);
  CHECK(Example::distance({5}, {4}) == 0.25);
}
