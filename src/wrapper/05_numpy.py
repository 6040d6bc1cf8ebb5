"""The functions are NumPy's own: whoever can say it in NumPy needs no border of his own.

Bound: per call what NumPy does whatever the size: it finds out what it was given, chooses a loop,
makes an array or a scalar for the result. A number is made an array of none dimensions first, a
list is copied. NumPy has no function that takes nothing: one added to an array in place, its
shortest call, stands for it.
"""

import numpy as np

ticks = np.zeros(())
one = np.ones(())


def tick():
    return float(np.add(ticks, one, ticks))


def numpy(problem):
    if problem.argument == "none":
        ticks[()] = 0
        return [tick() for _ in range(problem.calls)]
    if problem.argument == "float":
        return [float(np.square(x)) for x in problem.numbers]
    if problem.argument == "view":
        return [float(np.dot(numbers, numbers)) for numbers in problem.views]
    results = []
    for numbers in problem.lists:
        copied = np.array(numbers)
        results.append(float(np.dot(copied, copied)))
    return results
