"""What the rungs of one case take: peak memory and page faults beside the time."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from ..judge.standings import (
    Standing,
    case_text,
    measured,
    not_run,
    notes,
    rounds_text,
    standings,
)
from ..runs.amounts import added_bytes, memory_texts, page_faults, peak_bytes
from ..runs.quantities import plural, size_text
from ..runs.results import Group, Run, identity
from . import _look

OF = "case"
# A run that adds less than this to the memory of its process teaches nothing about memory.
WORTH_CHARTING_BYTES = 128e6
COUNTS = (
    "os.baseline_resident_bytes",
    "os.peak_resident_bytes",
    "os.minor_page_faults",
    "os.major_page_faults",
    "memory.later_page_faults",
    "memory.later_allocations",
    "memory.later_allocated_bytes",
)


@dataclass(frozen=True)
class Memory:
    group: Group
    counted: list[Standing]
    missing: list[Standing]

    @property
    def peaks(self) -> list[float]:
        return [peak_bytes(each.row) for each in self.counted]


def shown(run: Run, group: Group) -> Memory | None:
    """Where a claim counts memory or faults, or where rungs clearly differ in what they add."""
    every = standings(group)
    counted = [each for each in every if added_bytes(each.row) is not None]
    ran = [each.row for each in measured(counted)]
    if len({row.rung for row in ran}) < 2:
        return None
    added = [added_bytes(row) or 0.0 for row in ran]
    claimed = any(claim.get("measure", "").startswith("layers.") for claim in group.ladder.claims)
    if not claimed and not (max(added) >= WORTH_CHARTING_BYTES and max(added) > 2 * min(added)):
        return None
    return Memory(group, counted, [each for each in every if each not in counted])


def words(memory: Memory) -> _look.Words:
    group = memory.group
    by_peak = sorted(zip(memory.peaks, memory.counted), key=lambda pair: pair[0])
    (least, small), (most, large) = by_peak[0], by_peak[-1]
    said = []
    for each in memory.counted:
        before, peak, faults = memory_texts(each.row)
        told = f"peak {peak}, {before} of it before, {faults} faults, {_time(each)}"
        said.append(f"{each.label}: {told}")
    return _look.Words(
        title=f"{small.said} peaks at {size_text(least)}, {large.said} at {size_text(most)}",
        myth=_look.myth(group.ladder, case_text(group)),
        what="memory, page faults and time of one run; grey: in use before the run",
        alt=f"Bar chart, {group.ladder.title}, case {case_text(group)}: memory and page faults of "
        f"one run beside its time. {'; '.join(said)}.",
        notes=_notes(memory),
        measured=rounds_text(each.rounds for each in measured(memory.counted)),
    )


def draw(memory: Memory, look: _look.Look) -> Figure:
    rows = look.rows([each.label for each in memory.counted])
    shape = {"nrows": 3} if look.narrow else {"ncols": 3}
    height = (rows.height + 0.5) * (3 if look.narrow else 1) + 0.4
    figure, panels = look.figure(words(memory), height, **shape)
    for axes, title in zip(panels, ["Peak memory", "Page faults", "Time"]):
        rows.name(axes, again=axes is not panels[0])
        axes.set(title=title, xticks=[])
        axes.spines["bottom"].set_visible(False)
    thick = _look.BARS * rows.mark
    for index, (each, y) in enumerate(zip(memory.counted, rows.places)):
        _, *texts = memory_texts(each.row)
        seconds = each.seconds.value if each.seconds else 0
        amounts = [memory.peaks[index], page_faults(each.row) or 0, seconds]
        for axes, amount, told in zip(panels, amounts, [*texts, _time(each)]):
            axes.barh(y, amount, thick, **look.bar(each.row.language))
            rows.tell(axes, index, "", told)
        before = memory.peaks[index] - (added_bytes(each.row) or 0.0)
        panels[0].barh(y, before, thick, **look.bar("before"))
    for axes in panels:
        axes.set_xlim(0, max(bar.get_width() for bar in axes.patches) or 1)
    return figure


def table(memory: Memory) -> tuple[str, list[list]]:
    header = (
        "label,number,rung,language,interpreter,threads,status,reason,seconds,"
        "baseline_resident_bytes,peak_resident_bytes,minor_page_faults,major_page_faults,"
        "later_page_faults,later_allocations,later_allocated_bytes"
    )
    rows = []
    for each in memory.counted:
        seconds = each.seconds.value if each.seconds else None
        counts = [each.row.layer(name) for name in COUNTS]
        rows.append([*identity(memory.group, each.row, each.label), seconds, *counts])
    return header, rows


def _time(each: Standing) -> str:
    """Memory is counted in a run of its own, so it may be known where no time is."""
    if not each.seconds:
        return "not timed"
    return f"{each.time}, {plural(each.rounds, 'round')}" if each.few else each.time


def _notes(memory: Memory) -> list[str]:
    uncounted: dict[str, list[str]] = {}
    for each in measured(memory.missing):
        uncounted.setdefault(each.row.why_nothing_was_counted(), []).append(each.label)
    told = [f"Not shown, {reason}: {', '.join(names)}" for reason, names in uncounted.items()]
    untimed = [(each.label, each.row.reason) for each in memory.counted if not each.seconds]
    told += [f"Not timed: {each}" for each in not_run(untimed)]
    return [*told, *notes(memory.missing)]
