"""Time per item against the size of the problem: one line per rung, ceilings, crossovers."""

from __future__ import annotations

from matplotlib.figure import Figure

from ..judge.sizes import Sizes, finding
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
    ceilings = f"he bytes of one {sizes.item}, at the speed of a triad on {threads}"
    case = case_label(sizes.problem).replace("/", ", ")
    crossovers = [crossover.text for crossover in sizes.crossovers]
    dotted = [f"Dotted: t{ceilings}: {', '.join(levels)}."] if levels else []
    alt = f"Line chart, {sizes.ladder.title}{', ' if case else ''}{case}: time per {sizes.item} "
    alt += f"against {sizes.parameter}, both logarithmic. {'; '.join(said)}."
    ladder = sizes.ladder
    return _look.Words(
        title=finding(sizes) or f"{ladder.title}{', ' if case else ''}{case}",
        myth=f"{ladder.kind.capitalize()}: {ladder.title}{' · ' if case else ''}{case}",
        what=f"time per {sizes.item} against {sizes.parameter}, both logarithmic, "
        "95 % intervals; cold colours: C++, warm: Python",
        alt=" ".join(
            [alt, *([f"T{ceilings}: {', '.join(levels)}."] if levels else []), *crossovers]
        ),
        notes=[*crossovers, *dotted, *_lines.grey(_drawn(sizes), sizes.matter)],
        measured=sizes.rounds,
    )


def draw(sizes: Sizes, look: _look.Look) -> Figure:
    lines = _drawn(sizes)
    height, whole = _lines.heights(look, lines, sizes.matter, HEIGHT)
    figure, axes = look.figure(words(sizes), whole)
    every = sorted({point.size for line in sizes.lines for point in line.points}, reverse=True)
    _look.log_axis(axes.xaxis, every, count_text)
    _look.times_axis(axes.yaxis)
    axes.set_xlabel(sizes.parameter)
    axes.set_xlim(*_look.around(every, more=1.1))
    ends = [end for line in lines for p in line.points for end in (p.y.low, p.y.high)]
    axes.set_ylim(*_look.around([*ends, *(ceiling.seconds for ceiling in sizes.ceilings)]))
    for ceiling in sizes.ceilings:
        axes.axhline(ceiling.seconds, color=look.colors["ink"], linestyle=(0, (1, 2)), zorder=1)
    for crossover in sizes.crossovers:
        if crossover.size is not None:
            axes.axvspan(
                crossover.size.low, crossover.size.high, color=look.colors["grid"], zorder=0
            )
            axes.axvline(crossover.size.value, color=look.colors["ink"], linewidth=1.6, zorder=1)
    _lines.draw(axes, look, lines, sizes.matter, height)
    return figure


def table(sizes: Sizes) -> tuple[str, list[list]]:
    rows: list[list] = []
    for line in sizes.lines:
        for point in line.points:
            row, seconds = point.row, point.seconds
            cells: list[object] = [
                line.label,
                line.rung,
                line.language,
                interpreter_label(row.interpreter),
            ]
            cells += [row.threads, case_label(row.case), f"{point.size:g}"]
            cells += [f"{x:.9g}" for x in (seconds.value, seconds.low, seconds.high)]
            rows.append([*cells, len(row.round_seconds())])
    for ceiling in sizes.ceilings:
        cells = [f"triad in {ceiling.level}", "", "", "", sizes.threads, "", ""]
        rows.append([*cells, f"{ceiling.seconds:.9g}", "", "", ""])
    for cross in sizes.crossovers:
        cells = [f"crossover: {cross.of} within {cross.within:g} of {cross.over}"]
        size = cross.size
        ends = ["", "", ""] if size is None else [f"{x:.6g}" for x in vars(size).values()]
        rows.append([*cells, "", "", "", "", "", ends[0], "", *ends[1:], ""])
    names = "label,rung,language,interpreter,threads,case,size,seconds_per_item,low,high,rounds"
    return names, rows


def _drawn(sizes: Sizes) -> list[_lines.Line]:
    return [
        _lines.Line(
            line.label,
            line.language,
            [_lines.Point(point.size, point.seconds, point.few) for point in line.points],
        )
        for line in sizes.lines
    ]
