"""The functions are written in Python: there is no border.

Bound: per call a frame for the function and a new object for what it returns; per number a product
and a sum, each a new object. The loop over a batch is that of sum() and map(), which are in C: as
far as Python gets by itself.
"""

from operator import mul

ticks = 0.0


def restart():
    global ticks
    ticks = 0.0


def tick():
    global ticks
    ticks += 1.0
    return ticks


def square(x):
    return x * x


def energy(numbers):
    return sum(map(mul, numbers, numbers))


def python(problem):
    if problem.argument == "none":
        restart()
        return [tick() for _ in range(problem.calls)]
    if problem.argument == "float":
        return [square(x) for x in problem.numbers]
    if problem.argument == "view":
        return [energy(numbers) for numbers in problem.arrays]
    return [energy(numbers) for numbers in problem.lists]
