"""Times of anyone in one form, to lay machines side by side: a run of the suite, what somebody's
Google Benchmark wrote, what somebody's pyperf wrote.

A timing is of one row: one time per process, since repetitions within one are not independent. Of
Google Benchmark each file is a process, and a folder of them so many rounds.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from . import documents, results
from .documents import Refused
from .results import Row, Run, case_label, interpreter_label
from .words import brief, printable

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
CPP = "c++"


@dataclass(frozen=True)
class Timing:
    """One row: what was timed, how often, and what one has to know to hold it against another."""

    example: str
    rung: str
    case: str
    threads: int = 1
    made_by: str = ""  # the compiler or the interpreter; empty if nobody tells
    language: str = ""
    seconds: tuple[float, ...] = ()  # one per process; none if it was not measured
    reason: str = ""  # why it was not
    flags: str = ""  # and whatever else the compiler was told
    work: tuple = ()
    source: str = ""
    # What share of the machine's rates of computing and of moving bytes is used by what the rung
    # cannot do without; nothing where it does not say what that is.
    of_peak: float | None = None
    of_bandwidth: float | None = None

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def key(self) -> tuple:
        """What is the same row on another machine. One compiler's rows are another's, but all that
        one run holds of several interpreters are rows of their own."""
        return (*self.place, self.case, self.threads, "" if self.language == CPP else self.made_by)

    @property
    def place(self) -> tuple[str, str]:
        return self.example, self.rung

    @property
    def label(self) -> str:
        """locator/fused grid:small/events:4 with 2 threads (CPython 3.11)"""
        threads = f" ×{self.threads}" if self.threads > 1 else ""
        python = f" ({self.made_by})" if self.made_by and self.language != CPP else ""
        name = "/".join(filter(None, self.place))
        return printable(f"{name} {self.case}".rstrip() + threads + python)


@dataclass(frozen=True)
class Timings:
    """All that was timed on one machine at one time."""

    name: str  # of the machine, unlike that of any other here
    source: str
    kind: str
    machine: dict  # the passport, as far as somebody tells
    rows: list[Timing]
    started: str = ""
    run: Run | None = field(default=None, repr=False)


def load_all(names: Iterable[str]) -> list[Timings]:
    """Each given as `latest`, an id, a folder or a file. Raises Refused."""
    return _named_apart([load(name) for name in names])


def load(name: str) -> Timings:
    path = Path(name)
    if path.is_dir() and not os.path.lexists(path / results.FILE):
        return _of_folder(path)
    if path.is_file() and path.name != results.FILE:
        return _of_file(path)
    return of_run(results.load(results.find_run(name)))


def of_run(run: Run) -> Timings:
    rows = [_of_row(run, row, python) for row, python in zip(run.rows, _interpreters(run))]
    source, started = str(run.folder or ""), run.document["started"]
    return Timings(run.machine["name"], source, "mythbench", run.machine, rows, started, run)


def _interpreters(run: Run) -> list[str]:
    """Of each row; the last digits of its version only tell a guest from another one here."""
    labels = {interpreter_label(row.interpreter, full=True): row for row in run.rows}
    short = [interpreter_label(row.interpreter) for row in labels.values()]
    return [
        interpreter_label(row.interpreter, full=row.guest and short.count(own) > 1)
        for row in run.rows
        for own in [interpreter_label(row.interpreter)]
    ]


def _of_row(run: Run, row: Row, python: str) -> Timing:
    build = run.machine.get("build", {})
    rung = run.ladder(row.example).rung(row.rung)
    ok = row.status == "ok"
    computing, moving = run.at_best(row) if ok else (0.0, 0.0)
    return Timing(
        example=row.example,
        rung=row.rung,
        case=case_label(row.problem),
        threads=row.threads,
        made_by=python or _without_minor(build.get("compiler", "")),
        language=row.language,
        seconds=tuple(row.round_seconds()) if ok else (),
        reason=row.reason,
        flags="" if python else " ".join(build.get(n, "") for n in ("build_type", "flags")).strip(),
        work=tuple(sorted(row.work.items())),
        source=rung.source,
        of_peak=computing / row.took() if computing else None,
        of_bandwidth=moving / row.took() if moving else None,
    )


def _without_minor(compiler: str) -> str:
    """GNU 12, from GNU 12.2.0"""
    return compiler.partition(".")[0]


# Of others


def _of_folder(folder: Path) -> Timings:
    """Files of Google Benchmark, each of a process of its own."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise Refused(f"{folder}: holds neither a {results.FILE} nor any other file of JSON")
    told = [_google_benchmark(documents.read(file, "google_benchmark"), file) for file in files]
    rounds: dict[tuple, list[Timing]] = {}
    for each in told:
        for row in each.rows:
            rounds.setdefault(row.key, []).append(row)
    rows = [_together(of) for of in rounds.values()]
    return replace(told[0], source=str(folder), rows=rows)


