"""Numba by someone who knows it: the closed form in A, all events at once, on all threads.

Threads: as many as the case says.

With G the sum of g^2 and C that of g o over the stations, error = A (A G - 2 C) + O, lowest at
A = C / G; O, the sum of o^2, is the same at every node and stays out of the comparison.

LLVM turns the innermost loops into vector instructions over events, because these lie side by side
in memory and every choice is a select instead of a branch. One pass sums four stations for two
nodes, so that each load of an observation serves twice. Rows begin where cache lines do: NumPy's
memory and Numba's begin anywhere, and a vector in two lines costs two loads. Products and sums may
be contracted, nothing else of fastmath: infinity marks the nodes that are masked. What is found is
verified without any.

Per node and event: S multiply-adds for S stations, a load for every two, and thirteen operations
more. Bound by arithmetic.
"""

import math

import numba
import numpy as np

from locator import UNLOCATABLE, settle

# So many events at a time: what they recorded at sixteen stations stays in the first-level cache.
EVENTS_PER_BLOCK = 128
# For so many nodes, an even number: their attenuation stays there, too.
NODES_PER_TILE = 32
DOUBLES_PER_LINE = 8


def numba_closed_form(problem):
    numba.set_num_threads(min(problem.threads, numba.config.NUMBA_NUM_THREADS))
    locations = [UNLOCATABLE] * problem.event_count
    arrays = problem.arrays()
    axes = arrays.x, arrays.y, arrays.z
    amplitudes = problem.amplitudes
    first = amplitudes[0]
    grid = first, problem.amplitude_step, float(len(amplitudes) - 1)
    for group, observed in zip(problem.groups, arrays.observed):
        stations = arrays.stations[group.stations]
        # With rows of zeros up to a multiple of four.
        by_station = zeros(-(-len(stations) // 4) * 4, len(observed))
        by_station[: len(stations), : len(observed)] = observed.T
        parts = search(
            axes, grid, arrays.masked, stations, by_station, problem.decay, problem.threads
        )
        best, second, node = merged(*parts)
        for row, event in enumerate(group.events):
            locations[event] = settle(
                problem, group, row, float(best[row]), float(second[row]), int(node[row])
            )
    return locations


@numba.njit(cache=True)
def zeros(rows, columns):
    """Each row begins with a cache line and ends with one, so it may be longer than asked for."""
    columns = -(-columns // DOUBLES_PER_LINE) * DOUBLES_PER_LINE
    memory = np.zeros(rows * columns + DOUBLES_PER_LINE)
    start = -(memory.ctypes.data // memory.itemsize) % DOUBLES_PER_LINE
    return memory[start : start + rows * columns].reshape(rows, columns)


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
    best = zeros(parts, events)
    second = zeros(parts, events)
    node = zeros(parts, events)  # as doubles, like the scores they are chosen with
    for part in numba.prange(parts):
        first = nodes * part // parts
        last = nodes * (part + 1) // parts
        best[part] = np.inf
        second[part] = np.inf
        g = np.zeros((len(observed), NODES_PER_TILE))
        G = np.empty(NODES_PER_TILE)
        C = zeros(2, EVENTS_PER_BLOCK)
        for tile in range(first, last, NODES_PER_TILE):
            count = min(NODES_PER_TILE, last - tile)
            attenuate(axes, masked, stations, decay, tile, count, g, G)
            for start in range(0, events, EVENTS_PER_BLOCK):
                end = min(start + EVENTS_PER_BLOCK, events)
                for i in range(0, count, 2):
                    products(g[:, i], g[:, i + 1], observed, start, end, C[0], C[1])
                    compare(
                        C[0],
                        C[1],
                        G[i],
                        G[i + 1],
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
    # Past the end, too: an odd number of nodes leaves the last one without a second.
    for i in range(NODES_PER_TILE):
        if i >= count or masked[first + i]:
            g[:, i] = 0.0
            G[i] = np.inf  # and so will be the error


@numba.njit(fastmath={"contract"}, error_model="numpy", cache=True)
def products(g, h, observed, start, end, C, D):
    """The sums of g o and of h o over the stations, for each event of a block."""
    for s in range(0, len(g), 4):
        g0, g1, g2, g3 = g[s], g[s + 1], g[s + 2], g[s + 3]
        h0, h1, h2, h3 = h[s], h[s + 1], h[s + 2], h[s + 3]
        # Slices of rows: of a slice of columns Numba does not know that numbers lie side by side.
        o0 = observed[s, start:end]
        o1 = observed[s + 1, start:end]
        o2 = observed[s + 2, start:end]
        o3 = observed[s + 3, start:end]
        # Both sums before either is stored: for all LLVM knows, a store changes what was observed.
        if s == 0:
            for e in range(end - start):
                c = g0 * o0[e] + g1 * o1[e] + g2 * o2[e] + g3 * o3[e]
                d = h0 * o0[e] + h1 * o1[e] + h2 * o2[e] + h3 * o3[e]
                C[e], D[e] = c, d
        else:
            for e in range(end - start):
                c = C[e] + g0 * o0[e] + g1 * o1[e] + g2 * o2[e] + g3 * o3[e]
                d = D[e] + h0 * o0[e] + h1 * o1[e] + h2 * o2[e] + h3 * o3[e]
                C[e], D[e] = c, d


@numba.njit(fastmath={"contract"}, error_model="numpy", cache=True)
def compare(C, D, G, H, grid, number, best, second, node):
    """Two nodes in turn, the second one with D and H, against the two best so far."""
    first, step, last = grid
    steps_per_C = 1.0 / (G * step)
    steps_per_D = 1.0 / (H * step)
    for e in range(len(best)):
        one = score(C[e], G, steps_per_C, grid)
        two = score(D[e], H, steps_per_D, grid)
        low, low_but_one, at = better(one, number, best[e], second[e], node[e])
        best[e], second[e], node[e] = better(two, number + 1, low, low_but_one, at)


@numba.njit(fastmath={"contract"}, error_model="numpy", cache=True)
def score(C, G, steps_per_C, grid):
    first, step, last = grid
    steps = C * steps_per_C - (first / step - 0.5)  # half a step, to round to the nearest
    steps = steps if steps > 0.0 else 0.0
    steps = steps if steps < last else last
    A = first + step * np.floor(steps)
    return A * (A * G - 2.0 * C)


@numba.njit(fastmath={"contract"}, error_model="numpy", cache=True)
def better(score, number, best, second, node):
    """The two best of three scores, and the node of the best."""
    worse = best if score < best else score
    return (
        score if score < best else best,
        worse if worse < second else second,
        number if score < best else node,
    )
