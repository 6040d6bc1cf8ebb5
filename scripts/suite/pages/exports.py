"""A run in the formats of other tools. What was not timed is no number in any of them.

Each format is a function of a run that gives the text of a file; FORMATS names them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..judge.standings import case_text, standings
from ..runs import results
from ..runs.file_names import inside
from ..runs.intervals import FEWEST_ROUNDS, Interval, ends, median_interval
from ..runs.quantities import plural, time_text
from ..runs.results import Group, Row, Run, case_label, groups, interpreter_label
from ..runs.untrusted import csv_text, in_markdown
from ..runs.words import printable

NANO = 1e9  # in a second
METRIC = "mythbench_row_seconds"


def write(run: Run, form: str, output: Path | None = None) -> Path:
    """Into exports/ of the run's own folder, unless told otherwise; the file."""
    told, name = FORMATS[form]
    path = output or inside(run.folder or Path(), "exports") / name
    results.write_text(path, told(run))
    return path


def github(run: Run) -> str:
    """customSmallerIsBetter of github-action-benchmark, which would take every aggregate of a raw
    file for a time."""
    told = [
        {
            "name": name_of(row),
            "value": row.took() * NANO,
            "unit": "ns",
            **({"range": _range(interval)} if (interval := sure(row)) else {}),
            "extra": f"{plural(len(row.rounds()), 'round')}, {_made_by(run, row)}",
        }
        for row in timed(run)
    ]
    return _json(told)


def bmf(run: Run) -> str:
    """Bencher Metric Format, whose latency is in nanoseconds."""
    told = {}
    for row in timed(run):
        latency = {"value": row.took() * NANO}
        if interval := sure(row):
            latency["lower_value"] = interval.low * NANO
            latency["upper_value"] = interval.high * NANO
        told[name_of(row)] = {"latency": latency}
    return _json(told)


def pyperf(run: Run) -> str:
    """pyperf's format 1.0: each round is a process with one value."""
    cpu = run.machine.get("cpu", {})
    facts = {"hostname": run.machine["name"], "cpu_model_name": cpu.get("model")}
    shared = {name: printable(fact) for name, fact in facts.items() if fact}
    told = {
        "version": "1.0",
        "metadata": {"unit": "second", **shared},
        "benchmarks": [
            {
                "metadata": {"name": name_of(row)},
                "runs": [{"metadata": {"loops": 1}, "values": [s]} for s in row.round_seconds()],
            }
            for row in timed(run)
        ],
    }
    return _json(told)


def table(run: Run) -> str:
    """All rows as comma-separated values, those that were not timed with their reason."""
    header = "example,rung,case,threads,language,interpreter,status,reason,rounds"
    return csv_text(
        f"{header},seconds,low,high,items,flops,bytes",
        [
            [
                *(row.example, row.rung, case_label(row.problem), row.threads, row.language),
                *(interpreter_label(row.interpreter, full=True), row.status, row.reason),
                *(len(row.rounds()), row.seconds(), *ends(sure(row))[1:]),
                *(row.work.get(name) for name in ("items", "flops", "bytes")),
            ]
            for row in run.rows
        ],
    )


def markdown(run: Run) -> str:
    """A table for each case that was measured."""
    document = run.document
    where = f"{run.machine['name']}, {document['started'][:10]}"
    lines = [f"# mythbench on {in_markdown(where)}"]
    for ladder in run.ladders:
        measured = [group for group in groups(run, ladder) if group.measured]
        if measured:
            lines += ["", f"## {in_markdown(ladder.title)}"]
        for group in measured:
            lines += ["", f"### {in_markdown(f'{group.example}, {case_text(group)}')}", ""]
            lines += _standings(group)
    return "\n".join(lines) + "\n"


