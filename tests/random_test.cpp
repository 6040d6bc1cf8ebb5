#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "catch.hpp"
#include "random/mt19937.hpp"

namespace {

using mythbench::random::Mt19937;

// The stream as the C++ standard lays it down, made into doubles as genrand_res53 of Matsumoto and
// Nishimura's mt19937ar.c does.
class StandardStream {
 public:
  explicit StandardStream(std::uint32_t seed) : words_{seed} {}

  double uniform() {
    auto const high = words_() >> 5;
    auto const low = words_() >> 6;
    return (static_cast<double>(high) * 67108864.0 + static_cast<double>(low)) *
           (1.0 / 9007199254740992.0);
  }

 private:
  std::mt19937 words_;
};

// The two words of a number are left in it: 27 and 26 bits.
std::uint32_t high_bits(double number) { return static_cast<std::uint32_t>(number * 134217728.0); }

std::uint32_t low_bits(double number) {
  return static_cast<std::uint32_t>((number * 134217728.0 - high_bits(number)) * 67108864.0);
}

std::vector<double> one_by_one(std::uint32_t seed, std::size_t count) {
  Mt19937 generator{seed};
  std::vector<double> numbers(count);
  for (double& number : numbers) number = generator.uniform();
  return numbers;
}

}  // namespace

TEST_CASE("the stream of seed 5489 begins with the words that are known of it", "[random]") {
  std::uint32_t const known[] = {3499211612U, 581869302U, 3890346734U, 3586334585U};
  Mt19937 generator{5489};
  for (std::size_t i = 0; i < 4; i += 2) {
    double const number = generator.uniform();
    CHECK(high_bits(number) == known[i] >> 5);
    CHECK(low_bits(number) == known[i + 1] >> 6);
  }
}

TEST_CASE("the 10000th word of seed 5489 is the one that the C++ standard demands", "[random]") {
  CHECK(low_bits(one_by_one(5489, 5000).back()) == 4123659995U >> 6);
}

TEST_CASE("the stream of seed 42 begins with the numbers that NumPy users know", "[random]") {
  Mt19937 generator{42};
  CHECK(generator.uniform() == 0.3745401188473625);
  CHECK(generator.uniform() == 0.9507143064099162);
  CHECK(generator.uniform() == 0.7319939418114051);
}

TEST_CASE("every seed gives the standard's stream, bit by bit", "[random]") {
  for (std::uint32_t const seed : {0U, 1U, 5489U, 20180202U, 4294967295U}) {
    StandardStream standard{seed};
    Mt19937 generator{seed};
    std::size_t different = 0;
    for (int i = 0; i < 5000; ++i) different += generator.uniform() != standard.uniform();
    INFO("seed " << seed);
    CHECK(different == 0);
  }
}

TEST_CASE("numbers drawn together are the numbers drawn one by one", "[random]") {
  std::size_t const lengths[] = {1, 2, 7, 8, 0, 311, 312, 313, 1, 624, 1000, 5};
  std::vector<double> together(4000);
  Mt19937 generator{7};
  std::size_t filled = 0;
  for (std::size_t const length : lengths) {
    generator.fill({together.data() + filled, length});
    filled += length;
  }
  together.resize(filled);
  CHECK(together == one_by_one(7, filled));
}

TEST_CASE("a stretch holds at least one number and at most those asked for", "[random]") {
  std::vector<double> const expected = one_by_one(7, 2000);
  Mt19937 generator{7};
  for (std::size_t drawn = 0; drawn < 1500;) {
    std::size_t const most = 1 + drawn % 400;
    auto const stretch = generator.next(most);
    REQUIRE(stretch.size() >= 1);
    REQUIRE(stretch.size() <= most);
    for (std::size_t i = 0; i < stretch.size(); ++i) REQUIRE(stretch[i] == expected[drawn + i]);
    drawn += stretch.size();
  }
}

TEST_CASE("numbers lie between 0 and 1, 1 left out", "[random]") {
  for (double const number : one_by_one(3, 10000)) {
    REQUIRE(number >= 0);
    REQUIRE(number < 1);
  }
}
