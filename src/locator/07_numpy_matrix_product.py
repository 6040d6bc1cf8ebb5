"""NumPy, thinking first: the closed form in A leaves one matrix product for all events at once.

With G the sum of g^2 and C that of g o over the stations, error = A (A G - 2 C) + O, lowest at
A = C / G; O, the sum of o^2, is the same at every node and stays out of the comparison.

Per node and event: S multiply-adds for S stations in the matrix product, then a dozen operations,
each a pass of its own that loads an array and stores one. Bound by these passes.
"""

import os

# NumPy has no other way to say that a rung on one thread means one thread.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import numpy as np

from locator import UNLOCATABLE, settle

# Each array of nodes x events has so many numbers at most: larger ones leave the cache, and on a
# large grid the memory.
NUMBERS_PER_CHUNK = 1 << 16


def numpy_matrix_product(problem):
    locations = [UNLOCATABLE] * problem.event_count
    arrays = problem.arrays()
    for group, observed in zip(problem.groups, arrays.observed):
        stations = arrays.stations[group.stations]
        rows = np.arange(len(group.events))
        best = np.full(len(group.events), np.inf)
        second = best.copy()
        node = np.zeros(len(group.events), dtype=np.int64)
        chunk = max(16, NUMBERS_PER_CHUNK // len(group.events))
        for first in range(0, problem.nodes, chunk):
            score = scores(problem, stations, observed, first, first + chunk)
            k = score.argmin(axis=1)
            lowest = score[rows, k]
            score[rows, k] = np.inf
            second = np.minimum(np.minimum(second, score.min(axis=1)), np.maximum(best, lowest))
            node = np.where(lowest < best, first + k, node)
            best = np.minimum(best, lowest)
        for row, event in enumerate(group.events):
            locations[event] = settle(
                problem, group, row, float(best[row]), float(second[row]), int(node[row])
            )
    return locations


def scores(problem, stations, observed, first, last):
    """Errors less O at the best amplitude of each node: one row per event, one column per node."""
    amplitudes = problem.amplitudes
    start = amplitudes[0]
    step = problem.amplitude_step
    g = attenuation(problem, stations, first, last)
    G = (g * g).sum(axis=0)
    C = observed.dot(g)
    steps = (C / G - start) / step
    A = start + step * np.floor(np.clip(steps, 0, len(amplitudes) - 1) + 0.5)
    score = A * (A * G - 2 * C)
    score[:, problem.arrays().masked[first:last]] = np.inf
    return score


def attenuation(problem, stations, first, last):
    """exp(-B r) / r: one row per station, one column per node."""
    points = np.stack(problem.arrays().points(first, last))
    r = np.sqrt(((points[None, :, :] - stations[:, :, None]) ** 2).sum(axis=1))
    # Where a station stands on a node any number will do: the node is masked.
    r[r == 0] = 1
    return np.exp(-problem.decay * r) / r
