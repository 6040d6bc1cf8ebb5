#include "temporaries/temporaries.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "core/notes.hpp"
#include "temporaries/operations.hpp"
#include "temporaries/pieces.hpp"

using mythbench::Case;
using mythbench::Trial;

namespace t = mythbench::temporaries;

// Rungs gone wrong, each in one way that a timing would reward or not notice. All evaluate
// a * x + b * y - shift.
namespace {

using t::Example;
using t::Input;
using t::Output;

Case linear(std::int64_t length, std::int64_t threads = 1) {
  return {{"expression", std::string{"linear"}}, {"length", length}, {"threads", threads}};
}

double element(Input const& in, std::size_t i) {
  return t::a * in.x.data()[i] + t::b * in.y.data()[i] - t::shift;
}

// What the others are made from: it must pass, or their failing would prove nothing.
void right(Input const& in, Output& out) {
  out.numbers.resize(in.size);
  for (std::size_t i = 0; i < in.size; ++i) out.numbers.data()[i] = element(in, i);
}

void writes_nothing(Input const&, Output&) {}

void forgets_the_last(Input const& in, Output& out) {
  right(in, out);
  out.numbers.data()[in.size - 1] = 0;
}

void leaves_the_last_away(Input const& in, Output& out) {
  out.numbers.resize(in.size - 1);
  for (std::size_t i = 0; i + 1 < in.size; ++i) out.numbers.data()[i] = element(in, i);
}

void computes_in_single_precision(Input const& in, Output& out) {
  right(in, out);
  for (std::size_t i = 0; i < in.size; ++i)
    out.numbers.data()[i] = static_cast<float>(out.numbers.data()[i]);
}

void one_of_them_in_single_precision(Input const& in, Output& out) {
  right(in, out);
  double& middle = out.numbers.data()[in.size / 2];
  middle = static_cast<float>(middle);
}

void two_have_changed_places(Input const& in, Output& out) {
  right(in, out);
  std::swap(out.numbers.data()[in.size / 3], out.numbers.data()[in.size / 2]);
}

// As if one vector were stored where the one before belongs.
void off_by_one_vector(Input const& in, Output& out) {
  right(in, out);
  for (std::size_t i = 0; i + 8 < in.size; ++i) out.numbers.data()[i] = element(in, i + 8);
}

void forgets_the_shift(Input const& in, Output& out) {
  right(in, out);
  for (std::size_t i = 0; i < in.size; ++i) out.numbers.data()[i] += t::shift;
}

void reads_one_array_twice(Input const& in, Output& out) {
  out.numbers.resize(in.size);
  for (std::size_t i = 0; i < in.size; ++i)
    out.numbers.data()[i] = t::a * in.x.data()[i] + t::b * in.x.data()[i] - t::shift;
}

void one_is_not_a_number(Input const& in, Output& out) {
  right(in, out);
  out.numbers.data()[in.size / 2] = std::numeric_limits<double>::quiet_NaN();
}

void gives_the_sum_instead(Input const& in, Output& out) {
  right(in, out);
  out.sum = t::sum(out.numbers.data(), in.size);
  out.numbers = {};
}

// Right once; then it goes on with what the run before left.
void adds_to_what_is_there(Input const& in, Output& out) {
  bool const fresh = out.numbers.size() != in.size;
  out.numbers.resize(in.size);
  for (std::size_t i = 0; i < in.size; ++i)
    out.numbers.data()[i] = element(in, i) + (fresh ? 0 : out.numbers.data()[i]);
}

template <mythbench::Kernel<Example>* kernel>
std::unique_ptr<Trial> trial(std::int64_t length) {
  return mythbench::prepare<Example, kernel>(linear(length), std::nullopt);
}

struct Mutant {
  std::string name;
  std::unique_ptr<Trial> (*trial)(std::int64_t length);
};

Mutant const mutants[] = {
    {"writes nothing", trial<writes_nothing>},
    {"forgets the last", trial<forgets_the_last>},
    {"leaves the last away", trial<leaves_the_last_away>},
    {"computes in single precision", trial<computes_in_single_precision>},
    {"one of them in single precision", trial<one_of_them_in_single_precision>},
    {"two have changed places", trial<two_have_changed_places>},
    {"off by one vector", trial<off_by_one_vector>},
    {"forgets the shift", trial<forgets_the_shift>},
    {"reads one array twice", trial<reads_one_array_twice>},
    {"one is not a number", trial<one_is_not_a_number>},
    {"gives the sum instead", trial<gives_the_sum_instead>},
};

}  // namespace

