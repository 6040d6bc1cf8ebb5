"""The contract of arrays for its Python rungs; arrays.hpp is the same for C++."""

# The answer has at most so many numbers down and across.
MOST_BLOCKS = 64


class Problem(object):
    """The start of a field, and memory for its levels: the same in every run, as in C++."""

    def __init__(self, fields):
        self.steps = fields["steps"]
        self.coupling = fields["coupling"]
        self.threads = fields["threads"]
        self.down = fields["down"]
        self.across = fields["across"]
        self.rows = len(self.down)
        self.columns = len(self.across)
        self._kept = {}

    def kept(self, name, make):
        """What make() returned when it was first asked for: of a run, only the first pays."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def lists(self):
        """The start as a list of rows."""
        return self.kept("lists", lambda: [[d * a for a in self.across] for d in self.down])

    def array(self):
        """The start as a NumPy array, one point larger on every side.

        What lies there is right, too: zeros left and right, and above and below a mirror image.
        """
        return self.kept("array", self._array)

    def _array(self):
        import numpy

        start = numpy.zeros((self.rows + 2, self.columns + 2))
        start[1:-1, 1:-1] = numpy.outer(self.down, self.across)
        start[0], start[-1] = start[1], start[-2]
        return start


def make_input(fields):
    return Problem(fields)


def answer(output):
    """Sums of square blocks; output is the last level, as rows of lists or as a NumPy array."""
    rows, columns = len(output), len(output[0])
    block = (max(rows, columns) + MOST_BLOCKS - 1) // MOST_BLOCKS
    tops, lefts = range(0, rows, block), range(0, columns, block)
    if hasattr(output, "dtype"):
        import numpy

        bands = numpy.add.reduceat(output, tops, axis=0)
        return numpy.add.reduceat(bands, lefts, axis=1).ravel().tolist()
    sums = []
    for top in tops:
        band = [sum(column) for column in zip(*output[top : top + block])]
        sums += [float(sum(band[left : left + block])) for left in lefts]
    return sums


def distance(got, expected):
    """The largest difference, relative to the largest number that is expected."""
    if len(got) != len(expected):
        return float("inf")
    largest = max(abs(number) for number in expected)
    differences = [abs(a - b) for a, b in zip(got, expected)]
    if any(difference != difference for difference in differences):
        return float("nan")
    return max(differences) / largest if max(differences) else 0.0
