"""The expression as one writes it: each operation is a call that fills an array.

Bound: that of the problem.

What it moves instead are 16 to 24 bytes per element and operation. NumPy writes over a temporary
that nobody else can see, if it is large enough for looking to pay.
"""

import numpy as np

from temporaries import COEFFICIENTS, MOVED_BY_OPERATIONS, PX, PY, PZ, SHIFT, A, B, moved


def numpy(problem):
    x, y, z = problem.x, problem.y, problem.z
    if problem.expression == "linear":
        return A * x + B * y - SHIFT
    if problem.expression == "polynomial":
        result = COEFFICIENTS[-1] * x
        for coefficient in COEFFICIENTS[-2:0:-1]:
            result = (result + coefficient) * x
        return result + COEFFICIENTS[0]
    if problem.expression == "distance":
        return np.sqrt((x - PX) ** 2 + (y - PY) ** 2 + (z - PZ) ** 2)
    return np.sum(x * y + y * z + z * x)


def numpy_notes(problem):
    return moved(MOVED_BY_OPERATIONS, problem)
