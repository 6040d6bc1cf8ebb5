"""The update as it stands in the formula: a loop over elements, in lists of Python's floats.

Bound: that of the problem.

It is far away: per update some forty bytecodes and a dozen objects are handled.
"""


def step(now, before, centre, side, keep):
    """The level after `now`, for which the memory of nothing else is used."""
    rows, columns = len(now), len(now[0])
    after = []
    for i in range(rows):
        here = now[i]
        above = now[max(i - 1, 0)]
        below = now[min(i + 1, rows - 1)]
        old = before[i]
        row = []
        for j in range(columns):
            left = here[j - 1] if j > 0 else 0.0
            right = here[j + 1] if j + 1 < columns else 0.0
            sides = above[j] + below[j] + left + right
            row.append(centre * here[j] + side * sides - keep * old[j])
        after.append(row)
    return after


def lists(problem):
    r = problem.coupling
    before = problem.lists()
    now = step(before, before, 1.0 - 2.0 * r, r / 2.0, 0.0)
    for _ in range(1, problem.steps):
        before, now = now, step(now, before, 2.0 - 4.0 * r, r, 1.0)
    return now
