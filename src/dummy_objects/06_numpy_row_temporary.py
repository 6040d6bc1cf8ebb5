"""The talk's second program: a fresh array of n numbers for each row.

Bound: that of the problem.

Beside the draws, one trip through the interpreter per row. Memory for a row comes from malloc,
which hands out what it has just got back: 8 * n bytes, and no page faults after the first rows.
"""

import numpy as np
import numpy.random  # NumPy 2 would import it at the first draw, and count that as the rung's


def numpy_row_temporary(problem):
    n = problem.n
    np.random.seed(problem.seed)

    count = 0
    for _ in range(n):
        count += np.sum(np.random.random(n))
    return count
