"""Three loops, compiled by Numba: blocks of the right matrix, read along its rows.

Bound: that of the problem.

As the blocked loops in C++, with the vectors of this very processor, which Numba compiles
for, and multiply-adds in one instruction, which it was allowed to use.
"""

import numpy as np
from numba import njit

BLOCK_ROWS = 64
BLOCK_COLUMNS = 512


@njit(fastmath={"contract"}, cache=True)
def multiply(left, right, product):
    n = left.shape[0]
    for first in range(0, n, BLOCK_COLUMNS):
        last = min(first + BLOCK_COLUMNS, n)
        for start in range(0, n, BLOCK_ROWS):
            for i in range(n):
                to = product[i, first:last]
                for k in range(start, min(start + BLOCK_ROWS, n)):
                    factor = left[i, k]
                    row = right[k, first:last]
                    for j in range(last - first):
                        to[j] += factor * row[j]


def numba(problem):
    left, right = problem.arrays()
    product = np.zeros_like(left)
    multiply(left, right, product)
    return product
