"""How often intervals hold the truth, by simulation: as often as they promise, in any noise."""

from __future__ import annotations

import numpy as np
import pytest

from suite.judge.sizes import crossing
from suite.runs.intervals import (
    LEVEL,
    UNPAIRED_LEVEL,
    difference_interval,
    level,
    median_interval,
    ratio_interval,
    unpaired_ratio_interval,
)

RUNS = 2000
TRUTH = 1.5
# Of so many simulated runs the share that is covered strays from the level by chance: three times
# its standard deviation.
CHANCE = 3 * (LEVEL * (1 - LEVEL) / RUNS) ** 0.5
KINDS = ("2 %", "5 %", "20 %", "drift", "outliers")
ENDS = ("low", "high")


def simulated(kind: str, rounds: int, series: int = 2) -> np.ndarray:
    """Times of several rungs, run by run and round by round, around 1."""
    generator = np.random.default_rng([20180202, rounds, KINDS.index(kind)])
    noise = {"2 %": 0.02, "20 %": 0.2}.get(kind, 0.05)
    times = generator.lognormal(0, noise, (series, RUNS, rounds))
    if kind == "drift":  # of the machine, in each run a way of its own
        times *= np.exp(np.outer(generator.normal(0, 0.3, RUNS), np.linspace(0, 1, rounds)))
    if kind == "outliers":  # one round in ten takes twice as long
        times *= np.where(generator.random(times.shape) < 0.1, 2.0, 1.0)
    return times


def numbered(times: np.ndarray) -> dict[int, float]:
    return dict(enumerate(times.tolist()))


def covered(kind: str, rounds: int) -> float:
    """The share of runs in which the interval of the ratio holds the truth."""
    of, over = simulated(kind, rounds)
    found = [ratio_interval(numbered(TRUTH * a), numbered(b)) for a, b in zip(of, over)]
    return np.mean([each.low <= TRUTH <= each.high for each in found])


def covered_by_bootstrap(kind: str, rounds: int) -> float:
    """The same of the percentiles of medians of rounds that are drawn again."""
    of, over = simulated(kind, rounds)
    drawn = np.random.default_rng(1).integers(0, rounds, (200, rounds))
    ratios = np.median(TRUTH * of[:, drawn], axis=2) / np.median(over[:, drawn], axis=2)
    low, high = np.percentile(ratios, [2.5, 97.5], axis=1)
    return np.mean((low <= TRUTH) & (TRUTH <= high))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rounds", [6, 7, 9, 15])
def test_from_six_rounds_on_the_interval_of_a_ratio_covers_what_it_promises(rounds, kind):
    assert covered(kind, rounds) >= LEVEL - CHANCE


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rounds", [3, 5])
def test_of_fewer_rounds_it_covers_the_level_that_is_told(rounds, kind):
    assert covered(kind, rounds) == pytest.approx(level(rounds), abs=0.03)


def test_the_percentiles_of_a_bootstrap_over_three_rounds_would_fail_here():
    assert covered_by_bootstrap("5 %", 3) < LEVEL - 4 * CHANCE


@pytest.mark.parametrize("rounds", [6, 9])
def test_medians_and_differences_are_covered_likewise(rounds):
    of, less = simulated("20 %", rounds)
    medians = [median_interval(each.tolist()) for each in of]
    assert np.mean([each.low <= 1.0 <= each.high for each in medians]) >= LEVEL - CHANCE
    # Alike on both sides, so their difference lies around nothing.
    found = [difference_interval(numbered(a), numbered(b)) for a, b in zip(of, less)]
    assert np.mean([each.low <= 0.0 <= each.high for each in found]) >= LEVEL - CHANCE


@pytest.mark.parametrize("kind", KINDS)
def test_the_size_from_which_on_a_ratio_keeps_a_bound_is_covered(kind):
    sizes, truths, within = [10.0, 100.0, 1000.0, 10000.0], [4.0, 2.0, 1.0, 0.5], 1.25
    times = simulated(kind, 7, series=2 * len(sizes))
    truth = crossing(sizes, truths, within)
    hit = []
    for run in range(RUNS // 4):
        ratios = [
            ratio_interval(numbered(expected * times[2 * i, run]), numbered(times[2 * i + 1, run]))
            for i, expected in enumerate(truths)
        ]
        low, high = (crossing(sizes, [getattr(r, end) for r in ratios], within) for end in ENDS)
        hit.append(low <= truth <= high)
    assert np.mean(hit) >= LEVEL - 2 * CHANCE


# Rounds of two machines: each drifts in a way of its own, and both have outliers of their own.


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "drift"])
@pytest.mark.parametrize("rounds", [5, 7, 15])
def test_the_ratio_of_two_machines_is_covered_without_rounds_in_common(rounds, kind):
    of, over = simulated(kind, rounds)
    found = [unpaired_ratio_interval((TRUTH * a).tolist(), b.tolist()) for a, b in zip(of, over)]
    covering = np.mean([each.low <= TRUTH <= each.high for each in found])
    assert covering >= UNPAIRED_LEVEL - 3 * (UNPAIRED_LEVEL * (1 - UNPAIRED_LEVEL) / RUNS) ** 0.5


@pytest.mark.parametrize(("of", "over"), [(5, 9), (40, 50), (60, 70)])
def test_many_rounds_or_few_on_either_side_are_covered_likewise(of, over):
    generator = np.random.default_rng([of, over])
    found = [
        unpaired_ratio_interval(
            *(generator.lognormal(0, 0.1, count).tolist() for count in (of, over))
        )
        for _ in range(RUNS // 4)
    ]
    assert np.mean([each.low <= 1.0 <= each.high for each in found]) >= UNPAIRED_LEVEL - 0.014
