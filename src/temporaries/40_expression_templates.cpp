// Eigen: an operator returns a description, and one loop does it all when it is assigned.
//
// Bound: that of the problem. The compiler sees the whole expression and writes the loop that one
// would write by hand, with the vectors that every processor of this kind has, and stores that read
// what they will overwrite.

#include <Eigen/Core>

#include "temporaries/expressions.hpp"
#include "temporaries/temporaries.hpp"

namespace mythbench::temporaries {
namespace {

using Array = Eigen::Map<Eigen::ArrayXd const>;

Array array(Numbers const& numbers) {
  return {numbers.data(), static_cast<Eigen::Index>(numbers.size())};
}

}  // namespace

void expression_templates(Input const& in, Output& out) {
  Array const x = array(in.x), y = array(in.y), z = array(in.z);
  bool const reduced = in.expression == Expression::products;
  if (reduced) {
    out.numbers.resize(0);
    out.sum = sum_of_products(x, y, z);
  } else {
    out.numbers.resize(in.size);
    Eigen::Map<Eigen::ArrayXd> result{out.numbers.data(), static_cast<Eigen::Index>(in.size)};
    assign(in.expression, x, y, z, result);
  }
  note_traffic(in, {.numbers_moved = least_numbers_moved(in.expression)});
}

Bound expression_templates_bound(Case const& c) { return least(c); }

}  // namespace mythbench::temporaries
