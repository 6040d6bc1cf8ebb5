#include "dummy_objects/dummy_objects.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "random/mt19937.hpp"
#include "random/philox.hpp"

namespace mythbench::dummy_objects {
namespace {

// Where a case names none.
constexpr std::int64_t usual_seed = 20180202;

// Neumaier's compensated sum: within a few units in the last place, whatever the length.
class ExactSum {
 public:
  void add(double x) {
    double const larger = sum_ + x;
    lost_ += std::abs(sum_) >= x ? (sum_ - larger) + x : (x - larger) + sum_;
    sum_ = larger;
  }
  double value() const { return sum_ + lost_; }

 private:
  double sum_ = 0, lost_ = 0;
};

}  // namespace

std::vector<Case> Example::cases() {
  std::vector<Case> cases;
  for (std::int64_t const n : {1'000, 4'000, 20'000}) {
    cases.push_back({{"n", n}});
    for (std::int64_t const threads : thread_counts())
      if (threads > 1) cases.push_back({{"n", n}, {"threads", threads}});
  }
  cases.push_back({{"n", 100'000}});  // the talk's own: its huge array takes 80 GB
  return cases;
}

std::vector<Case> Example::awkward_cases() {
  std::vector<Case> cases;
  // The generator renews its state every 312 doubles; 512 rows of as many fill a huge page.
  for (std::int64_t const n : {1,  2,  3,  4,  5,  7,   8,   9,   15,  16,  17,  18,
                               31, 33, 63, 64, 65, 127, 311, 312, 313, 511, 512, 513})
    cases.push_back({{"n", n}});
  // More threads than rows, and rows that cannot be shared out evenly.
  for (std::int64_t threads = 2; threads <= 8; ++threads)
    for (std::int64_t const n : {2, 3, 65}) cases.push_back({{"n", n}, {"threads", threads}});
  return cases;
}

Work Example::work(Case const& c) {
  double const n = static_cast<double>(c.integer("n"));
  // One addition per number. The bytes are those of a program that stores none of them: none.
  return {.items = n * n, .flops = n * n, .bytes = 0};
}

Case Example::twin(Case const& c) { return c.with("seed", usual_seed + 1); }

Input Example::make_input(Case const& c) {
  std::int64_t const seed = c.has("seed") ? c.integer("seed") : usual_seed;
  return {.n = static_cast<std::size_t>(c.integer("n")),
          .seed = static_cast<std::uint32_t>(seed),
          .threads = c.threads()};
}

Fields Example::fields(Input const& input) {
  return {{"n", static_cast<std::int64_t>(input.n)},
          {"seed", static_cast<std::int64_t>(input.seed)}};
}

Output Example::reference(Input const& input) {
  ExactSum mersenne_twister, philox;
  random::Mt19937 generator{input.seed};
  for (std::size_t i = 0; i < input.n * input.n; ++i) mersenne_twister.add(generator.uniform());
  for (std::size_t row = 0; row < input.n; ++row) {
    random::PhiloxStream const stream{input.seed, static_cast<std::uint32_t>(row)};
    for (std::size_t i = 0; i < input.n; i += 2) {
      auto const pair = stream.pair(i / 2);
      philox.add(pair[0]);
      if (i + 1 < input.n) philox.add(pair[1]);
    }
  }
  return {mersenne_twister.value(), philox.value()};
}

Answer Example::answer(Output const& output) {
  Answer sums;
  if (output.mersenne_twister) sums.push_back(*output.mersenne_twister);
  if (output.philox) sums.push_back(*output.philox);
  return sums;
}

// Each sum from the nearest that is expected: numbers of another stream have a sum that is far from
// both.
double Example::distance(Answer const& got, Answer const& expected) {
  double constexpr infinity = std::numeric_limits<double>::infinity();
  if (got.empty() || got.size() > expected.size()) return infinity;
  double furthest = 0;
  for (double const sum : got) {
    if (std::isnan(sum)) return sum;
    double nearest = infinity;
    for (double const e : expected) nearest = std::min(nearest, std::abs(sum - e) / std::abs(e));
    furthest = std::max(furthest, nearest);
  }
  return furthest;
}

bool Example::agree(double sum, double other, double numbers) {
  return std::abs(sum - other) <= deviations * std::sqrt(numbers / 6);
}

Bound least(Case const& c) {
  double const numbers = Example::work(c).items;
  double const operations_of_words = 5 + 8 + 0.5;
  return {.f64_operations = 2 * numbers, .u64_operations = (operations_of_words + 4) * numbers};
}

Bound least_with_array(Case const& c) {
  Bound bound = least(c);
  double const bytes = sizeof(double) * Example::work(c).items;
  bound.bytes = 2 * bytes;
  bound.working_set_bytes = bytes;
  return bound;
}

}  // namespace mythbench::dummy_objects
