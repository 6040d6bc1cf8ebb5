"""NumPy's dot, on one thread: a handful of instructions for the interpreter, the rest is BLAS.

Bound: that of the problem.

The threads of the BLAS that NumPy came with are pinned to one, by the variables that the usual
libraries read when they are loaded: the ladder is about one thread.
"""

import os

for library in ("OPENBLAS", "MKL", "BLIS", "OMP", "VECLIB"):
    os.environ[library + ("_MAXIMUM_THREADS" if library == "VECLIB" else "_NUM_THREADS")] = "1"

import numpy as np  # noqa: E402  the variables have to be there before


def numpy(problem):
    left, right = problem.arrays()
    return np.dot(left, right)
