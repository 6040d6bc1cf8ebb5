"""How sure a median over rounds is: bootstrap intervals, and the words for what they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

import numpy as np

LEVEL = 0.95
RESAMPLES = 5_000
SEED = 20180202
# A resample of two values has three outcomes: that is no distribution to take percentiles of.
FEWEST_ROUNDS = 3
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


def median_interval(values: Sequence[float]) -> Interval:
    """The median of the rounds, with its bootstrap percentile interval."""
    return _median_interval(tuple(values))


def ratio_interval(of: Mapping[int, float], over: Mapping[int, float]) -> Interval:
    """median(of) / median(over), of times by round.

    Of the rounds that both were in, each is drawn with both of its times: what the machine did to
    one it did, for the most part, to the other.
    """
    return _ratio_interval(_series(of), _series(over))


def difference_interval(of: Mapping[int, float], less: Mapping[int, float]) -> Interval:
    """median(of) - median(less), of times by round that are drawn as for a ratio."""
    resampled = np.subtract(*_resampled(of, less))
    return _interval(_median(of, less) - _median(less, of), resampled)


def resampled_ratios(of: Mapping[int, float], over: Mapping[int, float]) -> np.ndarray:
    """Ratios of medians, rounds drawn again and again, the same ones by every call."""
    return np.divide(*_resampled(of, over))


def compared_rounds(of: Mapping[int, float], other: Mapping[int, float]) -> list[int]:
    """The rounds of `of` that count beside `other`: those of both, or all if those are too few."""
    common = sorted(of.keys() & other.keys())
    return common if len(common) >= FEWEST_ROUNDS else sorted(of)


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
    return _interval(median(values), _medians(values, stream=0))


@lru_cache(maxsize=10_000)
def _ratio_interval(of: tuple, over: tuple) -> Interval:
    sides = dict(of), dict(over)
    return _interval(_median(*sides) / _median(*sides[::-1]), np.divide(*_resampled(*sides)))


def _series(rounds: Mapping[int, float]) -> tuple:
    return tuple(sorted(rounds.items()))


def _median(of: Mapping[int, float], other: Mapping[int, float]) -> float:
    return median(of[number] for number in compared_rounds(of, other))


def _resampled(of: Mapping[int, float], over: Mapping[int, float]) -> tuple[np.ndarray, np.ndarray]:
    rounds = compared_rounds(of, over), compared_rounds(over, of)
    together = rounds[0] == rounds[1]
    return (
        _medians([of[number] for number in rounds[0]], stream=0),
        _medians([over[number] for number in rounds[1]], stream=0 if together else 1),
    )


def _interval(value: float, resampled: np.ndarray) -> Interval:
    tail = 50.0 * (1.0 - LEVEL)
    low, high = np.percentile(resampled, [tail, 100.0 - tail])
    return Interval(value, float(low), float(high))


def _medians(values: Sequence[float], stream: int) -> np.ndarray:
    drawn = np.sort(np.asarray(values, dtype=float)[_draws(len(values), stream)], axis=1)
    middle = len(values) // 2
    return drawn[:, middle] if len(values) % 2 else drawn[:, middle - 1 : middle + 1].mean(axis=1)


@lru_cache(maxsize=64)
def _draws(count: int, stream: int) -> np.ndarray:
    """Which rounds each resample takes: the same for every caller, so that results repeat."""
    generator = np.random.default_rng([SEED, stream, count])
    return generator.integers(0, count, (RESAMPLES, count))
