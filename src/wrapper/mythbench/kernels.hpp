#pragma once

// The parts of the module mythbench._kernels.

#include <pybind11/pybind11.h>

namespace mythbench::wrapper {

void define_locate(pybind11::module_& module);
void define_numbers(pybind11::module_& module);
void define_programs(pybind11::module_& module);

}  // namespace mythbench::wrapper
