#pragma once

// Operations on whole arrays, in vectors: what a library of arrays has, one pass each. The result
// may be written over an operand.

#include <cstddef>

namespace mythbench::temporaries {

void add(double const* x, double const* y, std::size_t size, double* result);
void multiply(double const* x, double const* y, std::size_t size, double* result);
void add(double const* x, double y, std::size_t size, double* result);
void multiply(double const* x, double y, std::size_t size, double* result);
void square_root(double const* x, std::size_t size, double* result);
double sum(double const* x, std::size_t size);

}  // namespace mythbench::temporaries
