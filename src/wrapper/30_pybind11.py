"""pybind11: a module in C++, whose signatures become conversions when it is compiled.

Bound: per call pybind11's dispatcher, which tries the function's overloads and converts each
argument by templates; an array is asked for its type, a list copied element by element into a
std::vector.
"""

from border_pybind11 import energy, energy_of_list, restart, square, tick


def pybind11(problem):
    if problem.argument == "none":
        restart()
        return [tick() for _ in range(problem.calls)]
    if problem.argument == "float":
        return [square(x) for x in problem.numbers]
    if problem.argument == "view":
        return [energy(numbers) for numbers in problem.views]
    return [energy_of_list(numbers) for numbers in problem.lists]
