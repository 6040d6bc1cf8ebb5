"""The contract of temporaries for its Python rungs; temporaries.hpp is the same for C++."""

A, B, SHIFT = 1.25, -0.75, 0.3
COEFFICIENTS = [0.3, -1.1, 0.7, 0.2, -0.4, 0.9, -0.6, 0.5, 0.1]
PX, PY, PZ = 0.9, 1.1, 1.3

PERIOD = 65536
MULTIPLIERS = {"x": 40503, "y": 30011, "z": 52363}
NAMED = {"linear": "xy", "polynomial": "x", "distance": "xyz", "products": "xyz"}
SAMPLES = 32
# Read or written per element: by the operations one after the other, and by one pass over all.
MOVED_BY_OPERATIONS = {"linear": 9, "polynomial": 39, "distance": 20, "products": 16}
MOVED_AT_LEAST = {"linear": 3, "polynomial": 2, "distance": 4, "products": 3}
# Numbers made or added up at a time: at full length, what is between would need more memory than
# the arrays themselves.
CHUNK = 1 << 20


class Problem(object):
    """An expression and its arrays; those that it does not name are None."""

    def __init__(self, fields):
        self.expression = fields["expression"]
        self.length = fields["length"]
        self.start = fields["start"]
        self.threads = fields["threads"]
        self.x, self.y, self.z = (self._array(name) for name in "xyz")
        self._kept = {}

    def kept(self, name, make):
        """What make() returned when it was first asked for: of a run, only the first pays."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def _array(self, name):
        if name not in NAMED[self.expression]:
            return None
        import numpy

        array = numpy.empty(self.length)
        for first in range(0, self.length, CHUNK):
            places = numpy.arange(first, min(first + CHUNK, self.length), dtype=numpy.int64)
            places += self.start
            array[first : first + CHUNK] = 0.5 + places * MULTIPLIERS[name] % PERIOD / float(PERIOD)
        return array


def moved(numbers, problem):
    """What a rung tells of its run beside the answer."""
    return {"moved_bytes": 8.0 * numbers[problem.expression] * problem.length}


def make_input(fields):
    return Problem(fields)


def answer(output):
    """Of an array its length, two sums and some of its numbers; of a reduction the number."""
    if not getattr(output, "shape", ()):
        return [float(output)]
    import numpy

    numbers = numpy.asarray(output)
    size = len(numbers)
    plain = weighted = 0.0
    for first in range(0, size, CHUNK):
        part = numbers[first : first + CHUNK].astype(float)
        places = numpy.arange(first, first + len(part), dtype=numpy.int64)
        plain += float(numpy.sum(part))
        weighted += float(numpy.sum(part * ((1 + places * 37 % 1024) / 1024.0)))
    chosen = [float(numbers[k * (size - 1) // (SAMPLES - 1)]) for k in range(SAMPLES)]
    return [float(size), plain, weighted] + chosen


def distance(got, expected):
    """The largest relative difference; of numbers below 1 the difference itself."""
    if len(got) != len(expected):
        return float("inf")
    off = [abs(g - e) / max(1.0, abs(e)) for g, e in zip(got, expected)]
    return float("nan") if any(each != each for each in off) else max(off)
