#pragma once

// The update of an element as a program for a machine with a stack. Interpreters differ in what
// lies on it: a number, an array, or a piece of one.

#include <vector>

#include "arrays/arrays.hpp"

namespace mythbench::arrays {

// The elements that an update reads, by where they lie from the one that is updated.
enum class Place { here, above, below, left, right, before };
inline constexpr std::size_t places = 6;

struct Instruction {
  // add and subtract take two operands from the stack; scale takes one, and the number that the
  // instruction holds.
  enum class Kind { load, scale, add, subtract } kind;
  Place place = Place::here;
  double number = 0;
};

using Program = std::vector<Instruction>;

// Operands that lie on the stack at once, at most.
inline constexpr std::size_t stack_depth = 3;

// centre * here + side * (above + below + left + right) - before, where something was before.
Program program(Factors const& factors);

// Where the places of the elements of row i begin. For the first step no level comes before `now`:
// any will do.
struct Places {
  Places(Field const& now, Field const& before, std::size_t i)
      : of{now.row(i), now.above(i), now.below(i), now.row(i) - 1, now.row(i) + 1, before.row(i)} {}
  double const* operator[](Place place) const { return of[static_cast<std::size_t>(place)]; }

  double const* of[places];
};

}  // namespace mythbench::arrays
