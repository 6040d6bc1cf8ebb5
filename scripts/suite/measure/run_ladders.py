"""Measure all ladders on this machine within a budget of time, decide the claims, write the report.

Stopped by Ctrl-C it keeps everything that was measured.
"""

from __future__ import annotations

import math
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from ..judge import answers, verdicts
from ..machine import environment, passport
from ..runs import documents, refusals, results
from ..runs.documents import Refused
from ..runs.intervals import FEWEST_ROUNDS
from ..runs.quantities import plural
from ..runs.refusals import Refusal
from ..runs.words import duration, printable, refuse_unknown
from . import interpreters, ladders, measuring, pictures
from .built import Suite
from .forecasts import rows_of_start
from .measuring import Measuring
from .normalise import START
from .pictures import Illustrate
from .plan import min_time
from .progress import described, progress
from .summary import summary, wrong
from .terminal import say, say_whole
from .wanted import wanted

BUDGET, QUICK_BUDGET = 300.0, 75.0
ROUNDS, QUICK_ROUNDS = FEWEST_ROUNDS + 1, FEWEST_ROUNDS
# Of the claims that decide, and at most of all claims where the budget has time left, unless
# somebody says how many: an interval of nine rounds bears one that was disturbed, on either side.
DECIDING_ROUNDS, MOST_ROUNDS = 9, 15
# Of the budget, what even good forecasts and a slow disk may cost more.
SHARE_TO_SPARE = 0.03
SECONDS_TO_SPARE = 0.5
# Of a sample: enough for caches, clock and predictors, since the run that is checked comes first.
SHARE_OF_WARM_UP = 0.2
LONGEST_LIST = 5
NOT_DRAWN = 3  # the exit status: what draws is not as it should be