def _together(of: list[Timing]) -> Timing:
    seconds = tuple(one for row in of for one in row.seconds)
    return replace(of[0], seconds=seconds, reason="" if seconds else of[0].reason)


def _of_file(file: Path) -> Timings:
    kind, document = documents.read_of_anyone(file)
    if kind == "run":
        return of_run(results.read(document, file.parent, str(file)))
    return {"google_benchmark": _google_benchmark, "pyperf": _pyperf}[kind](document, file)


def _google_benchmark(document: dict, file: Path) -> Timings:
    context = document["context"]
    machine: dict[str, Any] = {"name": printable(context.get("host_name") or file.stem)}
    if context.get("num_cpus"):
        machine["cpu"] = {"usable_cores": context["num_cpus"]}
    if context.get("library_version"):
        machine["build"] = {"benchmark": context["library_version"]}
    repeated: dict[str, list[dict]] = {}
    for entry in document["benchmarks"]:
        if entry.get("aggregate_name", "median") == "median":
            repeated.setdefault(printable(entry.get("run_name", entry["name"])), []).append(entry)
    rows = [_of_repetitions(name, entries) for name, entries in repeated.items()]
    started = printable(str(context.get("date", "")))
    return Timings(machine["name"], str(file), "Google Benchmark", machine, rows, started)


def _of_repetitions(name: str, entries: list[dict]) -> Timing:
    """All repetitions of one process: their median, which an aggregate may have taken."""
    timed = [e for e in entries if e.get("real_time") and not _is_error(e)]
    each = [e for e in timed if e.get("run_type") != "aggregate"] or timed
    if not each:
        told = (e.get("error_message") or e.get("skip_message") for e in entries)
        return Timing("", name, "", reason=brief(next(filter(None, told), "no time is told")))
    seconds = median(e["real_time"] * UNITS[e.get("time_unit", "ns")] for e in each)
    return Timing("", name, "", seconds=(seconds,))


def _is_error(entry: dict) -> bool:
    return entry.get("error_occurred", False) or entry.get("skipped", False)


def _pyperf(document: dict, file: Path) -> Timings:
    common = document.get("metadata", {})
    first = {**common, **document["benchmarks"][0].get("metadata", {})}
    machine: dict[str, Any] = {"name": printable(first.get("hostname") or file.stem), "cpu": {}}
    if first.get("cpu_model_name"):
        machine["cpu"]["model"] = first["cpu_model_name"]
    if first.get("cpu_count"):
        machine["cpu"]["usable_cores"] = first["cpu_count"]
    if first.get("platform"):
        machine["os"] = first["platform"]
    rows = [*_of_pyperf(document["benchmarks"], common, file)]
    if len({row.key for row in rows}) < len(rows):
        raise Refused(f"{file}: two of 'benchmarks' have one name")
    return Timings(machine["name"], str(file), "pyperf", machine, rows)


def _of_pyperf(benchmarks: list[dict], common: dict, file: Path) -> Iterator[Timing]:
    for number, entry in enumerate(benchmarks, start=1):
        told = {**common, **entry.get("metadata", {})}
        if "name" not in told:
            raise Refused(f"{file}: 'name' is missing in entry {number} of 'benchmarks'")
        if told.get("unit", "second") != "second":
            raise Refused(f"{file}: '{told['name']}' is in the unit {told['unit']}, not in seconds")
        seconds = tuple(median(run["values"]) for run in entry["runs"] if run.get("values"))
        python = {
            "implementation": _python(told),
            "version": told.get("python_version", "").split(" ")[0],
        }
        made_by = interpreter_label(python) if python["version"] else ""
        reason = "" if seconds else "no value is told"
        yield Timing("", printable(told["name"]), "", 1, made_by, "python", seconds, reason)


def _python(told: dict) -> str:
    name = told.get("python_implementation", "")
    return {"cpython": "CPython", "pypy": "PyPy"}.get(name, name)


def _named_apart(every: list[Timings]) -> list[Timings]:
    """Two runs of one machine are told apart by when they began, or else by their number."""
    for more in (
        lambda each, _: f"{each.name} {each.started[:16].replace('T', ' ')}",
        lambda each, n: f"{each.name} ({n})",
    ):
        names = [each.name for each in every]
        every = [
            replace(each, name=more(each, number).strip()) if names.count(each.name) > 1 else each
            for number, each in enumerate(every, start=1)
        ]
    return every
