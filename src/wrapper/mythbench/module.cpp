#include <pybind11/pybind11.h>

#include "wrapper/mythbench/kernels.hpp"

PYBIND11_MODULE(_kernels, module) {
  // Each says its own, with the defaults, and what shapes and units are wanted.
  pybind11::options options;
  options.disable_function_signatures();
  module.doc() = "The kernels of mythbench, compiled: see the package mythbench.";
  module.attr("__version__") = MYTHBENCH_VERSION;
  mythbench::wrapper::define_locate(module);
  mythbench::wrapper::define_numbers(module);
  mythbench::wrapper::define_programs(module);
}
