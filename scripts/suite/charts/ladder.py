"""The rungs of one case: how long each takes, on a logarithmic axis."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from ..judge.standings import (
    LANGUAGES,
    Standing,
    case_text,
    finding,
    measured,
    notes,
    rounds_text,
    standings,
    without_baseline,
)
from ..runs.amounts import counts_text, phases_text, share_text
from ..runs.intervals import FEWEST_ROUNDS, ends
from ..runs.results import Group, Run, identity
from . import _look

OF = "case"


@dataclass(frozen=True)
class Ladder:
    group: Group
    every: list[Standing]

    @property
    def points(self) -> list[Standing]:
        return measured(self.every)


def shown(run: Run, group: Group) -> Ladder | None:
    return Ladder(group, standings(group)) if group.measured else None


def words(ladder: Ladder) -> _look.Words:
    group, points = ladder.group, ladder.points
    said = ["time of one run, logarithmic", "square: C++, disc: Python", "line: 95 % interval"]
    if any(point.few for point in points):
        said.append(f"hollow: fewer than {FEWEST_ROUNDS} rounds")
    if any(point.limit for point in points):
        said.append("upright bar: this machine's limit for that rung")
    return _look.Words(
        title=finding(group) or f"{group.ladder.title}, {case_text(group)}",
        myth=_look.myth(group.ladder, case_text(group)),
        what="; ".join(said),
        alt=f"Chart of points, {group.ladder.title}, case {case_text(group)}: time of one run on a "
        f"logarithmic axis, from the ground up. {'; '.join(map(_told, points))}.",
        notes=[*notes(ladder.every), *filter(None, [without_baseline(group)])],
        measured=rounds_text(each.rounds for each in points),
    )


def draw(ladder: Ladder, look: _look.Look) -> Figure:
    points = ladder.points
    rows = look.rows([point.label for point in points])
    figure, axes = look.figure(words(ladder), rows.height + 0.5)
    _look.times_axis(axes.xaxis)
    every = [point.seconds for point in points if point.seconds]
    limits = [point.limit for point in points if point.limit]
    axes.set_xlim(*_look.around([end for each in every for end in ends(each)] + limits))
    rows.name(axes)
    look.whiskers(axes, [None if p.few else p.seconds for p in points], rows.places)
    for index, (point, y) in enumerate(zip(points, rows.places)):
        axes.plot(point.row.took(), y, **look.mark(point.row.language, point.few))
        if point.limit:
            bar = {"marker": "|", "markersize": 20, "markeredgewidth": 3}
            axes.plot(point.limit, y, color=look.colors["ink"], zorder=2, **bar)
        rows.tell(axes, index, point.time, point.comparison)
    return figure


def table(ladder: Ladder) -> tuple[str, list[list]]:
    header = (
        "label,number,rung,language,interpreter,threads,status,reason,seconds,seconds_low,"
        "seconds_high,rounds,time_over_baseline,time_over_baseline_low,time_over_baseline_high,"
        "word,forecast_seconds,items,limit_seconds,of_limit,of_limit_low,of_limit_high,notes"
    )
    return header, [
        [
            *identity(ladder.group, each.row, each.label),
            *ends(each.seconds),
            each.rounds or "",
            *ends(each.ratio),
            each.word,
            each.forecast,
            each.row.items,
            each.limit,
            *ends(each.of_limit),
            " ".join(f"{name}={value:.9g}" for name, value in each.row.notes().items()),
        ]
        for each in ladder.every
    ]


def _told(point: Standing) -> str:
    """For those who cannot see it."""
    beside = [point.comparison, phases_text(point.row), counts_text(point.row)]
    if point.of_limit:
        share = share_text(point.of_limit, not point.few)
        beside.append(f"{share} of this machine's limit for it")
    told = "; ".join(filter(None, beside))
    in_brackets = f" ({told})" if told else ""
    return f"{point.label}, {LANGUAGES[point.row.language]}: {point.time}{in_brackets}"
