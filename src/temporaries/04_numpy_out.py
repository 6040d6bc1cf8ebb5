"""The same operations, each told by out= where to write: no array is made in a run.

Bound: that of the problem.

As many bytes move as before, but to and from pages that are there already.
"""

import numpy as np

from temporaries import COEFFICIENTS, MOVED_BY_OPERATIONS, PX, PY, PZ, SHIFT, A, B, moved


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


def numpy_out(problem):
    result, spare = problem.kept("numpy_out", lambda: [np.empty(problem.length) for _ in range(2)])
    evaluate(problem.expression, problem.x, problem.y, problem.z, result, spare)
    return np.sum(result) if problem.expression == "products" else result


def numpy_out_notes(problem):
    return moved(MOVED_BY_OPERATIONS, problem)
