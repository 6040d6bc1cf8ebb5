"""What was counted in a run of a rung, and what of it, in words. Nothing here judges or draws."""

from __future__ import annotations

from .intervals import Interval
from .quantities import count_text, size_text, time_text
from .results import Row

# A note's name ends in its unit; any other is a count.
SECONDS, BYTES = "_seconds", "_bytes"


def phases_text(row: Row) -> str:
    """What the time of a run went into, by the rung's own account: build 31 ms + search 12 ms."""
    phases = [
        f"{name.removesuffix(SECONDS).replace('_', ' ')} {time_text(value)}"
        for name, value in row.notes().items()
        if name.endswith(SECONDS)
    ]
    return " + ".join(phases)


def counts_text(row: Row) -> str:
    """What was counted in a run: temporaries 3, moved bytes 720 MB, nodes visited 64."""
    made = row.layer("memory.temporaries")
    counts = [] if made is None else [f"temporaries {count_text(made)}"]
    for name, value in row.notes().items():
        if name.endswith(BYTES):
            counts.append(f"{name.removesuffix(BYTES).replace('_', ' ')} {size_text(value)}")
        elif not name.endswith(SECONDS):
            counts.append(f"{name.replace('_', ' ')} {count_text(value)}")
    return ", ".join(counts)


def percent_text(part: float) -> str:
    """74 or 7.4, without the sign."""
    return f"{100 * part:.{0 if part >= 0.0995 else 1}f}"


def share_text(share: Interval, several: bool) -> str:
    """74 % (71 to 76 %)"""
    span = f" ({percent_text(share.low)} to {percent_text(share.high)} %)" if several else ""
    return f"{percent_text(share.value)} %{span}"


def added_bytes(row: Row) -> float | None:
    """What the run itself added to the memory of its process, at its peak."""
    baseline, peak = (row.layer(f"os.{at}_resident_bytes") for at in ("baseline", "peak"))
    return None if baseline is None or peak is None else max(peak - baseline, 0.0)


def memory_texts(row: Row) -> tuple[str, str, str]:
    """What was in use before the run, its peak, and page faults."""
    faults = page_faults(row)
    return (
        size_text(row.layer("os.baseline_resident_bytes") or 0.0),
        size_text(peak_bytes(row)),
        "not counted" if faults is None else count_text(faults),
    )


def peak_bytes(row: Row) -> float:
    return row.layer("os.peak_resident_bytes") or 0.0


def page_faults(row: Row) -> float | None:
    """All pages the kernel had to hand out, read from a disk or not."""
    minor, major = (row.layer(f"os.{kind}_page_faults") for kind in ("minor", "major"))
    return None if minor is None else minor + (major or 0)


def allocations_text(row: Row) -> str:
    """What a run asks of malloc once the first has been there: 4, of 327 MB."""
    calls, size = (row.layer(f"memory.later_allocat{end}") for end in ("ions", "ed_bytes"))
    if calls is None or size is None:
        return "not counted"
    return f"{count_text(calls)}, of {size_text(size)}" if calls else "none"


def later_faults_text(row: Row) -> str:
    """Page faults of a run that is not the first; empty if nobody made one to count them."""
    faults = row.layer("memory.later_page_faults")
    return "" if faults is None else f"then {count_text(faults)}"
