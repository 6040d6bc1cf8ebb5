"""The passport of this machine: made, kept, and told on one screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table

from ..judge.doubts import CALM
from ..machine import ceilings, kept, passport
from ..runs import topology
from ..runs.moments import ago, now
from ..runs.quantities import digits, size_text, time_text
from . import noise
from .built import Suite
from .terminal import told

KINDS = {
    "f64_operations_per_second": "multiply-adds f64",
    "f32_operations_per_second": "multiply-adds f32",
}
LONGEST_LIST = 3  # of reasons


def made(suite: Suite, fresh: bool = False) -> dict:
    """The passport of this machine as it is now; ceilings are measured if none hold any more."""
    if fresh:
        ceilings.forget(suite.program)
    catalogue = suite.catalogue()
    build = {k: str(v) for k, v in catalogue["build"].items()}
    build["binary_sha256"] = suite.binary_sha256
    return {
        "schema_version": 1,
        "written": now(),
        "anonymous": False,
        "suite": passport.suite(suite.project, catalogue["build"]["version"]),
        "machine": passport.passport(build, suite.program, machines=suite.machines),
    }


def anonymous(document: dict) -> dict:
    return {**document, "anonymous": True, "machine": kept.anonymous(document["machine"])}


def held_against_itself(document: dict, found: dict) -> dict:
    """The passport with what `make noise` found, and what the machine told after that."""
    machine = {**document["machine"], **passport.after(), "noise": found}
    machine["unknown"] = {k: v for k, v in machine["unknown"].items() if k != "noise"}
    return {**document, "written": now(), "machine": machine}


def keep(suite: Suite, document: dict) -> Path:
    return kept.write(suite.machines, document["machine"]["name"], document)


# What is said


def sheet(document: dict) -> RenderableType:
    """At most one screen."""
    machine = document["machine"]
    parts: list[RenderableType] = [told(machine["name"], "bold")]
    parts += [told(line) for line in _head(document)]
    if "ceilings" in machine:
        found = machine["ceilings"]
        when = f", measured {ago(found['measured'])}" if "measured" in found else ""
        parts.append(told(f"Ceilings, {found['instruction_set']}{when} (FRESH=1: again)", "bold"))
        parts.append(_ceilings(found, machine.get("topology")))
    return Group(*parts, *(told(line) for line in _foot(machine)))


def noise_sheet(machine: dict) -> RenderableType:
    """What the machine is worth as an instrument, and what to do about it."""
    found = machine["noise"]
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(4):
        table.add_column(overflow="fold")
    table.add_row(*(told(word, "bold") for word in ("rung", "takes", "noise floor", "drift")))
    for rung in found["rungs"]:
        name = f"{rung['example']}/{rung['rung']}, {rung['case'].replace('/', ', ') or 'only case'}"
        numbers = (time_text(rung["seconds"]), f"{rung['floor']:.1%}", f"{rung['drift']:+.1%}")
        table.add_row(told(name), *map(told, numbers))
    title = f"{machine['name']} against itself, {found['rounds']} pairs of processes"
    what_to_do = noise.advice(machine) or ["Nothing to do: this is as quiet as machines come."]
    lines = [told(line) for line in [floor_text(found), *what_to_do]]
    return Group(told(title, "bold"), table, *lines)


def floor_text(found: dict) -> str:
    return (
        f"Noise floor {found['floor']:.1%}, measured {ago(found['measured'])}: times that differ "
        "by less are the same for all that this machine can tell."
    )


def _head(document: dict) -> Iterator[str]:
    machine, suite = document["machine"], document["suite"]
    cpu, build = machine.get("cpu", {}), machine.get("build", {})
    model = ", ".join([cpu.get("model", "unknown processor"), cpu.get("architecture", "")])
    yield f"{model}, microcode {machine.get('microcode', 'unknown')}"
    if "topology" in machine:
        yield f"{topology.summary(machine['topology'])}; told by {machine['topology']['told_by']}"
    memory = size_text(machine["memory_bytes"]) if "memory_bytes" in machine else "unknown amount"
    inside = [machine.get(name) for name in ("container", "virtualization")]
    yield ", ".join(
        [f"{memory} of memory", machine.get("os", "unknown system"), machine.get("kernel", "")]
        + [f"in {each}" for each in inside if each and each != "none"]
    )
    yield "; ".join(_state(machine))
    facts = [build.get(name, "") for name in ("compiler", "build_type", "flags", "libc")]
    changed = ", changed" if suite["dirty"] else ""
    yield f"built by {', '.join(filter(None, facts))}; commit {suite['commit'][:10]}{changed}"


def _state(machine: dict) -> Iterator[str]:
    turbo = {True: "on", False: "off", None: "unknown"}[machine.get("turbo")]
    yield f"governor {machine.get('governor', 'unknown')}, turbo {turbo}"
    yield f"huge pages {machine.get('huge_pages', {}).get('transparent', 'unknown')}"
    yield f"on {machine.get('power', 'unknown power')}"
    if "load_before" in machine:
        yield f"load {machine['load_before']:g}"
    limits, said = machine.get("cgroup", {}), []
    if "cpu_quota" in limits:
        said.append(f"the time of {limits['cpu_quota']:g} processors")
    if "memory_limit_bytes" in limits:
        said.append(f"{size_text(limits['memory_limit_bytes'])} of memory")
    if said:
        yield f"control groups grant {' and '.join(said)}"
    for name in ("job_id", "partition"):
        if name in machine.get("scheduler", {}):
            yield f"{name.replace('_', ' ')} {machine['scheduler'][name]}"


def _ceilings(found: dict, lie: dict | None) -> Table:
    peaks = {"one core": found["peaks"][0]}
    if "one_node" in found:
        peaks[f"one NUMA node ({found['one_node']['threads']})"] = found["one_node"]
    if len(found["peaks"]) > 1:
        peaks[f"all ({found['peaks'][-1]['threads']})"] = found["peaks"][-1]
    loads = topology.loads(found.get("latency", []))
    about = dict(topology.levels(lie)) if lie else {}
    rows = [["", *peaks, "a load takes", ""]]
    for kind, name in KINDS.items():
        rates = [f"{digits(peak[kind] / 1e9)} G/s" for peak in peaks.values()]
        rows.append([name, *rates, "", ""])
    for level, stores in _levels(peaks.values()):
        rates = [_rate(peak, level, stores) for peak in peaks.values()]
        if stores == "streaming":
            rows.append([f"triad {level}, streaming stores", *rates, "", ""])
        else:
            takes = time_text(loads[level]) if level in loads else ""
            rows.append([f"triad {level}", *rates, takes, about.get(level, "")])
    table = Table.grid(padding=(0, 2, 0, 0))
    for row in rows:
        table.add_row(*map(told, row))
    return table


def _levels(peaks: Iterable[dict]) -> list[tuple[str, str]]:
    entries = [entry for peak in peaks for entry in peak.get("bandwidths", [])]
    return sorted({(e["level"], e["stores"]) for e in entries})  # L1, L2 ... memory


def _rate(peak: dict, level: str, stores: str) -> str:
    for entry in peak.get("bandwidths", []):
        if (entry["level"], entry["stores"]) == (level, stores):
            return f"{digits(entry['bytes_per_second'] / 1e9)} GB/s"
    return "–"


def _foot(machine: dict) -> Iterator[str]:
    load = machine.get("load_before", 0.0)
    if "ceilings" in machine and load >= ceilings.IDLE:
        yield f"With a load of {load:g} these are not kept: an idle machine may reach more. {CALM}"
    for part in machine.get("ceilings", {}).get("left_out", [])[:LONGEST_LIST]:
        who = ceilings.threads_text(part["threads"])
        yield f"Not measured, {who}: {part['what']} ({part['reason']})"
    if "noise" in machine:
        yield floor_text(machine["noise"])
    alike: dict[str, list[str]] = {}
    for name, why in machine["unknown"].items():
        alike.setdefault(why, []).append(name.replace("_", " "))
    unknown = [f"{', '.join(names)} ({why})" for why, names in alike.items()]
    if unknown:
        more = f"; {len(unknown) - LONGEST_LIST} more" if len(unknown) > LONGEST_LIST else ""
        yield f"Unknown: {'; '.join(unknown[:LONGEST_LIST])}{more}"
