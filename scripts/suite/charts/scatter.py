"""One machine against another: the time of each row on both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from ..judge.comparison import FASTER, SLOWER, WORDS, Beside, Compared
from ..runs.intervals import ends
from ..runs.quantities import plural, time_text
from . import _look, _machines

OF = "pair"
COLORS = {FASTER: ("c++", "^"), SLOWER: ("python", "v")}


@dataclass(frozen=True)
class Scatter:
    base: str
    other: str
    rows: list[Compared]

    def count(self, word: str) -> int:
        return sum(row.word == word for row in self.rows)


def shown(_: Sequence[Beside], pair: Beside) -> Scatter | None:
    return Scatter(pair.base.name, pair.other.name, pair.common) if pair.common else None


def words(scatter: Scatter) -> _look.Words:
    base, other = (_machines.name_text(name) for name in (scatter.base, scatter.other))
    told = ", ".join(f"{scatter.count(word)} {word}" for word in WORDS[:-1])
    rows = sorted(scatter.rows, key=lambda row: row.speed.value)
    least, most = rows[0], rows[-1]
    return _look.Words(
        title=f"{other} is faster in {scatter.count(FASTER)} and slower in "
        f"{scatter.count(SLOWER)} of {plural(len(scatter.rows), 'row')}",
        myth=f"All rows: the time on {other} against that on {base}",
        what=f"both logarithmic; triangle upwards: {other} is faster, downwards: slower; "
        "grey: within noise or not separated; on the line both take as long",
        alt=f"Scatter plot of times on {other} against {base}. Of {plural(len(rows), 'row')}: "
        f"{told}. Least: {_told(least)}. Most: {_told(most)}.",
    )


def draw(scatter: Scatter, look: _look.Look) -> Figure:
    figure, axes = look.figure(words(scatter), 5.0)
    for axis in (axes.xaxis, axes.yaxis):
        _look.times_axis(axis)
    times = [side.median for row in scatter.rows for side in (row.base, row.other) if side]
    limits = _look.around(times)
    axes.set(xlim=limits, ylim=limits)
    axes.set_xlabel(_look.broken(f"time on {_machines.name_text(scatter.base)}", 32))
    axes.set_ylabel(_look.broken(f"time on {_machines.name_text(scatter.other)}", 32))
    axes.plot(limits, limits, color=look.colors["edge"], zorder=1)
    for word in reversed(WORDS[:-1]):
        color, marker = COLORS.get(word, ("before", "o"))
        points = [
            (r.base.median, r.other.median)
            for r in scatter.rows
            if r.word == word and r.base and r.other
        ]
        if points:
            kind = {**look.mark("c++"), "marker": marker, "markerfacecolor": look.colors[color]}
            axes.plot(*zip(*points), **{**kind, "markersize": 9})
    return figure


def table(scatter: Scatter) -> tuple[str, list[list]]:
    header = "row,base,base seconds,machine,seconds,times as fast,low,high,word,why"
    return header, [
        [
            *(row.row.label, scatter.base, row.base.median, scatter.other, row.other.median),
            *(*ends(row.speed), row.word, row.why),
        ]
        for row in scatter.rows
        if row.base and row.other
    ]


def _told(row: Compared) -> str:
    assert row.base and row.other
    times = f"{time_text(row.base.median)} and {time_text(row.other.median)}"
    return f"{row.speed.value:.3g} times as fast, {times}, {row.row.label}"
