"""Memory over time: a strip for each rung of a case that was watched, all on the same scales."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from ..judge.standings import Standing, case_text, standings
from ..runs.amounts import added_bytes
from ..runs.quantities import size_text, time_text
from ..runs.results import Group, Run
from . import _look

OF = "case"
# Where no rung adds more than this, all lines are flat and tell nothing.
WORTH_WATCHING_BYTES = 16e6
STRIP = 0.55  # inches


@dataclass(frozen=True)
class Strip:
    """How much of a rung's process was resident so long after its run began."""

    standing: Standing
    seconds: list[float]
    bytes: list[float]
    end: float  # of the run, in seconds

    @property
    def peak(self) -> float:
        """The process's own account of it: no sample may have met it."""
        return max(self.bytes + [self.standing.row.layer("os.peak_resident_bytes") or 0.0])

    @property
    def told(self) -> str:
        return f"{size_text(self.peak)} at most, {time_text(self.end)}"


@dataclass(frozen=True)
class Timeline:
    group: Group
    strips: list[Strip]

    @property
    def peak(self) -> float:
        return max(strip.peak for strip in self.strips)


def shown(run: Run, group: Group) -> Timeline | None:
    """Where several rungs were watched and one of them took memory worth a picture."""
    strips = []
    for each in standings(group):
        watched = each.row.layers.get("os", {}).get("resident", {})
        end = each.row.layer("os.seconds")
        if each.row.status == "ok" and watched.get("seconds") and end:
            strips.append(Strip(each, watched["seconds"], watched["bytes"], end))
    added = [added_bytes(strip.standing.row) or 0.0 for strip in strips]
    worth_it = len(strips) > 1 and max(added) >= WORTH_WATCHING_BYTES
    return Timeline(group, strips) if worth_it else None


def words(timeline: Timeline) -> _look.Words:
    group = timeline.group
    large = max(timeline.strips, key=lambda strip: strip.peak)
    small = min(timeline.strips, key=lambda strip: strip.peak)
    said = [
        f"{s.standing.label}: from {size_text(s.bytes[0])} to {size_text(s.peak)} "
        f"within {time_text(s.end)}"
        for s in timeline.strips
    ]
    return _look.Words(
        title=f"{large.standing.said} grows to {size_text(large.peak)}, "
        f"{small.standing.said} to {size_text(small.peak)}",
        myth=_look.myth(group.ladder, case_text(group)),
        what="memory of the process during its first run; a strip is as high as "
        f"{size_text(timeline.peak)}; blue: C++, orange: Python",
        alt=f"Line chart, {group.ladder.title}, case {case_text(group)}: memory of each rung's "
        f"process over time during its first run. {'; '.join(said)}.",
        measured="watched once",
    )


def draw(timeline: Timeline, look: _look.Look) -> Figure:
    rows = look.rows([strip.standing.label for strip in timeline.strips], mark=STRIP)
    figure, axes = look.figure(words(timeline), rows.height + 0.5)
    rows.name(axes)
    longest = max(strip.end for strip in timeline.strips)
    axes.set_xlim(0, longest)
    _look.seconds_axis(axes.xaxis, 2 if look.narrow else 5)
    high = 0.85 * STRIP / timeline.peak
    for index, (strip, y) in enumerate(zip(timeline.strips, rows.places)):
        bottom = y + 0.45 * STRIP
        # What was there last was there to the end. What is there is seen, however short.
        end = max(strip.end, strip.seconds[-1], longest / 200)
        samples = _thinned([*zip(strip.seconds, strip.bytes), (end, strip.bytes[-1])])
        tops = [bottom - high * resident for _, resident in samples]
        edge = look.bar(strip.standing.row.language)
        axes.fill_between([seconds for seconds, _ in samples], bottom, tops, **edge)
        rows.tell(axes, index, "", strip.told)
    return figure


def _thinned(samples: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without those in the middle of three alike."""
    inner = [
        here
        for before, here, after in zip(samples, samples[1:], samples[2:])
        if not before[1] == here[1] == after[1]
    ]
    return [samples[0], *inner, samples[-1]]


def table(timeline: Timeline) -> tuple[str, list[list]]:
    return "label,rung,seconds,resident_bytes", [
        [strip.standing.label, strip.standing.row.rung, f"{seconds:.6g}", f"{resident:.0f}"]
        for strip in timeline.strips
        for seconds, resident in zip(strip.seconds, strip.bytes)
    ]
