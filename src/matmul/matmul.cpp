#include "matmul/matmul.hpp"

#include <cmath>
#include <limits>

#include "matrix_product/entries.hpp"

namespace mythbench::matmul {

std::vector<Case> Example::cases() { return {{{"n", 64}}, {{"n", 256}}, {{"n", 1024}}}; }

// One number; less than a vector, a tile, a block, just as much, and a little more. For the longest
// rows of blocks only more: that takes long enough.
std::vector<Case> Example::awkward_cases() {
  std::vector<Case> cases;
  for (std::int64_t const n : {1,  2,  3,  4,  5,   6,   7,   8,   9,   13,  16,  24,  25, 33,
                               48, 63, 64, 65, 100, 130, 191, 192, 193, 255, 256, 257, 513})
    cases.push_back({{"n", n}});
  return cases;
}

Work Example::work(Case const& c) {
  auto const n = static_cast<double>(c.integer("n"));
  return {.items = n * n * n, .flops = 2 * n * n * n, .bytes = 3 * n * n * sizeof(double)};
}

// Of two other matrices.
Case Example::twin(Case const& c) { return c.with("first", 2); }

Input Example::make_input(Case const& c) {
  auto const n = static_cast<std::size_t>(c.integer("n"));
  auto const first = static_cast<std::size_t>(c.has("first") ? c.integer("first") : 0);
  return {.n = n,
          .left = matrix_product::left_matrix(first, n),
          .right = matrix_product::right_matrix(first + 1, n),
          .first = first};
}

Fields Example::fields(Input const& input) {
  return {{"n", static_cast<std::int64_t>(input.n)},
          {"first", static_cast<std::int64_t>(input.first)}};
}

Output Example::reference(Input const& input) {
  return matrix_product::exact_product(input.left, input.right, input.n);
}

Answer Example::answer(Output const& output) {
  auto const n = static_cast<std::size_t>(std::lround(std::sqrt(output.size())));
  if (n * n != output.size()) return {};
  return matrix_product::weighted_rows(output, n);
}

double Example::distance(Answer const& got, Answer const& expected) {
  if (got.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double distance = 0;
  for (std::size_t i = 0; i < got.size(); ++i) distance += std::abs(got[i] - expected[i]);
  return distance;
}

Bound least(Case const& c) {
  auto const n = static_cast<double>(c.integer("n"));
  double const bytes = 3 * n * n * sizeof(double);
  return {.f64_operations = n * n * n, .bytes = bytes, .working_set_bytes = bytes};
}

}  // namespace mythbench::matmul
