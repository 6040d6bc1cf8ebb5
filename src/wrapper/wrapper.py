"""The contract of wrapper for its Python rungs; wrapper.hpp is the same for C++.

Also says where the compiled modules are that some rungs import, and why one of them is not there.
"""

import array
import math
import os
import sys

BUILT = os.path.join(
    os.path.dirname(os.path.abspath(__file__)),
    *(os.pardir, os.pardir, "build", os.environ.get("PRESET", "release"), "wrapper"),
)


class Problem(object):
    """All that a call is given lies ready: making it is no part of the call."""

    def __init__(self, fields):
        self.argument = fields["argument"]
        self.batch = fields["batch"]
        self.calls = fields["calls"]
        self.numbers = fields["numbers"]
        starts = range(0, self.calls * self.batch, self.batch)
        # Those of each call. A list holds objects, each with a number in it; an array holds
        # numbers, side by side.
        self.lists = [self.numbers[start : start + self.batch] for start in starts]
        self.arrays = [array.array("d", numbers) for numbers in self.lists]
        self.views = numpy_arrays(self.lists) or self.arrays


def numpy_arrays(lists):
    """What most programs have their numbers in; None where there is no NumPy."""
    try:
        import numpy as np
    except ImportError:
        return None
    return [np.array(numbers) for numbers in lists]


def make_input(fields):
    return Problem(fields)


def answer(output):
    return list(output)


def distance(got, expected):
    if len(got) != len(expected):
        return float("inf")
    worst = max([abs(a - b) / max(abs(b), 1.0) for a, b in zip(got, expected)] or [0.0])
    return float("inf") if any(math.isnan(each) for each in got) else worst


# Compiled modules


class NotBuilt(object):
    """The last to be asked for a module: for one of ours it knows why nobody else has found it."""

    def find_spec(self, name, path=None, target=None):
        if name.startswith("border_"):
            raise ImportError(reason_for_lack(name))


def reason_for_lack(name):
    try:
        with open(os.path.join(BUILT, "reasons.txt")) as lines:
            reasons = dict(line.rstrip("\n").split(": ", 1) for line in lines)
    except EnvironmentError:
        return "nothing is built in %s" % os.path.relpath(BUILT)
    return reasons.get(name, "it is built for another interpreter, not for this one")


if BUILT not in sys.path:
    sys.path.append(BUILT)
    if sys.version_info[0] > 2:  # CPython 2.7 would ask it first
        sys.meta_path.append(NotBuilt())
