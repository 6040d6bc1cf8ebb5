"""The contract of locator for its Python rungs; locator.hpp is the same for C++.

Runs on CPython 2.7, so that the talk's own loop can; only arrays() and contenders() need NumPy.
"""

import collections
import math

Location = collections.namedtuple("Location", ["index", "error", "per_cent"])
UNLOCATABLE = Location(-1, 0.0, 0.0)

# Events that the same stations recorded: numbers of stations and of events, and for each event
# what these stations observed. Events that cannot be located are in no group: those of fewer than
# three stations, and those with nothing but zeros.
Group = collections.namedtuple("Group", ["stations", "events", "observed"])

EPSILON = 2.0**-52


class Problem(object):
    """Frozen once: every rung takes its numbers from here, so that all see the same bits.

    Nodes, the points of the grid, are numbered as the talk's loops meet them: z fastest, then y,
    then x. A location's index is node * number of amplitudes + amplitude.
    """

    def __init__(self, fields):
        self.x = fields["x"]
        self.y = fields["y"]
        self.z = fields["z"]
        self.amplitudes = fields["amplitudes"]
        self.decay = fields["decay"]
        self.threads = fields["threads"]
        self.masked = fields["masked"]  # nodes on which a station stands: r = 0 divides by zero
        self.names = fields["stations"]
        self.positions = list(zip(fields["station_x"], fields["station_y"], fields["station_z"]))
        self.nodes = len(self.x) * len(self.y) * len(self.z)
        count = len(self.names)
        self.event_count = len(fields["observations"]) // count
        self.recorded = [
            {
                s: fields["observations"][e * count + s]
                for s in range(count)
                if fields["recorded"][e * count + s]
            }
            for e in range(self.event_count)
        ]
        self.groups = groups(self.recorded)
        self.longest_distance = sum(
            max(axis[-1], max(coordinates)) - min(axis[0], min(coordinates))
            for axis, coordinates in zip((self.x, self.y, self.z), zip(*self.positions))
        )
        self._arrays = None

    def point(self, node):
        row, z = divmod(node, len(self.z))
        x, y = divmod(row, len(self.y))
        return self.x[x], self.y[y], self.z[z]

    def arrays(self):
        """The same as NumPy arrays, made at the first call."""
        if self._arrays is None:
            self._arrays = Arrays(self)
        return self._arrays


class Arrays(object):
    def __init__(self, problem):
        import numpy as np

        self.x = np.array(problem.x)
        self.y = np.array(problem.y)
        self.z = np.array(problem.z)
        self.amplitudes = np.array(problem.amplitudes)
        self.stations = np.array(problem.positions)  # one row each
        self.masked = np.zeros(problem.nodes, dtype=bool)
        self.masked[problem.masked] = True
        # Of each group, with one row per event.
        self.observed = [np.array(group.observed) for group in problem.groups]

    def points(self, first, last):
        """Coordinates of the nodes first <= node < last, each as an array."""
        import numpy as np

        shape = len(self.x), len(self.y), len(self.z)
        x, y, z = np.unravel_index(np.arange(first, min(last, self.masked.size)), shape)
        return self.x[x], self.y[y], self.z[z]


def groups(recorded):
    events_of = {}
    for event, observed in enumerate(recorded):
        if len(observed) >= 3 and any(value != 0 for value in observed.values()):
            events_of.setdefault(tuple(sorted(observed)), []).append(event)
    return [
        Group(list(stations), events, [[recorded[e][s] for s in stations] for e in events])
        for stations, events in sorted(events_of.items())
    ]


def make_input(fields):
    return Problem(fields)


def answer(output):
    return [float(number) for location in output for number in (location.index, location.per_cent)]


def distance(got, expected):
    """Infinite if any index differs, else the largest difference of per cent errors.

    Relative to the error, but to no less than 1 %: of a perfect fit only rounding is left, which
    is relative to the observations.
    """
    if len(got) != len(expected) or got[::2] != expected[::2]:
        return float("inf")
    pairs = list(zip(got[1::2], expected[1::2]))
    if any(math.isnan(mine) for mine, _ in pairs):
        return float("inf")
    return max([abs(mine - theirs) / max(theirs, 1.0) for mine, theirs in pairs] or [0.0])


