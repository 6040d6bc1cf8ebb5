// The border, carried by pybind11.

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <vector>

#include "wrapper/functions.h"

namespace py = pybind11;

namespace {

using Doubles = py::array_t<double, py::array::c_style>;

}  // namespace

PYBIND11_MODULE(border_pybind11, module) {
  module.def("restart", &mythbench_restart, "Makes tick begin anew.");
  module.def("tick", &mythbench_tick, "How often it has been called.");
  module.def("square", &mythbench_square, "The square of a float.");
  // Without noconvert an array of another type would be copied, and nobody would notice.
  module.def(
      "energy",
      [](Doubles const& numbers) {
        return mythbench_energy(numbers.data(), static_cast<std::size_t>(numbers.size()));
      },
      py::arg("numbers").noconvert(), "The sum of the squares of an array.");
  module.def(
      "energy_of_list",
      [](std::vector<double> const& numbers) {
        return mythbench_energy(numbers.data(), numbers.size());
      },
      "The sum of the squares of a list.");
}
