"""What makes the numbers of a run less trustworthy, and what to do about it, as plain sentences.

Nothing here measures.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import fmean, median

from ..runs.quantities import plural

# METHOD: statistics of repeated measurements.
MOST_VARIATION = 0.05
MOST_ABOVE_MEDIAN = 0.5
SLOW_FIRST = 1.25
MOST_REAL_OVER_CPU = 1.05
MOST_DRIFT = 0.05
MOST_TAKEN = 0.05
# What to do
CALM = "Close other programs, or measure when the machine is idle."
REST = "Let the machine cool down, on mains, and measure again."
SHARED = "Measure at another time, or on a machine that is not shared."
LONGER = "Give a longer BUDGET=, or fewer examples with ONLY=."


def warnings(document: dict) -> list[str]:
    """One sentence per kind of doubt, naming the worst row and how many there are."""
    rows = [row for row in document["rows"] if row["status"] == "ok"]
    # Of these, time and processor time may well differ.
    several = {
        (ladder["example"], rung["name"])
        for ladder in document["ladders"]
        for rung in ladder["rungs"]
        if rung["threaded"] or rung.get("other_process")
    }
    single = [row for row in rows if (row["example"], row["rung"]) not in several]
    found = [
        _worst(rows, variation, MOST_VARIATION, "varied by {:.0%} between rounds", CALM),
        _worst(
            rows,
            _above_median,
            MOST_ABOVE_MEDIAN,
            "had a round {:.0%} slower than its median",
            "Intervals bear one such round; more ROUNDS= make them narrow again.",
        ),
        _worst(
            rows,
            _slow_first,
            SLOW_FIRST - 1,
            "was {:.0%} slower in its first round than later",
            "Measure once more now that the machine is warm.",
        ),
        _worst(
            single,
            _waiting,
            MOST_REAL_OVER_CPU - 1,
            "took {:.0%} more time than the processor worked for it",
            CALM,
        ),
        _drift(document["sentinels"]),
        *_short_of_rounds(document),
        *(
            f"{taken_text(share, who)} {advice}"
            for share, who, advice in taken(document["machine"])
            if share >= MOST_TAKEN
        ),
        *of_the_machine_itself(document["machine"]),
    ]
    return [sentence for sentence in found if sentence]


def variation(row: dict) -> float | None:
    """Standard deviation over mean; None of a single round."""
    times = _times(row)
    if len(times) < 2:
        return None
    mean = fmean(times)
    # Not statistics.stdev, which is exact and slow: this runs after every process.
    return math.sqrt(sum((t - mean) ** 2 for t in times) / (len(times) - 1)) / mean


def drifts(sentinels: list[dict]) -> list[float]:
    """By how much the first rung of each round was slower at its end; negative: faster."""
    return [each["again_seconds"] / each["first_seconds"] - 1 for each in sentinels]


def taken(machine: dict) -> list[tuple[float, str, str]]:
    """Which share of the processors others took from before the run to after it; by whom, advice.

    Empty where it is not known: of a system that does not tell, of a run that was taken up again.
    """
    before, later = (machine.get(f"processor_{when}") for when in ("before", "after"))
    if not before or not later or before["process"] != later["process"]:
        return []
    gone = {name: later[name] - before[name] for name in before}
    if gone["all_seconds"] <= 0 or min(gone.values()) < 0:
        return []
    others = max(0.0, gone["busy_seconds"] - gone["own_seconds"])
    return [
        (others / gone["all_seconds"], "Other programs", CALM),
        (gone["steal_seconds"] / gone["all_seconds"], "Others on the same hardware", SHARED),
    ]


def drifted(drift: float) -> str:
    """Of the typical rung, from the first half of what was measured to the second."""
    way = "slower" if drift > 0 else "faster"
    return f"The machine drifted: it was {abs(drift):.1%} {way} in the second half."


def taken_text(share: float, who: str) -> str:
    return f"{who} took {share:.0%} of the processors' time while this run measured."


def _worst(rows: list[dict], measure: Callable, limit: float, says: str, advice: str) -> str | None:
    values = [(measure(row), i) for i, row in enumerate(rows)]
    above = [(value, i) for value, i in values if value is not None and value >= limit]
    if not above:
        return None
    value, worst = max(above)
    others = f"; so did {plural(len(above) - 1, 'other row')}" if len(above) > 1 else ""
    return f"{_name(rows[worst])} {says.format(value)}{others}. {advice}"


def _above_median(row: dict) -> float | None:
    times = _times(row)
    return max(times) / median(times) - 1 if len(times) > 2 else None


def _slow_first(row: dict) -> float | None:
    first, *later = _times(row)
    return first / median(later) - 1 if len(later) > 1 else None


def _waiting(row: dict) -> float | None:
    """Time in which another program had the processor."""
    ratios = [s["seconds"] / s["cpu_seconds"] for s in row["samples"] if s.get("cpu_seconds")]
    return median(ratios) - 1 if ratios else None


def _times(row: dict) -> list[float]:
    return [sample["seconds"] for sample in row["samples"]]


def _drift(sentinels: list[dict]) -> str | None:
    told = zip(drifts(sentinels), (each["round"] for each in sentinels))
    above = [pair for pair in told if abs(pair[0]) >= MOST_DRIFT]
    if not above:
        return None
    drift, worst = max(above, key=lambda pair: abs(pair[0]))
    way = "slower" if drift > 0 else "faster"
    return (
        f"The machine drifted: the first rung of round {worst} was {abs(drift):.0%} {way} "
        f"at its end ({len(above)} of {plural(len(sentinels), 'round')} drifted). {REST}"
    )


def _short_of_rounds(document: dict) -> list[str]:
    rounds = document["settings"]["rounds"]
    short = [r for r in document["rows"] if r["status"] == "ok" and len(r["samples"]) < rounds]
    if not short or not document["complete"]:
        return []
    have = f"{plural(len(short), 'row')} {'has' if len(short) == 1 else 'have'}"
    return [f"{have} fewer than {rounds} rounds: there was no time for more. {LONGER}"]


def of_the_machine_itself(machine: dict) -> list[str]:
    """What slows it down whoever is at work."""
    found = []
    cores = machine.get("cpu", {}).get("usable_cores")
    quota = machine.get("cgroup", {}).get("cpu_quota")
    if cores and quota and quota < cores:
        fewer = ", or keep to fewer with taskset" if cores > 1 else ""
        found.append(
            f"A control group grants {quota:.2g} of the {plural(cores, 'core')} in use. "
            f"Ask for whole cores{fewer}."
        )
    if machine.get("power") == "battery":
        found.append(
            "The machine runs on battery and may save power at the cost of speed. Plug it in."
        )
    kept = machine.get("environment", {}).get("kept", ())
    return found + [
        f"KEEP_ENV let {each['name']}={each['value']} reach what was measured, which "
        f"{each['does']}. Leave it out to compare this run with others."
        for each in kept
    ]


def _name(row: dict) -> str:
    case = "/".join(f"{name}:{value}" for name, value in row["case"].items())
    return f"{row['example']}/{row['rung']}/{case}"
