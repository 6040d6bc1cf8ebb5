#pragma once

// Myth:    "It doesn't support threads." The talk's second function multiplies two matrices, and
//          Python has nothing to do with it: a library does.
// Reality: what the library does is worth more than any number of threads. Each rung takes one
//          thing away that keeps the processor from multiplying and adding.

#include <cstdint>
#include <vector>

#include "core/contract.hpp"

namespace mythbench::matmul {

struct Input {
  std::size_t n;
  std::vector<double> left, right;  // n times n, one row after the other
  std::size_t first = 0;            // which of all matrices made by rule is the left one
};

using Output = std::vector<double>;  // their product, likewise

struct Example {
  using Input = matmul::Input;
  using Output = matmul::Output;

  static constexpr std::string_view item = "multiply-add";
  static constexpr double tolerance = 0;  // whole numbers: all sums are exact

  static std::vector<Case> cases();
  static std::vector<Case> awkward_cases();
  static Work work(Case const& c);
  static Case twin(Case const& c);
  static Input make_input(Case const& c);
  static Fields fields(Input const& input);
  static Output reference(Input const& input);
  // A weighted sum of each row: the whole product would make a file of many megabytes.
  static Answer answer(Output const& output);
  static double distance(Answer const& got, Answer const& expected);
};

// What no rung can do without: the multiply-adds, and each matrix once.
Bound least(Case const& c);

}  // namespace mythbench::matmul
