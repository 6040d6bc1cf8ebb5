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
    ends,
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
        doubt = {
            "faster": "",
            "rest": "",
            "slower": ": the rung without it is slower",
        }
        said = doubt.get(self.word, ", not told apart from nothing")
        return f"{signed(self.seconds.value)} ({self.span}){said}"

    @property
    def span(self) -> str:
        return f"{signed(self.seconds.low)} to {signed(self.seconds.high)}"


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
    found = [solved[i][case] for i in there]
    rounds = [row.rounds(row.items) for row in found]
    if not all(enough(*pair) for pair in zip(rounds, rounds[1:])):
        return None
    ends_at = [*there[1:], len(solved)]
    slices = [
        _slice(ladder, of, less, start, end, run.noise)
        for of, less, start, end in zip(found, [*found[1:], None], there, ends_at)
    ]
    return Waterfall(
        ladder=ladder,
        case=case.replace("/", ", ") or "the only case",
        slices=slices,
        total=median_interval([*rounds[0].values()]),
        rounds=min(map(len, rounds)),
        missing=[
            _missing(run, ladder, entry["rung"])
            for entry, rows in zip(ladder.waterfall, solved)
            if case not in rows
        ],
    )


def words(waterfall: Waterfall) -> _look.Words:
    ladder, first = waterfall.ladder, waterfall.slices[0].rung
    slices = "; ".join(f"{each.cost}: {each.told}" for each in waterfall.slices)
    return _look.Words(
        title=_finding(waterfall) or f"Where the time of {first} goes, cost by cost",
        myth=_look.myth(ladder, waterfall.case),
        what=f"time per {ladder.item} of {first}, and what each cost takes of it; lines: 95 % "
        "intervals; hatched: no gain shown without it",
        alt=f"Waterfall chart, {ladder.title}, case {waterfall.case}: where the time per "
        f"{ladder.item} of {first}, {time_text(waterfall.total.value)}, goes. {slices}.",
        notes=[f"Not measured: {each}" for each in not_run(waterfall.missing)],
        measured=plural(waterfall.rounds, "round"),
    )


def draw(waterfall: Waterfall, look: _look.Look) -> Figure:
    names = [waterfall.slices[0].rung, *(_named(each) for each in waterfall.slices)]
    rows = look.rows(names)
    figure, axes = look.figure(words(waterfall), rows.height + 0.5)
    rows.name(axes)
    total, thick = waterfall.total, _look.BARS * rows.mark
    _look.seconds_axis(axes.xaxis, 3 if look.narrow else 6)
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
        rows.tell(axes, index, signed(each.seconds.value), each.span, room=12)
    look.whiskers(axes, whiskers, rows.places)
    axes.set_xlim(left=0)
    return figure


def table(waterfall: Waterfall) -> tuple[str, list[list]]:
    return "cost,rung,without,seconds_per_item,low,high,until,word", [
        [each.cost, each.rung, each.without, *ends(each.seconds), each.until, each.word]
        for each in waterfall.slices
    ]


def signed(seconds: float) -> str:
    return f"\N{MINUS SIGN}{time_text(-seconds)}" if seconds < 0 else time_text(seconds)


def _slice(ladder: Ladder, of: Row, less: Row | None, start: int, end: int, noise: float) -> Slice:
    # Of a rung that is missing, the cost is part of what its neighbour shows.
    cost = " and ".join(entry["cost"] for entry in ladder.waterfall[start:end])
    rung, each = ladder.rung(of.rung).label, of.rounds(of.items)
    until = median_interval([*each.values()])
    if less is None:
        return Slice(cost, rung, "", until.value, until, "rest")
    without = less.rounds(less.items)
    said = word(ratio_interval(without, each), noise)
    between = difference_interval(each, without)
    return Slice(cost, rung, ladder.rung(less.rung).label, until.value, between, said)


def _solved(run: Run, ladder: Ladder, rung: str) -> dict[str, Row]:
    rows = run.rows_of(ladder.example, rung)
    own = [row for row in rows if row.status == "ok" and row.threads == 1 and not row.guest]
    return {case_label(row.problem): row for row in own}


def _missing(run: Run, ladder: Ladder, rung: str) -> tuple[str, str]:
    reasons = [row.reason for row in run.rows_of(ladder.example, rung) if row.reason]
    return ladder.rung(rung).label, [*reasons, "not measured on this case"][0]


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
