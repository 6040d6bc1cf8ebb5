#pragma once

// Myth:    "It cannot run as fast as C": a time loop round the update of a field, as most codes of
//          HPC have one.
// Reality: an interpreter that is asked for whole arrays is asked rarely, and the larger the
// arrays,
//          the less that costs. What is left then is where the numbers lie: C++ goes on where whole
//          arrays must stop.
//
// The field is a membrane, held at its left and right edge (there u = 0, Dirichlet) and free at its
// upper and lower one (there du/dy = 0, Neumann: what lies beyond a free edge is its mirror image).
// Waves run through it, u_tt = c^2 (u_xx + u_yy), from a start at rest. In steps of time k, with
// centred differences, on points i (down) and j (across):
//
//   u[k+1](i,j) = 2 u[k](i,j) - u[k-1](i,j) + r D u[k](i,j)
//   D u(i,j)    = u(i-1,j) + u(i+1,j) + u(i,j-1) + u(i,j+1) - 4 u(i,j)
//   u[1](i,j)   = u[0](i,j) + r/2 D u[0](i,j)                            since u[-1] = u[1] at rest
//
// with r = (c dt / h)^2, stable up to 1/2; u(i,-1) = u(i,columns) = 0, u(-1,j) = u(0,j) and
// u(rows,j) = u(rows-1,j). After Courant, Friedrichs, Lewy, "Über die partiellen
// Differenzengleichungen der mathematischen Physik", Mathematische Annalen 100 (1928); in a
// textbook: Langtangen, Linge, "Finite Difference Computing with PDEs" (2017), chapter 2.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "arrays/field.hpp"
#include "core/contract.hpp"

namespace mythbench::arrays {

struct Input {
  Field start;         // u[0]: down[i] * across[j]
  std::int64_t steps;  // at least 1
  double coupling;     // r
  int threads;
  std::vector<double> down, across;
};

// Two levels of time, of which each rung leaves the last one in `now`. Memory is kept from run to
// run, also what a rung needs beside them.
struct Output {
  Field now;
  Field before;
  std::vector<Field> spare;
};

// The factors of an update: next = centre * here + side * (the four sides) - keep * before.
struct Factors {
  double centre, side, keep;
};
Factors first_factors(Input const& in);
Factors factors(Input const& in);

// Makes both levels of the shape of the input, by as many threads as will use them: where the
// system has several memories, a page belongs to the one nearest to whoever writes it first.
void shape(Input const& in, Output& out, int threads = 1);

// Rows times columns of a case: with it the rungs state their bounds.
double elements_of(Case const& c);

struct Example {
  using Input = arrays::Input;
  using Output = arrays::Output;

  static constexpr std::string_view item = "update of an element";
  // Of the largest number in the field. Each rung adds in another order, and what is rounded away
  // in one step goes on as a wave in all the later ones.
  static constexpr double tolerance = 1e-11;

  static std::vector<Case> cases();
  static std::vector<Case> awkward_cases();
  static Work work(Case const& c);
  static Case twin(Case const& c);
  static void trade_contents(Input& one, Input& other);
  static Input make_input(Case const& c);
  static Fields fields(Input const& input);
  static Output reference(Input const& input);
  static Answer answer(Output const& output);
  static double distance(Answer const& got, Answer const& expected);
};

// What no rung can do without: the operations of all updates, of which only two multiply-adds are
// counted, as additions may have a port of their own; and from memory the start and two levels
// once, since steps can be taken several at a time (70_blocked_in_time.cpp).
Bound least(Case const& c);

}  // namespace mythbench::arrays
