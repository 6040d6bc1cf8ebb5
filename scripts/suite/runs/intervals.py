"""How sure a median over rounds is: intervals of order statistics, and words for what they show.

The median of what the rounds are drawn from lies between the least and the most of n rounds unless
all n fell on one side of it: with a probability of 1 - 2 / 2^n, whatever they are drawn from. So
intervals take rounds as they are, in their order, and hold what they promise without a model of the
noise. tests/scripts/runs/test_coverage.py simulates how often.

Rounds of two machines have nothing in common, so none belongs to a certain one of the other
machine. There each is held against each: had both the same distribution but for a factor, the
ranks of the factors between all pairs would be known, whatever that distribution is (Hodges and
Lehmann's interval, from the test of Mann and Whitney).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from statistics import NormalDist, median

LEVEL = 0.95
# Five rounds all fall on one side of the median in one of 16 cases: that is more than one of 20.
FEWEST_ROUNDS = 6
# Two runs of one binary differ by less than this, whatever a test for significance says. Of a
# machine that was held against itself it is known better: noise_floor().
NOISE_FLOOR = 0.01
# Two machines are compared in hundreds of rows: at 95 % five of a hundred would differ by chance.
UNPAIRED_LEVEL = 0.99
# On each side; of five and five the pairs lie all on one side of the truth once in 126 cases.
FEWEST_UNPAIRED = 5
MOST_COUNTED = 2500  # pairs; the ranks of more are as good as normally distributed


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


def unpaired_ratio_interval(of: Sequence[float], over: Sequence[float]) -> Interval:
    """of / over, of times whose rounds have nothing to do with each other: on two machines, say.

    The median of all ratios of one to another, and the order statistics of these between which the
    true one lies at UNPAIRED_LEVEL; fewer rounds than `enough_unpaired` hold less than that.
    """
    ratios = sorted(a / b for a, b in product(of, over))
    left_out = _left_out_of_pairs(len(of), len(over))
    below, above = ratios[(len(ratios) - 1) // 2], ratios[len(ratios) // 2]
    middle = below * math.sqrt(above / below)
    return Interval(middle, ratios[left_out], ratios[-1 - left_out])


def enough_unpaired(of: Sequence[float], over: Sequence[float]) -> bool:
    """Whether an interval of their ratio holds what it promises."""
    return min(len(of), len(over)) >= FEWEST_UNPAIRED


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
    if ratio.separated and not within_noise(ratio.value, noise):
        return "faster" if ratio.value < 1.0 else "slower"
    if within_noise(ratio.low, noise) and within_noise(ratio.high, noise):
        return "within noise"
    return "within noise" if ratio.separated else "not separated"


def noise_floor(*machines: dict) -> float:
    """By how much times differ for no reason on the noisiest of these, by their passports."""
    return max(m["noise"]["floor"] if "noise" in m else NOISE_FLOOR for m in machines)


def within_noise(ratio: float, noise: float = NOISE_FLOOR) -> bool:
    """Whether times of this ratio are the same for all that the machine can tell."""
    return 1.0 / (1.0 + noise) <= ratio <= 1.0 + noise


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


@lru_cache(maxsize=1_000)
def _left_out_of_pairs(of: int, over: int) -> int:
    """How many of the least ratios of pairs, and of the most, an interval can do without."""
    if of * over > MOST_COUNTED:
        spread = math.sqrt(of * over * (of + over + 1) / 12)
        return int(0.5 * (of * over) + NormalDist().inv_cdf(0.5 - 0.5 * UNPAIRED_LEVEL) * spread)
    tail, orders = 0, math.comb(of + over, of)
    for left_out, count in enumerate(_orders_by_pairs(of, over)):
        tail += count
        if 2 * tail > (1.0 - UNPAIRED_LEVEL) * orders:
            return max(left_out - 1, 0)
    return 0


def _orders_by_pairs(of: int, over: int) -> list[int]:
    """Of all orders in which the rounds of two sides may come, by the number of pairs in which the
    second one comes first: the coefficients of Gauss's binomial."""
    orders = [1] + [0] * (of * over)
    for grown in range(1, of + 1):
        for at in range(len(orders) - 1, over + grown - 1, -1):
            orders[at] -= orders[at - over - grown]
        for at in range(grown, len(orders)):
            orders[at] += orders[at - grown]
    return orders
