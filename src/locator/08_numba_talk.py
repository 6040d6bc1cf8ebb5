"""The talk's loop, compiled by Numba: a decorator, and arrays instead of dictionaries.

Per station evaluation: four squares, a square root, an exponential and a division, between plain
numbers. Bound by the exponential and the division, as in C++.

LLVM writes x * x for pow(x, 2), which is not always the number that the C library's pow gives to
Python: hence settle().
"""

import math

import numba
import numpy as np

from locator import UNLOCATABLE, settle


def numba_talk(problem):
    locations = [UNLOCATABLE] * problem.event_count
    arrays = problem.arrays()
    axes = arrays.x, arrays.y, arrays.z, arrays.amplitudes
    for group, observed in zip(problem.groups, arrays.observed):
        stations = arrays.stations[group.stations]
        for row, event in enumerate(group.events):
            found = search(*axes, arrays.masked, stations, observed[row], problem.decay)
            locations[event] = settle(problem, group, row, *found)
    return locations


@numba.njit(cache=True)
def search(xs, ys, zs, amplitudes, masked, stations, event, B):
    best = np.inf
    second = np.inf  # of the other nodes
    best_node = -1
    node = -1
    for x in xs:
        for y in ys:
            for z in zs:
                node += 1
                if masked[node]:
                    continue
                min_err = np.inf
                for A in amplitudes:
                    err_accum = 0.0
                    for s in range(len(stations)):
                        r = math.sqrt(
                            math.pow(x - stations[s, 0], 2)
                            + math.pow(y - stations[s, 1], 2)
                            + math.pow(z - stations[s, 2], 2)
                        )
                        A_calc = A * math.exp(-B * r) / r
                        err_accum += math.pow(A_calc - event[s], 2)
                    if err_accum < min_err:
                        min_err = err_accum
                if min_err < best:
                    second = best
                    best = min_err
                    best_node = node
                elif min_err < second:
                    second = min_err
    return best, second, best_node
