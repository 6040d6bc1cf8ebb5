"""The contract of bytecode for its Python rungs; bytecode.hpp is the same for C++."""

import collections

# The loop runs n + 1 times and counts from start.
Problem = collections.namedtuple("Problem", ["n", "start"])


def make_input(fields):
    return Problem(fields["n"], fields["start"])


def answer(output):
    """The count, which may need more than 64 bits, in two halves."""
    return [float(half) for half in divmod(int(output), 2**32)]


def distance(got, expected):
    if len(got) != len(expected):
        return float("inf")
    return sum(abs(a - b) for a, b in zip(got, expected))
