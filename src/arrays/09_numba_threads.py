"""The same loop, its rows shared among threads.

Threads: as many as the case says.

Bound: that of the problem.

What limits it is memory, as before, by as many cores as there are threads. Each step ends when all
threads have met, and they have to be woken for the next.
"""

import numba
import numpy as np


@numba.njit(fastmath={"contract", "reassoc"}, error_model="numpy", parallel=True, cache=True)
def step(now, old, after, centre, side, keep):
    rows, columns = now.shape
    for i in numba.prange(1, rows - 1):
        for j in range(1, columns - 1):
            sides = now[i - 1, j] + now[i + 1, j] + now[i, j - 1] + now[i, j + 1]
            after[i, j] = centre * now[i, j] + side * sides - keep * old[i, j]
    after[0] = after[1]
    after[rows - 1] = after[rows - 2]


@numba.njit(fastmath={"contract", "reassoc"}, error_model="numpy", parallel=True, cache=True)
def step_in_place(now, old, centre, side):
    """The next level is written over the last but one. LLVM makes vectors of this loop only if it
    is told of one array, not of two that might overlap."""
    rows, columns = now.shape
    for i in numba.prange(1, rows - 1):
        for j in range(1, columns - 1):
            sides = now[i - 1, j] + now[i + 1, j] + now[i, j - 1] + now[i, j + 1]
            old[i, j] = centre * now[i, j] + side * sides - old[i, j]
    old[0] = old[1]
    old[rows - 1] = old[rows - 2]


@numba.njit(error_model="numpy", cache=True)
def run(start, now, after, steps, r):
    """The last level, in `now` or in `after`; the start stays as it is."""
    step(start, start, now, 1.0 - 2.0 * r, r / 2.0, 0.0)
    if steps == 1:
        return now
    step(now, start, after, 2.0 - 4.0 * r, r, 1.0)
    old, now = now, after
    for _ in range(2, steps):
        step_in_place(now, old, 2.0 - 4.0 * r, r)
        old, now = now, old
    return now


def levels(problem):
    """Levels of time, one point larger on every side."""
    start = problem.array()
    return start, np.zeros_like(start), np.zeros_like(start)


def numba_threads(problem):
    numba.set_num_threads(min(problem.threads, numba.config.NUMBA_NUM_THREADS))
    start, now, after = problem.kept("numba_threads", lambda: levels(problem))
    return run(start, now, after, problem.steps, problem.coupling)[1:-1, 1:-1]
