// Random numbers and sums for Python.

#include <cmath>
#include <limits>
#include <string>

#include "dummy_objects/dummy_objects.hpp"
#include "dummy_objects/sum.hpp"
#include "locator/locator.hpp"
#include "random/mt19937.hpp"
#include "wrapper/mythbench/arguments.hpp"
#include "wrapper/mythbench/kernels.hpp"

namespace mythbench::dummy_objects {

Kernel<Example> no_array;

}  // namespace mythbench::dummy_objects

namespace mythbench::wrapper {
namespace {

constexpr std::int64_t most_seed = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t most_numbers = std::int64_t{1} << 48;

std::uint32_t seed_of(py::handle argument) {
  return static_cast<std::uint32_t>(whole_number(argument, "seed", 0, most_seed));
}

py::array_t<double> random(py::handle count, py::handle seed) {
  py::array_t<double> numbers{
      static_cast<py::ssize_t>(whole_number(count, "count", 0, most_numbers))};
  random::Mt19937 generator{seed_of(seed)};
  std::span<double> const memory{numbers.mutable_data(), static_cast<std::size_t>(numbers.size())};
  py::gil_scoped_release const unlocked;
  generator.fill(memory);
  return numbers;
}

py::object fill_random(py::object const& out, py::handle seed) {
  std::span<double> const memory = writable_doubles(out, "out");
  random::Mt19937 generator{seed_of(seed)};
  {
    py::gil_scoped_release const unlocked;
    generator.fill(memory);
  }
  return out;
}

double random_sum(py::handle n, py::handle seed) {
  constexpr std::int64_t most_rows = std::int64_t{1} << 24;
  dummy_objects::Input const in{.n = static_cast<std::size_t>(whole_number(n, "n", 0, most_rows)),
                                .seed = seed_of(seed)};
  py::gil_scoped_release const unlocked;
  dummy_objects::Output sum;
  dummy_objects::no_array(in, sum);
  return sum.mersenne_twister.value();
}

double total(py::handle numbers) {
  Array const array = finite_doubles(numbers, "numbers", "(count,)", {0});
  py::gil_scoped_release const unlocked;
  return dummy_objects::sum_of(array.numbers(), array.size());
}

py::array axis(py::handle first, py::handle last, py::handle step) {
  double const from = finite_number(first, "first");
  double const to = finite_number(last, "last");
  double const by = finite_number(step, "step");
  if (!(by > 0)) throw py::value_error{"step: expected a number above 0, got " + text_of(by)};
  if (to < from)
    throw py::value_error{"last: expected no less than first, " + text_of(from) + ", got " +
                          text_of(to)};
  if ((to - from) / by > static_cast<double>(most_numbers))
    throw py::value_error{"step: expected one that divides the axis into fewer parts, got " +
                          text_of(by)};
  return array_of(locator::axis(from, to, by));
}

std::uintptr_t address_read(py::handle numbers) {
  return reinterpret_cast<std::uintptr_t>(
      doubles(numbers, "numbers", "(count,)", {0}).numbers().data());
}

}  // namespace

void define_numbers(py::module_& module) {
  module.def("random", &random, py::arg("count"), py::kw_only(), py::arg("seed") = 20180202,
             R"(random(count, *, seed=20180202)

Numbers of NumPy's legacy stream, as np.random.RandomState(seed).random(count).

count : int, how many
seed : int, 0 to 2**32 - 1

Returns a float64 array of shape (count,), each at least 0 and below 1, without unit. The lock is
released meanwhile.)");
  module.def("fill_random", &fill_random, py::arg("out"), py::kw_only(), py::arg("seed") = 20180202,
             R"(fill_random(out, *, seed=20180202)

Write numbers of the same stream into an array, and return it.

out : float64 array, shape (count,), contiguous and writable; written where it is, not copied
seed : int, 0 to 2**32 - 1

The lock is released meanwhile.)");
  module.def("random_sum", &random_sum, py::arg("n"), py::kw_only(), py::arg("seed") = 20180202,
             R"(random_sum(n, *, seed=20180202)

The sum of n * n random numbers, none of which is ever stored: dummy_objects' last rung.

n : int, rows, and numbers per row
seed : int, 0 to 2**32 - 1

Returns a float, without unit. The lock is released meanwhile.)");
  module.def("total", &total, py::arg("numbers"),
             R"(total(numbers)

The sum of an array, with eight partial sums, as dummy_objects' rungs compute it.

numbers : float64 array, shape (count,), contiguous, any unit; read where it is, not copied

Returns a float in the same unit. The lock is released meanwhile.)");
  module.def("axis", &axis, py::arg("first"), py::arg("last"), py::arg("step"),
             R"(axis(first, last, step)

Coordinates of a grid, as the talk writes them: np.arange(first, last + step, step).

first, last, step : float, any unit, the same for all three; step above 0

Returns a float64 array of shape (count,).)");
  module.def("_address_read", &address_read, py::arg("numbers"),
             "Where in memory the kernels read this array: for the tests.");
}

}  // namespace mythbench::wrapper
