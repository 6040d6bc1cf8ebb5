#include "arrays/arrays.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "random/mt19937.hpp"

namespace mythbench::arrays {
namespace {

// More steps for small fields, so that none is done before a clock has noticed; but no more work
// than a loop in CPython can do, too. The largest have so many that several can be taken at once.
struct Size {
  std::int64_t n, steps;
};
constexpr Size sizes[] = {{8, 2048}, {16, 512}, {32, 128},  {64, 32},   {128, 16},
                          {256, 16}, {512, 16}, {1024, 16}, {2048, 16}, {4096, 8}};

// The answer has at most so many numbers down and across.
constexpr std::size_t most_blocks = 64;

// A wide pulse off the centre, on a ground of noise: no two neighbours are alike, nowhere.
std::vector<double> profile(std::size_t length, double centre, std::uint32_t seed) {
  random::Mt19937 noise{seed};
  std::vector<double> values(length);
  for (std::size_t i = 0; i < length; ++i) {
    double const at = (static_cast<double>(i) + 0.5) / static_cast<double>(length);
    double const distance = (at - centre) / 0.15;
    values[i] = std::exp(-distance * distance) + 0.5 * noise.uniform() - 0.25;
  }
  return values;
}

// u(i,j), on the field and one point beyond its edges.
double value(Field const& u, std::int64_t i, std::int64_t j) {
  auto const rows = static_cast<std::int64_t>(u.rows());
  auto const columns = static_cast<std::int64_t>(u.columns());
  if (j < 0 || j >= columns) return 0;
  return u.row(static_cast<std::size_t>(std::clamp<std::int64_t>(i, 0, rows - 1)))[j];
}

double differences(Field const& u, std::int64_t i, std::int64_t j) {
  return value(u, i - 1, j) + value(u, i + 1, j) + value(u, i, j - 1) + value(u, i, j + 1) -
         4 * value(u, i, j);
}

// Rows or columns: fields that are timed are square.
std::int64_t extent(Case const& c, std::string_view name) {
  return c.integer(c.has("n") ? "n" : name);
}

std::size_t block_of(Field const& field) {
  return (std::max(field.rows(), field.columns()) + most_blocks - 1) / most_blocks;
}

}  // namespace

Factors first_factors(Input const& in) { return {1 - 2 * in.coupling, in.coupling / 2, 0}; }

Factors factors(Input const& in) { return {2 - 4 * in.coupling, in.coupling, 1}; }

void shape(Input const& in, Output& out, int threads) {
  std::size_t const rows = in.start.rows();
  std::size_t const columns = in.start.columns();
  for (Field* const level : {&out.now, &out.before})
    if (level->rows() != rows || level->columns() != columns) *level = {rows, columns, threads};
}

std::vector<Case> Example::cases() {
  std::vector<Case> cases;
  for (auto const& [n, steps] : sizes)
    for (std::int64_t const threads : thread_counts())
      cases.push_back({{"n", n}, {"steps", steps}, {"threads", threads}});
  return cases;
}

std::vector<Case> Example::awkward_cases() {
  std::vector<Case> cases;
  auto const add = [&](std::int64_t rows, std::int64_t columns, std::int64_t steps,
                       std::int64_t threads) {
    cases.push_back({{"rows", rows}, {"columns", columns}, {"steps", steps}, {"threads", threads}});
  };
  // Points that are at two edges at once; ends of vectors; a step more or less than a block has.
  for (auto const& [rows, columns] : {std::pair{1, 1},
                                      {1, 2},
                                      {2, 1},
                                      {1, 9},
                                      {9, 1},
                                      {3, 5},
                                      {5, 3},
                                      {7, 8},
                                      {8, 7},
                                      {17, 33},
                                      {40, 31}})
    for (std::int64_t const steps : {1, 2, 3, 8, 17}) add(rows, columns, steps, 1);
  // As many columns as fit in one piece, one less, and one more; as many steps as a block has.
  for (std::int64_t const columns : {511, 512, 513}) add(3, columns, 2, 1);
  for (std::int64_t const steps : {15, 16, 31, 32, 33}) add(6, 7, steps, 1);
  // Another medium.
  cases.push_back({{"rows", 17}, {"columns", 33}, {"steps", 8}, {"threads", 1}, {"coupling", 0.2}});
  // Just as many numbers as are worth sharing, in a step and in a block of them, or one less.
  for (auto const& [rows, columns] : {std::pair{128, 128}, {127, 129}, {64, 128}})
    add(rows, columns, 16, 2);
  // Several tiles across, and rows that threads can share: evenly, unevenly, and not at all.
  for (std::int64_t threads = 1; threads <= 8; ++threads) {
    add(2, 600, 9, threads);
    add(3, 40, 5, threads);
    add(67, 1030, 19, threads);
    add(301, 263, 16, threads);
  }
  return cases;
}

double elements_of(Case const& c) {
  return static_cast<double>(extent(c, "rows") * extent(c, "columns"));
}

Bound least(Case const& c) {
  double const bytes = 24 * elements_of(c);
  return {.f64_operations = 2 * Example::work(c).items, .bytes = bytes, .working_set_bytes = bytes};
}

Work Example::work(Case const& c) {
  double const updates = elements_of(c) * static_cast<double>(c.integer("steps"));
  // Four additions, two multiplications and a subtraction. The bytes are those of a program that
  // does one step at a time on a field that no cache holds: it reads two levels and writes one.
  return {.items = updates, .flops = 7 * updates, .bytes = 24 * updates};
}

Case Example::twin(Case const& c) { return c.with("seed", 1); }

Input Example::make_input(Case const& c) {
  auto const seed = static_cast<std::uint32_t>(c.has("seed") ? c.integer("seed") : 0);
  auto const rows = static_cast<std::size_t>(extent(c, "rows"));
  auto const columns = static_cast<std::size_t>(extent(c, "columns"));
  Input input{.start = {rows, columns},
              .steps = c.integer("steps"),
              .coupling = c.has("coupling") ? c.real("coupling") : 0.3,
              .threads = c.threads(),
              .down = profile(rows, 0.4, 20180202 + seed),
              .across = profile(columns, 0.7, 2018 + seed)};
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j)
      input.start.row(i)[j] = input.down[i] * input.across[j];
  return input;
}

