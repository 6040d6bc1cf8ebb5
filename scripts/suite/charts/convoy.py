"""How late a thread is, each time that it wants the lock which another one holds."""

from __future__ import annotations

from matplotlib.figure import Figure

from ..runs.quantities import time_text
from ..runs.results import Run
from ..runs.watched import Convoy, Watched
from . import _look

OF = "watched"
TITLE = "Waiting for the lock"


def shown(run: Run, watched: Watched) -> list[Convoy] | None:
    return watched.convoys or None


def words(convoys: list[Convoy]) -> _look.Words:
    said = "; ".join(f"{each.label}: {time_text(each.middle)} in the median" for each in convoys)
    most = max(convoys, key=lambda each: each.middle)
    least = min(convoys, key=lambda each: each.middle)
    title = f"Late by {time_text(most.middle)} in the median: {most.label}"
    if most is not least:
        title += f"; by {time_text(least.middle)}: {least.label}"
    return _look.Words(
        title=title,
        myth=f"{TITLE}: a thread that wants it every millisecond, beside one that counts",
        what="how late it is, logarithmic; square: C++, disc: Python, median; thick line: up to "
        "95 % of all wakings; thin: up to the longest",
        alt=f"How late a thread is beside one that counts. {said}.",
    )


def draw(convoys: list[Convoy], look: _look.Look) -> Figure:
    rows = look.rows([each.label for each in convoys])
    figure, axes = look.figure(words(convoys), rows.height + 0.5)
    _look.times_axis(axes.xaxis)
    axes.set_xlim(*_look.around([end for each in convoys for end in (each.middle, each.longest)]))
    rows.name(axes)
    for index, (each, y) in enumerate(zip(convoys, rows.places)):
        color = look.colors[each.language]
        for edge, more in ((look.colors["edge"], 1.6), (color, 0.0)):
            axes.plot([each.middle, each.longest], [y, y], color=edge, linewidth=1.4 + more)
            axes.plot([each.middle, each.most], [y, y], color=edge, linewidth=9 + more)
        axes.plot(each.middle, y, **look.mark(each.language))
        rows.tell(axes, index, time_text(each.middle))
    return figure


def table(convoys: list[Convoy]) -> tuple[str, list[list]]:
    told = [[c.label, len(c.latencies), c.middle, c.most, c.longest] for c in convoys]
    return "what,wakings,median,95 %,longest", told
