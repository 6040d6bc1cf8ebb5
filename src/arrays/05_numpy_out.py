"""Every operation writes into an array that is there already, and all views are made beforehand.

The levels are kept one point larger on every side, so rows follow each other in memory, and the
neighbours of all points are the same stretch of numbers, moved by one or by a row: operations run
over one long row instead of many short ones. What that does to the points beyond the edges is put
right afterwards.

Bound: that of the problem.

What limits it is memory. Seven operations per step read one or two arrays and write one: 8 * 19
bytes per update once no cache holds the arrays. Small ones wait for the interpreter, ten times per
step.
"""

import numpy as np


class Level(object):
    """A level of time, and all that is ever read or written of it."""

    def __init__(self, like):
        self.points = np.zeros_like(like)
        rows, columns = like.shape
        flat = self.points.reshape(-1)
        first, end = columns + 1, (rows - 1) * columns - 1
        self.here = flat[first:end]
        self.above = flat[first - columns : end - columns]
        self.below = flat[first + columns : end + columns]
        self.left = flat[first - 1 : end - 1]
        self.right = flat[first + 1 : end + 1]
        # Right edge of one row, left edge of the next, side by side.
        self.edges = flat[columns - 1 : -1].reshape(rows - 1, columns)[:, :2]
        self.outside = self.points[:: rows - 1]
        self.inside = self.points[1 : rows - 1 : max(rows - 3, 1)]


def step(now, old, after, centre, side, sums):
    """The level after `now`, into `after`; `old` is None for the first step."""
    np.add(now.above, now.below, out=sums)
    np.add(sums, now.left, out=sums)
    np.add(sums, now.right, out=sums)
    np.multiply(sums, side, out=sums)
    if old is not None:
        np.subtract(sums, old.here, out=sums)
    np.multiply(now.here, centre, out=after.here)
    np.add(after.here, sums, out=after.here)
    after.edges[...] = 0.0
    after.outside[...] = after.inside


def levels(problem):
    start = problem.array()
    made = [Level(start), Level(start), Level(start)]
    made[0].points[...] = start
    return made, np.empty_like(made[0].here)


def numpy_out(problem):
    r = problem.coupling
    (start, now, other), sums = problem.kept("numpy_out", lambda: levels(problem))
    step(start, None, now, 1.0 - 2.0 * r, r / 2.0, sums)
    old, after = start, other
    for _ in range(1, problem.steps):
        step(now, old, after, 2.0 - 4.0 * r, r, sums)
        old, now = now, after
        after = old  # which is read before it is written over, but the start is not
    return now.points[1:-1, 1:-1]
