"""A module written by hand against Python's own C interface, with METH_FASTCALL.

Bound: per call what the interpreter does for a function in C: no tuple of arguments, no keywords,
no frame; a new float for the result. An array is asked for its buffer, which is given back.
"""

from border_fastcall import energy, energy_of_list, restart, square, tick


def fastcall(problem):
    if problem.argument == "none":
        restart()
        return [tick() for _ in range(problem.calls)]
    if problem.argument == "float":
        return [square(x) for x in problem.numbers]
    if problem.argument == "view":
        return [energy(numbers) for numbers in problem.views]
    return [energy_of_list(numbers) for numbers in problem.lists]
