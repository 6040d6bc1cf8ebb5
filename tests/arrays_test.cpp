#include "arrays/arrays.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <optional>
#include <string>
#include <utility>

#include "arrays/program.hpp"
#include "catch.hpp"
#include "core/rung.hpp"

using mythbench::Case;
using mythbench::Trial;

namespace arrays = mythbench::arrays;

namespace {

using arrays::Example;
using arrays::Factors;
using arrays::Field;
using arrays::Input;
using arrays::Output;

Case sized(std::int64_t rows, std::int64_t columns, std::int64_t steps) {
  return {{"rows", rows}, {"columns", columns}, {"steps", steps}, {"threads", 1}};
}

// A start that the scheme leaves as it is, but for its height: zero one point beyond the left and
// right edge, even about half a point beyond the upper and lower one.
Input mode(std::int64_t rows, std::int64_t columns, std::int64_t steps, int down, int across) {
  Input in = Example::make_input(sized(rows, columns, steps));
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < columns; ++j)
      in.start.row(static_cast<std::size_t>(i))[j] =
          std::cos(std::numbers::pi * down * (static_cast<double>(i) + 0.5) /
                   static_cast<double>(rows)) *
          std::sin(std::numbers::pi * across * static_cast<double>(j + 1) /
                   static_cast<double>(columns + 1));
  return in;
}

// What the mode's height is after so many steps, by the theory of linear recurrences.
double height(Input const& in, int down, int across) {
  auto const square = [](double x) { return x * x; };
  double const rows = static_cast<double>(in.start.rows());
  double const columns = static_cast<double>(in.start.columns());
  double const eigenvalue = 4 * square(std::sin(std::numbers::pi * down / (2 * rows))) +
                            4 * square(std::sin(std::numbers::pi * across / (2 * (columns + 1))));
  return std::cos(static_cast<double>(in.steps) * std::acos(1 - in.coupling * eigenvalue / 2));
}

// Of two levels in a row, what the scheme keeps: motion, and tension between neighbours.
double energy(Input const& in, Field const& now, Field const& before) {
  double motion = 0;
  double tension = 0;
  for (std::size_t i = 0; i < now.rows(); ++i)
    for (std::size_t j = 0; j <= now.columns(); ++j) {
      double const change = now.row(i)[j] - before.row(i)[j];
      motion += change * change;
      auto const stretched = [&](double const* a, double const* b, double const* c,
                                 double const* d) { tension += (*a - *b) * (*c - *d); };
      double const* const n = now.row(i) + j;
      double const* const b = before.row(i) + j;
      stretched(n, n - 1, b, b - 1);
      stretched(n, now.below(i) + j, b, before.below(i) + j);
    }
  return motion + in.coupling * tension;
}

// Rungs gone wrong, each in one way that a timing would reward or not notice.

template <class Update>
void steps(Input const& in, Output& out, std::int64_t count, Update const& update) {
  shape(in, out);
  for (std::int64_t k = 0; k < count; ++k) {
    Factors const factors = k == 0 ? first_factors(in) : arrays::factors(in);
    Field const& now = k == 0 ? in.start : out.now;
    Field const& before = k < 2 ? in.start : out.before;
    for (std::size_t i = 0; i < out.now.rows(); ++i) {
      arrays::Places const places{now, before, i};
      for (std::size_t j = 0; j < out.now.columns(); ++j)
        out.before.row(i)[j] = update(factors, places, i, j);
    }
    std::swap(out.now, out.before);
  }
}

double updated(Factors const& f, arrays::Places const& at, std::size_t j) {
  using arrays::Place;
  return f.centre * at[Place::here][j] +
         f.side * (at[Place::above][j] + at[Place::below][j] + at[Place::left][j] +
                   at[Place::right][j]) -
         f.keep * at[Place::before][j];
}

// What the others are made from: it must pass, or their failing would prove nothing.
void right(Input const& in, Output& out) {
  steps(in, out, in.steps, [](Factors const& f, auto const& at, std::size_t, std::size_t j) {
    return updated(f, at, j);
  });
}

void writes_nothing(Input const&, Output&) {}

