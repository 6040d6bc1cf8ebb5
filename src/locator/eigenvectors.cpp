#include "locator/eigenvectors.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>

namespace mythbench::locator {

std::vector<double> largest_eigenvectors(std::span<double const> matrix, std::size_t count) {
  auto const size = static_cast<Eigen::Index>(std::lround(std::sqrt(matrix.size())));
  Eigen::Map<Eigen::MatrixXd const> const symmetric{matrix.data(), size, size};
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> const solver{symmetric};
  std::vector<double> vectors;
  // Eigenvalues ascend.
  for (std::size_t i = 0; i < count; ++i) {
    auto const vector = solver.eigenvectors().col(size - 1 - static_cast<Eigen::Index>(i));
    vectors.insert(vectors.end(), vector.begin(), vector.end());
  }
  return vectors;
}

}  // namespace mythbench::locator
