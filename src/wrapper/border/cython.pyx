# cython: language_level=3, boundscheck=False, wraparound=False
"""The border, written by Cython."""

from libcpp.vector cimport vector


cdef extern from "wrapper/functions.h":
    void mythbench_restart()
    double mythbench_tick()
    double mythbench_square(double x)
    double mythbench_energy(const double* numbers, size_t count)


def restart():
    mythbench_restart()


def tick():
    return mythbench_tick()


def square(double x):
    return mythbench_square(x)


def energy(const double[::1] numbers not None):
    return mythbench_energy(&numbers[0], numbers.shape[0])


def energy_of_list(list numbers not None):
    cdef vector[double] copied
    cdef double x
    copied.reserve(len(numbers))
    for x in numbers:
        copied.push_back(x)
    return mythbench_energy(copied.data(), copied.size())
