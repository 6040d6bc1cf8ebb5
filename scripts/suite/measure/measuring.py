"""One run being measured: process by process, and nothing lost whenever it is stopped."""

from __future__ import annotations

import json
import math
import os
import shutil
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from ..machine import environment
from ..runs import refusals, results
from ..runs.documents import Refused
from ..runs.file_names import file_name, inside
from ..runs.refusals import Refusal
from ..runs.results import moment, write_json, write_text
from ..runs.words import brief
from . import processes
from .built import Suite
from .forecasts import Forecasts, Row, Sampling
from .normalise import (
    PLAN,
    START,
    Record,
    document_of,
    has_ended,
    planned,
    process_of,
    raw_in,
    raw_of,
    started,
)
from .plan import Planner
from .servers import Servers, Tick, packages_of
from .steps import LeftOut, Outcome, Process, Settings
from .wanted import deciding, wanted

LEAST_PATIENCE_WITH_A_PROBLEM = 30.0
LEAST_ROOM = 100_000  # bytes, which a raw file may well need
# To write all that is known takes longer with every process. Until the next time it can be had
# from the other files of the run.
SECONDS_BETWEEN_DOCUMENTS = 5.0


class Measuring:
    """The state of a run in memory. Its folder holds the same at any moment, but for run.json."""

    def __init__(self, suite: Suite, folder: Path, start: dict, plan: dict | None = None) -> None:
        self.suite, self.folder, self.start = suite, folder, start
        self.record = Record(start)
        self.settings = _settings(start)
        self.kept = environment.values(start["machine"].get("environment", {}).get("kept", ()))
        rows = self.record.rows
        told = start["ladders"], rows, start["interpreters"]
        forecasts = Forecasts(self.settings.sampling)
        baselines = {ladder["example"]: ladder.get("baseline", "") for ladder in start["ladders"]}
        pairs = wanted(*told), deciding(*told)
        self.planner = Planner(rows, self.settings, forecasts, *pairs, baselines)
        self.plan = plan or {"processes": []}
        self._threaded = {row.who: row for row in self.record.rows if row.threaded}
        self._rungs = {
            (ladder["example"], rung["name"]): rung
            for ladder in start["ladders"]
            for rung in ladder["rungs"]
        }
        self._servers = Servers()
        self._round_of_servers = 0
        self._packages: dict[Path, tuple[str, ...]] = {}  # of the rungs that servers run
        self._unwritten: dict[tuple[str, str], str] = {}  # problems that could not be written
        self._since = time.monotonic()  # the last process ended, or we began
        self._told: list[str] = []  # of the processes that ended, as plan.json has them
        self._kept = -math.inf  # when run.json was written
        self._know_problems()
        if plan:
            self._take_up()

    @property
    def used(self) -> float:
        """Seconds of the budget that earlier processes took."""
        return sum(entry.get("wall", 0.0) for entry in self.plan["processes"])

    def next(self, remaining: float) -> Process | None:
        """Chooses the next process and writes down that it is about to run."""
        process = self.planner.next(remaining)
        if process:
            number = len(self.plan["processes"]) + 1
            self.plan["processes"].append(_entry(number, process))
        self._keep_what_is_new()
        return process

    def carry_out(self, remaining: float, tick: Tick) -> Outcome:
        """Runs the process chosen last and takes in what it shows."""
        entry = self.plan["processes"][-1]
        process = process_of(entry)
        patience = self.planner.timeout(process, remaining)
        if process.round != self._round_of_servers:
            self.close()
            self._round_of_servers = process.round
        entry["started"] = now()
        problem = self._write_problems(process, remaining, tick)
        if problem:
            entry["ended"] = {"status": "skipped", "reason": problem}
        else:
            self._run(entry, process, patience, patience >= remaining, tick)
        # Choosing it and writing that down are part of what it costs.
        since, self._since = self._since, time.monotonic()
        entry["wall"] = self._since - since
        outcome = self.record.add(entry, raw_of(self.folder, entry))
        self.planner.learn(process, outcome)
        return outcome

    def close(self) -> None:
        """Ends the processes that wait for rungs."""
        self._servers.close()

    def finish(self, machine_after: dict) -> None:
        """All is measured."""
        self.plan["finished"] = now()
        self.plan["machine_after"] = machine_after
        self.keep()

    def document(self) -> dict:
        """run.json as it stands, without verdicts."""
        return document_of(self.start, self.plan, self.record)

    # Files

    def keep(self) -> None:
        """All that is known, run.json included."""
        self._tell_what_is_not_run()
        self._write_plan()
        write_text(self.folder / results.FILE, _compact(self.document()))
        self._kept = time.monotonic()

    def _keep_what_is_new(self) -> None:
        if self._kept + SECONDS_BETWEEN_DOCUMENTS < time.monotonic():
            self.keep()
        else:
            self._write_plan()

    def _tell_what_is_not_run(self) -> None:
        place = {row: i for i, row in enumerate(self.record.rows)}
        self.plan["left_out"] = [
            {"row": place[row], **vars(why)} for row, why in self._left_out().items()
        ]
        self.plan["gone"] = [
            {"row": place[row], "reason": why} for row, why in self.planner.gone.items()
        ]

    def _write_plan(self) -> None:
        """What has ended does not change any more, so it is put into words once."""
        self.plan["state"] = self.planner.state()
        processes = self.plan["processes"]
        while len(self._told) < len(processes) and has_ended(processes[len(self._told)]):
            self._told.append(_compact(processes[len(self._told)]))
        told = ",".join([*self._told, *map(_compact, processes[len(self._told) :])])
        rest = {name: value for name, value in self.plan.items() if name != "processes"}
        write_text(self.folder / PLAN, f'{{"processes": [{told}],\n{_compact(rest)[1:]}')

    def _left_out(self) -> dict[Row, LeftOut]:
        """In round 1 nothing is decided yet."""
        at_end = "finished" in self.plan
        return self.planner.left_out(at_end) if at_end or self.planner.round > 1 else {}

    def _take_up(self) -> None:
        """Learns again what a stopped run had learned, then goes on where it stopped."""
        *done, last = self.plan["processes"] or [None]
        for entry in done:
            self._learn_again(entry)
        self.planner.restore(self.plan["state"])
        if last is None:
            return
        self._recover(last)
        if has_ended(last):
            self._learn_again(last)
        else:
            self.plan["processes"].pop()
            self.planner.queue.insert(0, process_of(last))

    def _learn_again(self, entry: dict) -> None:
        if has_ended(entry):
            outcome = self.record.add(entry, raw_of(self.folder, entry))
            self.planner.learn(process_of(entry), outcome)

    def _recover(self, entry: dict) -> None:
        """The process may have ended just before the runner did, its entry unfinished."""
        raw = self.folder / entry["file"]
        if not has_ended(entry) and raw.is_file():
            entry.setdefault("started", now())
            passed = raw.stat().st_mtime - _moment(entry).timestamp()
            # The clock may have been set in between.
            most = self.planner.timeout(process_of(entry), self.settings.budget)
            entry["wall"] = min(max(0.0, passed), most)

    # Processes

    def _run(
        self, entry: dict, process: Process, patience: float, to_the_end: bool, tick: Tick
    ) -> None:
        raw = self.folder / entry["file"]
        draft = raw.with_name(f".{raw.name}.part")
        output = raw.with_name(f".{raw.name}.stdout")
        counts = process.counts
        command, env = self._command(process, draft)
        try:
            where = draft if counts else output
            kills = processes.kills_for_memory()
            ended = self._ended(process, command, patience, where, env, tick)
            short_of_memory = kills != processes.kills_for_memory()
            fault = _fault(draft, process) if ended.status in (0, 1) else ended.complaint()
            if ended.killed or (ended.status and short_of_memory):
                entry["ended"] = _killed(short_of_memory)
            elif fault:
                _raise_if_refused(ended, raw.parent)
                entry["ended"] = _why_nothing(ended, fault, to_the_end)
            else:
                os.replace(draft, raw)
        finally:
            for left in (output, *raw.parent.glob(f"{draft.name}*")):
                left.unlink(missing_ok=True)

    def _ended(
        self,
        process: Process,
        command: list[str],
        patience: float,
        output: Path,
        env: dict[str, str],
        tick: Tick,
    ) -> processes.Ended:
        if not self._is_served(process):
            return processes.run(command, patience, output, env, tick)
        rung = self._rung_file(process)
        if rung not in self._packages:
            self._packages[rung] = packages_of(rung)
        packages = self._packages[rung]
        return self._servers.run(command, packages, patience, output, env, tick)

    def _is_served(self, process: Process) -> bool:
        """A Python rung that has not said that it needs its own process, or another one."""
        rung = self._rungs[process.example, process.rung]
        own = rung.get("other_process") or rung.get("own_process")
        return bool(process.interpreter) and not own

    def _rung_file(self, process: Process) -> Path:
        return self.suite.project / self._rungs[process.example, process.rung]["file"]

    def _command(self, process: Process, out: Path) -> tuple[list, dict[str, str]]:
        sampling, program = self.settings.sampling, self.suite.program
        if not process.interpreter:
            named = [f"{process.example}/{process.rung}/{case}" for case in process.cases]
            if process.counts:
                command = processes.layers_of_cpp(program, named)
                return command, self._counting(environment.of_cpp(self.kept))
            labels = dict(zip(named, self._iterations(process)))
            folder = self.suite.problems
            timing = processes.timing_of_cpp(program, labels, folder, sampling, out)
            return timing, environment.of_cpp(self.kept)
        python = [self.start["commands"][process.interpreter], str(self.suite.python_program)]
        rung = self._rung_file(process)
        files = [self.suite.problem_file(process.example, case) for case in process.cases]
        if process.counts:
            command = processes.layers_of_python(python, rung, files)
            return command, self._counting(self._environment(process))
        problems = dict(zip(files, self._iterations(process)))
        command = processes.timing_of_python(python, rung, problems, sampling, out)
        return command, self._environment(process)

    def _iterations(self, process: Process) -> list[int]:
        """How often to run each case, by what was seen of it; 0 where that is to be found out."""
        row = {row.case: row for row in self._rows_of(process)}
        return [self.planner.forecasts.iterations(row[case]) for case in process.cases]

    def _counting(self, env: dict[str, str]) -> dict[str, str]:
        """With the library that counts allocations before all others, where it was built."""
        library = self.suite.counting_library
        if not library.is_file():
            return env
        others = env.get("LD_PRELOAD", "")
        return {**env, "LD_PRELOAD": f"{library} {others}".strip()}

    def _environment(self, process: Process) -> dict[str, str]:
        row = self._rows_of(process)[0]
        threads = row.threads if row.threaded else 1
        chosen = environment.of_python(self.kept, threads, self.suite.numba_cache)
        return {**chosen, "PRESET": self.suite.preset}  # whose compiled modules a rung imports

    def _rows_of(self, process: Process) -> list[Row]:
        return [
            row for row in self.record.rows if row.who == process.who and row.case in process.cases
        ]

    # Problems

    def _write_problems(self, process: Process, remaining: float, tick: Tick) -> str | None:
        """Sees that the problem files are there; otherwise says why one is not."""
        for row in self._rows_of(process) if process.needs_problems else ():
            problem = (row.example, row.case)
            if problem not in self._unwritten and not self.suite.problem_file(*problem).is_file():
                self._write_problem(row, remaining, tick)
            if problem in self._unwritten:
                return self._unwritten[problem]
        return None

    def _write_problem(self, row: Row, remaining: float, tick: Tick) -> None:
        forecasts = self.planner.forecasts
        forecast = forecasts.problem(row.example, row.case, row.items)
        patience = min(max(10 * forecast, LEAST_PATIENCE_WITH_A_PROBLEM), remaining)
        label = f"{row.example}/{row.case}"
        command = [str(self.suite.program), "--write-problem", label]
        command.append(f"--problems={self.suite.problems}")
        output = self.folder / "raw" / ".problem.stdout"
        ended = processes.run(command, patience, output, environment.of_cpp(self.kept), tick)
        output.unlink(missing_ok=True)
        if ended.status != 0:
            _raise_if_refused(ended, self.folder)
            why = brief(ended.complaint())
            self._unwritten[row.example, row.case] = f"its problem could not be written: {why}"
            return
        forecasts.wrote_problem(row.example, row.case, row.items, ended.wall)
        self.suite.keep_problem_seconds(row.example, row.case, ended.wall)

    def _know_problems(self) -> None:
        took = self.suite.problem_seconds()
        for row in self.record.rows:
            if self.suite.problem_file(row.example, row.case).is_file():
                seconds = took.get(f"{row.example}/{row.case}", 0.0)
                self.planner.forecasts.wrote_problem(row.example, row.case, row.items, seconds)


FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


class _Clock:
    """Begins with the time of day, and goes on by a clock that nobody sets: of two moments the
    later one is later, also in a run that is taken up after the clock was set back."""

    def __init__(self) -> None:
        self._offset = datetime.now(timezone.utc) - self._passed()

    def now(self) -> datetime:
        return self._offset + self._passed()

    def goes_on_after(self, told: datetime) -> None:
        if told.year < datetime.max.year:
            self._offset += max(timedelta(0), told - self.now())

    @staticmethod
    def _passed() -> timedelta:
        return timedelta(seconds=time.monotonic())


CLOCK = _Clock()


def now() -> str:
    return CLOCK.now().strftime(FORMAT)


def begin(suite: Suite, folder: Path, start: dict) -> Measuring:
    """A new run: its folder, and `latest` pointing there."""
    try:
        (folder / "raw").mkdir(parents=True)
        write_json(folder / START, start)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    measuring = Measuring(suite, folder, start)
    _point_latest_at(folder)
    return measuring


def take_up(suite: Suite, folder: Path) -> Measuring:
    """A run that was stopped. Raises Refused if it cannot go on: its numbers would not belong
    together if some that were measured were left out."""
    raw = inside(folder, "raw")
    start, record = started(folder)
    plan = planned(folder, record) if os.path.lexists(folder / PLAN) else None
    _remove_drafts(folder, raw)
    for told in [start, *(plan["processes"] if plan else [])]:
        CLOCK.goes_on_after(_moment(told))
    return Measuring(suite, folder, start, plan)


