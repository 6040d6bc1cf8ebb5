"""Machines side by side: what one is faster at than another, by how much, and how sure that is.

Only like is held against like. Different means that the interval of a ratio excludes 1 and that the
effect is beyond noise: that of either machine with itself, and what chance makes of so many rows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, median

from ..runs.intervals import (
    NOISE_FLOOR,
    UNPAIRED_LEVEL,
    Interval,
    enough_unpaired,
    unpaired_ratio_interval,
    word,
)
from ..runs.quantities import plural
from ..runs.timings import CPP, Timing, Timings
from .doubts import drifts

FASTER, SLOWER, WITHIN, OPEN, NOT_COMPARABLE = WORDS = (
    "faster",
    "slower",
    "within noise",
    "not separated",
    "not comparable",
)
ON_ONE_ALONE = "measured on one alone"
# From the middle half of what is normally distributed to its standard deviation.
SPREAD_OF_MIDDLE = 1 / NormalDist().inv_cdf(0.75)
SIGMAS = NormalDist().inv_cdf(0.5 + 0.5 * UNPAIRED_LEVEL)  # half as wide is an interval


@dataclass(frozen=True)
class Compared:
    """One row of a machine beside the same row of another; `ratio` is time / time of the base."""

    base: Timing | None
    other: Timing | None
    ratio: Interval | None
    word: str
    why: str = ""  # not comparable, or not separated

    @property
    def row(self) -> Timing:
        found = self.base or self.other
        assert found, "a row is measured somewhere"
        return found

    @property
    def error(self) -> float:
        """Standard error of the logarithm of the ratio; 0 where rounds are too few to tell."""
        return 0.0 if self.why or not (self.base and self.other) else _error(self.base, self.other)

    @property
    def speed(self) -> Interval:
        """How many times as fast as the base."""
        assert self.ratio, "only what was compared is faster or slower"
        return inverse(self.ratio)


@dataclass(frozen=True)
class Mean:
    """The geometric mean of how many times as fast as the base, over the rows that both have."""

    speed: Interval  # as if all rows erred in the same way, as those of one run may
    rows: list[Compared]  # the slowest beside the base first

    @property
    def least(self) -> Compared:
        return self.rows[0]

    @property
    def most(self) -> Compared:
        return self.rows[-1]


@dataclass(frozen=True)
class Beside:
    """One machine beside the base."""

    base: Timings
    other: Timings
    floors: tuple[float, float]  # of the base and of the other, each with itself
    chance: float  # what equal machines would show in the worst of so many rows
    rows: list[Compared]  # in the order of the base, then what the other has beyond it

    @property
    def floor(self) -> float:
        """What differs by less is within noise."""
        return max(*self.floors, self.chance)

    def having(self, *words: str) -> list[Compared]:
        return [row for row in self.rows if row.word in words]

    @property
    def common(self) -> list[Compared]:
        return [row for row in self.rows if row.ratio is not None]

    @property
    def examples(self) -> list[str]:
        return [*dict.fromkeys(row.row.example for row in self.common)]

    def mean(self, example: str | None = None) -> Mean | None:
        """Of all common rows, or of one example."""
        rows = [row for row in self.common if example in (None, row.row.example)]
        # A row of too few rounds has no interval: where others have one, it stays out.
        rows = [row for row in rows if not row.why] or rows
        if not rows:
            return None
        rows.sort(key=lambda row: row.speed.value)
        value = geometric_mean(row.speed.value for row in rows)
        reach = math.exp(SIGMAS * fmean(row.error for row in rows))
        return Mean(Interval(value, value / reach, value * reach), rows)

    def said(self, mean: Mean) -> str:
        """One of WORDS, of all rows of a mean together: chance is for the worst of rows alone."""
        if all(row.why for row in mean.rows):
            return OPEN
        return word(inverse(mean.speed), max(self.floors))

    def reasons(self) -> Counter:
        """Why rows are not comparable, without what is told of each in brackets."""
        return Counter(row.why.partition(" (")[0] for row in self.having(NOT_COMPARABLE))


def compared(machines: Sequence[Timings]) -> list[Beside]:
    """Each beside the first."""
    base, *others = machines
    return [_beside(base, other) for other in others]


def own_noise(timings: Timings) -> float:
    """By how much the machine differs from itself: as its passport tells, and no less than what is
    typical of the first rung of a round that was run again at its end. Of a file that tells of no
    machine, what two runs of one binary differ by at least.
    """
    if timings.run is None:
        return NOISE_FLOOR
    drifted = [abs(share) for share in drifts(timings.run.document["sentinels"])]
    return max(timings.run.noise, median(drifted) if drifted else 0.0)


def geometric_mean(values: Iterable[float]) -> float:
    logs = [math.log(value) for value in values]
    return math.exp(math.fsum(logs) / len(logs))


def inverse(ratio: Interval) -> Interval:
    return Interval(1 / ratio.value, 1 / ratio.high, 1 / ratio.low)


def _beside(base: Timings, other: Timings) -> Beside:
    pairs = [*_pairs(base.rows, other.rows)]
    whys = [_why_not(*pair) for pair in pairs]
    alike = [pair for pair, why in zip(pairs, whys) if not why]
    floors = own_noise(base), own_noise(other)
    chance = _chance([(one, two) for one, two in alike if one and two])
    rows = [_row(*pair, why, max(*floors, chance)) for pair, why in zip(pairs, whys)]
    return Beside(base, other, floors, chance, rows)


def _row(base: Timing | None, other: Timing | None, why: str, floor: float) -> Compared:
    if why or base is None or other is None:
        return Compared(base, other, None, NOT_COMPARABLE, why)
    ratio = unpaired_ratio_interval(other.seconds, base.seconds)
    if not enough_unpaired(other.seconds, base.seconds):
        few = min(len(other.seconds), len(base.seconds))
        return Compared(base, other, ratio, OPEN, plural(few, "round"))
    return Compared(base, other, ratio, word(ratio, floor))


def _chance(pairs: Sequence[tuple[Timing, Timing]]) -> float:
    """What the difference of one in so many rows of equal machines comes to, at UNPAIRED_LEVEL.

    From how far a round typically is from the median of its row. Bonferroni: all rows at once.
    """
    errors = [_error(*pair) for pair in pairs if enough_unpaired(*(row.seconds for row in pair))]
    if not errors:
        return 0.0
    sigmas = NormalDist().inv_cdf(1 - (1 - UNPAIRED_LEVEL) / (2 * len(errors)))
    return math.exp(sigmas * median(errors)) - 1


def _error(base: Timing, other: Timing) -> float:
    return math.hypot(*(_spread(r.seconds) / math.sqrt(len(r.seconds)) for r in (base, other)))


def _spread(seconds: Sequence[float]) -> float:
    """Standard deviation of the logarithms, as outliers leave it; of few rounds not too small."""
    middle = median(seconds)
    away = median(abs(math.log(each / middle)) for each in seconds)
    return SPREAD_OF_MIDDLE * away * len(seconds) / (len(seconds) - 1)


# What belongs together


def _pairs(
    base: Sequence[Timing], other: Sequence[Timing]
) -> Iterator[tuple[Timing | None, Timing | None]]:
    """Each row with the same of the other side; what neither side has measured is left out."""
    known = {row.key: row for row in other}
    own = {row.key for row in base}
    lone: dict[tuple[str, str], list[Timing]] = {}
    for row in other:
        if row.key not in own and row.seconds:
            lone.setdefault(row.place, []).append(row)
    told: set[tuple] = set()
    for row in base:
        found = known.get(row.key)
        if found is None and row.seconds:
            found = _nearest(row, lone.get(row.place, ()))
            told.update([found.key] if found else ())
        if row.seconds or (found and found.seconds):
            yield row, found
    yield from ((None, row) for rows in lone.values() for row in rows if row.key not in told)


def _nearest(row: Timing, among: Sequence[Timing]) -> Timing | None:
    """What of one rung differs from a row in one thing only: who made it, threads, or the case."""
    for part in (
        lambda each: (each.case, each.threads),
        lambda each: (each.case, each.made_by),
        lambda each: (each.threads, each.made_by),
    ):
        for each in among:
            if part(each) == part(row):
                return each
    return None


def _why_not(base: Timing | None, other: Timing | None) -> str:
    """Why two rows are not held against each other; empty if they are."""
    if base is None or other is None or not base.seconds or not other.seconds:
        there = next((row.reason for row in (base, other) if row and not row.seconds), "")
        return f"{ON_ONE_ALONE} ({there})" if there else ON_ONE_ALONE
    tool = "compiler" if base.language == CPP else "interpreter"
    for what, one, two in (
        ("case", base.case, other.case),
        ("threads", base.threads, other.threads),
        (tool, base.made_by, other.made_by),
        ("flags", base.flags, other.flags),
        ("work", base.work, other.work),
    ):
        if one != two:
            return f"other {what}" + ("" if what == "work" else f" ({one} and {two})")
    return ""
