"""Time per item against the size of the problem: one line per rung, ceilings, crossovers."""

from __future__ import annotations

from matplotlib.figure import Figure

from ..judge.sizes import Sizes, finding
from ..judge.standings import rounds_text
from ..runs.intervals import ends
from ..runs.quantities import count_text, time_text
from ..runs.results import Run, case_label, interpreter_label
from . import _lines, _look

OF = "sweep"
HEIGHT = 4.6  # inches


def shown(run: Run, sweep: Sizes) -> Sizes | None:
    return sweep


def words(sizes: Sizes) -> _look.Words:
    said = []
    for line in sizes.lines:
        first, last = line.points[0], line.points[-1]
        said.append(
            f"{line.label}: {time_text(first.seconds.value)} at {count_text(first.size)}, "
            f"{time_text(last.seconds.value)} at {count_text(last.size)}"
        )
    levels = [f"{c.level} {time_text(c.seconds)}" for c in sizes.ceilings]
    threads = "one thread" if sizes.threads == 1 else f"{sizes.threads} threads"
    notes = [crossover.text for crossover in sizes.crossovers]
    if levels:
        ceilings = f"the bytes of one {sizes.ladder.item}, at the speed of a triad on {threads}"
        notes.append(f"Dotted: {ceilings}: {', '.join(levels)}.")
    case = case_label(sizes.problem).replace("/", ", ")
    title = ", ".join(filter(None, [sizes.ladder.title, case]))
    axes = f"time per {sizes.ladder.item} against {sizes.parameter}, both logarithmic"
    return _look.Words(
        title=finding(sizes) or title,
        myth=_look.myth(sizes.ladder, case),
        what=f"{axes}, 95 % intervals; cold colours: C++, warm: Python",
        alt=f"Line chart, {title}: {axes}. {'; '.join(said)}.",
        notes=[*notes, *_drawn(sizes).notes],
        measured=rounds_text(len(p.row.round_seconds()) for ln in sizes.lines for p in ln.points),
    )


def draw(sizes: Sizes, look: _look.Look) -> Figure:
    lines = _drawn(sizes)
    figure, axes = lines.figure(look, words(sizes))
    every = sorted({point.size for line in sizes.lines for point in line.points}, reverse=True)
    _look.log_axis(axes.xaxis, every, count_text)
    _look.times_axis(axes.yaxis)
    axes.set_xlabel(sizes.parameter)
    axes.set_xlim(*_look.around(every, more=1.1))
    seconds = [end for line in lines.every for p in line.points for end in ends(p.y)]
    axes.set_ylim(*_look.around(seconds + [ceiling.seconds for ceiling in sizes.ceilings]))
    for ceiling in sizes.ceilings:
        axes.axhline(ceiling.seconds, color=look.colors["ink"], linestyle=(0, (1, 2)), zorder=1)
    for crossover in sizes.crossovers:
        if crossover.size is not None:
            value, low, high = ends(crossover.size)
            axes.axvspan(low, high, color=look.colors["grid"], zorder=0)
            axes.axvline(value, color=look.colors["ink"], linewidth=1.6, zorder=1)
    lines.draw(axes, look)
    return figure


def table(sizes: Sizes) -> tuple[str, list[list]]:
    rows: list[list] = []
    for line in sizes.lines:
        for point in line.points:
            row, rounds = point.row, len(point.row.round_seconds())
            who = [line.label, line.rung, line.language, interpreter_label(row.interpreter)]
            case = [row.threads, case_label(row.case), point.size]
            rows.append([*who, *case, *ends(point.seconds), rounds])
    for ceiling in sizes.ceilings:
        label = f"triad in {ceiling.level}"
        rows.append([label, "", "", "", sizes.threads, "", "", ceiling.seconds, "", "", ""])
    for cross in sizes.crossovers:
        label = f"crossover: {cross.of} within {cross.within:g} of {cross.over}"
        value, low, high = ends(cross.size)
        rows.append([label, "", "", "", "", "", value, "", low, high, ""])
    names = "label,rung,language,interpreter,threads,case,size,seconds_per_item,low,high,rounds"
    return names, rows


def _drawn(sizes: Sizes) -> _lines.Lines:
    every = []
    for line in sizes.lines:
        points = [_lines.Point(point.size, point.seconds, point.few) for point in line.points]
        every.append(_lines.Line(line.label, line.language, points))
    return _lines.Lines(every, HEIGHT, sizes.matter)
