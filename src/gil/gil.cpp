#include "gil/gil.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "matrix_product/entries.hpp"
#include "matrix_product/multiply.hpp"
#include "stack_machine/compiler.hpp"

namespace mythbench::gil {
namespace {

// The talk's functions; dot is the library's.
constexpr std::string_view gauss_source =
    "def gauss(n, start):\n"
    "    count = start\n"
    "    for i in range(n + 1):\n"
    "        count += 1\n"
    "    return count\n";

constexpr std::string_view matmul_source =
    "def matmul(job):\n"
    "    dot(job)\n";

// Powers of two up to twice the cores that may be used, and all of these: beyond them threads can
// only take turns.
std::vector<std::int64_t> counts_of_threads() {
  std::int64_t const cores = thread_counts().back();
  std::vector<std::int64_t> counts{cores};
  for (std::int64_t count = 1; count <= 2 * cores; count *= 2) counts.push_back(count);
  std::ranges::sort(counts);
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  return counts;
}

Case a_case(char const* work, std::int64_t n, std::int64_t threads) {
  return {{"work", work}, {"n", n}, {"threads", threads}};
}

// Small enough for as many matrices as jobs.
Case a_product(std::int64_t n, std::int64_t threads) {
  return a_case("matmul", n, threads).with("matrices", std::max<std::int64_t>(threads, 2));
}

Work work_of(Case const& c) {
  if (c.text("work") == "gauss") return Work::gauss;
  if (c.text("work") == "matmul") return Work::matmul;
  throw std::out_of_range{"there is no work '" + c.text("work") + "', only gauss and matmul"};
}

}  // namespace

std::vector<double> const& left_of(Input const& in, std::size_t job) {
  return in.factors[job % in.factors.size()];
}

std::vector<double> const& right_of(Input const& in, std::size_t job) {
  return in.factors[(job + 1) % in.factors.size()];
}

void multiply(Input const& in, std::size_t job, Output& out) {
  auto const n = static_cast<std::size_t>(in.n);
  matrix_product::multiply(left_of(in, job).data(), right_of(in, job).data(),
                           out.products[job].data(), n);
}

std::vector<Case> Example::cases() {
  std::vector<Case> cases;
  for (std::int64_t const threads : counts_of_threads()) {
    cases.push_back(a_case("gauss", 1'000'000, threads));
    cases.push_back(a_case("matmul", 1024, threads));
  }
  return cases;
}

std::vector<Case> Example::awkward_cases() {
  std::vector<Case> cases;
  // More threads than work, than cores, than is good.
  for (std::int64_t const threads : {1, 2, 3, 16})
    for (std::int64_t const n : {-1, 0, 1, 300}) cases.push_back(a_case("gauss", n, threads));
  // Each number of threads, each with a job whose answer nobody else has.
  for (std::int64_t const threads : {4, 5, 6, 7, 8}) {
    cases.push_back(a_case("gauss", 300, threads));
    cases.push_back(a_product(33, threads));
  }
  // Long enough for threads to meet, and to ask each other for the lock.
  for (std::int64_t const threads : {1, 2, 5}) cases.push_back(a_case("gauss", 100'000, threads));
  for (std::int64_t const threads : {1, 2, 3, 16})
    for (std::int64_t const n : {1, 2, 33}) cases.push_back(a_product(n, threads));
  cases.push_back(a_product(200, 2));
  // Round the blocks of a product, and more than one of them.
  for (std::int64_t const n : {63, 64, 65, 513}) cases.push_back(a_product(n, 1));
  return cases;
}

mythbench::Work Example::work(Case const& c) {
  auto const n = static_cast<double>(c.integer("n"));
  auto const jobs = static_cast<double>(c.threads());
  if (work_of(c) == Work::gauss) return {.items = jobs * std::max(n + 1, 0.0)};
  return {.items = jobs * n * n,
          .flops = jobs * 2 * n * n * n,
          .bytes = jobs * 3 * n * n * sizeof(double)};
}

// Other matrices, and other numbers to count from.
Case Example::twin(Case const& c) { return c.with("first", 5); }

Input Example::make_input(Case const& c) {
  Input in{.work = work_of(c), .n = c.integer("n"), .threads = c.threads()};
  if (c.has("first")) in.first = c.integer("first");
  // Not small, or the numbers that an interpreter keeps ready would hide that it makes them.
  for (int job = 0; job < in.threads; ++job) in.starts.push_back(1000 + in.first + 7919 * job);
  bool const counts = in.work == Work::gauss;
  auto const module = stack_machine::compile(counts ? gauss_source : matmul_source, "gil.py");
  in.program = stack_machine::function_named(counts ? "gauss" : "matmul", *module);
  if (counts) return in;
  // Two do, where matrices are large.
  std::int64_t const matrices = c.has("matrices") ? c.integer("matrices") : 2;
  for (std::int64_t which = in.first; which < in.first + matrices; ++which)
    in.factors.push_back(
        matrix_product::matrix(static_cast<std::size_t>(which), static_cast<std::size_t>(in.n)));
  return in;
}

Fields Example::fields(Input const& input) {
  return {{"work", input.work == Work::gauss ? "gauss" : "matmul"},
          {"n", input.n},
          {"threads", static_cast<std::int64_t>(input.threads)},
          {"starts", input.starts},
          {"first", input.first},
          {"matrices", static_cast<std::int64_t>(input.factors.size())}};
}

Output Example::reference(Input const& input) {
  Output out;
  if (input.work == Work::gauss) {
    for (std::int64_t const start : input.starts) {
      std::int64_t count = start;
      for (std::int64_t i = 0; i < input.n + 1; ++i) ++count;
      out.counts.push_back(count);
    }
    return out;
  }
  // With fewer matrices than jobs, the products come again.
  std::size_t const different = input.factors.size();
  for (std::size_t job = 0; job < input.starts.size(); ++job)
    out.products.push_back(
        job < different ? matrix_product::exact_product(left_of(input, job), right_of(input, job),
                                                        static_cast<std::size_t>(input.n))
                        : out.products[job - different]);
  return out;
}

// Of a product a weighted sum of each row: all of it would make files of many megabytes.
Answer Example::answer(Output const& output) {
  Answer answer(output.counts.begin(), output.counts.end());
  for (std::vector<double> const& product : output.products) {
    auto const n = static_cast<std::size_t>(std::lround(std::sqrt(product.size())));
    if (n * n != product.size()) return {};
    std::vector<double> const sums = matrix_product::weighted_rows(product, n);
    answer.insert(answer.end(), sums.begin(), sums.end());
  }
  return answer;
}

double Example::distance(Answer const& got, Answer const& expected) {
  if (got.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double distance = 0;
  for (std::size_t i = 0; i < got.size(); ++i) distance += std::abs(got[i] - expected[i]);
  return distance;
}

Bound least(Case const& c) {
  if (c.text("work") != "matmul") return {};
  auto const n = static_cast<double>(c.integer("n"));
  return {.f64_operations = n * n * n * c.threads()};
}

}  // namespace mythbench::gil
