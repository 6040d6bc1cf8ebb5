"""What the machine computes and moves at most: measured before a run, kept while it is true."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from ..runs import documents, topology
from ..runs.documents import Refused
from ..runs.moments import now
from ..runs.quantities import time_text
from ..runs.results import write_json

# Seconds. The program ends by itself after a tenth of that and tells what it has: this is for one
# that hangs.
PATIENCE = 60
RATES = ("f64_operations_per_second", "f32_operations_per_second")
SIMPLE = "u64_operations_per_second"
NODE = "node"  # a scope of the program's
MEMORY = "memory"
# What other programs take, the kernels cannot get: what was measured above this load average is
# good for the run that measured it, and no other. So is what lacks a part.
IDLE = 0.5


class NotMeasured(Exception):
    """There are no ceilings; the text says why."""


def measured(program: Path, env: dict[str, str]) -> dict:
    """By the kernels of the suite's program, now. Raises NotMeasured."""
    command = [str(program), "--ceilings"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=env)
    except subprocess.TimeoutExpired:
        raise NotMeasured(f"not measured within {PATIENCE} seconds") from None
    if told.returncode != 0:
        last = (told.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise NotMeasured(f"{program.name} --ceilings ended with {told.returncode}: {last}")
    document = json.loads(told.stdout)
    every = document["ceilings"]
    peaks = [peak for peak in every if peak.get("scope") != NODE]
    if not peaks or not all(_is_rate(rate) for peak in peaks for rate in _rates(peak)):
        raise NotMeasured(f"{program.name} --ceilings measured no rate")
    found = {"instruction_set": document["instruction_set"], "measured": now(), "peaks": peaks}
    # Threads of a rung may be on any nodes: what one of them has is no bound of theirs.
    found.update(("one_node", peak) for peak in every if peak.get("scope") == NODE)
    told_too = ("latency", "left_out")
    return {**found, **{name: document[name] for name in told_too if document.get(name)}}


def forget(program: Path) -> None:
    """What is kept of earlier measurements."""
    _file_of(program).unlink(missing_ok=True)


def kept_or_measured(program: Path, state: dict, load: float | None, env: dict[str, str]) -> dict:
    """Those of an earlier run, if the machine's state is the same. Raises NotMeasured.

    `state` is whatever they may depend on, in the words of JSON.
    """
    file = _file_of(program)
    try:
        kept = documents.read(file, "ceilings")
        if kept["state"] == state:
            return kept["ceilings"]
    except Refused:
        pass  # nothing kept that can be used
    ceilings = measured(program, env)
    if load is not None and load < IDLE and "left_out" not in ceilings:
        write_json(file, {"state": state, "ceilings": ceilings})
    return ceilings


def described(ceilings: dict) -> list[tuple[str, str]]:
    """Names and texts for a table of facts, one per number of threads."""
    instructions = ceilings["instruction_set"]
    peaks = [(peak, "") for peak in ceilings["peaks"]]
    if "one_node" in ceilings:
        peaks.insert(1, (ceilings["one_node"], " of one NUMA node"))
    found = [
        (f"at most, {threads_text(peak['threads'])}{where}", _peak(peak, instructions))
        for peak, where in peaks
    ]
    if "latency" in ceilings:
        loads = topology.loads(ceilings["latency"]).items()
        told = "; ".join(f"{time_text(seconds)} in {level}" for level, seconds in loads)
        found.append(("a load takes", told))
    return found + [
        (f"not measured, {threads_text(part['threads'])}", f"{part['what']} ({part['reason']})")
        for part in ceilings.get("left_out", [])
    ]


def _file_of(program: Path) -> Path:
    return program.with_name("ceilings.json")


def _peak(peak: dict, instructions: str) -> str:
    f64, f32 = (peak[rate] / 1e9 for rate in RATES)
    parts = [
        f"{f64:.3g} (f64) and {f32:.3g} (f32) billion multiply-adds per second, {instructions}"
    ]
    if SIMPLE in peak:
        parts.append(f"{peak[SIMPLE] / 1e9:.3g} billion additions of 64-bit integers per second")
    parts += [
        f"triad in {entry['level']} {entry['bytes_per_second'] / 1e9:.3g} GB/s" + _stores(entry)
        for entry in peak.get("bandwidths", [])
    ]
    return "; ".join(parts)


def _stores(entry: dict) -> str:
    return f", {entry['stores']} stores" if entry["level"] == MEMORY else ""


def threads_text(count: int) -> str:
    return f"{count} thread" + ("s" if count > 1 else "")


def _rates(peak: dict) -> list[float]:
    moved = [entry["bytes_per_second"] for entry in peak.get("bandwidths", [])]
    simple = [peak[SIMPLE]] if SIMPLE in peak else []  # older programs do not measure it
    return [peak[name] for name in RATES] + simple + moved


def _is_rate(value: float) -> bool:
    return 0 < value < float("inf")
