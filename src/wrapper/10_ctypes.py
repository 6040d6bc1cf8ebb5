"""ctypes, from the standard library: the function is described when the program runs.

Bound: per call each argument is converted as argtypes says, and libffi puts it where the processor
wants it, by a description. An array lends its memory to an object of ctypes; a list is copied into
an array that can do so. PyDLL, not CDLL: to a function that takes no longer than some nanoseconds,
letting the lock go and taking it again would add more than itself.
"""

from array import array
from ctypes import POINTER, PyDLL, byref, c_double, c_size_t

import border_library

library = PyDLL(border_library.FILE)

restart = library.mythbench_restart
restart.argtypes, restart.restype = [], None

tick = library.mythbench_tick
tick.argtypes, tick.restype = [], c_double

square = library.mythbench_square
square.argtypes, square.restype = [c_double], c_double

energy = library.mythbench_energy
energy.argtypes, energy.restype = [POINTER(c_double), c_size_t], c_double

lent = c_double.from_buffer  # the first number; the others are behind it


def ctypes(problem):
    if problem.argument == "none":
        restart()
        return [tick() for _ in range(problem.calls)]
    if problem.argument == "float":
        return [square(x) for x in problem.numbers]
    if problem.argument == "view":
        return [energy(byref(lent(numbers)), len(numbers)) for numbers in problem.views]
    return [energy(byref(lent(array("d", numbers))), len(numbers)) for numbers in problem.lists]