void Example::trade_contents(Input& one, Input& other) {
  for (std::size_t i = 0; i < one.start.rows(); ++i) {
    double* const row = one.start.row(i);
    std::swap_ranges(row, row + one.start.columns(), other.start.row(i));
  }
  std::swap_ranges(one.down.begin(), one.down.end(), other.down.begin());
  std::swap_ranges(one.across.begin(), one.across.end(), other.across.begin());
}

Fields Example::fields(Input const& input) {
  return {{"steps", input.steps},
          {"coupling", input.coupling},
          {"threads", static_cast<std::int64_t>(input.threads)},
          {"down", input.down},
          {"across", input.across}};
}

Output Example::reference(Input const& input) {
  Output output;
  shape(input, output);
  auto const rows = static_cast<std::int64_t>(input.start.rows());
  auto const columns = static_cast<std::int64_t>(input.start.columns());
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < columns; ++j) {
      output.before.row(static_cast<std::size_t>(i))[j] = value(input.start, i, j);
      output.now.row(static_cast<std::size_t>(i))[j] =
          value(input.start, i, j) + input.coupling / 2 * differences(input.start, i, j);
    }
  for (std::int64_t step = 1; step < input.steps; ++step) {
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j) {
        double& changed = output.before.row(static_cast<std::size_t>(i))[j];
        changed =
            2 * value(output.now, i, j) - changed + input.coupling * differences(output.now, i, j);
      }
    std::swap(output.now, output.before);
  }
  return output;
}

// Sums of square blocks: of one number each where the field is small, so that every number counts;
// of more where it is large, so that the answer is not.
Answer Example::answer(Output const& output) {
  Field const& field = output.now;
  if (field.rows() == 0) return {};
  std::size_t const block = block_of(field);
  std::size_t const down = (field.rows() + block - 1) / block;
  std::size_t const across = (field.columns() + block - 1) / block;
  Answer sums(down * across);
  for (std::size_t i = 0; i < field.rows(); ++i)
    for (std::size_t j = 0; j < field.columns(); ++j)
      sums[i / block * across + j / block] += field.row(i)[j];
  return sums;
}

double Example::distance(Answer const& got, Answer const& expected) {
  if (got.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double largest = 0;
  double error = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    double const difference = std::abs(got[i] - expected[i]);
    if (std::isnan(difference)) return difference;
    error = std::max(error, difference);
  }
  return error == 0 ? 0 : error / largest;
}

}  // namespace mythbench::arrays
