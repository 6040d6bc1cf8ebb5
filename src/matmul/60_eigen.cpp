// Eigen's product: what a C++ programmer would write.
//
// Eigen chooses vector instructions when the program is compiled. A program that shall run on every
// machine of its kind has the oldest ones; the preset `native` has those of this machine.
//
// Bound: as packed, with the vectors that the compiler was allowed to use.

#include <Eigen/Core>

#include "matmul/matmul.hpp"

namespace mythbench::matmul {

void eigen(Input const& in, Output& out) {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  auto const n = static_cast<Eigen::Index>(in.n);
  out.resize(in.n * in.n);
  Eigen::Map<Matrix const> const left{in.left.data(), n, n};
  Eigen::Map<Matrix const> const right{in.right.data(), n, n};
  Eigen::Map<Matrix>{out.data(), n, n}.noalias() = left * right;
}

Bound eigen_bound(Case const& c) { return least(c); }

}  // namespace mythbench::matmul
