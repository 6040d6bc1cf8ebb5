"""Where the time of a slow rung goes, cost by cost, as an example's waterfall states it.

Each rung of a waterfall leaves out one cost of the rung before it, so the difference between the
two is what that cost takes.
"""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from ..judge.standings import not_run, plain_name
from ..runs.intervals import (
    Interval,
    difference_interval,
    enough,
    median_interval,
    ratio_interval,
    word,
)
from ..runs.quantities import plural, time_text
from ..runs.results import Ladder, Row, Run, case_label
from . import _look

OF = "ladder"


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
    ladder: Ladder
    case: str
    slices: list[Slice]
    total: Interval  # seconds per item of the first rung
    rounds: int
    missing: list[tuple[str, str]]  # rungs that were not measured, and why


def shown(run: Run, ladder: Ladder) -> Waterfall | None:
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
    rounds = [solved[i][case].rounds() for i in there]
    if not all(enough(*pair) for pair in zip(rounds, rounds[1:])):
        return None
    return Waterfall(
        ladder=ladder,
        case=case.replace("/", ", ") or "the only case",
        slices=slices,
        total=median_interval([*first.rounds(first.items).values()]),
        rounds=min(map(len, rounds)),
        missing=[
            (ladder.rung(entry["rung"]).label, _why(run, ladder, entry["rung"]))
            for i, entry in enumerate(ladder.waterfall)
            if i not in there
        ],
    )


def words(waterfall: Waterfall) -> _look.Words:
    ladder, first = waterfall.ladder, waterfall.slices[0].rung
    slices = "; ".join(f"{each.cost}: {each.told}" for each in waterfall.slices)
    missing = [f"Not measured: {each}" for each in not_run(waterfall.missing)]
    return _look.Words(
        title=_finding(waterfall) or f"Where the time of {first} goes, cost by cost",
        myth=f"{ladder.kind.capitalize()}: {ladder.title} · {waterfall.case}",
        what=f"time per {ladder.item} of {first}, and what each cost takes of it; lines: 95 % "
        "intervals; hatched: no gain shown without it",
        alt=f"Waterfall chart, {ladder.title}, case {waterfall.case}: where the time per "
        f"{ladder.item} of {first}, {time_text(waterfall.total.value)}, goes. {slices}."
        + "".join(f" {each}." for each in missing),
        notes=missing,
        measured=plural(waterfall.rounds, "round"),
    )


def draw(waterfall: Waterfall, look: _look.Look) -> Figure:
    names = [waterfall.slices[0].rung, *(_named(each) for each in waterfall.slices)]
    rows = look.rows(names)
    figure, axes = look.figure(words(waterfall), rows.height + 0.5)
    rows.name(axes)
    total, thick = waterfall.total, _look.BARS * rows.mark
    axes.xaxis.set_major_locator(_look.ticker.MaxNLocator(3 if look.narrow else 6))
    axes.xaxis.set_major_formatter(_look.seconds_from_zero)
    axes.barh(rows.places[0], total.value, thick, label="whole", **look.bar("before"))
    rows.tell(axes, 0, time_text(total.value))
    whiskers = [total]
    for index, (each, y) in enumerate(zip(waterfall.slices, rows.places[1:]), start=1):
        start = each.until - each.seconds.value
        bar = look.bar("c++")
        if each.word not in ("faster", "rest"):
            bar.update(hatch="//", edgecolor=look.colors["paper"])
        axes.barh(y, each.seconds.value, thick, left=start, label=each.cost, **bar)
        low, high = (each.until - end for end in (each.seconds.high, each.seconds.low))
        whiskers.append(Interval(start, max(low, 0.0), high))
        span = f"{signed(each.seconds.low)} to {signed(each.seconds.high)}"
        rows.tell(axes, index, signed(each.seconds.value), span, room=12)
    look.whiskers(axes, whiskers, rows.places)
    axes.set_xlim(left=0)
    return figure


def table(waterfall: Waterfall) -> tuple[str, list[list]]:
    rows = []
    for each in waterfall.slices:
        interval = (each.seconds.value, each.seconds.low, each.seconds.high, each.until)
        numbers = [f"{number:.9g}" for number in interval]
        rows.append([each.cost, each.rung, each.without, *numbers, each.word])
    return "cost,rung,without,seconds_per_item,low,high,until,word", rows


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
        seconds = difference_interval(each, without)
        said = word(ratio_interval(without, each))
    return Slice(
        cost=cost,
        rung=ladder.rung(of.rung).label,
        without=ladder.rung(less.rung).label if less else "",
        until=until.value,
        seconds=seconds,
        word=said,
    )


def _solved(run: Run, ladder: Ladder, rung: str) -> dict[str, Row]:
    rows = run.rows_of(ladder.example, rung)
    own = [row for row in rows if row.status == "ok" and row.threads == 1 and not row.guest]
    return {case_label(row.problem): row for row in own}


def _why(run: Run, ladder: Ladder, rung: str) -> str:
    reasons = [row.reason for row in run.rows_of(ladder.example, rung) if row.reason]
    return reasons[0] if reasons else "not measured on this case"


def _finding(waterfall: Waterfall) -> str:
    """The two dearest of the costs that are sure."""
    sure = [each for each in waterfall.slices if each.word == "faster"]
    sure.sort(key=lambda each: -each.seconds.value)
    if not sure:
        return ""
    told = [f"{each.cost}: {time_text(each.seconds.value)}" for each in sure[:2]]
    whole = f"of the {time_text(waterfall.total.value)} of {plain_name(waterfall.slices[0].rung)}"
    return f"{', '.join(told)} {whole}"


def _named(each: Slice) -> str:
    step = f"gone in {each.without}" if each.without else f"all of {each.rung}"
    return f"{each.cost}: {step}"
