"""The expression as one writes it: each operation is a call that fills an array.

Bound: memory, 16 to 24 bytes per element and operation once no cache holds the arrays. NumPy writes
over a temporary that nobody else can see, if it is large enough for looking to pay.
"""

import numpy as np

from temporaries import COEFFICIENTS, PX, PY, PZ, SHIFT, A, B


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
