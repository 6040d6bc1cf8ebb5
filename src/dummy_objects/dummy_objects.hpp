#pragma once

// Rumour:  "Dummy objects screw up memory": sum n * n random numbers from one huge array, or from
//          an array of n made anew for each row.
// Reality: the two differ in memory by a factor n; in time only as far as the operating system
//          charges for fresh pages.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/contract.hpp"

namespace mythbench::dummy_objects {

struct Input {
  std::size_t n;       // rows, and numbers per row
  std::uint32_t seed;  // of NumPy's legacy stream, so that both languages draw the same numbers
  int threads = 1;
};

// The sum of all n * n numbers: of one stream, as NumPy draws it, or of the n streams of a
// generator that counts, one per row. A rung gives one of the two.
struct Output {
  std::optional<double> mersenne_twister{};
  std::optional<double> philox{};
};

struct Example {
  using Input = dummy_objects::Input;
  using Output = dummy_objects::Output;

  static constexpr std::string_view item = "random number";
  // Relative. Rows are summed in another order by each language, and n * n ulps would be too many
  // for a plain sum; pairwise or row by row, rounding stays far below this.
  static constexpr double tolerance = 1e-12;
  // The two sums are of different numbers, so they differ as chance will have it. The sum of N
  // numbers uniform in [0, 1) has mean N / 2 and variance N / 12; the difference of two such sums
  // has mean 0 and variance N / 6. Both generators being good, it exceeds so many standard
  // deviations for one seed in a hundred million.
  static constexpr double deviations = 5.8;
  static bool agree(double sum, double other, double numbers);

  static std::vector<Case> cases();
  static std::vector<Case> awkward_cases();
  static Work work(Case const& c);
  static Case twin(Case const& c);
  static Input make_input(Case const& c);
  static Fields fields(Input const& input);
  static Output reference(Input const& input);
  static Answer answer(Output const& sum);
  static double distance(Answer const& got, Answer const& expected);
};

// What no rung can do without that draws from the Mersenne Twister, wherever it keeps its numbers.
// Per word, two of which make a number, with three operands combined by one operation, as some
// processors can: five operations to renew it, eight to temper it, half a one to cut it off; a lane
// of 64 bits has room for both. Then each word becomes a double, they are joined by a multiply-add,
// and the number is added. No division: a power of two may wait for the sum.
Bound least(Case const& c);

// The same, with all numbers written to an array and read again.
Bound least_with_array(Case const& c);

}  // namespace mythbench::dummy_objects
