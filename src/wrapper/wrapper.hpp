#pragma once

// Myth:    "It cannot run as fast as C", unless the work is done in C: wrap it.
// Reality: a call from Python into C has its price. It depends on the tool that carries the call,
//          and on what is carried; work enough per call makes it disappear.
//
// The same three functions are called in every way there is: one that takes nothing, one that takes
// a number, and one that takes a batch of numbers. What each call returned is part of the answer,
// so that no call can be left out and no two be made one.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/contract.hpp"

namespace mythbench::wrapper {

enum class Argument {
  none,   // how often has it been called?
  real,   // the square of a number; "float" in the labels, as Python calls it
  view,   // the sum of the squares of an array, which the function reads where it is
  copied  // the same of a list, whose numbers have to be put side by side first: "copy"
};

struct Input {
  Argument argument;
  std::size_t batch;            // numbers per call
  std::size_t calls;            //
  std::vector<double> numbers;  // those of the first call, those of the second ...

  double const* batch_of(std::size_t call) const { return numbers.data() + call * batch; }
};

using Output = std::vector<double>;  // what each call returned

struct Example {
  using Input = wrapper::Input;
  using Output = wrapper::Output;

  static constexpr std::string_view item = "number";
  // The numbers are such that their squares add up without rounding, in any order.
  static constexpr double tolerance = 0;

  static std::vector<Case> cases();
  static std::vector<Case> awkward_cases();
  static Work work(Case const& c);
  static Case twin(Case const& c);
  static Input make_input(Case const& c);
  static Fields fields(Input const& input);
  static Output reference(Input const& input);
  static Answer answer(Output const& output);
  static double distance(Answer const& got, Answer const& expected);
};

}  // namespace mythbench::wrapper
