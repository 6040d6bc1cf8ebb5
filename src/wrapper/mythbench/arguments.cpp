#include "wrapper/mythbench/arguments.hpp"

#include <charconv>
#include <cmath>
#include <memory>
#include <utility>

namespace mythbench::wrapper {
namespace {

[[noreturn]] void refuse(std::string_view name, std::string const& wanted, std::string const& got) {
  throw py::value_error{std::string{name} + ": expected " + wanted + ", got " + got};
}

std::string type_of(py::handle argument) {
  return py::str(py::type::of(argument).attr("__name__"));
}

std::string described(py::array const& array) {
  return "an array of " + std::string{py::str(array.dtype())} + " with shape " +
         std::string{py::str(py::handle{array}.attr("shape"))};
}

bool has_shape(py::array const& array, std::vector<std::size_t> const& lengths) {
  if (static_cast<std::size_t>(array.ndim()) != lengths.size()) return false;
  for (std::size_t i = 0; i < lengths.size(); ++i)
    if (lengths[i] != 0 && lengths[i] != static_cast<std::size_t>(array.shape()[i])) return false;
  return true;
}

// `wanted` is all that is expected of the array, in words.
py::array array_as(py::handle argument, std::string_view name, std::string const& wanted,
                   py::dtype const& type) {
  if (!py::isinstance<py::array>(argument)) refuse(name, wanted, type_of(argument));
  auto array = py::reinterpret_borrow<py::array>(argument);
  if (!array.dtype().equal(type)) refuse(name, wanted, described(array));
  return array;
}

py::array array_as(py::handle argument, std::string_view name, std::string const& wanted,
                   py::dtype const& type, std::vector<std::size_t> const& lengths) {
  py::array array = array_as(argument, name, wanted, type);
  if (!has_shape(array, lengths)) refuse(name, wanted, described(array));
  if ((array.flags() & py::array::c_style) == 0)
    refuse(name, wanted + ", contiguous as np.ascontiguousarray() gives it",
           described(array) + " and strides " +
               std::string{py::str(py::handle{array}.attr("strides"))});
  return array;
}

std::string wanted_array(std::string const& type, std::string_view shape) {
  return "a NumPy array of " + type + " with shape " + std::string{shape};
}

}  // namespace

Array::Array(py::array array, std::string_view name)
    : array_{std::move(array)},
      name_{name},
      numbers_{static_cast<double const*>(array_.data()), static_cast<std::size_t>(array_.size())} {
}

std::string Array::place(std::size_t element) const {
  std::string indices;
  for (std::size_t i = dimensions(); i-- > 0; element /= extent(i))
    indices = std::to_string(element % extent(i)) + (indices.empty() ? "" : ", ") + indices;
  return name_ + '[' + indices + ']';
}

void Array::refuse(std::string const& what, std::string const& got) const {
  wrapper::refuse(name_, what, got);
}

Array doubles(py::handle argument, std::string_view name, std::string_view shape,
              std::vector<std::size_t> const& lengths) {
  return {
      array_as(argument, name, wanted_array("float64", shape), py::dtype::of<double>(), lengths),
      name};
}

Array finite_doubles(py::handle argument, std::string_view name, std::string_view shape,
                     std::vector<std::size_t> const& lengths) {
  Array const array = doubles(argument, name, shape, lengths);
  for (std::size_t i = 0; i < array.size(); ++i)
    if (!std::isfinite(array[i]))
      array.refuse("finite numbers", array.place(i) + " = " + text_of(array[i]));
  return array;
}

std::span<double> writable_doubles(py::handle argument, std::string_view name) {
  py::array array =
      array_as(argument, name, wanted_array("float64", "(count,)"), py::dtype::of<double>(), {0});
  if (!array.writeable()) refuse(name, "an array to write into", "one that is read-only");
  return {static_cast<double*>(array.mutable_data()), static_cast<std::size_t>(array.size())};
}

std::vector<bool> flags(py::handle argument, std::string_view name, std::string_view shape,
                        std::vector<std::size_t> const& lengths) {
  py::array const array =
      array_as(argument, name, wanted_array("bool", shape), py::dtype::of<bool>(), lengths);
  auto const* const first = static_cast<bool const*>(array.data());
  return std::vector<bool>(first, first + array.size());
}

double finite_number(py::handle argument, std::string_view name) {
  // float() would take text, too.
  bool const is_number =
      PyNumber_Check(argument.ptr()) != 0 && !py::isinstance<py::array>(argument);
  double const number = is_number ? PyFloat_AsDouble(argument.ptr()) : 0;
  if (!is_number || PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    refuse(name, "a number", type_of(argument));
  }
  if (!std::isfinite(number)) refuse(name, "a finite number", text_of(number));
  return number;
}

std::int64_t whole_number(py::handle argument, std::string_view name, std::int64_t least,
                          std::int64_t most) {
  std::string const wanted =
      "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  if (PyIndex_Check(argument.ptr()) == 0 || py::isinstance<py::array>(argument))
    refuse(name, wanted, type_of(argument));
  py::object const index = py::reinterpret_steal<py::object>(PyNumber_Index(argument.ptr()));
  int overflow = 0;
  long long const number = PyLong_AsLongLongAndOverflow(index.ptr(), &overflow);
  if (overflow != 0 || number < least || number > most)
    refuse(name, wanted, std::string{py::str(argument)});
  return number;
}

std::string text_of(double number) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, number).ptr};
}

py::array array_of(std::vector<double> numbers) {
  auto owned = std::make_unique<std::vector<double>>(std::move(numbers));
  std::vector<double> const& kept = *owned;
  py::capsule const owner{owned.release(),
                          [](void* memory) { delete static_cast<std::vector<double>*>(memory); }};
  return py::array_t<double>(static_cast<py::ssize_t>(kept.size()), kept.data(), owner);
}

}  // namespace mythbench::wrapper
