"""Numba by someone who knows it: the closed form in A, all events at once, on all threads.

Threads: as many as the case says.

With G the sum of g^2 and C that of g o over the stations, error = A (A G - 2 C) + O, lowest at
A = C / G; O, the sum of o^2, is the same at every node and stays out of the comparison.

LLVM turns the innermost loops into vector instructions over events, because these lie side by side
in memory, four stations are summed in one pass, and every choice is a select instead of a branch.
Products and sums may be contracted, nothing else of fastmath: infinity marks the nodes that are
masked. What is found is verified without any.

Per node and event: S multiply-adds for S stations, a load for each, and fifteen operations more.
Bound by loads and arithmetic alike.
"""

import math

import numba
import numpy as np

from locator import UNLOCATABLE, settle

# So many events at a time: what they recorded at sixteen stations stays in the first-level cache.
EVENTS_PER_BLOCK = 128
# For so many nodes: their attenuation stays there, too.
NODES_PER_TILE = 32


def numba_closed_form(problem):
    numba.set_num_threads(min(problem.threads, numba.config.NUMBA_NUM_THREADS))
    locations = [UNLOCATABLE] * problem.event_count
    arrays = problem.arrays()
    axes = arrays.x, arrays.y, arrays.z
    amplitudes = problem.amplitudes
    first = amplitudes[0]
    step = amplitudes[1] - first if len(amplitudes) > 1 else 1.0
    grid = first, step, float(len(amplitudes) - 1)
    for group, observed in zip(problem.groups, arrays.observed):
        stations = arrays.stations[group.stations]
        by_station = whole_fours(observed.T)
        parts = search(
            axes, grid, arrays.masked, stations, by_station, problem.decay, problem.threads
        )
        best, second, node = merged(*parts)
        for row, event in enumerate(group.events):
            locations[event] = settle(
                problem, group, row, float(best[row]), float(second[row]), int(node[row])
            )
    return locations


def whole_fours(rows):
    """The same rows, with rows of zeros up to a multiple of four."""
    padded = np.zeros((-(-len(rows) // 4) * 4, rows.shape[1]))
    padded[: len(rows)] = rows
    return padded


def merged(best, second, node):
    """The two best of all parts; of equal scores the first node counts, as parts are in order."""
    part = best.argmin(axis=0)
    columns = np.arange(best.shape[1])
    others = best.copy()
    others[part, columns] = np.inf
    return (
        best[part, columns],
        np.minimum(second.min(axis=0), others.min(axis=0)),
        node[part, columns],
    )


@numba.njit(parallel=True, fastmath={"contract"}, error_model="numpy", cache=True)
def search(axes, grid, masked, stations, observed, decay, parts):
    events = observed.shape[1]
    nodes = len(masked)
    best = np.full((parts, events), np.inf)
    second = np.full((parts, events), np.inf)
    node = np.zeros((parts, events), dtype=np.int64)
    for part in numba.prange(parts):
        first = nodes * part // parts
        last = nodes * (part + 1) // parts
        g = np.zeros((len(observed), NODES_PER_TILE))
        G = np.empty(NODES_PER_TILE)
        C = np.empty(EVENTS_PER_BLOCK)
        for tile in range(first, last, NODES_PER_TILE):
            count = min(NODES_PER_TILE, last - tile)
            attenuate(axes, masked, stations, decay, tile, count, g, G)
            for start in range(0, events, EVENTS_PER_BLOCK):
                end = min(start + EVENTS_PER_BLOCK, events)
                for i in range(count):
                    products(g[:, i], observed, start, end, C)
                    compare(
                        C,
                        G[i],
                        grid,
                        tile + i,
                        best[part, start:end],
                        second[part, start:end],
                        node[part, start:end],
                    )
    return best, second, node


@numba.njit(fastmath={"contract"}, error_model="numpy", cache=True)
def attenuate(axes, masked, stations, decay, first, count, g, G):
    """g = exp(-B r) / r of a tile of nodes, one row per station, and G.

    The calls of exp have a loop of their own: the loops around it become vector instructions.
    """
    xs, ys, zs = axes
    x = np.empty(NODES_PER_TILE)
    y = np.empty(NODES_PER_TILE)
    z = np.empty(NODES_PER_TILE)
    r = np.empty(NODES_PER_TILE)
    for i in range(count):
        row = (first + i) // len(zs)
        x[i] = xs[row // len(ys)]
        y[i] = ys[row % len(ys)]
        z[i] = zs[(first + i) % len(zs)]
        G[i] = 0.0
    for s in range(len(stations)):
        own_x, own_y, own_z = stations[s, 0], stations[s, 1], stations[s, 2]
        for i in range(count):
            dx = x[i] - own_x
            dy = y[i] - own_y
            dz = z[i] - own_z
            r[i] = math.sqrt(dx * dx + dy * dy + dz * dz)
        for i in range(count):
            g[s, i] = math.exp(-decay * r[i])
        for i in range(count):
            g[s, i] /= r[i]
            G[i] += g[s, i] * g[s, i]
    for i in range(count):
        if masked[first + i]:
            g[:, i] = 0.0
            G[i] = np.inf  # and so will be the error


@numba.njit(fastmath={"contract"}, error_model="numpy", cache=True)
def products(g, observed, start, end, C):
    """The sum of g o over the stations, for each event of a block."""
    for s in range(0, len(g), 4):
        g0, g1, g2, g3 = g[s], g[s + 1], g[s + 2], g[s + 3]
        # Slices of rows: of a slice of columns Numba does not know that numbers lie side by side.
        o0 = observed[s, start:end]
        o1 = observed[s + 1, start:end]
        o2 = observed[s + 2, start:end]
        o3 = observed[s + 3, start:end]
        if s == 0:
            for e in range(end - start):
                C[e] = g0 * o0[e] + g1 * o1[e] + g2 * o2[e] + g3 * o3[e]
        else:
            for e in range(end - start):
                C[e] += g0 * o0[e] + g1 * o1[e] + g2 * o2[e] + g3 * o3[e]


@numba.njit(fastmath={"contract"}, error_model="numpy", cache=True)
def compare(C, G, grid, number, best, second, node):
    first, step, last = grid
    steps_per_C = 1.0 / (G * step)
    steps_before = first / step - 0.5  # and half a step, to round to the nearest
    for e in range(len(best)):
        steps = C[e] * steps_per_C - steps_before
        steps = steps if steps > 0.0 else 0.0
        steps = steps if steps < last else last
        A = first + step * np.floor(steps)
        score = A * (A * G - 2.0 * C[e])
        best_before = best[e]
        second_before = second[e]
        node_before = node[e]
        worse = best_before if score < best_before else score
        second[e] = worse if worse < second_before else second_before
        best[e] = score if score < best_before else best_before
        node[e] = number if score < best_before else node_before
