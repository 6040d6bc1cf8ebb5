"""Cython: Python with types is translated to C that speaks to the interpreter by itself.

Bound: per call what Cython writes for it: little for a number; for an array a view that knows
shape and strides, and is counted.
"""

from border_cython import energy, energy_of_list, restart, square, tick


def cython(problem):
    if problem.argument == "none":
        restart()
        return [tick() for _ in range(problem.calls)]
    if problem.argument == "float":
        return [square(x) for x in problem.numbers]
    if problem.argument == "view":
        return [energy(numbers) for numbers in problem.views]
    return [energy_of_list(numbers) for numbers in problem.lists]
