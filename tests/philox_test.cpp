// The generator behind dummy_objects, against what is known of it and what chance allows. Every
// seed is fixed: what passes once, passes always.

#include "random/philox.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "catch.hpp"

using mythbench::random::Philox4x32;
using mythbench::random::PhiloxStream;

namespace {

constexpr std::uint32_t seed = 20180202;
constexpr std::size_t many = 1'000'000;

std::vector<double> numbers_of(std::uint32_t stream, std::size_t count) {
  PhiloxStream const drawn{seed, stream};
  std::vector<double> numbers(count);
  for (std::size_t i = 0; i < count; ++i) numbers[i] = drawn[i];
  return numbers;
}

double mean(std::vector<double> const& numbers) {
  double sum = 0;
  for (double const x : numbers) sum += x;
  return sum / static_cast<double>(numbers.size());
}

double correlation(std::vector<double> const& x, std::vector<double> const& y) {
  double const x_mean = mean(x), y_mean = mean(y);
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - x_mean) * (y[i] - y_mean);
    xx += (x[i] - x_mean) * (x[i] - x_mean);
    yy += (y[i] - y_mean) * (y[i] - y_mean);
  }
  return xy / std::sqrt(xx * yy);
}

// Of so many boxes that should be equally full; its mean is one less than there are boxes.
double chi_squared(std::vector<std::size_t> const& boxes) {
  double total = 0;
  for (std::size_t const box : boxes) total += static_cast<double>(box);
  double const expected = total / static_cast<double>(boxes.size());
  double sum = 0;
  for (std::size_t const box : boxes) {
    double const off = static_cast<double>(box) - expected;
    sum += off * off / expected;
  }
  return sum;
}

// How many standard deviations chi squared is from its mean. That of many boxes is nearly normal.
double deviation(std::vector<std::size_t> const& boxes) {
  double const freedom = static_cast<double>(boxes.size() - 1);
  return (chi_squared(boxes) - freedom) / std::sqrt(2 * freedom);
}

}  // namespace

TEST_CASE("Philox4x32-10 gives the known answers of Random123", "[random][philox]") {
  using Counter = Philox4x32::Counter;
  CHECK(Philox4x32::words({0, 0, 0, 0}, {0, 0}) ==
        Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr std::uint32_t ones = 0xffffffff;
  CHECK(Philox4x32::words({ones, ones, ones, ones}, {ones, ones}) ==
        Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(Philox4x32::words({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                          {0xa4093822, 0x299f31d0}) ==
        Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a number has the upper 52 bits of its two words", "[random][philox]") {
  auto const words = Philox4x32::words({5, 0, 0, 0}, {seed, 3});
  PhiloxStream const stream{seed, 3};
  CHECK(stream[10] == std::ldexp(static_cast<double>(words[0]), -32) +
                          std::ldexp(static_cast<double>(words[1] >> 12), -52));
  CHECK(stream[11] == std::ldexp(static_cast<double>(words[2]), -32) +
                          std::ldexp(static_cast<double>(words[3] >> 12), -52));
}

TEST_CASE("the place in a stream does not end at 32 bits", "[random][philox]") {
  PhiloxStream const stream{seed, 0};
  CHECK(stream.pair(std::uint64_t{1} << 32) != stream.pair(0));
}

TEST_CASE("the first moments are those of the uniform distribution", "[random][philox]") {
  for (std::uint32_t const stream : {0U, 1U, 4000U}) {
    auto const numbers = numbers_of(stream, many);
    CHECK(*std::ranges::min_element(numbers) >= 0);
    CHECK(*std::ranges::max_element(numbers) < 1);
    for (int power = 1; power <= 4; ++power) {
      double sum = 0;
      for (double const x : numbers) sum += std::pow(x, power);
      double const expected = 1.0 / (power + 1);
      double const variance = 1.0 / (2 * power + 1) - expected * expected;
      INFO("stream " << stream << ", power " << power);
      CHECK(std::abs(sum / many - expected) < 4 * std::sqrt(variance / many));
    }
  }
}

TEST_CASE("neighbouring streams, streams far apart and neighbours in a stream are not correlated",
          "[random][philox]") {
  // Of independent numbers the correlation has mean 0 and standard deviation 1 / sqrt(many).
  double const most = 4 / std::sqrt(static_cast<double>(many));
  auto const first = numbers_of(0, many);
  for (std::uint32_t const stream : {1U, 2U, 3U, 256U, 65536U, 1U << 31})
    CHECK(std::abs(correlation(first, numbers_of(stream, many))) < most);
  auto const longer = numbers_of(0, many + 2);
  for (std::ptrdiff_t const lag : {1, 2})
    CHECK(std::abs(correlation(first, {longer.begin() + lag, longer.begin() + lag + many})) < most);
}

TEST_CASE("the correlation finds what is not independent", "[random][philox]") {
  auto const numbers = numbers_of(0, many);
  auto mixed = numbers_of(1, many);
  for (std::size_t i = 0; i < many; ++i) mixed[i] = 0.99 * mixed[i] + 0.01 * numbers[i];
  CHECK(correlation(numbers, mixed) > 4 / std::sqrt(static_cast<double>(many)));
}

TEST_CASE("numbers, pairs and triples are equidistributed", "[random][philox]") {
  auto const numbers = numbers_of(7, 3 * many);
  std::vector<std::size_t> line(4096), square(64 * 64), cube(16 * 16 * 16), low(4096);
  auto const box = [](double x, double count) { return static_cast<std::size_t>(x * count); };
  for (std::size_t i = 0; i < many; ++i) {
    double const* const x = &numbers[3 * i];
    ++line[box(x[0], 4096)];
    ++square[box(x[0], 64) * 64 + box(x[1], 64)];
    ++cube[(box(x[0], 16) * 16 + box(x[1], 16)) * 16 + box(x[2], 16)];
    ++low[box(std::fmod(x[0] * 0x1p40, 1.0), 4096)];  // its last 12 bits
  }
  CHECK(std::abs(deviation(line)) < 4);
  CHECK(std::abs(deviation(square)) < 4);
  CHECK(std::abs(deviation(cube)) < 4);
  CHECK(std::abs(deviation(low)) < 4);
}

TEST_CASE("the first numbers of many streams are equidistributed, too", "[random][philox]") {
  std::vector<std::size_t> boxes(1024);
  for (std::uint32_t stream = 0; stream < 1U << 18; ++stream)
    ++boxes[static_cast<std::size_t>(PhiloxStream{seed, stream}[0] * 1024)];
  CHECK(std::abs(deviation(boxes)) < 4);
}

TEST_CASE("the test of equidistribution finds one box that is too full", "[random][philox]") {
  std::vector<std::size_t> boxes(4096, many / 4096);
  boxes[17] += 1500;
  CHECK(deviation(boxes) > 4);
}
