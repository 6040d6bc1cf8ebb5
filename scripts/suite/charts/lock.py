"""Who holds the lock when: a lane for each thread, filled while it has it."""

from __future__ import annotations

from math import nan

from matplotlib.figure import Figure

from ..runs.quantities import time_text
from ..runs.results import Run
from ..runs.watched import Timeline, Watched
from . import _look

OF = "watched"
TITLE = "Who holds the lock when"
FIRST_SECONDS = 0.12  # of a timeline: switches every few milliseconds are told apart
LANE = 0.27  # inches, of a thread
SEEN = FIRST_SECONDS / 700  # what is shorter is drawn as what is just seen


def shown(run: Run, watched: Watched) -> list[Timeline] | None:
    return watched.timelines or None


def words(timelines: list[Timeline]) -> _look.Words:
    said = "; ".join(f"{each.label}: {each.words}" for each in timelines)
    locked = [each for each in timelines if each.lock]
    title = TITLE
    if locked:
        most = max(locked, key=lambda each: each.switches)
        least = min(locked, key=lambda each: each.switches)
        title = f"{most.switches:,.0f} switches a second: {most.label}"
        title += f"; {least.switches:,.0f}: {least.label}" if most is not least else ""
    return _look.Words(
        title=title,
        myth=TITLE,
        what=f"two threads, blue and orange, the first {time_text(FIRST_SECONDS)}; Python: when "
        "each saw itself run",
        alt=f"Who held the lock when, two threads. {said}.",
    )


def draw(timelines: list[Timeline], look: _look.Look) -> Figure:
    lanes = 1 + max(tenure["thread"] for each in timelines for tenure in each.tenures)
    rows = look.rows([each.label for each in timelines], mark=lanes * LANE + 0.08)
    figure, axes = look.figure(words(timelines), rows.height + 0.5)
    axes.set_xlim(0, FIRST_SECONDS)
    _look.seconds_axis(axes.xaxis, 2 if look.narrow else 4)
    rows.name(axes)
    for index, (each, y) in enumerate(zip(timelines, rows.places)):
        for thread in range(lanes):
            color = look.colors["c++" if thread % 2 == 0 else "python"]
            lane = y + (thread - (lanes - 1) / 2) * LANE
            ends = [end for drawn in _drawn(each, thread) for end in (*drawn, nan)]
            thick = {"linewidth": 72 * 0.8 * LANE, "solid_capstyle": "butt"}
            axes.plot(ends, [lane] * len(ends), color=color, **thick)
        rows.tell(axes, index, "", _look.broken(each.words, 60 if look.narrow else 24))
    return figure


def table(timelines: list[Timeline]) -> tuple[str, list[list]]:
    return "what,thread,taken,given", [
        [each.label, tenure["thread"], tenure["taken"], tenure["given"]]
        for each in timelines
        for tenure in each.tenures
    ]


def _drawn(timeline: Timeline, thread: int) -> list[tuple[float, float]]:
    """Start and end of what is drawn; of those too short to be seen apart, one."""
    drawn, last = [], 0.0
    for tenure in timeline.tenures:
        start = tenure["taken"]
        end = min(max(tenure["given"], start + SEEN), FIRST_SECONDS)
        if tenure["thread"] == thread and start < FIRST_SECONDS and end > last + SEEN / 2:
            drawn.append((start, end))
            last = end
    return drawn
