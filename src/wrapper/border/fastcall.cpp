// The border, written by hand: what a call costs that no tool carries.

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <memory>

#include "wrapper/functions.h"

namespace {

using Arguments = PyObject* const*;

bool is_one(Py_ssize_t count) {
  if (count == 1) return true;
  PyErr_Format(PyExc_TypeError, "takes one argument, not %zd", count);
  return false;
}

PyObject* restart(PyObject*, PyObject*) {
  mythbench_restart();
  Py_RETURN_NONE;
}

PyObject* tick(PyObject*, PyObject*) { return PyFloat_FromDouble(mythbench_tick()); }

PyObject* square(PyObject*, Arguments arguments, Py_ssize_t count) {
  if (!is_one(count)) return nullptr;
  double const x = PyFloat_AsDouble(arguments[0]);
  if (x == -1 && PyErr_Occurred() != nullptr) return nullptr;
  return PyFloat_FromDouble(mythbench_square(x));
}

bool holds_doubles(Py_buffer const& buffer) {
  return buffer.itemsize == sizeof(double) && buffer.format != nullptr && buffer.format[0] == 'd' &&
         buffer.format[1] == '\0';
}

PyObject* energy(PyObject*, Arguments arguments, Py_ssize_t count) {
  if (!is_one(count)) return nullptr;
  Py_buffer buffer;
  if (PyObject_GetBuffer(arguments[0], &buffer, PyBUF_ND | PyBUF_FORMAT) != 0) return nullptr;
  PyObject* result = nullptr;
  if (holds_doubles(buffer))
    result = PyFloat_FromDouble(mythbench_energy(static_cast<double const*>(buffer.buf),
                                                 static_cast<size_t>(buffer.len) / sizeof(double)));
  else
    PyErr_SetString(PyExc_TypeError, "takes an array of doubles");
  PyBuffer_Release(&buffer);
  return result;
}

PyObject* energy_of_list(PyObject*, Arguments arguments, Py_ssize_t count) {
  if (!is_one(count)) return nullptr;
  if (!PyList_CheckExact(arguments[0])) {
    PyErr_SetString(PyExc_TypeError, "takes a list");
    return nullptr;
  }
  auto const size = static_cast<size_t>(PyList_GET_SIZE(arguments[0]));
  std::unique_ptr<double[]> const numbers{new double[size]};
  for (size_t i = 0; i < size; ++i) {
    numbers[i] = PyFloat_AsDouble(PyList_GET_ITEM(arguments[0], static_cast<Py_ssize_t>(i)));
    if (numbers[i] == -1 && PyErr_Occurred() != nullptr) return nullptr;
  }
  return PyFloat_FromDouble(mythbench_energy(numbers.get(), size));
}

PyCFunction fast(PyObject* (*function)(PyObject*, Arguments, Py_ssize_t)) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

PyMethodDef methods[] = {
    {"restart", restart, METH_NOARGS, "Makes tick begin anew."},
    {"tick", tick, METH_NOARGS, "How often it has been called."},
    {"square", fast(square), METH_FASTCALL, "The square of a float."},
    {"energy", fast(energy), METH_FASTCALL, "The sum of the squares of an array."},
    {"energy_of_list", fast(energy_of_list), METH_FASTCALL, "The sum of the squares of a list."},
    {nullptr, nullptr, 0, nullptr}};

PyModuleDef module{PyModuleDef_HEAD_INIT,
                   "border_fastcall",
                   nullptr,
                   0,
                   methods,
                   nullptr,
                   nullptr,
                   nullptr,
                   nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_border_fastcall() { return PyModule_Create(&module); }
