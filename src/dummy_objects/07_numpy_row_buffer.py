"""One array of n numbers, filled anew for every row through out=.

Bound: that of the problem.

As numpy_row_temporary, without its n allocations.

np.random.random has no out=. NumPy's newer Generator has, and draws the same numbers if it goes on
from the same state: it makes a double from the same two words of the Mersenne Twister.
"""

import numpy as np
from numpy.random import MT19937, Generator, RandomState


def numpy_row_buffer(problem):
    n = problem.n
    words = MT19937()
    # MT19937(seed) would spread the seed over the state in the new way.
    words.state = RandomState(problem.seed).get_state(legacy=False)
    generator = Generator(words)

    row = np.empty(n)
    count = 0
    for _ in range(n):
        generator.random(out=row)
        count += np.sum(row)
    return count
