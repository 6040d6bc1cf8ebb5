"""The loop as one operation on an array: a one for each iteration, and their sum.

Bound: 8 bytes per iteration written to memory and read back. The interpreter runs a handful of
instructions, whatever n is; the loop is in C, in NumPy, and its integers are C's: what could leave
64 bits is added outside.
"""

import numpy as np


def numpy(problem):
    iterations = max(problem.n + 1, 0)
    return problem.start + int(np.ones(iterations, dtype=np.int64).sum())
