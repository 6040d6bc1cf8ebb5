"""From the raw files of a run to its run.json. Nothing here starts a process or judges.

A run's folder holds, beside raw/, two files of the runner's own: start.json, what was known before
the first process, and plan.json, which process each raw file belongs to and what comes next.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from ..judge.doubts import warnings
from ..runs.results import SCHEMA_VERSION, parse
from .forecasts import Row, rows_of_start
from .plan import LeftOut, Outcome, Process

SECONDS_PER_UNIT = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
TIME_TYPES = re.compile(r"(/process_time|/real_time)+$")
NOTE = "note_"
PROCESS_FIELDS = ("kind", "round", "example", "rung", "interpreter", "cases")
HEADER_FIELDS = ("run_id", "started", "suite", "settings", "machine", "ladders")


class Record:
    """What the processes of a run have shown so far, row by row."""

    def __init__(self, start: dict) -> None:
        self.start = start
        self.rows = rows_of_start(start)
        self._row = {(*row.who, row.case): row for row in self.rows}
        self._cases = {
            (ladder["example"], case["label"]): case
            for ladder in start["ladders"]
            for case in ladder["cases"]
        }
        self._tolerance = {lad["example"]: lad["tolerance"] for lad in start["ladders"]}
        self._samples: dict[Row, list[dict]] = defaultdict(list)
        self._checks: dict[Row, dict] = {}
        self._layers: dict[Row, dict] = {}
        self._bad: dict[Row, tuple[str, str]] = {}
        self._sentinels: list[dict] = []
        self.packages: dict[str, dict[str, str]] = {}  # by interpreter

    def add(self, entry: dict, document: Any) -> Outcome:
        """Takes in a process that ended, by its entry in plan.json and its raw file, if any."""
        process = process_of(entry)
        if document is None:
            outcome = self._add_nothing(process, entry)
        elif process.counts:
            outcome = self._add_layers(process, entry, document)
        else:
            outcome = self._add_times(process, entry, document)
        if not process.counts and not (outcome.broken and len(process.cases) > 1):
            for status in ("failed", "skipped"):
                for case, reason in getattr(outcome, status).items():
                    self._bad.setdefault(self._row[(*process.who, case)], (status, reason))
        return outcome

    def row_documents(self, left_out: dict[Row, LeftOut], gone: dict[Row, str]) -> list[dict]:
        return [self._row_document(row, left_out.get(row), gone.get(row)) for row in self.rows]

    def sentinels(self) -> list[dict]:
        return list(self._sentinels)

    # Processes

    def _add_nothing(self, process: Process, entry: dict) -> Outcome:
        """Stopped or crashed. Neither is held against the row if the budget's end was the cause."""
        status, reason = entry["ended"]["status"], entry["ended"]["reason"]
        if status == "cut":
            return Outcome(entry["wall"])
        if process.counts:
            for case in process.cases:
                self._layers[self._row[(*process.who, case)]] = {"reason": reason}
        reasons = dict.fromkeys(process.cases, reason)
        return Outcome(entry["wall"], **{status: reasons}, broken=True)

    def _add_times(self, process: Process, entry: dict, document: dict) -> Outcome:
        if process.interpreter:
            told = document.get("context", {}).get("interpreter", {})
            self.packages.setdefault(process.interpreter, {}).update(told.get("packages", {}))
        by_case: dict[str, list[dict]] = defaultdict(list)
        for measured in document["benchmarks"]:
            if measured.get("run_type", "iteration") == "iteration":
                by_case[case_of(measured, process)].append(measured)
        outcome = Outcome(entry["wall"])
        for case in process.cases:
            self._add_case(process, entry, case, by_case.get(case, []), outcome)
        return outcome

    def _add_case(
        self, process: Process, entry: dict, case: str, measured: list[dict], outcome: Outcome
    ) -> None:
        row = self._row[(*process.who, case)]
        for status, reason in map(_complaint, measured or [NOTHING]):
            if status:
                getattr(outcome, status)[case] = reason
                self._checks[row] = self._failed_check(row, reason)
                return
        sample = _sample(process, entry, measured)
        outcome.seconds[case] = sample["seconds"]
        if process.kind == "sentinel":
            self._add_sentinel(process, row, sample)
        else:
            self._samples[row].append(sample)
            self._checks[row] = _passed_check(measured)

    def _add_sentinel(self, process: Process, row: Row, again: dict) -> None:
        first = [s for s in self._samples[row] if s["round"] == process.round]
        if first:
            self._sentinels.append(
                {
                    "round": process.round,
                    **self._identity(row),
                    "first_seconds": first[0]["seconds"],
                    "again_seconds": again["seconds"],
                }
            )

    def _add_layers(self, process: Process, entry: dict, document: list) -> Outcome:
        outcome = Outcome(entry["wall"])
        for counted in document:
            case = counted["label"].split("/", 2)[2]
            layers = counted["layers"]
            self._layers[self._row[(*process.who, case)]] = layers
            counts = layers.get("os")
            if counts:
                grown = counts["peak_resident_bytes"] - counts["baseline_resident_bytes"]
                outcome.grown_bytes[case] = max(0.0, grown)
                outcome.cold_seconds[case] = counts["seconds"]
        return outcome

    # Documents

    def _row_document(self, row: Row, left_out: LeftOut | None, gone: str | None) -> dict:
        status, reason = self._status(row, left_out, gone)
        forecast = _forecast(left_out)
        return {
            **self._identity(row),
            "language": row.language,
            "status": status,
            **({"reason": reason} if reason else {}),
            "samples": self._samples[row] if status == "ok" else [],
            "work": self._cases[row.example, row.case]["work"],
            **({"check": self._checks[row]} if self._checks.get(row) else {}),
            **({"layers": self._layers[row]} if row in self._layers else {}),
            **({"forecast": forecast} if forecast else {}),
        }

    def _status(self, row: Row, left_out: LeftOut | None, gone: str | None) -> tuple[str, str]:
        if row in self._bad:
            return self._bad[row]
        if left_out:
            return "skipped", left_out.reason
        if gone:
            return "skipped", gone
        if self._samples[row]:
            return "ok", ""
        return "skipped", "not measured yet"

    def _identity(self, row: Row) -> dict:
        interpreter = self.start["interpreters"].get(row.interpreter)
        return {
            "example": row.example,
            "rung": row.rung,
            "case": self._cases[row.example, row.case]["parameters"],
            "interpreter": interpreter,
        }

    def _failed_check(self, row: Row, reason: str) -> dict:
        if not reason.startswith("wrong answer"):
            return {}
        error = re.search(r"error ([0-9][0-9.e+-]*[0-9]|[0-9])", reason)
        known = {"error": float(error[1])} if error else {}
        return {**known, "tolerance": self._tolerance[row.example], "passed": False}


