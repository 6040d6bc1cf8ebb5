"""What a comparison of machines says, in sentences and cells: the same in a terminal and a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..judge import verdicts
from ..judge.comparison import (
    FASTER,
    ON_ONE_ALONE,
    SLOWER,
    WORDS,
    Beside,
    Compared,
    Mean,
    inverse,
)
from ..judge.trust import trust
from ..runs.amounts import percent_text
from ..runs.intervals import Interval
from ..runs.quantities import digits, factor_text, plural, size_text, time_text
from ..runs.results import interpreter_label
from ..runs.timings import Timing, Timings
from .beside_reference import side_by_side

LEVEL = "99 %"
MOST_NAMED = 3


def speed_text(speed: Interval, sure: bool = True) -> str:
    """1.31 × (1.27 to 1.35)"""
    text = f"{digits(speed.value)} ×"
    return f"{text} ({digits(speed.low)} to {digits(speed.high)})" if sure else text


def answer(beside: Beside) -> str:
    """Which machine is faster, and by how much."""
    base, other, mean = beside.base.name, beside.other.name, beside.mean()
    if mean is None:
        return f"{other} and {base} have no row in common that can be compared."
    said, sure = beside.said(mean), not mean.least.why
    where = f"in the geometric mean of {plural(len(mean.rows), 'common row')}"
    if said in (FASTER, SLOWER):
        one, two = (other, base) if said == FASTER else (base, other)
        speed = mean.speed if said == FASTER else inverse(mean.speed)
        return f"{one} is {speed_text(speed)} as fast as {two}, {where}."
    how = speed_text(mean.speed, sure)
    if said == WORDS[2]:
        return f"{other} is as fast as {base}: {how} {where}."
    why = "" if sure else f" ({mean.least.why})"
    return f"No difference is shown between {other} and {base}: {how} {where}{why}."


def counts(beside: Beside) -> str:
    """How many rows are what."""
    told = [f"{len(beside.having(word))} {word}" for word in WORDS[:-1]]
    return f"{beside.other.name}, of {plural(len(beside.common), 'row')}: {', '.join(told)}."


def least_and_most(mean: Mean) -> list[str]:
    """The row at which it stands worst beside the base, and the one at which it stands best."""
    return [
        f"{word}: {speed_text(row.speed, not row.why)} at {row.row.label}"
        for word, row in (("Least", mean.least), ("Most", mean.most))
    ]


def exceptions(beside: Beside) -> str:
    """Where the slower machine is the faster one, or each of them where neither is."""
    mean = beside.mean()
    if mean is None:
        return ""
    said = beside.said(mean)
    found = [
        _exception(beside, word)
        for word in (FASTER, SLOWER)
        if word != said and beside.having(word)
    ]
    if found:
        return " ".join(found)
    if said in (FASTER, SLOWER):
        slow = beside.base.name if said == FASTER else beside.other.name
        return f"At nothing is {slow} surely faster."
    return "No row surely differs."


def _exception(beside: Beside, word: str) -> str:
    """The examples of which rows are faster, or slower, and by how much at most."""
    rows = beside.having(word)
    named = [*dict.fromkeys(row.row.example or row.row.rung for row in rows)]
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    where = ", ".join(named[:MOST_NAMED]) + more
    most = max(max(row.speed.value, 1 / row.speed.value) for row in rows)
    who, count = beside.other.name, plural(len(rows), "row")
    return f"{who} is {word} in {count} ({where}), by up to {digits(most)} ×."


def how_sure(beside: Beside) -> str:
    """What noise there was, and how far the runs are to be trusted."""
    floors = " and ".join(f"{percent_text(floor)} %" for floor in beside.floors)
    told = [
        f"How sure: differences below {percent_text(beside.floor)} % are noise here",
        f"(each machine with itself {floors}, chance {percent_text(beside.chance)} %)",
    ]
    trusted = [trust(m.run.document).word for m in (beside.base, beside.other) if m.run]
    end = f"; trust: {' and '.join(trusted)}" if trusted else ""
    return f"{' '.join(told)}{end}."


def left_out(beside: Beside) -> str:
    """What is not compared, and why; empty if all is."""
    reasons = beside.reasons()
    if not reasons:
        return ""
    alone = reasons.pop(ON_ONE_ALONE, 0)
    told = [f"{count} {why}" for why, count in reasons.most_common()]
    if alone:
        told.append(f"{alone} {ON_ONE_ALONE}")
    return f"Not compared: {', '.join(told)}."


def changed_code(beside: Beside) -> str:
    """Rungs whose source is another in the two runs; empty if none is."""
    changed = {
        "/".join(row.base.place)
        for row in beside.common
        if row.base and row.other and row.base.source != row.other.source
    }
    if not changed:
        return ""
    names = sorted(changed)
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"Other code in the two runs: {', '.join(names[:MOST_NAMED])}{more}."


def example_rows(besides: Sequence[Beside]) -> list[tuple[str, list[Mean | None]]]:
    """Per example the mean of each machine beside the base."""
    names = dict.fromkeys(name for each in besides for name in each.examples)
    return [(name, [each.mean(name) for each in besides]) for name in names]


def largest(beside: Beside, most: int) -> list[Compared]:
    """The rows that surely differ, the clearest difference first."""
    told = beside.having(FASTER, SLOWER)
    return sorted(told, key=lambda row: -max(row.speed.value, 1 / row.speed.value))[:most]


def difference(row: Compared) -> str:
    """1.31 × faster, or why nothing is said."""
    if row.ratio is None:
        return row.why
    if row.word not in (FASTER, SLOWER):
        return f"{row.word} ({row.why})" if row.why else row.word
    factor = row.ratio.value if row.word == SLOWER else row.speed.value
    return f"{factor_text(factor).replace('×', ' ×')} {row.word}"


def time_of(timing: Timing | None) -> str:
    if timing is None:
        return "–"
    return time_text(timing.median) if timing.seconds else f"not measured: {timing.reason}"


def share_of(timing: Timing | None) -> str:
    """42 % of peak, 7.1 % of bandwidth; empty where nobody can tell."""
    if timing is None:
        return ""
    shares = ((timing.of_peak, "peak"), (timing.of_bandwidth, "bandwidth"))
    return ", ".join(f"{percent_text(share)} % of {what}" for share, what in shares if share)


# Passports and answers


def too_slow(besides: Sequence[Beside], word: str, share: float) -> list[str]:
    """What is faster, or slower, than the base by such a share or more: a sentence per machine."""
    told = []
    for each in besides:
        rows = [
            row.row.label
            for row in each.having(word)
            if (inverse(row.speed) if word == SLOWER else row.speed).value >= 1 + share
        ]
        if rows:
            verb = "is" if len(rows) == 1 else "are"
            more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
            told.append(
                f"{plural(len(rows), 'row')} of {each.other.name} {verb} {word} by "
                f"{percent_text(share)} % or more: {', '.join(rows[:MOST_NAMED])}{more}"
            )
    return told


def passports(machines: Sequence[Timings]) -> list[tuple[str, list[str], bool]]:
    """The facts that matter for speed: name, each machine's, and whether they differ."""
    told = [_facts(machine) for machine in machines]
    names = dict.fromkeys(name for facts in told for name in facts)
    rows = [(name, [facts.get(name, "unknown") for facts in told]) for name in names]
    return [(name, values, len(set(values)) > 1) for name, values in rows]


