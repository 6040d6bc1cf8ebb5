#include "dummy_objects/dummy_objects.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "catch.hpp"
#include "random/mt19937.hpp"
#include "random/philox.hpp"

using mythbench::Case;
using mythbench::Trial;

namespace dummy = mythbench::dummy_objects;

// Rungs gone wrong, each in one way that a timing would reward or not notice.
namespace {

using dummy::Example;
using dummy::Input;
using dummy::Output;
using mythbench::random::Mt19937;
using mythbench::random::PhiloxStream;

std::size_t size_of(Input const& in) { return in.n * in.n; }

// What the others are made from: it must pass, or their failing would prove nothing.
void right(Input const& in, Output& out) {
  Mt19937 generator{in.seed};
  double sum = 0;
  for (std::size_t i = 0; i < size_of(in); ++i) sum += generator.uniform();
  out.mersenne_twister = sum;
}

void writes_nothing(Input const&, Output&) {}

void forgets_the_last(Input const& in, Output& out) {
  Mt19937 generator{in.seed};
  double sum = 0;
  for (std::size_t i = 0; i + 1 < size_of(in); ++i) sum += generator.uniform();
  out.mersenne_twister = sum;
}

void draws_one_too_many(Input const& in, Output& out) {
  Mt19937 generator{in.seed};
  double sum = 0;
  for (std::size_t i = 0; i <= size_of(in); ++i) sum += generator.uniform();
  out.mersenne_twister = sum;
}

// Right for the first input it meets, and very fast for all others.
void remembers_the_first_answer(Input const& in, Output& out) {
  static std::optional<Output> first;
  if (!first) right(in, first.emplace());
  out = *first;
}

// Right once; then it goes on adding.
void keeps_the_last_sum(Input const& in, Output& out) {
  Mt19937 generator{in.seed};
  double sum = out.mersenne_twister.value_or(0);
  for (std::size_t i = 0; i < size_of(in); ++i) sum += generator.uniform();
  out.mersenne_twister = sum;
}

void sums_in_single_precision(Input const& in, Output& out) {
  Mt19937 generator{in.seed};
  float sum = 0;
  for (std::size_t i = 0; i < size_of(in); ++i) sum += static_cast<float>(generator.uniform());
  out.mersenne_twister = static_cast<double>(sum);
}

// In disguise: half the memory of the array, and the sum is in double precision.
void stores_in_single_precision(Input const& in, Output& out) {
  Mt19937 generator{in.seed};
  std::vector<float> numbers(size_of(in));
  for (float& number : numbers) number = static_cast<float>(generator.uniform());
  double sum = 0;
  for (float const number : numbers) sum += static_cast<double>(number);
  out.mersenne_twister = sum;
}

void takes_another_seed(Input const& in, Output& out) {
  right({.n = in.n, .seed = in.seed + 1, .threads = 1}, out);
}

void takes_the_words_in_the_other_order(Input const& in, Output& out) {
  std::mt19937 words{in.seed};
  double sum = 0;
  for (std::size_t i = 0; i < size_of(in); ++i) {
    auto const low = words() >> 6;
    auto const high = words() >> 5;
    sum += (static_cast<double>(high) * 67108864.0 + static_cast<double>(low)) / 9007199254740992.0;
  }
  out.mersenne_twister = sum;
}

// What a C++ programmer would write who was told to draw doubles from a Mersenne Twister.
void draws_as_the_standard_library_does(Input const& in, Output& out) {
  std::mt19937 words{in.seed};
  std::uniform_real_distribution<double> uniform;
  double sum = 0;
  for (std::size_t i = 0; i < size_of(in); ++i) sum += uniform(words);
  out.mersenne_twister = sum;
}

void gives_not_a_number(Input const&, Output& out) {
  out.mersenne_twister = std::numeric_limits<double>::quiet_NaN();
}

// The right sum of the wrong numbers: the key holds the row where the seed belongs.
void swaps_seed_and_stream(Input const& in, Output& out) {
  double sum = 0;
  for (std::uint32_t row = 0; row < in.n; ++row)
    for (std::size_t i = 0; i < in.n; ++i) sum += PhiloxStream{row, in.seed}[i];
  out.philox = sum;
}

// What a thread does that was given no row of its own.
void takes_one_stream_for_all_rows(Input const& in, Output& out) {
  double sum = 0;
  for (std::size_t i = 0; i < size_of(in); ++i) sum += PhiloxStream{in.seed, 0}[i];
  out.philox = sum;
}

void draws_a_row_too_many(Input const& in, Output& out) {
  double sum = 0;
  for (std::uint32_t row = 0; row <= in.n; ++row)
    for (std::size_t i = 0; i < in.n; ++i) sum += PhiloxStream{in.seed, row}[i];
  out.philox = sum;
}

void gives_one_sum_twice(Input const& in, Output& out) {
  right(in, out);
  out.philox = *out.mersenne_twister * (1 + 1e-11);
}

template <mythbench::Kernel<Example>* kernel>
std::unique_ptr<Trial> trial(std::int64_t n) {
  return mythbench::prepare<Example, kernel>({{"n", n}}, std::nullopt);
}

struct Mutant {
  std::string name;
  std::unique_ptr<Trial> (*trial)(std::int64_t n);
};

Mutant const mutants[] = {
    {"writes nothing", trial<writes_nothing>},
    {"forgets the last", trial<forgets_the_last>},
    {"draws one too many", trial<draws_one_too_many>},
    {"sums in single precision", trial<sums_in_single_precision>},
    {"stores in single precision", trial<stores_in_single_precision>},
    {"takes another seed", trial<takes_another_seed>},
    {"takes the words in the other order", trial<takes_the_words_in_the_other_order>},
    {"draws as the standard library does", trial<draws_as_the_standard_library_does>},
    {"gives not a number", trial<gives_not_a_number>},
    {"swaps seed and stream", trial<swaps_seed_and_stream>},
    {"takes one stream for all rows", trial<takes_one_stream_for_all_rows>},
    {"draws a row too many", trial<draws_a_row_too_many>},
    {"gives one sum twice", trial<gives_one_sum_twice>},
};

}  // namespace

