"""The function, compiled by Numba when it is first called.

Bound: none that depends on n. Numba gives the loop to LLVM, and LLVM finds out what it computes:
the time is that of a call. Numba's integers are C's and wrap round at 64 bits; so that the answer
is Python's, the count starts at 0 there, and the start is added here.
"""

from numba import njit


@njit(cache=True)
def gauss(n, start):
    count = start
    for i in range(n + 1):
        count += 1
    return count


def numba(problem):
    return problem.start + gauss(problem.n, 0)
