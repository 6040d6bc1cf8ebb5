"""Where the time of a slow rung goes, cost by cost, as an example's waterfall states it.

Each rung of a waterfall leaves out one cost of the rung before it, so the difference between the
two is what that cost takes. Nothing here draws.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..runs.intervals import (
    FEWEST_ROUNDS,
    Interval,
    difference_interval,
    median_interval,
    ratio_interval,
    word,
)
from ..runs.quantities import time_text
from ..runs.results import Ladder, Row, Run, case_label, csv_text


@dataclass(frozen=True)
class Slice:
    """What one cost takes, in seconds per item; negative if the rung without it is slower."""

    cost: str
    rung: str  # label of the rung that has the cost
    without: str  # label of the rung that has it no more; empty for what remains at the end
    until: float  # seconds per item of the rung that has it
    seconds: Interval
    word: str  # what the rung without it is: faster, slower, within noise, not separated; or rest

    @property
    def told(self) -> str:
        """6.2 ns (6.0 to 6.4 ns), not told apart from nothing"""
        interval = f"{signed(self.seconds.low)} to {signed(self.seconds.high)}"
        return f"{signed(self.seconds.value)} ({interval}){self.doubt}"

    @property
    def doubt(self) -> str:
        if self.word in ("faster", "rest"):
            return ""
        if self.word == "slower":
            return ": the rung without it is slower"
        return ", not told apart from nothing"


@dataclass(frozen=True)
class Waterfall:
    title: str
    example: str
    case: str
    item: str
    slices: list[Slice]
    total: Interval  # seconds per item of the first rung
    rounds: int
    missing: list[str]  # rungs that were not measured, and why

    @property
    def alt(self) -> str:
        slices = "; ".join(f"{each.cost}: {each.told}" for each in self.slices)
        missing = "".join(f" Not measured: {each}." for each in self.missing)
        return (
            f"Waterfall chart, {self.title}, case {self.case}: where the time per {self.item} of "
            f"{self.slices[0].rung}, {time_text(self.total.value)}, goes. {slices}.{missing}"
        )

    def csv(self) -> str:
        rows = []
        for each in self.slices:
            interval = (each.seconds.value, each.seconds.low, each.seconds.high, each.until)
            numbers = [f"{number:.9g}" for number in interval]
            rows.append([each.cost, each.rung, each.without, *numbers, each.word])
        return csv_text("cost,rung,without,seconds_per_item,low,high,until,word", rows)


def waterfall(run: Run, ladder: Ladder) -> Waterfall | None:
    """On the largest problem that most of the rungs have solved; None if fewer than two have."""
    solved = [_solved(run, ladder, entry["rung"]) for entry in ladder.waterfall]
    cases = {case: row.items for rows in solved for case, row in rows.items()}
    if not cases:
        return None
    case = max(cases, key=lambda case: (sum(case in rows for rows in solved), cases[case]))
    there = [i for i, rows in enumerate(solved) if case in rows]
    if len(there) < 2 or not cases[case]:
        return None
    ends = [*there[1:], len(solved)]
    slices = [
        _slice(ladder, solved[i][case], solved[end][case] if end in there else None, i, end)
        for i, end in zip(there, ends)
    ]
    first = solved[there[0]][case]
    return Waterfall(
        title="Where the time goes",
        example=ladder.example,
        case=case.replace("/", ", ") or "the only case",
        item=ladder.item,
        slices=slices,
        total=median_interval([*first.rounds(first.items).values()]),
        rounds=min(len(solved[i][case].rounds()) for i in there),
        missing=[
            f"{ladder.rung(entry['rung']).label} ({_why(run, ladder, entry['rung'])})"
            for i, entry in enumerate(ladder.waterfall)
            if i not in there
        ],
    )


def signed(seconds: float) -> str:
    return f"\N{MINUS SIGN}{time_text(-seconds)}" if seconds < 0 else time_text(seconds)


def _slice(ladder: Ladder, of: Row, less: Row | None, start: int, end: int) -> Slice:
    # Of a rung that is missing, the cost is part of what its neighbour shows.
    cost = " and ".join(entry["cost"] for entry in ladder.waterfall[start:end])
    each = of.rounds(of.items)
    until = median_interval([*each.values()])
    if less is None:
        seconds, said = until, "rest"
    else:
        without = less.rounds(less.items)
        seconds, said = difference_interval(each, without), _word(without, each)
    return Slice(
        cost=cost,
        rung=ladder.rung(of.rung).label,
        without=ladder.rung(less.rung).label if less else "",
        until=until.value,
        seconds=seconds,
        word=said,
    )


def _word(of: dict[int, float], over: dict[int, float]) -> str:
    if min(len(of), len(over)) < FEWEST_ROUNDS:
        return "not separated"
    return word(ratio_interval(of, over))


def _solved(run: Run, ladder: Ladder, rung: str) -> dict[str, Row]:
    rows = run.rows_of(ladder.example, rung)
    own = [row for row in rows if row.status == "ok" and row.threads == 1 and not row.guest]
    return {case_label(row.problem): row for row in own}


def _why(run: Run, ladder: Ladder, rung: str) -> str:
    reasons = [row.reason for row in run.rows_of(ladder.example, rung) if row.reason]
    return reasons[0] if reasons else "not measured on this case"
