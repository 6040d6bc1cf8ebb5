"""The loop over elements, compiled by Numba, its iterations shared out among threads.

Threads: as many as the case says.

Bound: that of the problem.

LLVM makes vectors of this very processor; multiplication and addition may become one instruction,
and sums may be taken in another order.
"""

import math

import numba
import numpy as np

from temporaries import COEFFICIENTS, MOVED_AT_LEAST, PX, PY, PZ, SHIFT, A, B, moved

C0, C1, C2, C3, C4, C5, C6, C7, C8 = COEFFICIENTS
# What may be changed for speed: not what infinities and NaN mean.
FAST = {"contract", "reassoc", "nsz"}


def compiled(function):
    """On one thread, where starting others would cost more than they save, and on several."""
    options = {"fastmath": FAST, "error_model": "numpy", "cache": True}
    return numba.njit(**options)(function), numba.njit(parallel=True, **options)(function)


def linear(x, y, z, result):
    for i in numba.prange(len(result)):
        result[i] = A * x[i] + B * y[i] - SHIFT


def polynomial(x, y, z, result):
    for i in numba.prange(len(result)):
        v = x[i]
        high = (((C8 * v + C7) * v + C6) * v + C5) * v + C4
        result[i] = (((high * v + C3) * v + C2) * v + C1) * v + C0


def distance(x, y, z, result):
    for i in numba.prange(len(result)):
        dx, dy, dz = x[i] - PX, y[i] - PY, z[i] - PZ
        result[i] = math.sqrt(dx * dx + dy * dy + dz * dz)


def products(x, y, z, result):
    total = 0.0
    for i in numba.prange(len(x)):
        total += x[i] * y[i] + y[i] * z[i] + z[i] * x[i]
    return total


LOOPS = {loop.__name__: compiled(loop) for loop in (linear, polynomial, distance, products)}


def numba_loop(problem):
    reduced = problem.expression == "products"
    result = problem.kept("numba", lambda: np.empty(0 if reduced else problem.length))
    if problem.threads > 1:
        numba.set_num_threads(min(problem.threads, numba.config.NUMBA_NUM_THREADS))
    loop = LOOPS[problem.expression][problem.threads > 1]
    total = loop(problem.x, problem.y, problem.z, result)
    return total if reduced else result


def numba_loop_notes(problem):
    return moved(MOVED_AT_LEAST, problem)
