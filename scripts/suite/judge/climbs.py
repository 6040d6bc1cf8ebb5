"""How far a ladder leads: its baseline against its fastest rung. Nothing here draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..runs.intervals import Interval, enough, median_interval, ratio_interval
from ..runs.quantities import factor_text, time_text
from ..runs.results import Group, Ladder, Row, Run, bar_labels, groups


@dataclass(frozen=True)
class Climb:
    """On the largest problem that any rung has solved, from the baseline to the fastest."""

    group: Group
    base: Row  # where it was measured, if need be on a smaller problem
    best: Row
    seconds: Interval  # of the baseline on the group's problem
    factor: Interval

    @property
    def forecast(self) -> bool:
        return self.base.problem != self.group.problem

    @property
    def sure(self) -> bool:
        """True if there are rounds enough for an interval."""
        return enough(self.base.rounds(), self.best.rounds())


def climb(run: Run, ladder: Ladder) -> Climb | None:
    """None where there is nothing to compare."""
    measured = [group for group in groups(run, ladder) if group.measured]
    bases = [row for row in run.rows_of(ladder.example, ladder.baseline) if row.status == "ok"]
    if not measured or not bases:
        return None
    group = max(measured, key=lambda each: each.items)
    best = min((row for row in group.rows if row.status == "ok"), key=Row.took)
    # Of equals the first: the project's own interpreter, and the fewest threads.
    here = [row for row in bases if row.problem == group.problem]
    base = here[0] if here else max(bases, key=lambda row: row.items)
    if best.rung == base.rung or not base.items:
        return None
    scale = 1.0 if here else group.items / base.items
    rounds = base.rounds(1 / scale)
    factor = ratio_interval(rounds, best.rounds())
    return Climb(group, base, best, median_interval([*rounds.values()]), factor)


def climb_text(run: Run, ladder: Ladder) -> str:
    """The climb as a sentence or two; empty where there is none."""
    found = climb(run, ladder)
    if found is None or not found.sure:
        return ""
    case = _words(found.group.label)
    labels = dict(zip(map(id, found.group.rows), bar_labels(found.group)))
    factor = _factor_text(found.factor.value) + _span(found.factor, _factor_text)
    time = time_text(found.seconds.value) + _span(found.seconds, time_text)
    best = f"{labels[id(found.best)]} takes {time_text(found.best.took())}"
    base = ladder.rung(found.base.rung).label
    if not found.forecast:
        return f"On {case}, {base} takes {time}; {best}, the least of all: a factor of {factor}."
    return (
        f"On {case}, {base} would take {time}: a forecast from {_words(_label(found.base))}, "
        f"where it was measured, by the ratio of work. {best}, the least of all: a factor of "
        f"{factor}, by that forecast."
    )


def _factor_text(ratio: float) -> str:
    return factor_text(ratio).removesuffix("×")


def _span(interval: Interval, text: Callable[[float], str]) -> str:
    return f" (95 % interval {text(interval.low)} to {text(interval.high)})"


def _label(row: Row) -> str:
    return "/".join(f"{name}:{value}" for name, value in row.problem.items())


def _words(label: str) -> str:
    return label.replace("/", ", ") or "the only case"
