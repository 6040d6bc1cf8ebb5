#pragma once

// What Python hands over, held against what is expected. Arrays are read where they are: what would
// have to be converted is refused, with a sentence that says what was expected and what came.

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mythbench::wrapper {

namespace py = pybind11;

// An array of doubles that stays alive as long as this.
class Array {
 public:
  Array(py::array array, std::string_view name);

  std::size_t dimensions() const { return static_cast<std::size_t>(array_.ndim()); }
  std::size_t extent(std::size_t dimension) const {
    return static_cast<std::size_t>(array_.shape(static_cast<py::ssize_t>(dimension)));
  }
  std::span<double const> numbers() const { return numbers_; }
  std::size_t size() const { return numbers_.size(); }
  double operator[](std::size_t i) const { return numbers_[i]; }

  // Where an element stands, as Python would write it: "observed[2, 1]".
  std::string place(std::size_t element) const;

  // Throws the ValueError "<name>: expected <what>, got <got>".
  [[noreturn]] void refuse(std::string const& what, std::string const& got) const;

 private:
  py::array array_;
  std::string name_;
  std::span<double const> numbers_;
};

// `shape` says in words what is wanted: "(stations, 3)". Dimensions of 0 stand for any length.
Array doubles(py::handle argument, std::string_view name, std::string_view shape,
              std::vector<std::size_t> const& lengths);

// Without NaN and without infinities.
Array finite_doubles(py::handle argument, std::string_view name, std::string_view shape,
                     std::vector<std::size_t> const& lengths);

// One that is written into.
std::span<double> writable_doubles(py::handle argument, std::string_view name);

std::vector<bool> flags(py::handle argument, std::string_view name, std::string_view shape,
                        std::vector<std::size_t> const& lengths);

double finite_number(py::handle argument, std::string_view name);
std::int64_t whole_number(py::handle argument, std::string_view name, std::int64_t least,
                          std::int64_t most);

std::string text_of(double number);

// Memory of a vector as an array, which owns it from now on: nothing is copied.
py::array array_of(std::vector<double> numbers);

}  // namespace mythbench::wrapper
