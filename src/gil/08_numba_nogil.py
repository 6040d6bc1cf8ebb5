"""A thread for each job, in functions that Numba compiles and calls without the lock.

Threads: as many as the case says.

Bound: that of the problem.

Of matmul, as many products at a time as there are cores: blocks of the right matrix, read
along its rows. Of gauss, nothing but starting threads: LLVM sees what the loop counts, and adds
once.
"""

import threading

import numpy as np
from numba import njit

BLOCK_ROWS = 64
BLOCK_COLUMNS = 512


@njit(nogil=True, cache=True)
def gauss(n, start):
    count = start
    for i in range(n + 1):
        count += 1
    return count


@njit(nogil=True, fastmath={"contract"}, cache=True)
def matmul(left, right, product):
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


def numba_nogil(problem):
    answers = [None] * problem.threads

    def work(job):
        if problem.work == "gauss":
            answers[job] = gauss(problem.n, problem.starts[job])
        else:
            left, right = problem.operands(job)
            product = np.zeros_like(left)
            matmul(left, right, product)
            answers[job] = product

    workers = [threading.Thread(target=work, args=(job,)) for job in range(problem.threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    problem.check_lock()
    return answers
