"""The talk's first program: all n * n numbers in one huge array, summed row by row.

Bound: that of the problem.

Beside the draws, 8 bytes per number are written to memory and read back. Fresh memory comes from
the operating system page by page: 8 * n * n / 4096 page faults where pages are small.
"""

import numpy as np
import numpy.random  # NumPy 2 would import it at the first draw, and count that as the rung's


def numpy_one_array(problem):
    n = problem.n
    np.random.seed(problem.seed)
    rand = np.random.random(n * n)

    count = 0
    for i in range(n):
        count += np.sum(rand[i * n : i * n + n])
    return count