NOTHING = {"error_occurred": True, "error_message": "failed: the process said nothing about it"}


def document_of(start: dict, plan: dict, record: Record) -> dict:
    """run.json, from what the record holds and the plan says."""
    left_out = {record.rows[i]: LeftOut(**why) for i, why in plan["left_out"]}
    gone = {record.rows[i]: reason for i, reason in plan["gone"]}
    finished = plan.get("finished")
    document = {
        "schema_version": SCHEMA_VERSION,
        **{name: start[name] for name in HEADER_FIELDS},
        **({"finished": finished} if finished else {}),
        "complete": bool(finished),
        "rows": record.row_documents(left_out, gone),
        "sentinels": record.sentinels(),
        "verdicts": [],
    }
    machine = {**start["machine"], **plan.get("machine_after", {})}
    document["machine"] = {**machine, "pythons": pythons(start, record)}
    document["warnings"] = warnings(document)
    return document


def of_folder(folder: Path) -> dict:
    """run.json once more, from the other files of a run's folder alone."""
    start = parse((folder / "start.json").read_text(encoding="utf-8"), "start.json")
    plan = parse((folder / "plan.json").read_text(encoding="utf-8"), "plan.json")
    record = Record(start)
    for entry in plan["processes"]:
        if has_ended(entry):
            record.add(entry, raw_of(folder, entry))
    return document_of(start, plan, record)


def process_of(entry: dict) -> Process:
    return Process.from_json({name: entry[name] for name in PROCESS_FIELDS})


def has_ended(entry: dict) -> bool:
    return "wall" in entry


def raw_of(folder: Path, entry: dict) -> object:
    """What a process wrote; None if it ended without a result."""
    if "ended" in entry:
        return None
    return strict_json((folder / entry["file"]).read_text(encoding="utf-8"))


def strict_json(text: str) -> object:
    """Raises ValueError for NaN and Infinity too."""
    return json.loads(text, parse_constant=_refuse)


def pythons(start: dict, record: Record) -> list[dict]:
    """The interpreters, with the versions of the packages that their processes imported."""
    return [
        {**told, **({"packages": record.packages[key]} if record.packages.get(key) else {})}
        for key, told in start["interpreters"].items()
    ]


def case_of(measured: dict, process: Process) -> str:
    """ "n:10/threads:1" of "locator/talk/n:10/threads:1/process_time/real_time\""""
    name = TIME_TYPES.sub("", measured.get("run_name", measured["name"]))
    return name.removeprefix(f"{process.example}/{process.rung}/")


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _complaint(measured: dict) -> tuple[str, str]:
    """ "failed" or "skipped" and the reason; two empty texts if all is well."""
    if not measured.get("error_occurred"):
        return "", ""
    message = measured.get("error_message", "no reason was given")
    kind, _, reason = message.partition(": ")
    if kind == "skipped":
        return "skipped", reason
    return "failed", reason if kind == "failed" else message


def _sample(process: Process, entry: dict, measured: list[dict]) -> dict:
    """Repetitions within a process are not independent: their median is one sample."""
    sample = {
        "round": process.round,
        "seconds": median(_seconds(row, "real_time") for row in measured),
        "started": entry["started"],
        "cpu_seconds": median(_seconds(row, "cpu_time") for row in measured),
        "iterations": measured[0]["iterations"],
    }
    for name in ("first_seconds", "memory_bytes_per_second"):
        if name in measured[0]:
            sample[name] = measured[0][name]
    notes = _notes(measured)
    if notes:
        sample["notes"] = notes
    return sample


def _notes(measured: list[dict]) -> dict[str, float]:
    """What the rung told of its own run, by name."""
    names = dict.fromkeys(name for row in measured for name in row if name.startswith(NOTE))
    return {
        name[len(NOTE) :]: median(row[name] for row in measured if name in row) for name in names
    }


def _seconds(measured: dict, field: str) -> float:
    return measured[field] * SECONDS_PER_UNIT[measured["time_unit"]]


def _passed_check(measured: list[dict]) -> dict:
    if "check_tolerance" not in measured[0]:
        return {}
    worst = max(row.get("check_error", 0.0) for row in measured)
    return {"error": worst, "tolerance": measured[0]["check_tolerance"], "passed": True}


def _forecast(left_out: LeftOut | None) -> dict:
    if left_out is None:
        return {}
    known = {"seconds": left_out.seconds, "bytes": left_out.bytes}
    return {name: value for name, value in known.items() if value}
