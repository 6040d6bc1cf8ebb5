"""The functions are compiled by Numba, which carries the call across the border, too.

Bound: per call Numba's dispatcher, which looks at the type of each argument for the function that
was compiled for it, and takes arrays apart. Numba takes no list as it is: it is made an array
first. A compiled function may call another one in C without asking Python: so does tick.
"""

import ctypes

import border_library
import numpy as np
from numba import njit

library = ctypes.PyDLL(border_library.FILE)
library.mythbench_tick.restype = ctypes.c_double
library.mythbench_tick.argtypes = []
library.mythbench_restart.restype = None
c_tick = library.mythbench_tick


@njit
def tick():
    return c_tick()


@njit(cache=True)
def square(x):
    return x * x


# The order of a sum is the programmer's, unless he says otherwise.
@njit(fastmath={"reassoc", "nsz"}, cache=True)
def energy(numbers):
    total = 0.0
    for x in numbers:
        total += x * x
    return total


def numba(problem):
    if problem.argument == "none":
        library.mythbench_restart()
        return [tick() for _ in range(problem.calls)]
    if problem.argument == "float":
        return [square(x) for x in problem.numbers]
    if problem.argument == "view":
        return [energy(numbers) for numbers in problem.views]
    return [energy(np.array(numbers)) for numbers in problem.lists]