TEST_CASE("what the mutants are made from is accepted", "[dummy_objects][mutants]") {
  for (std::int64_t const n : {1, 65, 312}) CHECK(trial<right>(n)->verify().passed());
}

TEST_CASE("every mutant is rejected, on small inputs and on the smallest that is timed",
          "[dummy_objects][mutants]") {
  for (Mutant const& mutant : mutants)
    for (std::int64_t const n : {65, 312, 1000}) {
      auto const check = mutant.trial(n)->verify();
      INFO(mutant.name << ", n " << n << ": error " << check.error);
      CHECK_FALSE(check.passed());
    }
}

TEST_CASE("a rung that remembers its first answer is found out by the second input",
          "[dummy_objects][mutants]") {
  CHECK(trial<remembers_the_first_answer>(17)->verify().passed());
  CHECK_FALSE(trial<remembers_the_first_answer>(64)->verify().passed());
}

TEST_CASE("a rung that is right only once is found out by looking again",
          "[dummy_objects][mutants]") {
  auto const mutant = trial<keeps_the_last_sum>(17);
  CHECK(mutant->verify().passed());
  mutant->run();
  CHECK_FALSE(mutant->inspect().passed());
}

TEST_CASE("the reference is the sum of the standard's stream", "[dummy_objects]") {
  for (Case const& c : Example::awkward_cases()) {
    Input const input = Example::make_input(c);
    std::mt19937 words{input.seed};
    long double sum = 0;  // exact enough where it has more bits than a double, and close elsewhere
    for (std::size_t i = 0; i < size_of(input); ++i) {
      auto const high = words() >> 5;
      auto const low = words() >> 6;
      sum +=
          (static_cast<double>(high) * 67108864.0 + static_cast<double>(low)) / 9007199254740992.0;
    }
    double const expected = static_cast<double>(sum);
    INFO(c.label());
    CHECK(std::abs(*Example::reference(input).mersenne_twister - expected) <= 1e-14 * expected);
  }
}

TEST_CASE("an answer of another length is infinitely far away", "[dummy_objects]") {
  CHECK(Example::distance({1, 2}, {1}) == std::numeric_limits<double>::infinity());
  CHECK(Example::distance({}, {1}) == std::numeric_limits<double>::infinity());
  CHECK(Example::distance({1.5}, {1}) == 0.5);
}

TEST_CASE("the talk's own case is on the ladder", "[dummy_objects]") {
  CHECK(Example::cases().back() == Case{{"n", 100'000}});
  CHECK(Example::work(Example::cases().back()).items == 1e10);
}

TEST_CASE("the sums of both generators agree as far as chance allows", "[dummy_objects]") {
  for (std::int64_t const n : {1, 17, 64, 313, 1000, 2000}) {
    auto const sums = Example::reference(Example::make_input({{"n", n}}));
    double const numbers = static_cast<double>(n * n);
    INFO("n " << n << ": " << *sums.mersenne_twister << " and " << *sums.philox);
    CHECK(Example::agree(*sums.mersenne_twister, *sums.philox, numbers));
    CHECK_FALSE(
        Example::agree(*sums.mersenne_twister, *sums.philox + 6 * std::sqrt(numbers), numbers));
  }
}
