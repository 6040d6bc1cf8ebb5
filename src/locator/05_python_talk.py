"""The talk's loop as it stands: dictionaries, math.pow, math.exp, one source after the other.

It runs without NumPy: what range() and np.arange() would give is in the problem. Stations that
recorded nothing of an event, and nodes on which a station stands, are left out.

Per station evaluation: two look-ups, four calls of pow, a square root, an exponential and a
division, each between boxed numbers. Bound by the interpreter.
"""

import collections
import math

from locator import UNLOCATABLE, Location


def python_talk(problem):
    locations = [UNLOCATABLE] * problem.event_count
    for group in problem.groups:
        stations = collections.OrderedDict(
            (problem.names[s], problem.positions[s]) for s in group.stations
        )
        for number, observed in zip(group.events, group.observed):
            event = dict(zip(stations, observed))
            locations[number] = locate(problem, event, stations)
    return locations


def locate(problem, event, stations):
    B = problem.decay
    masked = frozenset(problem.masked)
    min_err = float("inf")
    loc = None
    node = -1
    for x in problem.x:
        for y in problem.y:
            for z in problem.z:
                node += 1
                if node in masked:
                    continue
                for k, A in enumerate(problem.amplitudes):
                    err_accum = 0
                    for s_k, s_v in stations.items():
                        r = math.sqrt(
                            math.pow(x - s_v[0], 2)
                            + math.pow(y - s_v[1], 2)
                            + math.pow(z - s_v[2], 2)
                        )
                        A_calc = A * math.exp(-B * r) / r
                        err_accum += math.pow(A_calc - event[s_k], 2)
                    if err_accum < min_err:
                        min_err = err_accum
                        loc = node * len(problem.amplitudes) + k
    A_obs = sum([math.pow(event[s], 2) for s in stations])
    return Location(loc, min_err, 100.0 * math.sqrt(min_err / A_obs))
