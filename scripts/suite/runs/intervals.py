"""How sure a median over rounds is: intervals of order statistics, and words for what they show.

The median of what the rounds are drawn from lies between the least and the most of n rounds unless
all n fell on one side of it: with a probability of 1 - 2 / 2^n, whatever they are drawn from. So
intervals take rounds as they are, in their order, and hold what they promise without a model of the
noise. tests/scripts/runs/test_coverage.py simulates how often.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from statistics import median

LEVEL = 0.95
# Five rounds all fall on one side of the median in one of 16 cases: that is more than one of 20.
FEWEST_ROUNDS = 6
# Two runs of one binary differ by less than this, whatever a test for significance says.
NOISE_FLOOR = 0.01


@dataclass(frozen=True)
class Interval:
    """A value and where it may lie."""

    value: float
    low: float
    high: float

    @property
    def separated(self) -> bool:
        """For a ratio: the interval excludes 1."""
        return not self.low <= 1.0 <= self.high


def ends(interval: Interval | None) -> tuple:
    """Its three numbers, for a table; nothing where there is none."""
    return (None,) * 3 if interval is None else (interval.value, interval.low, interval.high)


def median_interval(values: Sequence[float]) -> Interval:
    """The median of the rounds, and the order statistics between which it lies."""
    return _median_interval(tuple(values))


def ratio_interval(of: Mapping[int, float], over: Mapping[int, float]) -> Interval:
    """of / over, of times by round: the median of the ratios of each round that both were in.

    What the machine did to one of a round it did, for the most part, to the other.
    """
    return _ratio_interval(_series(of), _series(over))


def difference_interval(of: Mapping[int, float], less: Mapping[int, float]) -> Interval:
    """of - less, of times by round that are paired as for a ratio."""
    return median_interval([a - b for a, b in _pairs(of, less)])


def common_rounds(of: Mapping[int, float], other: Mapping[int, float]) -> list[int]:
    """The rounds that count where two series are compared."""
    return sorted(of.keys() & other.keys())


def enough(of: Mapping[int, float], other: Mapping[int, float]) -> bool:
    """Whether two series have rounds enough in common for an interval of their ratio."""
    return len(common_rounds(of, other)) >= FEWEST_ROUNDS


def level(rounds: int) -> float:
    """How often the interval of so many rounds holds the median, at least."""
    return 1.0 - 2.0 * _tail(rounds, _left_out(rounds)) if rounds else 0.0


def word(ratio: Interval, noise: float = NOISE_FLOOR) -> str:
    """What a ratio time / base time shows: faster, slower, within noise or not separated.

    Different needs both: an interval that excludes 1 and an effect beyond the noise floor.
    """
    quiet = 1.0 / (1.0 + noise), 1.0 + noise
    if ratio.separated and not quiet[0] <= ratio.value <= quiet[1]:
        return "faster" if ratio.value < 1.0 else "slower"
    if quiet[0] <= ratio.low and ratio.high <= quiet[1]:
        return "within noise"
    return "within noise" if ratio.separated else "not separated"


# Verdicts, charts and tables ask for the same intervals again and again.
@lru_cache(maxsize=10_000)
def _median_interval(values: tuple) -> Interval:
    ordered, left_out = sorted(values), _left_out(len(values))
    return Interval(median(ordered), ordered[left_out], ordered[-1 - left_out])


@lru_cache(maxsize=10_000)
def _ratio_interval(of: tuple, over: tuple) -> Interval:
    """By logarithms, so that the ratio the other way round is its reciprocal."""
    ratios = [a / b for a, b in _pairs(dict(of), dict(over))]
    ordered = sorted(ratios)
    interval = median_interval(ordered)
    below, above = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return Interval(below * math.sqrt(above / below), interval.low, interval.high)


def _series(rounds: Mapping[int, float]) -> tuple:
    return tuple(sorted(rounds.items()))


def _pairs(of: Mapping[int, float], other: Mapping[int, float]) -> list[tuple[float, float]]:
    """Two of each round; where no round has two, each with each: a value, but not `enough`."""
    rounds = common_rounds(of, other)
    if not rounds:
        return list(product(of.values(), other.values()))
    return [(of[number], other[number]) for number in rounds]


@lru_cache(maxsize=1_000)
def _left_out(rounds: int) -> int:
    """How many of the least rounds, and of the most, an interval can do without."""
    left_out = 0
    while _tail(rounds, left_out + 1) <= 0.5 * (1.0 - LEVEL):
        left_out += 1
    return left_out


def _tail(rounds: int, left_out: int) -> float:
    """How probable it is that at most so many rounds fall below the median."""
    return sum(math.comb(rounds, below) for below in range(left_out + 1)) / 2**rounds
