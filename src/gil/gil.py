"""The contract of gil for its Python rungs; gil.hpp is the same for C++.

Runs on CPython 2.7, so that the old lock can be met there; only matmul needs NumPy.
"""

import os
import sys


# The talk's functions.
def gauss(n, start):
    count = start
    for i in range(n + 1):
        count += 1
    return count


def matmul(left, right):
    return left.dot(right)


def lock_is_on():
    """Only a free-threaded build, from CPython 3.13 on, can say no."""
    return getattr(sys, "_is_gil_enabled", lambda: True)()


class Problem(object):
    """As many jobs as threads, of which neighbours have different answers."""

    def __init__(self, fields):
        self.work = fields["work"]
        self.n = fields["n"]
        self.threads = fields["threads"]
        self.starts = fields["starts"]
        self.lock = lock_is_on()
        if self.work == "matmul":
            numpy = numpy_on_one_thread()
            numbers = range(fields["first"], fields["first"] + fields["matrices"])
            self.factors = [matrix(numpy, which, self.n) for which in numbers]

    def operands(self, job):
        """The matrices that a job multiplies."""
        count = len(self.factors)
        return self.factors[job % count], self.factors[(job + 1) % count]

    def do(self, job):
        if self.work == "gauss":
            return gauss(self.n, self.starts[job])
        return matmul(*self.operands(job))

    def check_lock(self):
        """What is recorded of the lock was true all the time: an import can turn it on."""
        if lock_is_on() != self.lock:
            raise RuntimeError("something imported has turned the lock of this interpreter on")


def numpy_on_one_thread():
    """Its BLAS would start threads of its own, and the threads here are what is measured."""
    for library in ("OPENBLAS", "MKL", "BLIS", "OMP"):
        os.environ[library + "_NUM_THREADS"] = "1"
    os.environ["VECLIB_MAXIMUM_THREADS"] = "1"
    try:
        import numpy
    except ImportError:
        raise NotImplementedError("numpy is not installed")
    return numpy


def matrix(numpy, which, n):
    """Odd numbers, as long as they may be for all sums to be exact."""
    bits = 26 - n.bit_length()
    index = numpy.arange(1, n * n + 1, dtype=numpy.int64)
    multiples = (index * 2654435761 + which * 1013904223) % 2**32
    return ((multiples >> (32 - bits) | 1) - 2.0 ** (bits - 1)).reshape(n, n)


def weight(column):
    return 2 * ((column + 1) * 2246822519 % 2**32 >> 29) - 7


def make_input(fields):
    return Problem(fields)


def answer(output):
    """The counts; or of each product, a weighted sum of each row."""
    numbers = []
    for each in output:
        if hasattr(each, "dot"):
            numbers += (each * [weight(j) for j in range(len(each))]).sum(axis=1).tolist()
        else:
            numbers.append(each)
    return numbers


def distance(got, expected):
    if len(got) != len(expected):
        return float("inf")
    return sum(abs(a - b) for a, b in zip(got, expected))
