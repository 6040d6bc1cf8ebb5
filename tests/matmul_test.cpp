#include "matmul/matmul.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "catch.hpp"
#include "core/contract.hpp"
#include "matrix_product/entries.hpp"
#include "matrix_product/multiply.hpp"

using mythbench::Rung;
using mythbench::matmul::Example;
using mythbench::matmul::Input;
using mythbench::matmul::Output;

namespace {

// Rungs gone wrong, each in one way that a timing would reward or not notice.

void right(Input const& in, Output& out) { out = Example::reference(in); }

void writes_nothing(Input const&, Output&) {}

void multiplies_the_other_way_round(Input const& in, Output& out) {
  out = Example::reference({.n = in.n, .left = in.right, .right = in.left});
}

void gives_it_transposed(Input const& in, Output& out) {
  Output const product = Example::reference(in);
  out.resize(product.size());
  for (std::size_t i = 0; i < in.n; ++i)
    for (std::size_t j = 0; j < in.n; ++j) out[j * in.n + i] = product[i * in.n + j];
}

void forgets_the_last_row(Input const& in, Output& out) {
  right(in, out);
  for (std::size_t j = 0; j < in.n; ++j) out[(in.n - 1) * in.n + j] = 0;
}

void forgets_the_last_column(Input const& in, Output& out) {
  right(in, out);
  for (std::size_t i = 0; i < in.n; ++i) out[i * in.n + in.n - 1] = 0;
}

void is_wrong_by_one_in_one_place(Input const& in, Output& out) {
  right(in, out);
  out[out.size() / 2] += 1;
}

void in_single_precision(Input const& in, Output& out) {
  out.resize(in.n * in.n);
  for (std::size_t i = 0; i < in.n; ++i)
    for (std::size_t j = 0; j < in.n; ++j) {
      float sum = 0;
      for (std::size_t k = 0; k < in.n; ++k)
        sum +=
            static_cast<float>(in.left[i * in.n + k]) * static_cast<float>(in.right[k * in.n + j]);
      out[i * in.n + j] = sum;
    }
}

void adds_to_what_was_there(Input const& in, Output& out) {
  Output const product = Example::reference(in);
  out.resize(product.size());
  for (std::size_t i = 0; i < product.size(); ++i) out[i] += product[i];
}

struct Mutant {
  std::string name;
  mythbench::Kernel<Example>* kernel;
};

Mutant const mutants[] = {
    {"writes nothing", writes_nothing},
    {"multiplies the other way round", multiplies_the_other_way_round},
    {"gives it transposed", gives_it_transposed},
    {"forgets the last row", forgets_the_last_row},
    {"forgets the last column", forgets_the_last_column},
    {"is wrong by one in one place", is_wrong_by_one_in_one_place},
};

double error_of(mythbench::Kernel<Example>* kernel, std::int64_t n) {
  Input const in = Example::make_input({{"n", n}});
  Output out;
  kernel(in, out);
  return Example::distance(Example::answer(out), Example::answer(Example::reference(in)));
}

}  // namespace

TEST_CASE("the entries are whole, of either sign, and of each matrix others", "[matmul]") {
  std::vector<int> seen(16, 0);
  int differing = 0;
  for (std::size_t i = 0; i < 4096; ++i) {
    double const entry = mythbench::matrix_product::entry(0, i, 15);
    REQUIRE(entry == std::floor(entry));
    REQUIRE(std::abs(entry + 0.5) < 16384);
    ++seen[static_cast<std::size_t>((entry + 16384) / 2048)];
    if (entry != mythbench::matrix_product::entry(1, i, 15)) ++differing;
  }
  for (int const count : seen) CHECK(count > 128);
  CHECK(differing == 4096);
}

TEST_CASE("no sum of products of entries leaves the 53 bits of a double", "[matmul]") {
  for (std::size_t const n : {1, 2, 3, 4, 63, 64, 65, 1023, 1024, 1025, 100'000}) {
    double const largest = std::exp2(mythbench::matrix_product::bits_of_products(n) - 2);
    double const size = static_cast<double>(n);
    INFO("n " << n);
    CHECK(7 * size * size * largest <= 0x1p53);
  }
}

TEST_CASE("rounding either matrix to single precision is noticed", "[matmul]") {
  for (std::int64_t const n : {2, 64, 257, 1024}) {
    Input const in = Example::make_input({{"n", n}});
    for (std::vector<double> const* const matrix : {&in.left, &in.right}) {
      auto const is_rounded = [](double x) { return static_cast<float>(x) != x; };
      INFO("n " << n);
      CHECK(std::ranges::any_of(*matrix, is_rounded));
    }
  }
}

TEST_CASE("in single precision no product of entries is right", "[matmul]") {
  for (std::int64_t const n : {1, 2, 64, 257}) {
    INFO("n " << n);
    CHECK(error_of(in_single_precision, n) > Example::tolerance);
  }
}

TEST_CASE("no weight is zero, so no wrong number goes unnoticed", "[matmul]") {
  for (std::size_t i = 0; i < 4096; ++i) {
    double const weight = mythbench::matrix_product::weight(i);
    REQUIRE(std::abs(weight) >= 1);
    REQUIRE(std::abs(weight) <= 7);
  }
}

TEST_CASE("our product of any numbers differs from the exact one by rounding only", "[matmul]") {
  std::mt19937_64 generator{3};
  std::normal_distribution<double> normal;
  for (std::size_t const n : {1, 5, 31, 96, 193, 300}) {
    std::vector<double> left(n * n), right(n * n), product(n * n, 1e300);
    for (double& x : left) x = normal(generator);
    for (double& x : right) x = normal(generator);
    mythbench::matrix_product::multiply(left.data(), right.data(), product.data(), n);
    double worst = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        long double sum = 0;
        long double sizes = 0;
        for (std::size_t k = 0; k < n; ++k) {
          long double const term = static_cast<long double>(left[i * n + k]) * right[k * n + j];
          sum += term;
          sizes += std::abs(term);
        }
        worst = std::max(worst, static_cast<double>(std::abs(sum - product[i * n + j]) / sizes));
      }
    // Higham's bound for a sum of n products, in whatever order.
    INFO("n " << n << ", error " << worst);
    CHECK(worst <= static_cast<double>(n) * std::numeric_limits<double>::epsilon());
  }
}

TEST_CASE("a product of no rows is nothing", "[matmul]") {
  mythbench::matrix_product::multiply(nullptr, nullptr, nullptr, 0);
  SUCCEED();
}

TEST_CASE("what the wrong products are made from is accepted", "[matmul][mutants]") {
  for (std::int64_t const n : {1, 7, 64}) CHECK(error_of(right, n) == 0);
}

TEST_CASE("every wrong product is rejected", "[matmul][mutants]") {
  for (Mutant const& mutant : mutants)
    for (std::int64_t const n : {7, 33, 64}) {
      INFO(mutant.name << ", n " << n);
      CHECK_FALSE(error_of(mutant.kernel, n) <= Example::tolerance);
    }
}

TEST_CASE("a product that adds to the last one is found out by looking again",
          "[matmul][mutants]") {
  auto const trial = mythbench::prepare<Example, adds_to_what_was_there>({{"n", 16}}, std::nullopt);
  CHECK(trial->verify().passed());
  trial->run();
  CHECK_FALSE(trial->inspect().passed());
}