class NothingMeasured(Exception):
    """A run without a single time; the text says why, and what would help."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(f"nothing was measured: {why}")
        self.status = status


@dataclass(frozen=True)
class Options:
    """What is asked for. Of what is None the suite decides."""

    project: Path = results.PROJECT
    preset: str = "release"
    resume: str | None = None
    quick: bool = False
    budget: float | None = None
    only: list[str] = field(default_factory=list)
    rounds: int | None = None
    pythons: list[str] = field(default_factory=list)
    seed: int | None = None
    keep_env: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        settings = (self.quick, self.budget, self.only, self.rounds, self.pythons, self.seed)
        if self.resume and any((*settings, self.keep_env)):
            raise ValueError("a run goes on with the settings that it began with; give no others")


def carry_out(options: Options, illustrate: Illustrate | None) -> int:
    """The exit status. Charts and report are made by `illustrate`, if there is one."""
    began = time.monotonic()
    try:
        run = taken_up(options, options.resume) if options.resume else begun(options)
    except KeyboardInterrupt as stop:
        stop.args = ("before anything was measured",)
        raise
    if "finished" in run.plan:
        return finished_before(run, illustrate)
    return bench(run, began, illustrate)


def bench(run: Measuring, began: float, illustrate: Illustrate | None) -> int:
    deadline = began + time_to_measure(run)
    to_begin = time.monotonic() - began
    try:
        say_what_comes(run)
        measure(run, deadline)
        run.finish(passport.after())
        document, undrawn = conclude(run, illustrate)
        say_how_it_went(run, document)
        not_drawn = say_undrawn(run, undrawn)
    except KeyboardInterrupt as stop:
        stop.args = (f"on the way. {kept(run)}",)
        raise
    except Refused as error:
        raise Refused(f"{error}; all that was measured is kept in {run.folder}") from None
    except (OSError, Refusal) as error:
        raise _refused(error, run) from None
    return status_of(run, document, to_begin) or not_drawn


def measure(run: Measuring, deadline: float) -> None:
    shown = progress()
    began = time.monotonic()
    try:
        while process := run.next(deadline - time.monotonic()):
            need = run.planner.need_in_all() + run.planner.cost(process)
            need = min(need, deadline - time.monotonic())
            shown.show(described(process), time.monotonic() - began, need)
            run.carry_out(deadline - time.monotonic(), shown.tick)
    except (KeyboardInterrupt, OSError, Refusal):
        with suppress(OSError):  # on a full disk the other files hold as much
            run.keep()
        raise
    finally:
        run.close()
        with suppress(OSError):  # of a terminal that is gone
            shown.close()


def conclude(run: Measuring, illustrate: Illustrate | None) -> tuple[dict, str]:
    """run.json with its verdicts, then the pictures and the report; what of those failed."""
    document = run.document()
    read = results.read(document, run.folder)
    document["verdicts"] = verdicts.decide(read)
    document["answers"] = answers.answered(read, document["verdicts"])
    results.write_json(run.folder / "run.json", document)
    return document, pictures.make(run.folder, run.suite, illustrate) if illustrate else ""


def finished_before(run: Measuring, illustrate: Illustrate | None) -> int:
    """All was measured; at most the report is missing, if it was stopped then."""
    report = run.folder / "report.html"
    undrawn = ""
    if illustrate and not report.is_file():
        _, undrawn = conclude(run, illustrate)
    say_whole(f"the run {run.folder.name} is finished{f': {report}' if report.is_file() else ''}")
    not_drawn = say_undrawn(run, undrawn)
    return status_of(run, run.document(), 0.0) or not_drawn


def status_of(run: Measuring, document: dict, to_begin: float) -> int:
    """The exit status. Raises NothingMeasured."""
    if wrong(document):
        return 1
    if any(row["status"] == "ok" for row in document["rows"]):
        return 0
    if run.planner.lacked_time():
        short = f"{run.settings.words()} is too short; {budget_for(run, to_begin)}"
        raise NothingMeasured(short, 2)
    reasons = list(dict.fromkeys(row["reason"] for row in document["rows"]))
    if not reasons:
        raise NothingMeasured("no rung has a case of what was chosen", 2)
    raise NothingMeasured("; ".join(reasons[:LONGEST_LIST]), 3)


def budget_for(run: Measuring, to_begin: float) -> str:
    """What to ask for instead. With more time each row is sampled longer, too."""
    need = to_begin + pictures.FIXED_SECONDS + SECONDS_TO_SPARE + 3 * run.planner.cost_of_smallest()
    need /= 1 - SHARE_TO_SPARE
    seconds = 5 * math.ceil(max(need, run.settings.budget) / 5)
    if seconds == run.settings.budget:
        seconds *= 2
    return f"BUDGET={seconds:.0f}s is forecast to do for the smallest cases"


# How a run comes to be


def begun(options: Options) -> Measuring:
    suite = Suite(options.project, options.preset)
    start = start_of(suite, options)
    folder = _new_folder(suite.runs, start)
    return measuring.begin(suite, folder, start)


def start_of(suite: Suite, options: Options) -> dict:
    """What is known before the first process. It does not change any more."""
    keep = environment.kept(options.keep_env)
    sha256 = suite.binary_sha256
    catalogue = suite.catalogue()
    only = options.only
    refuse_unknown("example", only, [example["name"] for example in catalogue["examples"]])
    found = interpreters.find(options.pythons or [sys.executable])
    told = ladders.described(catalogue, suite.project, only)
    guests = [] if options.pythons or not _wants_guests(told) else interpreters.others(found)
    budget = options.budget or (QUICK_BUDGET if options.quick else BUDGET)
    rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    build = {**{k: str(v) for k, v in catalogue["build"].items()}, "binary_sha256": sha256}
    start = {
        "run_id": "",
        "started": measuring.now(),
        "preset": suite.preset,
        "suite": passport.suite(suite.project, catalogue["build"]["version"]),
        "settings": {
            "quick": options.quick,
            "budget_seconds": budget,
            "rounds": rounds,
            "only": only,
            "pythons": options.pythons,
        },
        "machine": passport.passport(build, suite.program, keep, suite.machines),
        "myths": ladders.myths(told, suite.project),
        "ladders": told,
        "interpreters": {
            **{python.key: python.described() for python in found},
            **{python.key: {**python.described(), "guest": True} for python in guests},
        },
        "commands": {python.key: python.command for python in [*found, *guests]},
    }
    free = {"deciding_rounds": DECIDING_ROUNDS, "most_rounds": MOST_ROUNDS}
    planning = _planning(start, options.seed, suite)
    return {**start, "planning": {**planning, **({} if options.rounds else free)}}


def taken_up(options: Options, run_id: str) -> Measuring:
    suite = Suite(options.project, options.preset)
    folder = suite.runs / run_id
    if not os.path.lexists(folder / START):
        raise ValueError(f"there is no run '{run_id}' to go on with; {_known_runs(suite)}")
    run = measuring.take_up(suite, folder.resolve())
    if "finished" not in run.plan:
        _refuse_another_program(run)
    return run


def time_to_measure(run: Measuring) -> float:
    """Seconds from now on, without what the report needs whatever it shows."""
    budget = run.settings.budget
    reserved = pictures.FIXED_SECONDS + SECONDS_TO_SPARE + SHARE_TO_SPARE * budget
    return budget - reserved - run.used


def _wants_guests(told: list[dict]) -> bool:
    """Whether a rung asks for every interpreter that there is."""
    return any(rung.get("every_interpreter") for ladder in told for rung in ladder["rungs"])


def _planning(start: dict, seed: int | None, suite: Suite) -> dict:
    rows = rows_of_start(start)
    pairs = wanted(start["ladders"], rows, start["interpreters"])
    compared = {row for pair in pairs for row in pair}
    budget, rounds = (start["settings"][name] for name in ("budget_seconds", "rounds"))
    sample = min_time(len(compared or {row.who for row in rows}), budget, rounds)
    return {
        "seed": int.from_bytes(os.urandom(4), "big") if seed is None else seed,
        "min_time": round(sample, 4),
        "warm_up": round(SHARE_OF_WARM_UP * sample, 4),
        "memory": passport.available_memory(),
        "picture_seconds": pictures.seconds_each(suite),
    }


def _new_folder(runs: Path, start: dict) -> Path:
    """A folder that no other run has, named in start.json too."""
    stamp = datetime.now(timezone.utc)
    while True:
        start["run_id"] = f"{stamp:%Y%m%dT%H%M%SZ}_{start['machine']['name']}"
        # What nobody could read back is not worth measuring.
        documents.checked(start, "start", "what is known of this machine")
        folder = runs / start["run_id"]
        try:
            folder.mkdir(parents=True)
            return folder
        except FileExistsError:
            time.sleep(0.1)
            stamp = datetime.now(timezone.utc)


def _refuse_another_program(run: Measuring) -> None:
    if run.start["machine"]["build"]["binary_sha256"] != run.suite.binary_sha256:
        raise ValueError(
            f"{run.suite.program} was built anew since {run.folder.name} began, "
            "so its numbers would not belong together: start a new run"
        )


def _known_runs(suite: Suite) -> str:
    known = sorted(file.parent.name for file in suite.runs.glob(f"[0-9]*/{START}"))
    return f"there are: {', '.join(known)}" if known else "there are none yet"


def _refused(error: OSError | Refusal, run: Measuring) -> Refusal:
    if isinstance(error, OSError):
        error = Refusal(refusals.sentence(error), refusals.status_of(error))
    return Refusal(f"{error}. {kept(run)}", error.status)


# What is said


def say_what_comes(run: Measuring) -> None:
    rungs = sum(len(ladder["rungs"]) for ladder in run.start["ladders"])
    what = f"{plural(len(run.start['ladders']), 'example')}, {plural(rungs, 'rung')}"
    again = "going on with" if run.used else "run"
    limit = f"at most {duration(run.settings.budget)}"
    say(f"{again} {run.folder.name}: {what}, {limit}; Ctrl-C keeps all")


def kept(run: Measuring) -> str:
    how = f"`make bench RESUME={run.folder.name}` goes on"
    return f"What was measured is kept in {run.folder}; {how}."


def say_undrawn(run: Measuring, undrawn: str) -> int:
    """The exit status that belongs to it."""
    if not undrawn:
        return 0
    again = f"`make report RUN={run.folder.name}` and `make charts RUN={run.folder.name}` try again"
    print(printable(f"suite bench: {undrawn}. All is measured and kept; {again}."), file=sys.stderr)
    return NOT_DRAWN


def say_how_it_went(run: Measuring, document: dict) -> None:
    for paragraph in summary(document, run.folder):
        say("", paragraph)
