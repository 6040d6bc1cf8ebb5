"""The same operations on blocks of rows, one block after the other, each small enough for a cache.

All views are of blocks, and made beforehand. One array for sums serves all blocks.

Bound: that of the problem.

What limits it is the second-level cache, 8 * 19 bytes per update, and the interpreter, which is
back: ten operations are asked for per block. From memory come two levels, and one goes back.
"""

import numpy as np

# Of four arrays each: 8 bytes, so that a quarter of a megabyte suffices.
NUMBERS_PER_BLOCK = 8192


class Block(object):
    """Some rows of a level, and their neighbours."""

    def __init__(self, flat, columns, first, end):
        self.here = flat[first:end]
        self.above = flat[first - columns : end - columns]
        self.below = flat[first + columns : end + columns]
        self.left = flat[first - 1 : end - 1]
        self.right = flat[first + 1 : end + 1]


class Level(object):
    """A level of time, one point larger on every side, and all that is read or written of it."""

    def __init__(self, like):
        self.points = np.zeros_like(like)
        rows, columns = like.shape
        flat = self.points.reshape(-1)
        last = (rows - 1) * columns - 1
        size = max(NUMBERS_PER_BLOCK // columns, 1) * columns
        starts = range(columns + 1, last, size)
        self.blocks = [Block(flat, columns, at, min(at + size, last)) for at in starts]
        # Right edge of one row, left edge of the next, side by side.
        self.edges = flat[columns - 1 : -1].reshape(rows - 1, columns)[:, :2]
        self.outside = self.points[:: rows - 1]
        self.inside = self.points[1 : rows - 1 : max(rows - 3, 1)]


def step(now, old, after, centre, side, room):
    """The level after `now`, into `after`; `old` is None for the first step."""
    for n, block in enumerate(now.blocks):
        target = after.blocks[n].here
        sums = room[: target.size]
        np.add(block.above, block.below, out=sums)
        np.add(sums, block.left, out=sums)
        np.add(sums, block.right, out=sums)
        np.multiply(sums, side, out=sums)
        if old is not None:
            np.subtract(sums, old.blocks[n].here, out=sums)
        np.multiply(block.here, centre, out=target)
        np.add(target, sums, out=target)
    after.edges[...] = 0.0
    after.outside[...] = after.inside


def levels(problem):
    start = problem.array()
    made = [Level(start), Level(start), Level(start)]
    made[0].points[...] = start
    return made, np.empty_like(made[0].blocks[0].here)


def numpy_blocks(problem):
    r = problem.coupling
    (start, now, other), room = problem.kept("numpy_blocks", lambda: levels(problem))
    step(start, None, now, 1.0 - 2.0 * r, r / 2.0, room)
    old, after = start, other
    for _ in range(1, problem.steps):
        step(now, old, after, 2.0 - 4.0 * r, r, room)
        old, now = now, after
        after = old  # which is read before it is written over, but the start is not
    return now.points[1:-1, 1:-1]
