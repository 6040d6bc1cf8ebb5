"""Memory over time, as plain records: one line per rung that was watched. Nothing here draws."""

from __future__ import annotations

from dataclasses import dataclass

from ..runs.quantities import size_text, time_text
from ..runs.results import Group, csv_text
from .bars import Bar, added_bytes, ladder_bars

# Where no rung adds more than this, all lines are flat and tell nothing.
WORTH_WATCHING_BYTES = 16e6


@dataclass(frozen=True)
class Timeline:
    """How much of a rung's process was resident so long after its run began."""

    bar: Bar
    seconds: list[float]
    bytes: list[float]
    end: float  # of the run, in seconds

    @property
    def peak(self) -> float:
        """The process's own account of it: no sample may have met it."""
        return max(self.bytes + [self.bar.row.layer("os.peak_resident_bytes") or 0.0])

    @property
    def words(self) -> str:
        return f"{size_text(self.peak)} at most, {time_text(self.end)}"


def timelines(group: Group) -> list[Timeline]:
    """Those of a group, in the order of the ladder."""
    found = []
    for bar in ladder_bars(group):
        watched = bar.row.layers.get("os", {}).get("resident", {})
        end = bar.row.layer("os.seconds")
        if bar.row.status == "ok" and watched.get("seconds") and end:
            found.append(Timeline(bar, watched["seconds"], watched["bytes"], end))
    return found


def wants_timeline_chart(group: Group) -> bool:
    """Where several rungs were watched and one of them took memory worth a picture."""
    shown = timelines(group)
    added = [added_bytes(line.bar.row) or 0.0 for line in shown]
    return len(shown) > 1 and max(added) >= WORTH_WATCHING_BYTES


def timeline_csv(group: Group) -> str:
    rows = [
        [line.bar.label, line.bar.row.rung, f"{seconds:.6g}", f"{resident:.0f}"]
        for line in timelines(group)
        for seconds, resident in zip(line.seconds, line.bytes)
    ]
    return csv_text("label,rung,seconds,resident_bytes", rows)


def timeline_alt(group: Group) -> str:
    said = [
        f"{line.bar.label}: from {size_text(line.bytes[0])} to {size_text(line.peak)} "
        f"within {time_text(line.end)}"
        for line in timelines(group)
    ]
    return (
        f"Line chart, {group.ladder.title}, case {group.label}: memory of each rung's process over "
        f"time during its first run. {'; '.join(said)}."
    )
