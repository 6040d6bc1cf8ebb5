"""How far a ladder leads: its ground rung against its fastest one. Nothing here draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..runs.intervals import FEWEST_ROUNDS, Interval, median_interval, ratio_interval
from ..runs.quantities import factor_text, time_text
from ..runs.results import Group, Ladder, Row, Run, bar_labels, groups


@dataclass(frozen=True)
class Climb:
    """On the largest problem that any rung has solved, from the ground to the fastest."""

    group: Group
    ground: Row  # where it was measured, if need be on a smaller problem
    best: Row
    seconds: Interval  # of the ground rung on the group's problem
    factor: Interval

    @property
    def forecast(self) -> bool:
        return self.ground.problem != self.group.problem

    @property
    def sure(self) -> bool:
        """True if there are rounds enough for an interval."""
        rounds = (len(row.round_seconds()) for row in (self.ground, self.best))
        return min(rounds) >= FEWEST_ROUNDS


def climb(run: Run, ladder: Ladder) -> Climb | None:
    """None where there is nothing to compare."""
    measured = [group for group in groups(run, ladder) if group.measured]
    grounds = [row for row in run.rows_of(ladder.example, _lowest(ladder)) if row.status == "ok"]
    if not measured or not grounds:
        return None
    group = max(measured, key=lambda each: each.items)
    best = min((row for row in group.rows if row.status == "ok"), key=Row.took)
    # Of equals the first: the project's own interpreter, and the fewest threads.
    here = [row for row in grounds if row.problem == group.problem]
    ground = here[0] if here else max(grounds, key=lambda row: row.items)
    if best.rung == ground.rung or not ground.items:
        return None
    scale = 1.0 if here else group.items / ground.items
    rounds = ground.rounds(1 / scale)
    factor = ratio_interval(rounds, best.rounds())
    return Climb(group, ground, best, median_interval([*rounds.values()]), factor)


def climb_text(run: Run, ladder: Ladder) -> str:
    """The climb as a sentence or two; empty where there is none."""
    found = climb(run, ladder)
    if found is None:
        return ""
    case = _words(found.group.label)
    labels = dict(zip(map(id, found.group.rows), bar_labels(found.group)))
    factor = _factor_text(found.factor.value) + _span(found, found.factor, _factor_text)
    time = time_text(found.seconds.value) + _span(found, found.seconds, time_text)
    best = f"{labels[id(found.best)]} takes {time_text(found.best.took())}"
    ground = ladder.rung(found.ground.rung).label
    if not found.forecast:
        return f"On {case}, {ground} takes {time}; {best}, the least of all: a factor of {factor}."
    return (
        f"On {case}, {ground} would take {time}: a forecast from {_words(_label(found.ground))}, "
        f"where it was measured, by the ratio of work. {best}, the least of all: a factor of "
        f"{factor}, by that forecast."
    )


def _factor_text(ratio: float) -> str:
    return factor_text(ratio).removesuffix("×")


def _lowest(ladder: Ladder) -> str:
    return ladder.rungs[0].name if ladder.rungs else ""


def _span(found: Climb, interval: Interval, text: Callable[[float], str]) -> str:
    if not found.sure:
        return ""
    return f" (95 % interval {text(interval.low)} to {text(interval.high)})"


def _label(row: Row) -> str:
    return "/".join(f"{name}:{value}" for name, value in row.problem.items())


def _words(label: str) -> str:
    return label.replace("/", ", ") or "the only case"
