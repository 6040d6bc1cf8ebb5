"""What it costs to ask a process: a job with more and more of arguments, and the job alone."""

from __future__ import annotations

from matplotlib.figure import Figure

from ..runs.intervals import Interval
from ..runs.quantities import size_text, time_text
from ..runs.results import Run
from ..runs.watched import Payload, Watched
from . import _lines, _look

OF = "watched"
HEIGHT = 4.2  # inches
TITLE = "What it costs to ask a process"


def shown(run: Run, watched: Watched) -> list[Payload] | None:
    return watched.payloads or None


def words(payloads: list[Payload]) -> _look.Words:
    said = "; ".join(f"{each.label}: {each.words}" for each in payloads)
    dear = [(each.dear, each.label) for each in payloads if each.dear is not None]
    title = TITLE
    if dear:
        least, label = min(dear, key=lambda pair: pair[0])
        title = f"From {size_text(least)} on, arguments cost more than the job: {label}"
    return _look.Words(
        title=title,
        myth=TITLE,
        what="one job, with arguments through pickle and a pipe, against the job by itself",
        alt=f"Time of a job by a process against the size of its arguments. {said}.",
        notes=[
            "1: the job by itself. Above 2, dashed, the arguments cost more than the job.",
            *_drawn(payloads).notes,
        ],
    )


def draw(payloads: list[Payload], look: _look.Look) -> Figure:
    lines = _drawn(payloads)
    figure, axes = lines.figure(look, words(payloads))
    shares = [share for each in payloads for _, share in each.shares]
    sizes = sorted({float(size) for each in payloads for size, _ in each.shares}, reverse=True)
    _look.log_axis(axes.xaxis, sizes, size_text)
    _look.log_axis(axes.yaxis, [1, 10, 100, 1000, 2, 20, 200, 5, 50, 500], "{:g} ×".format)
    axes.set_xlabel("arguments")
    axes.set(xlim=_look.around(sizes, more=1.5), ylim=_look.around([*shares, 0.9, 3.0], more=1.1))
    axes.axhline(2, color=look.colors["ink"], linestyle=(0, (4, 3)), zorder=1)
    lines.draw(axes, look)
    return figure


def table(payloads: list[Payload]) -> tuple[str, list[list]]:
    told = [[each.label, *point] for each in payloads for point in each.points]
    return "what,bytes,seconds by a process,seconds of the job", told


def _drawn(payloads: list[Payload]) -> _lines.Lines:
    """Those that matter end highest."""
    lines = [_line(each) for each in payloads]
    order = sorted(range(len(lines)), key=lambda i: -lines[i].points[-1].y.value)
    return _lines.Lines(lines, HEIGHT, order)


def _line(payload: Payload) -> _lines.Line:
    size, seconds, alone = payload.points[-1]
    told = f"job {time_text(alone)}, with {size_text(size)} {time_text(seconds)}"
    points = [_lines.Point(float(x), Interval(y, y, y)) for x, y in payload.shares]
    return _lines.Line(f"{payload.label}: {told}", "python", points)