# What a screen needs to become exact: the talk's own expression, and how far rounding reaches.


def talk_error(problem, group, observed, source, amplitude):
    """The error as the talk's innermost loop computes it, bit for bit."""
    x, y, z = source
    error = 0
    for s, observation in zip(group.stations, observed):
        station = problem.positions[s]
        r = math.sqrt(
            math.pow(x - station[0], 2) + math.pow(y - station[1], 2) + math.pow(z - station[2], 2)
        )
        calculated = amplitude * math.exp(-problem.decay * r) / r
        error += math.pow(calculated - observation, 2)
    return error


def rounding(problem, group, power, error):
    """By how much a screen may miss the talk's error, wherever that is no larger than `error`.

    locator.cpp derives it; `power` is the sum of the squared observations.
    """
    roundings = 2 * len(group.stations) + 20 + 8 * problem.decay * problem.longest_distance
    return roundings * EPSILON * 4 * (power + error)


def best_amplitudes(problem, group, observed, source):
    """Numbers of the amplitudes on either side of C / G, clamped to the ends of the grid.

    The error is a parabola in the amplitude with its minimum at C / G: no other is better.
    """
    G = C = 0.0
    for s, observation in zip(group.stations, observed):
        station = problem.positions[s]
        dx, dy, dz = source[0] - station[0], source[1] - station[1], source[2] - station[2]
        r = math.sqrt(dx * dx + dy * dy + dz * dz)
        g = math.exp(-problem.decay * r) / r
        G += g * g
        C += g * observation
    last = len(problem.amplitudes) - 1
    first = problem.amplitudes[0]
    step = problem.amplitudes[1] - first if last > 0 else 1.0
    steps = (C / G - first) / step
    # Rounding may put C / G on the wrong side of an amplitude: this one and both neighbours.
    nearest = int(min(max(steps, 0.0), float(last)) + 0.5)
    return range(max(nearest - 1, 0), min(nearest + 1, last) + 1)


def settle(problem, group, row, best, second, node):
    """The talk's own location of the event in a row of a group.

    Of all nodes, `node` had the best score in the screen, and another one the second best. If that
    is further away than rounding reaches, the node is certain; else all nodes are looked at again.
    A score is an error less a constant.
    """
    observed = group.observed[row]
    power = sum(math.pow(observation, 2) for observation in observed)
    index, error = verified(problem, group, observed, [node])
    reach = rounding(problem, group, power, error)
    if not second - best > 2 * reach:
        nodes = contenders(problem, group, row, error - power + reach)
        index, error = verified(problem, group, observed, nodes)
    return Location(index, error, 100.0 * math.sqrt(error / power))


def verified(problem, group, observed, nodes):
    """Index and error of the first strict minimum of the talk's expression among these nodes."""
    found = -1, float("inf")
    for node in nodes:
        source = problem.point(node)
        for k in best_amplitudes(problem, group, observed, source):
            error = talk_error(problem, group, observed, source, problem.amplitudes[k])
            if error < found[1]:
                found = node * len(problem.amplitudes) + k, error
    return found


def contenders(problem, group, row, limit):
    """The nodes, ascending, where the closed form finds a score within the limit."""
    import numpy as np

    arrays = problem.arrays()
    observed = np.array(group.observed[row])
    stations = arrays.stations[group.stations]
    first = problem.amplitudes[0]
    step = problem.amplitudes[1] - first if len(problem.amplitudes) > 1 else 1.0
    found = []
    chunk = 1 << 16
    for start in range(0, problem.nodes, chunk):
        # Where a station stands on a node, 0 divides; the mask takes the node out.
        with np.errstate(divide="ignore", invalid="ignore"):
            points = arrays.points(start, start + chunk)
            r = np.sqrt(sum((p[:, None] - stations[:, axis]) ** 2 for axis, p in enumerate(points)))
            g = np.exp(-problem.decay * r) / r
            G = (g * g).sum(axis=1)
            C = g.dot(observed)
            steps = np.clip((C / G - first) / step, 0, len(problem.amplitudes) - 1)
            A = first + step * np.floor(steps + 0.5)
            near = A * (A * G - 2 * C) <= limit
        near &= ~arrays.masked[start : start + chunk]
        found.extend((start + np.flatnonzero(near)).tolist())
    return found
