"""The contract of bytecode for its Python rungs; bytecode.hpp is the same for C++."""


class Problem(object):
    """The loop runs n + 1 times and counts from start."""

    def __init__(self, fields):
        self.n = fields["n"]
        self.start = fields["start"]


def make_input(fields):
    return Problem(fields)


def answer(output):
    """The count, which may need more than 64 bits, in two halves."""
    return [float(half) for half in divmod(int(output), 2**32)]


def distance(got, expected):
    if len(got) != len(expected):
        return float("inf")
    return sum(abs(a - b) for a, b in zip(got, expected))