def _moment(told: dict) -> datetime:
    return moment(told["started"], START).replace(tzinfo=timezone.utc)


def _remove_drafts(*places: Path) -> None:
    """What was half written when the run was stopped."""
    for place in places:
        for draft in place.glob(".*"):
            draft.unlink()


def _settings(start: dict) -> Settings:
    chosen = start["planning"]
    return Settings(
        budget=start["settings"]["budget_seconds"],
        rounds=start["settings"]["rounds"],
        seed=chosen["seed"],
        sampling=Sampling(chosen["min_time"], chosen["warm_up"]),
        memory=chosen["memory"],
        picture_seconds=chosen["picture_seconds"],
        deciding_rounds=chosen.get("deciding_rounds", 0),
        most_rounds=chosen.get("most_rounds", 0),
    )


def _entry(number: int, process: Process) -> dict:
    words = f"{number:04d}", f"round-{process.round}", process.kind, process.example, process.rung
    name = file_name(*words, process.interpreter or "cpp")
    return {"number": number, **process.as_json(), "file": f"raw/{name}.json", "started": now()}


def _why_nothing(ended: processes.Ended, fault: str, to_the_end: bool) -> dict:
    if ended.status is None:
        return {"status": "cut" if to_the_end else "skipped", "reason": fault}
    return {"status": "failed", "reason": brief(fault)}


def _killed(short_of_memory: bool) -> dict:
    """No answer was wrong."""
    reason = "killed: memory" if short_of_memory else "killed: by the system, or by somebody"
    return {"status": "skipped", "reason": reason}


def _raise_if_refused(ended: processes.Ended, folder: Path) -> None:
    """What fails on a full disk says nothing about its rung, whatever words it has for that."""
    if ended.status is not None:
        probe = folder / ".probe"
        try:
            write_text(probe, " " * LEAST_ROOM)
        except OSError as error:
            error.filename = str(folder)
            raise
        probe.unlink()
    if ended.status == refusals.STATUS:
        raise Refusal(ended.last_words or "a file could not be written")


def _fault(file: Path, process: Process) -> str:
    """What is wrong with the result that a process wrote; nothing if all is well."""
    try:
        raw_in(file, process)
        return ""
    except Refused as error:
        return str(error)


def _compact(document: dict) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n"


def _point_latest_at(folder: Path) -> None:
    draft = folder.parent / f".latest.{os.getpid()}"
    draft.unlink(missing_ok=True)
    draft.symlink_to(folder.name)
    os.replace(draft, folder.parent / "latest")