TEST_CASE("what the mutants of temporaries are made from is accepted", "[temporaries][mutants]") {
  for (std::int64_t const length : {1, 33, 1025, 100'000})
    CHECK(trial<right>(length)->verify().passed());
}

TEST_CASE("every mutant of temporaries is rejected", "[temporaries][mutants]") {
  for (Mutant const& mutant : mutants)
    for (std::int64_t const length : {100, 1025, 10'000}) {
      auto const check = mutant.trial(length)->verify();
      INFO(mutant.name << ", length " << length << ": error " << check.error);
      CHECK_FALSE(check.passed());
    }
}

TEST_CASE("a rung of temporaries that is right only once is found out by looking again",
          "[temporaries][mutants]") {
  auto const mutant = trial<adds_to_what_is_there>(33);
  CHECK(mutant->verify().passed());
  mutant->run();
  CHECK_FALSE(mutant->inspect().passed());
}

TEST_CASE("the inputs of temporaries are the same however many threads fill them",
          "[temporaries]") {
  for (std::int64_t const length : {1, 9, 5000}) {
    Input const one = Example::make_input(linear(length)),
                three = Example::make_input(linear(length, 3));
    for (std::size_t i = 0; i < one.size; ++i) {
      CHECK(one.x.data()[i] == three.x.data()[i]);
      CHECK(one.y.data()[i] == three.y.data()[i]);
      CHECK((one.x.data()[i] >= 0.5 && one.x.data()[i] < 1.5));
    }
  }
}

TEST_CASE("parts of arrays begin at cache lines and leave nothing out", "[temporaries]") {
  for (std::size_t const size : {0, 1, 7, 8, 100, 4097})
    for (int const parts : {1, 2, 3, 7}) {
      CHECK(t::begin_of_part(size, 0, parts) == 0);
      CHECK(t::begin_of_part(size, parts, parts) == size);
      for (int part = 0; part < parts; ++part) {
        CHECK(t::begin_of_part(size, part, parts) % 8 == 0);
        CHECK(t::begin_of_part(size, part, parts) <= t::begin_of_part(size, part + 1, parts));
      }
    }
}

TEST_CASE("every way to store gives the same numbers", "[temporaries]") {
  for (std::int64_t const length : {1, 8, 31, 32, 1000, 1025}) {
    Input const in = Example::make_input(linear(length));
    Output out;
    out.numbers = t::Numbers{in.size};
    for (t::Store const store :
         {t::Store::whole_vectors, t::Store::half_lines, t::Store::streaming}) {
      for (std::size_t i = 0; i < in.size; ++i) out.numbers.data()[i] = 0;
      t::fused_piece(in, 0, in.size, out.numbers.data(), store);
      for (std::size_t i = 0; i < in.size; ++i)
        CHECK(std::abs(out.numbers.data()[i] - element(in, i)) < 1e-15);
    }
  }
}

TEST_CASE("rungs note the bytes that their operations are known to move", "[temporaries]") {
  std::int64_t const length = 200'000;
  auto const noted = [&](std::string_view rung, std::string_view name) {
    for (auto const& each : mythbench::all_rungs()) {
      if (each.example != "temporaries" || each.name != rung) continue;
      auto const trial = each.prepare(linear(length), std::nullopt);
      mythbench::take_notes();
      trial->run();
      for (auto const& [key, value] : mythbench::take_notes())
        if (key == name) return value;
    }
    return -1.0;
  };
  CHECK(noted("fused", "moved_bytes") == 24.0 * length);
  CHECK(noted("temporaries", "moved_bytes") == 8.0 * (2 + 2 + 3 + 2) * length);
}
