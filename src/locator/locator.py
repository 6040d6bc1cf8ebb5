"""The contract of locator for its Python rungs; locator.hpp is the same for C++.

Runs on CPython 2.7, so that the talk's own loop can; only arrays() and contenders() need NumPy.
"""

import bisect
import collections
import math

Location = collections.namedtuple("Location", ["index", "error", "per_cent"])
UNLOCATABLE = Location(-1, 0.0, 0.0)

# Events that the same stations recorded: numbers of stations and of events, and for each event
# what these stations observed. Events that cannot be located are in no group: those of fewer than
# three stations, and those with nothing but zeros.
Group = collections.namedtuple("Group", ["stations", "events", "observed"])

EPSILON = 2.0**-52

# What the arithmetic of all rungs carries. limits.hpp derives these numbers; a test compares.
MOST_COORDINATE = 1e10
MOST_DECAY = 300.0
LEAST_LENGTH = 1e-60
MOST_LENGTH = 1e60
LEAST_AMPLITUDE = 1e-60
MOST_AMPLITUDE = 1e60
UNEVEN = 8 * EPSILON
MOST_STATIONS = 1e5
MOST_AMPLITUDES = 2.0**31 - 1
MOST_SOURCES = 2.0**53


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
        self.masked = fields["masked"]  # nodes below stations (grid.hpp): these are no sources
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
        require_limits(self)
        self.amplitude_step = 1.0
        if len(self.amplitudes) > 1:
            span = self.amplitudes[-1] - self.amplitudes[0]
            self.amplitude_step = span / (len(self.amplitudes) - 1)
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


def require_limits(problem):
    """Raises ValueError, in one sentence, for what is beyond the limits."""
    for excess in excesses(problem):
        raise ValueError("%s: expected %s, got %r" % excess)


def excesses(problem):
    """What is beyond the limits: names of parts of the problem, what was expected, what came."""
    amplitudes = problem.amplitudes
    axes = problem.x, problem.y, problem.z
    for name, numbers in zip(("x", "y", "z", "amplitudes"), axes + (amplitudes,)):
        if not numbers:
            yield name, "at least one number", numbers
        for before, number in zip(numbers, numbers[1:]):
            if not before < number:
                yield name, "numbers that ascend", number
    if len(amplitudes) > MOST_AMPLITUDES or problem.nodes * len(amplitudes) >= MOST_SOURCES:
        yield "x, y, z", "fewer nodes times amplitudes", problem.nodes * len(amplitudes)
    if not 0 < len(problem.positions) <= MOST_STATIONS:
        yield "stations", "at least one and no more than %g" % MOST_STATIONS, len(problem.positions)
    for name, numbers in zip(
        ("x", "y", "z", "stations"), axes + ([c for p in problem.positions for c in p],)
    ):
        for number in numbers:
            if not abs(number) <= MOST_COORDINATE:
                yield name, "coordinates up to %g m either way" % MOST_COORDINATE, number
    for number in amplitudes:
        if not (number == 0 or LEAST_AMPLITUDE <= number <= MOST_AMPLITUDE):
            yield "amplitudes", "0 or %g to %g" % (LEAST_AMPLITUDE, MOST_AMPLITUDE), number
    step = (amplitudes[-1] - amplitudes[0]) / max(len(amplitudes) - 1, 1)
    for k, number in enumerate(amplitudes):
        if not abs(number - (amplitudes[0] + k * step)) <= UNEVEN * number:
            yield "amplitudes", "numbers evenly spaced but for rounding", number
    decayed = problem.decay * farthest_station(problem)
    if not (0 <= problem.decay < float("inf") and decayed <= MOST_DECAY):
        yield "decay", "0 to %g over the longest distance" % MOST_DECAY, decayed
    if len(problem.masked) >= problem.nodes:
        yield "x, y, z", "a grid with nodes where no station stands", "none"
    for observed in problem.recorded:
        for number in observed.values():
            if not 0 <= number < float("inf"):
                yield "observed", "finite numbers, none below 0", number
        power = 0.0
        for _, number in sorted(observed.items()):
            power += number * number
        silent = all(number == 0 for number in observed.values())
        if len(observed) < 3 or silent:
            continue  # that cannot be located, and no limits apply
        if not LEAST_LENGTH * LEAST_LENGTH <= power <= MOST_LENGTH * MOST_LENGTH:
            yield "observed", "a length from %g to %g" % (LEAST_LENGTH, MOST_LENGTH), power**0.5