void forgets_a_step(Input const& in, Output& out) {
  steps(in, out, in.steps - 1, [](Factors const& f, auto const& at, std::size_t, std::size_t j) {
    return updated(f, at, j);
  });
  if (in.steps == 1) out.now = Field{in.start.rows(), in.start.columns()};
}

void forgets_the_last_column(Input const& in, Output& out) {
  steps(in, out, in.steps, [&](Factors const& f, auto const& at, std::size_t, std::size_t j) {
    return j + 1 < in.start.columns() ? updated(f, at, j) : 0.0;
  });
}

void holds_all_four_edges(Input const& in, Output& out) {
  steps(in, out, in.steps, [&](Factors const& f, auto const& at, std::size_t i, std::size_t j) {
    using arrays::Place;
    double const beyond = (i == 0 ? at[Place::above][j] : 0.0) +
                          (i + 1 == in.start.rows() ? at[Place::below][j] : 0.0);
    return updated(f, at, j) - f.side * beyond;
  });
}

void frees_all_four_edges(Input const& in, Output& out) {
  steps(in, out, in.steps, [&](Factors const& f, auto const& at, std::size_t, std::size_t j) {
    using arrays::Place;
    int const edges = (j == 0) + (j + 1 == in.start.columns());
    return updated(f, at, j) + f.side * edges * at[Place::here][j];
  });
}

void starts_in_motion(Input const& in, Output& out) {
  steps(in, out, in.steps, [&](Factors const& f, auto const& at, std::size_t, std::size_t j) {
    Factors const late = arrays::factors(in);
    return updated(f.keep == 0 ? Factors{late.centre - 1, late.side, 0} : f, at, j);
  });
}

void takes_single_precision(Input const& in, Output& out) {
  steps(in, out, in.steps, [](Factors const& f, auto const& at, std::size_t, std::size_t j) {
    return static_cast<double>(static_cast<float>(updated(f, at, j)));
  });
}

// As two threads do that do not wait for each other: a row of the lower half sees its upper
// neighbour too late.
void does_not_wait(Input const& in, Output& out) {
  std::size_t const half = in.start.rows() / 2;
  steps(in, out, in.steps, [&](Factors const& f, auto const& at, std::size_t i, std::size_t j) {
    using arrays::Place;
    double const late = i == half ? at[Place::before][j] - at[Place::above][j] : 0.0;
    return updated(f, at, j) + f.side * late;
  });
}

void gives_not_a_number(Input const& in, Output& out) {
  right(in, out);
  out.now.row(0)[0] = std::numeric_limits<double>::quiet_NaN();
}

// Right for the first input it meets, and very fast for all others.
void remembers_the_first_answer(Input const& in, Output& out) {
  static std::optional<Output> first;
  if (!first) right(in, first.emplace());
  shape(in, out);
  for (std::size_t i = 0; i < std::min(out.now.rows(), first->now.rows()); ++i)
    for (std::size_t j = 0; j < std::min(out.now.columns(), first->now.columns()); ++j)
      out.now.row(i)[j] = first->now.row(i)[j];
}

template <mythbench::Kernel<Example>* kernel>
std::unique_ptr<Trial> trial(Case const& c) {
  return mythbench::prepare<Example, kernel>(c, std::nullopt);
}

struct Mutant {
  std::string name;
  std::unique_ptr<Trial> (*trial)(Case const& c);
};

Mutant const mutants[] = {
    {"writes nothing", trial<writes_nothing>},
    {"forgets a step", trial<forgets_a_step>},
    {"forgets the last column", trial<forgets_the_last_column>},
    {"holds all four edges", trial<holds_all_four_edges>},
    {"frees all four edges", trial<frees_all_four_edges>},
    {"starts in motion", trial<starts_in_motion>},
    {"takes single precision", trial<takes_single_precision>},
    {"does not wait", trial<does_not_wait>},
    {"gives not a number", trial<gives_not_a_number>},
};

}  // namespace

