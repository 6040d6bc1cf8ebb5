#pragma once

// The product of two square matrices, as fast as a BLAS: what stands in for one where a program
// needs a library that computes for long and touches nobody else's data.

#include <cstddef>

namespace mythbench::matrix_product {

// product = left * right, n times n each, one row after the other. On the calling thread alone.
void multiply(double const* left, double const* right, double* product, std::size_t n);

}  // namespace mythbench::matrix_product