def farthest_station(problem):
    """No station is farther from a node, in metres."""
    longest = 0.0
    for position in problem.positions:
        square = 0.0
        for axis, at in zip((problem.x, problem.y, problem.z), position):
            reach = max(abs(axis[0] - at), abs(axis[-1] - at))
            square += reach * reach
        longest = max(longest, math.sqrt(square))
    return longest


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


def rounding_share(problem, group):
    """By which share of O + error a screen may miss the talk's error, if neither is above `error`.

    locator.cpp derives it; O is the sum of the squared observations.
    """
    roundings = 2 * len(group.stations) + 20 + 8 * problem.decay * problem.longest_distance
    return 4 * (roundings * EPSILON + 3 * UNEVEN)


def best_amplitudes(problem, G, C, power, share):
    """Numbers of the amplitudes that rounding cannot tell from the best one.

    The error is a parabola in the amplitude, lowest at C / G; locator.cpp says how far to follow it
    where it is flat.
    """
    amplitudes = problem.amplitudes

    def error(k):
        return amplitudes[k] * (amplitudes[k] * G - 2 * C) + power

    last = len(amplitudes) - 1
    above = bisect.bisect_right(amplitudes, C / G)
    low, high = min(max(above - 1, 0), last), min(above, last)
    least = min(error(low), error(high))
    reach = share * (power + least)
    while low > 0 and error(low) <= least + 4 * reach:
        low -= 1
    while high < last and error(high) <= least + 4 * reach:
        high += 1
    within = least + 2 * reach
    return [k for k in range(low, high + 1) if error(k) <= within]


def settle(problem, group, row, best, second, node):
    """The talk's own location of the event in a row of a group.

    Of all nodes, `node` had the best score in the screen, and another one the second best. If that
    is further away than rounding reaches, the node is certain; else all nodes are looked at again.
    A score is an error less a constant.
    """
    observed = group.observed[row]
    power = sum(math.pow(observation, 2) for observation in observed)
    index, error = verified(problem, group, observed, power, [node])
    reach = rounding_share(problem, group) * (power + error)
    if not second - best > 2 * reach:
        nodes = contenders(problem, group, row, error - power + reach)
        index, error = verified(problem, group, observed, power, nodes)
    return Location(index, error, 100.0 * math.sqrt(error / power))


def verified(problem, group, observed, power, nodes):
    """Index and error of the first strict minimum of the talk's expression among these nodes."""
    found = -1, float("inf")
    share = rounding_share(problem, group)
    for node in nodes:
        source = problem.point(node)
        G, C = products(problem, group, observed, source)
        for k in best_amplitudes(problem, G, C, power, share):
            error = talk_error(problem, group, observed, source, problem.amplitudes[k])
            if error < found[1]:
                found = node * len(problem.amplitudes) + k, error
    return found


def products(problem, group, observed, source):
    """The sums of g * g and of g * o over the stations."""
    G = C = 0.0
    for s, observation in zip(group.stations, observed):
        station = problem.positions[s]
        dx, dy, dz = source[0] - station[0], source[1] - station[1], source[2] - station[2]
        r = math.sqrt(dx * dx + dy * dy + dz * dz)
        g = math.exp(-problem.decay * r) / r
        G += g * g
        C += g * observation
    return G, C


def contenders(problem, group, row, limit):
    """The nodes, ascending, where the closed form finds a score within the limit."""
    import numpy as np

    arrays = problem.arrays()
    observed = np.array(group.observed[row])
    stations = arrays.stations[group.stations]
    first, step = problem.amplitudes[0], problem.amplitude_step
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