TEST_CASE("waves of the reference keep their shape and swing as the theory says", "[arrays]") {
  for (auto const& [rows, columns] : {std::pair{1, 1}, {1, 9}, {9, 1}, {12, 7}, {30, 41}})
    for (auto const& [down, across] : {std::pair{0, 1}, {1, 1}, {3, 2}})
      for (int const count : {1, 2, 50}) {
        if (down >= rows || across > columns) continue;
        Input const in = mode(rows, columns, count, down, across);
        double const expected = height(in, down, across);
        Output const out = Example::reference(in);
        double error = 0;
        for (std::size_t i = 0; i < in.start.rows(); ++i)
          for (std::size_t j = 0; j < in.start.columns(); ++j)
            error = std::max(error, std::abs(out.now.row(i)[j] - expected * in.start.row(i)[j]));
        INFO(rows << " by " << columns << ", mode " << down << ' ' << across << ", " << count);
        CHECK(error < 1e-12);
      }
}

TEST_CASE("the reference keeps its energy", "[arrays]") {
  Input in = Example::make_input(sized(23, 37, 2));
  Output const early = Example::reference(in);
  double const expected = energy(in, early.now, early.before);
  in.steps = 400;
  Output const late = Example::reference(in);
  CHECK(expected > 0);
  CHECK(std::abs(energy(in, late.now, late.before) - expected) < 1e-11 * expected);
}

TEST_CASE("every rung keeps the shape of a wave, whatever its neighbours", "[arrays]") {
  Input const in = mode(70, 53, 37, 2, 3);
  double const expected = height(in, 2, 3);
  for (mythbench::Rung const& rung : mythbench::all_rungs()) {
    if (rung.example != "arrays" || !rung.prepare) continue;
    Output out;
    mythbench::kernel_of<Example>(rung)(in, out);
    double error = 0;
    for (std::size_t i = 0; i < in.start.rows(); ++i)
      for (std::size_t j = 0; j < in.start.columns(); ++j)
        error = std::max(error, std::abs(out.now.row(i)[j] - expected * in.start.row(i)[j]));
    INFO(rung.name);
    CHECK(error < 1e-12);
  }
}

TEST_CASE("what the mutants of arrays are made from is accepted", "[arrays][mutants]") {
  for (Case const& c : Example::awkward_cases()) CHECK(trial<right>(c)->verify().passed());
}

TEST_CASE("every mutant of arrays is rejected", "[arrays][mutants]") {
  // Where each number counts, and where it is one of many in a sum.
  for (Mutant const& mutant : mutants)
    for (Case const& c : {sized(9, 14, 8), sized(64, 64, 32), sized(300, 520, 16)}) {
      auto const check = mutant.trial(c)->verify();
      INFO(mutant.name << ", " << c.label() << ": error " << check.error);
      CHECK_FALSE(check.passed());
    }
}

TEST_CASE("a first answer that is remembered is found out by the second field",
          "[arrays][mutants]") {
  CHECK(trial<remembers_the_first_answer>(sized(9, 14, 8))->verify().passed());
  CHECK_FALSE(trial<remembers_the_first_answer>(sized(9, 14, 9))->verify().passed());
}

TEST_CASE("an answer of arrays of another length is infinitely far away", "[arrays]") {
  CHECK(Example::distance({1, 2}, {1}) == std::numeric_limits<double>::infinity());
  CHECK(Example::distance({}, {1}) == std::numeric_limits<double>::infinity());
  CHECK(Example::distance({1.5, 2}, {1, 2}) == 0.25);
  CHECK(std::isnan(Example::distance({1, std::nan("")}, {1, 2})));
}

TEST_CASE("rows of a field begin where a cache line begins, between zeros", "[arrays]") {
  for (std::size_t const columns : {1, 7, 8, 9, 600}) {
    Field const field{5, columns};
    for (std::size_t i = 0; i < field.rows(); ++i) {
      CHECK(reinterpret_cast<std::uintptr_t>(field.row(i)) % 64 == 0);
      CHECK(field.row(i)[-1] == 0);
      CHECK(field.row(i)[columns] == 0);
    }
    CHECK(field.above(0) == field.row(0));
    CHECK(field.below(4) == field.row(4));
  }
}
