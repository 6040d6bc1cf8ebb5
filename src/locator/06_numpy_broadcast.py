"""NumPy instead of the inner loops: nodes, amplitudes and stations are axes of one array.

Per station evaluation: four passes over memory (product, difference, square, sum) and a number
stored by each but the last. Bound by memory, were it not for the chunks; by the cache with them.
"""

import os

# NumPy has no other way to say that a rung on one thread means one thread.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import numpy as np

from locator import UNLOCATABLE, settle

# One array of nodes x amplitudes x stations has so many numbers at most: larger ones leave the
# cache, and on a large grid the memory.
NUMBERS_PER_CHUNK = 1 << 17


def numpy_broadcast(problem):
    locations = [UNLOCATABLE] * problem.event_count
    arrays = problem.arrays()
    A = arrays.amplitudes[None, :, None]
    for group, observed in zip(problem.groups, arrays.observed):
        stations = arrays.stations[group.stations]
        best = np.full(len(group.events), np.inf)
        second = best.copy()
        node = np.zeros(len(group.events), dtype=np.int64)
        chunk = max(1, NUMBERS_PER_CHUNK // (len(problem.amplitudes) * len(stations)))
        for first in range(0, problem.nodes, chunk):
            masked = arrays.masked[first : first + chunk]
            calculated = A * attenuation(problem, stations, first, first + chunk)[:, None, :]
            for row, event in enumerate(observed):
                error = ((calculated - event) ** 2).sum(axis=2).min(axis=1)
                error[masked] = np.inf
                keep_two_best(error, first, row, best, second, node)
        for row, event in enumerate(group.events):
            locations[event] = settle(
                problem, group, row, float(best[row]), float(second[row]), int(node[row])
            )
    return locations


def attenuation(problem, stations, first, last):
    """exp(-B r) / r: one row per node, one column per station."""
    points = np.stack(problem.arrays().points(first, last), axis=1)
    r = np.sqrt(((points[:, None, :] - stations[None, :, :]) ** 2).sum(axis=2))
    # Where a station stands on a node any number will do: the node is masked.
    r[r == 0] = 1
    return np.exp(-problem.decay * r) / r


def keep_two_best(error, first, row, best, second, node):
    k = int(error.argmin())
    lowest = error[k]
    error[k] = np.inf
    second[row] = min(second[row], error.min(), max(best[row], lowest))
    if lowest < best[row]:
        best[row] = lowest
        node[row] = first + k
