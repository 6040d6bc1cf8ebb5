"""From the raw files of a run to its run.json. Nothing here starts a process or judges.

A run's folder holds, beside raw/, two files of the runner's own: start.json, what was known before
the first process, and plan.json, which process each raw file belongs to and what comes next.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from ..judge.doubts import warnings
from ..runs import documents, results
from ..runs.documents import Refused
from ..runs.results import SCHEMA_VERSION
from ..runs.words import brief
from .forecasts import Row, rows_of_start
from .steps import LeftOut, Outcome, Process

SECONDS_PER_UNIT = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
# What Google Benchmark adds to a name: how it was timed.
TIME_TYPES = re.compile(r"(/iterations:\d+)?(/process_time|/real_time)+$")
NOTE = "note_"
LEAST_SECONDS = 1e-15  # than which no run of a run.json is shorter
START, PLAN = "start.json", "plan.json"
MOST_ROUNDS = 1000
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
        self._seconds = self._in_samples = 0.0
        self.packages: dict[str, dict[str, str]] = {}  # by interpreter

    def add(self, entry: dict, document: Any) -> Outcome:
        """Takes in a process that ended, by its entry in plan.json and its raw file, if any."""
        process = process_of(entry)
        self._seconds += entry["wall"]
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

    def knows(self, process: Process) -> bool:
        return all((*process.who, case) in self._row for case in process.cases)

    def sentinels(self) -> list[dict]:
        return list(self._sentinels)

    def time_spent(self) -> dict[str, float]:
        """Since the first process began, and what of it was runs that count."""
        return {"seconds": self._seconds, "in_samples": self._in_samples}

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
        self._in_samples += sum(_seconds(r, "real_time") * r["iterations"] for r in measured)
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
    left_out = {
        record.rows[int(entry["row"])]: LeftOut(entry["reason"], entry["seconds"], entry["bytes"])
        for entry in plan["left_out"]
    }
    gone = {record.rows[int(entry["row"])]: entry["reason"] for entry in plan["gone"]}
    finished = plan.get("finished")
    document = {
        "schema_version": SCHEMA_VERSION,
        **{name: start[name] for name in HEADER_FIELDS},
        "myths": start.get("myths", []),
        **({"finished": finished} if finished else {}),
        "complete": bool(finished),
        "rows": record.row_documents(left_out, gone),
        "sentinels": record.sentinels(),
        "time_spent": record.time_spent(),
        "verdicts": [],
        "answers": [],
    }
    machine = {**start["machine"], **plan.get("machine_after", {})}
    document["machine"] = {**machine, "pythons": pythons(start, record)}
    document["warnings"] = warnings(document)
    return document


def of_folder(folder: Path) -> dict:
    """run.json once more, from the other files of a run's folder alone."""
    start, record = started(folder)
    plan = planned(folder, record)
    for entry in plan["processes"]:
        if has_ended(entry):
            record.add(entry, raw_of(folder, entry))
    return document_of(start, plan, record)


def started(folder: Path) -> tuple[dict, Record]:
    """What start.json says, and a record without anything in it. Raises Refused."""
    file = folder / START
    start = documents.read(file, "start")
    results.ladders_of(start["ladders"], str(file))
    if strange := sorted({*start["commands"]} ^ {*start["interpreters"]}):
        raise Refused(f"{file}: 'commands' and 'interpreters' differ in '{strange[0]}'")
    if not 0 < start["settings"]["rounds"] <= MOST_ROUNDS:
        raise Refused(f"{file}: {start['settings']['rounds']} rounds are more than {MOST_ROUNDS}")
    return start, Record(start)


def planned(folder: Path, record: Record) -> dict:
    """What plan.json says of the same run. Raises Refused."""
    file = folder / PLAN
    plan = documents.read(file, "plan")
    state = plan["state"]
    processes = [*plan["processes"], *state["queue"], *filter(None, [state["first"]])]
    for told in processes:
        if not record.knows(process_of(told)):
            who = "/".join((told["example"], told["rung"], told["cases"][0]))
            raise Refused(f"{file}: this run has no {who} to be measured")
    files = [entry["file"] for entry in plan["processes"]]
    if len({*files}) < len(files):
        raise Refused(f"{file}: two of 'processes' have one file")
    places = [entry["row"] for entry in plan["left_out"] + plan["gone"]]
    places += state["batch"]
    if max(places, default=0) >= len(record.rows):
        raise Refused(f"{file}: there is no row {max(places)}")
    return plan


def process_of(entry: dict) -> Process:
    return Process.from_json({name: entry[name] for name in PROCESS_FIELDS})


def has_ended(entry: dict) -> bool:
    return "wall" in entry


def raw_of(folder: Path, entry: dict) -> object:
    """What a process wrote; None if it ended without a result. Raises Refused."""
    if "ended" in entry:
        return None
    return raw_in(folder / entry["file"], process_of(entry))


def raw_in(file: Path, process: Process) -> object:
    """What a process wrote into a file, which may be about its own cases only. Raises Refused."""
    if process.counts:
        told = documents.read(file, "counts")
        about = [entry["label"] for entry in told]
    else:
        told = documents.read(file, "times")
        about = [_label(measured) for measured in told["benchmarks"]]
    own = {f"{process.example}/{process.rung}/{case}" for case in process.cases}
    if strange := [label for label in about if label not in own]:
        raise Refused(f"{file}: holds what no process of its name can tell, of '{strange[0]}'")
    return told


def pythons(start: dict, record: Record) -> list[dict]:
    """The interpreters, with the versions of the packages that their processes imported."""
    return [
        {**told, **({"packages": record.packages[key]} if record.packages.get(key) else {})}
        for key, told in start["interpreters"].items()
    ]


def case_of(measured: dict, process: Process) -> str:
    """ "n:10/threads:1" of "locator/talk/n:10/threads:1/process_time/real_time\""""
    return _label(measured).removeprefix(f"{process.example}/{process.rung}/")


def _label(measured: dict) -> str:
    return TIME_TYPES.sub("", measured.get("run_name", measured["name"]))


def _complaint(measured: dict) -> tuple[str, str]:
    """ "failed" or "skipped" and the reason; two empty texts if all is well."""
    if not measured.get("error_occurred"):
        nothing = _seconds(measured, "real_time") < LEAST_SECONDS or measured["iterations"] < 1
        return ("failed", "it took no time at all") if nothing else ("", "")
    message = brief(measured.get("error_message", "")) or "no reason was given"
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