def openmetrics(run: Run) -> str:
    """For Prometheus: gauges of medians and of the ends of their intervals."""
    suite, cpu = run.document["suite"], run.machine.get("cpu", {})
    about = {
        "machine": run.machine["name"],
        "processor": cpu.get("model", "unknown"),
        "started": run.document["started"],
        "commit": suite["commit"],
    }
    rows = [(_labels(row), row) for row in timed(run)]
    lines = _family("mythbench_run", "info", "What was measured on, when, with what.")
    lines.append(_sample("mythbench_run_info", about, 1))
    lines += _family(
        METRIC, "gauge", "Seconds of a run of a rung, by what of all rounds.", "seconds"
    )
    for labels, row in rows:
        interval = sure(row)
        told = {
            "median": row.took(),
            **({"low": interval.low, "high": interval.high} if interval else {}),
        }
        lines += [_sample(METRIC, {**labels, "of": of}, value) for of, value in told.items()]
    lines += _family("mythbench_row_rounds", "gauge", "Rounds in which it was timed.")
    lines += [_sample("mythbench_row_rounds", labels, len(row.rounds())) for labels, row in rows]
    return "\n".join([*lines, "# EOF", ""])


FORMATS = {
    "github": (github, "github.json"),
    "bmf": (bmf, "bmf.json"),
    "pyperf": (pyperf, "pyperf.json"),
    "csv": (table, "run.csv"),
    "md": (markdown, "run.md"),
    "openmetrics": (openmetrics, "openmetrics.txt"),
}


def timed(run: Run) -> Iterator[Row]:
    return (row for row in run.rows if row.status == "ok")


def name_of(row: Row) -> str:
    """locator/fused/grid:small/events:4/threads:1, and the interpreter of a Python rung: alike in
    every run, and unlike any other row's."""
    python = interpreter_label(row.interpreter, full=True)
    parts = [row.example, row.rung, case_label(row.case), python]
    return printable("/".join(filter(None, parts)))


def sure(row: Row) -> Interval | None:
    """The interval of its median; None where rounds are too few for one."""
    rounds = row.round_seconds()
    return median_interval(rounds) if len(rounds) >= FEWEST_ROUNDS else None


def _json(told: object) -> str:
    return json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _range(interval: Interval) -> str:
    """± 3 ns: the farther end, since tools know one number only."""
    reach = max(interval.high - interval.value, interval.value - interval.low)
    return f"± {reach * NANO:.6g}"


def _made_by(run: Run, row: Row) -> str:
    compiler = run.machine.get("build", {}).get("compiler", "an unknown compiler")
    return printable(interpreter_label(row.interpreter, full=True) or compiler)


def _standings(group: Group) -> Sequence[str]:
    lines = ["| rung | time | beside the baseline | rounds |", "| --- | --- | --- | --- |"]
    for each in standings(group):
        compared = each.comparison if each.seconds else ""
        cells = [each.label, _time(each.seconds, each.few) or each.time, compared, str(each.rounds)]
        lines.append(f"| {' | '.join(map(in_markdown, cells))} |")
    return lines


def _time(seconds: Interval | None, few: bool) -> str:
    if seconds is None:
        return ""
    span = f" ({time_text(seconds.low)} to {time_text(seconds.high)})"
    return time_text(seconds.value) + ("" if few else span)


# OpenMetrics


def _family(name: str, kind: str, helps: str, unit: str = "") -> list[str]:
    told = [f"# TYPE {name} {kind}", *([f"# UNIT {name} {unit}"] if unit else [])]
    return [*told, f"# HELP {name} {helps}"]


def _labels(row: Row) -> dict[str, str]:
    return {
        "example": row.example,
        "rung": row.rung,
        "case": case_label(row.case),
        "interpreter": interpreter_label(row.interpreter, full=True),
    }


def _sample(name: str, labels: dict[str, str], value: float) -> str:
    told = ",".join(f'{label}="{_quoted(text)}"' for label, text in labels.items())
    return f"{name}{{{told}}} {value!r}"


def _quoted(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace('"', '\\"')
