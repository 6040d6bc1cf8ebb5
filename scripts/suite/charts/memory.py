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
    title = f"{small.said} peaks at {size_text(least)}, {large.said} at {size_text(most)}"
    said = []
    for each in memory.counted:
        before, peak, faults = memory_texts(each.row)
        told = f"peak {peak}, {before} of it before, {faults} faults, {_time(each)}"
        said.append(f"{each.label}: {told}")
    told = _notes(memory)
    return _look.Words(
        title=title,
        myth=f"{group.ladder.kind.capitalize()}: {group.ladder.title} · {case_text(group)}",
        what="memory, page faults and time of one run; grey: in use before the run",
        alt=" ".join(
            [
                f"Bar chart, {group.ladder.title}, case {case_text(group)}: memory and page "
                f"faults of one run beside its time. {'; '.join(said)}.",
                *(f"{note}." for note in told),
            ]
        ),
        notes=told,
        measured=rounds_text(memory.counted),
    )


def draw(memory: Memory, look: _look.Look) -> Figure:
    rows = look.rows([each.label for each in memory.counted])
    shape = {"nrows": 3} if look.narrow else {"ncols": 3}
    height = (rows.height + 0.5) * (3 if look.narrow else 1) + 0.4
    figure, panels = look.figure(words(memory), height, **shape)
    texts = [memory_texts(each.row) for each in memory.counted]
    before = [peak - (added_bytes(e.row) or 0.0) for peak, e in zip(memory.peaks, memory.counted)]
    columns = [
        ("Peak memory", memory.peaks, [text[1] for text in texts]),
        ("Page faults", [page_faults(e.row) or 0 for e in memory.counted], [t[2] for t in texts]),
        (
            "Time",
            [each.seconds.value if each.seconds else 0 for each in memory.counted],
            [_time(each) for each in memory.counted],
        ),
    ]
    for axes, (title, amounts, told) in zip(panels, columns):
        axes.set_title(title, loc="left", fontsize=_look.BODY, fontweight="bold")
        rows.name(axes)
        if axes is not panels[0] and not look.narrow:
            axes.set_yticklabels([])
        axes.set(xticks=[], xlim=(0, max(amounts) or 1))
        axes.spines["bottom"].set_visible(False)
        for index, (each, y) in enumerate(zip(memory.counted, rows.places)):
            thick = _look.BARS * rows.mark
            axes.barh(y, amounts[index], thick, **look.bar(each.row.language))
            if title == "Peak memory":
                axes.barh(y, max(before[index], 0), thick, **look.bar("before"))
            rows.tell(axes, index, "", told[index])
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
        numbers = [seconds, *(each.row.layer(name) for name in COUNTS)]
        told = ["" if number is None else f"{number:.9g}" for number in numbers]
        rows.append([*identity(memory.group, each.row, each.label), *told])
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
