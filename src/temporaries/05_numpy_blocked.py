"""The same operations on one block after the other, small enough that all of it stays in a cache.

Bound: that of the problem.

From memory come what the expression names and the result, once each; what is added is the
interpreter, which asks for each operation on each block. Smaller blocks would do for the
first-level cache, but then the asking would cost more than it saves.
"""

import numpy as np

from temporaries import COEFFICIENTS, MOVED_AT_LEAST, PX, PY, PZ, SHIFT, A, B, moved

# Of five arrays at most: 320 kB, within the second-level cache of today's processors.
BLOCK = 8192


def evaluate(expression, x, y, z, result, spare):
    """The expression for every element of these arrays, or parts of arrays, into `result`."""
    if expression == "linear":
        np.multiply(x, A, out=result)
        np.multiply(y, B, out=spare)
        np.add(result, spare, out=result)
        np.subtract(result, SHIFT, out=result)
    elif expression == "polynomial":
        np.multiply(x, COEFFICIENTS[-1], out=result)
        for coefficient in COEFFICIENTS[-2:0:-1]:
            np.add(result, coefficient, out=result)
            np.multiply(result, x, out=result)
        np.add(result, COEFFICIENTS[0], out=result)
    elif expression == "distance":
        np.subtract(x, PX, out=result)
        np.multiply(result, result, out=result)
        for coordinate, place in ((y, PY), (z, PZ)):
            np.subtract(coordinate, place, out=spare)
            np.multiply(spare, spare, out=spare)
            np.add(result, spare, out=result)
        np.sqrt(result, out=result)
    else:
        np.multiply(x, y, out=result)
        for left, right in ((y, z), (z, x)):
            np.multiply(left, right, out=spare)
            np.add(result, spare, out=result)


def part_of(array, first):
    return None if array is None else array[first : first + BLOCK]


def parts_of(problem):
    """The arrays in blocks, as views that are made once, and room for a block."""
    result = np.empty(problem.length)
    spare = np.empty(min(problem.length, BLOCK))
    parts = []
    for first in range(0, problem.length, BLOCK):
        arrays = [part_of(array, first) for array in (problem.x, problem.y, problem.z, result)]
        parts.append(arrays + [spare[: len(arrays[-1])]])
    return result, parts


def numpy_blocked(problem):
    result, parts = problem.kept("numpy_blocked", lambda: parts_of(problem))
    if problem.expression == "products":
        total = 0.0
        for x, y, z, _, spare in parts:
            room = parts[0][3][: len(spare)]
            evaluate("products", x, y, z, room, spare)
            total += np.sum(room)
        return total
    for x, y, z, part, spare in parts:
        evaluate(problem.expression, x, y, z, part, spare)
    return result


def numpy_blocked_notes(problem):
    return moved(MOVED_AT_LEAST, problem)
