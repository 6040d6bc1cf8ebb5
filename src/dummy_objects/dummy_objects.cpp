#include "dummy_objects/dummy_objects.hpp"

#include <cmath>
#include <limits>

#include "random/mt19937.hpp"

namespace mythbench::dummy_objects {

std::vector<Case> Example::cases() {
  // The last is the talk's own: its huge array takes 80 GB.
  return {{{"n", 1'000}}, {{"n", 4'000}}, {{"n", 20'000}}, {{"n", 100'000}}};
}

std::vector<Case> Example::awkward_cases() {
  std::vector<Case> cases;
  // The generator renews its state every 312 doubles.
  for (std::int64_t const n : {1, 2, 3, 17, 18, 31, 64, 65, 127, 311, 312, 313})
    cases.push_back({{"n", n}});
  return cases;
}

Work Example::work(Case const& c) {
  double const n = static_cast<double>(c.integer("n"));
  // One addition per number. The bytes are those of a program that stores none of them: none.
  return {.items = n * n, .flops = n * n, .bytes = 0};
}

Input Example::make_input(Case const& c) {
  return {.n = static_cast<std::size_t>(c.integer("n")), .seed = 20180202};
}

Fields Example::fields(Input const& input) {
  return {{"n", static_cast<std::int64_t>(input.n)},
          {"seed", static_cast<std::int64_t>(input.seed)}};
}

// Neumaier's compensated sum: within a few units in the last place, whatever the length.
Output Example::reference(Input const& input) {
  random::Mt19937 generator{input.seed};
  double sum = 0;
  double lost = 0;
  for (std::size_t i = 0; i < input.n * input.n; ++i) {
    double const x = generator.uniform();
    double const larger = sum + x;
    lost += std::abs(sum) >= x ? (sum - larger) + x : (x - larger) + sum;
    sum = larger;
  }
  return sum + lost;
}

Answer Example::answer(Output const& sum) { return {sum}; }

double Example::distance(Answer const& got, Answer const& expected) {
  if (got.size() != expected.size()) return std::numeric_limits<double>::infinity();
  return std::abs(got[0] - expected[0]) / std::abs(expected[0]);
}

}  // namespace mythbench::dummy_objects
