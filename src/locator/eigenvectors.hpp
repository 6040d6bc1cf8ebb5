#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace mythbench::locator {

// Those of the `count` largest eigenvalues of a symmetric matrix, one after the other, the largest
// first.
std::vector<double> largest_eigenvectors(std::span<double const> matrix, std::size_t count);

}  // namespace mythbench::locator