def _facts(machine: Timings) -> dict[str, str]:
    passport = machine.machine
    cpu, build = passport.get("cpu", {}), passport.get("build", {})
    plain: dict[str, Any] = {
        "processor": cpu.get("model"),
        "cores": cpu.get("usable_cores"),
        **_rates(passport),
        "memory": passport.get("memory_bytes") and size_text(passport["memory_bytes"]),
        "caches": ", ".join(
            f"L{c['level']} {size_text(c['size_bytes'])}"
            for c in cpu.get("caches", [])
            if c.get("type") != "instruction"
        ),
        "compiler": build.get("compiler"),
        "flags": " ".join(filter(None, [build.get("build_type"), build.get("flags")])),
        **_python(passport),
        "system": passport.get("os"),
        "kernel": passport.get("kernel"),
        "virtualization": passport.get("virtualization"),
        "governor": passport.get("governor"),
        "power": passport.get("power"),
        "huge pages": passport.get("huge_pages", {}).get("transparent"),
        "commit": machine.run.document["suite"]["commit"][:10] if machine.run else None,
        "measured by": machine.kind,
    }
    return {name: str(value) for name, value in plain.items() if value not in (None, "")}


def _rates(passport: dict) -> dict[str, str]:
    """Peaks of one thread, as different as they seem to a reader: in two digits."""
    peaks = passport.get("ceilings", {}).get("peaks", [])
    if not peaks:
        return {}
    one = min(peaks, key=lambda peak: peak["threads"])
    memory = [b["bytes_per_second"] for b in one.get("bandwidths", []) if "holds_bytes" not in b]
    found = {"peak f64": f"{digits(one['f64_operations_per_second'] / 1e9, 2)} G multiply-adds/s"}
    if memory:
        found["bandwidth"] = f"{digits(max(memory) / 1e9, 2)} GB/s"
    return found


def _python(passport: dict) -> dict[str, str]:
    pythons = [python for python in passport.get("pythons", []) if not python.get("guest")]
    if not pythons:
        return {}
    packages = pythons[0].get("packages", {})
    named = [f"{name} {packages[name]}" for name in ("numpy", "numba") if name in packages]
    return {
        "python": ", ".join(interpreter_label(python, full=True) for python in pythons),
        "packages": ", ".join(named),
    }


def myths(machines: Sequence[Timings]) -> dict:
    """The answers of all runs of the suite side by side; no myths where fewer than two tell."""
    runs = [machine.run for machine in machines if machine.run]
    if len(runs) < 2:
        return {"machines": [], "myths": []}
    told = side_by_side([(run, verdicts.decide(run)) for run in runs])
    names = [machine.name for machine in machines if machine.run]
    return {
        "machines": names,
        "myths": [{**m, "depends": depends(m["cells"])} for m in told["myths"]],
    }


def depends(cells: Sequence[dict | None]) -> str:
    """Whether the answer depends on the machine: yes, no, or not told."""
    outcomes = {cell["outcome"] for cell in cells if cell}
    decided = outcomes - {"not-decided"}
    if len(decided) > 1:
        return "yes"
    return "no" if outcomes == decided and None not in cells else "not told"
