"""Measure all ladders on this machine within a budget of time, decide the claims, write the report.

Exit status: 0 all well; 1 a rung gave a wrong answer or crashed; 2 bad usage; 3 nothing is built;
130 stopped by Ctrl-C, with everything kept that was measured.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

from ..judge import verdicts
from ..machine import passport
from ..runs import results
from ..runs.quantities import plural
from ..runs.words import duration, seconds_in
from . import interpreters, ladders, measuring, pictures
from .built import NotBuilt, Suite
from .forecasts import rows_of_start
from .measuring import Measuring
from .pictures import Illustrate
from .plan import min_time
from .progress import described, progress

BUDGET, QUICK_BUDGET = 300.0, 75.0
ROUNDS, QUICK_ROUNDS = 5, 3
# Of what claims compare, where the budget has time left and nobody said how many.
MOST_ROUNDS = 15
# Of the budget, what even good forecasts and a slow disk may cost more.
SHARE_TO_SPARE = 0.03
SECONDS_TO_SPARE = 0.5
LONGEST_LIST = 5


class BadUsage(Exception):
    """Something asked for cannot be done; the text says what, in one sentence."""


def main(illustrate: Illustrate, argv: list[str] | None = None) -> int:
    began = time.monotonic()
    arguments = parse_arguments(argv)
    if not arguments.report:
        illustrate = None
    signal.signal(signal.SIGTERM, _stop)
    try:
        run = taken_up(arguments) if arguments.resume else begun(arguments)
    except (BadUsage, ValueError) as error:
        return complain(error, 2)
    except (NotBuilt, OSError) as error:
        return complain(error, 3)
    except KeyboardInterrupt:
        return complain("stopped before anything was measured", 130)
    if "finished" in run.plan:
        return finished_before(run, illustrate)
    return bench(run, began, illustrate)


def bench(run: Measuring, began: float, illustrate: Illustrate | None) -> int:
    deadline = began + time_to_measure(run)
    say_what_comes(run)
    try:
        measure(run, deadline)
        run.finish({"load_after": passport.load()})
        document = conclude(run, illustrate)
    except KeyboardInterrupt:
        return say_stopped(run)
    say_how_it_went(run, document)
    return 1 if wrong(document) else 0


def measure(run: Measuring, deadline: float) -> None:
    shown = progress()
    began = time.monotonic()
    try:
        while process := run.next(deadline - time.monotonic()):
            need = min(run.planner.need() + run.planner.cost(process), deadline - time.monotonic())
            shown.show(described(process), time.monotonic() - began, need)
            run.carry_out(deadline - time.monotonic(), shown.tick)
    finally:
        shown.close()


def conclude(run: Measuring, illustrate: Illustrate | None) -> dict:
    """run.json with its verdicts, then the pictures and the report."""
    document = run.document()
    document["verdicts"] = verdicts.decide(document)
    results.write_json(run.folder / "run.json", document)
    if illustrate:
        pictures.make(run.folder, run.suite, illustrate)
    return document


def finished_before(run: Measuring, illustrate: Illustrate | None) -> int:
    """All was measured; at most the report is missing, if it was stopped then."""
    report = run.folder / "report.html"
    if illustrate and not report.is_file():
        conclude(run, illustrate)
    print(f"the run {run.folder.name} is finished{': ' + str(report) if report.is_file() else ''}")
    return 0


# How a run comes to be


def begun(arguments: argparse.Namespace) -> Measuring:
    suite = Suite(arguments.project, arguments.preset)
    start = start_of(suite, arguments)
    folder = _new_folder(suite.runs, start)
    return measuring.begin(suite, folder, start)


def start_of(suite: Suite, arguments: argparse.Namespace) -> dict:
    """What is known before the first process. It does not change any more."""
    sha256 = suite.binary_sha256
    catalogue = suite.catalogue()
    only = _chosen(arguments.only, [example["name"] for example in catalogue["examples"]])
    found = interpreters.find(arguments.pythons or [sys.executable])
    told = ladders.described(catalogue, suite.project, only)
    guests = [] if arguments.pythons or not _wants_guests(told) else interpreters.others(found)
    budget = arguments.budget or (QUICK_BUDGET if arguments.quick else BUDGET)
    rounds = arguments.rounds or (QUICK_ROUNDS if arguments.quick else ROUNDS)
    build = {**{k: str(v) for k, v in catalogue["build"].items()}, "binary_sha256": sha256}
    start = {
        "run_id": "",
        "started": measuring.now(),
        "preset": suite.preset,
        "suite": passport.suite(suite.project, catalogue["build"]["version"]),
        "settings": {
            "quick": arguments.quick,
            "budget_seconds": budget,
            "rounds": rounds,
            "only": only,
            "pythons": arguments.pythons,
        },
        "machine": passport.passport(build, suite.program),
        "ladders": told,
        "interpreters": {
            **{python.key: python.described() for python in found},
            **{python.key: {**python.described(), "guest": True} for python in guests},
        },
        "commands": {python.key: python.command for python in [*found, *guests]},
    }
    most_rounds = rounds if arguments.rounds or arguments.quick else MOST_ROUNDS
    planning = _planning(start, arguments.seed, suite)
    return {**start, "planning": {**planning, "most_rounds": most_rounds}}


def taken_up(arguments: argparse.Namespace) -> Measuring:
    suite = Suite(arguments.project, arguments.preset)
    folder = suite.runs / arguments.resume
    if not (folder / "start.json").is_file():
        raise BadUsage(f"there is no run '{arguments.resume}' to go on with; {_known_runs(suite)}")
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
    who = {row.who for row in rows_of_start(start)}
    of_python = sum(bool(interpreter) for _, _, interpreter in who)
    budget, rounds = (start["settings"][name] for name in ("budget_seconds", "rounds"))
    sample = round(min_time(len(who) - of_python, of_python, budget, rounds), 4)
    return {
        "seed": int.from_bytes(os.urandom(4), "big") if seed is None else seed,
        "min_time": sample,
        "warm_up": sample,
        "memory": passport.available_memory(),
        "picture_seconds": pictures.seconds_each(suite),
    }


def _new_folder(runs: Path, start: dict) -> Path:
    """A folder that no other run has, named in start.json too."""
    stamp = datetime.now(timezone.utc)
    while True:
        start["run_id"] = f"{stamp:%Y%m%dT%H%M%SZ}_{start['machine']['name']}"
        folder = runs / start["run_id"]
        try:
            folder.mkdir(parents=True)
            return folder
        except FileExistsError:
            time.sleep(0.1)
            stamp = datetime.now(timezone.utc)


def _chosen(only: list[str], known: list[str]) -> list[str]:
    for name in only:
        if name not in known:
            raise BadUsage(f"there is no example '{name}'; there are: {', '.join(known)}")
    return only


def _refuse_another_program(run: Measuring) -> None:
    if run.start["machine"]["build"]["binary_sha256"] != run.suite.binary_sha256:
        raise BadUsage(
            f"{run.suite.program} was built anew since {run.folder.name} began, "
            "so its numbers would not belong together: start a new run"
        )


def _known_runs(suite: Suite) -> str:
    known = sorted(file.parent.name for file in suite.runs.glob("[0-9]*/start.json"))
    return f"there are: {', '.join(known)}" if known else "there are none yet"


def _stop(*_) -> None:
    raise KeyboardInterrupt


# What is said


def complain(error: object, status: int) -> int:
    print(f"run_ladders: {error}", file=sys.stderr)
    return status


def say_what_comes(run: Measuring) -> None:
    rungs = sum(len(ladder["rungs"]) for ladder in run.start["ladders"])
    what = f"{plural(len(run.start['ladders']), 'example')}, {plural(rungs, 'rung')}"
    limits = f"{plural(run.settings.rounds, 'round')} within {duration(run.settings.budget)}"
    again = "going on with" if run.used else "run"
    print(f"{again} {run.folder.name}: {what}, {limits}; Ctrl-C keeps what is measured", flush=True)


def say_stopped(run: Measuring) -> int:
    print(
        f"\nstopped. What was measured is kept in {run.folder}; "
        f"`make bench RESUME={run.folder.name}` goes on."
    )
    return 130


def say_how_it_went(run: Measuring, document: dict) -> None:
    print()
    print(verdicts.table(document["verdicts"]))
    for title, lines in (
        ("wrong answers and crashes", wrong(document)),
        ("left out", left_out(document)),
        ("doubts", document["warnings"]),
    ):
        if lines:
            print(f"\n{title}:")
            print("\n".join(f"  {line}" for line in lines))
    print(f"\nrun: {run.folder}")
    report = run.folder / "report.html"
    if report.is_file():
        print(f"report: {report.resolve().as_uri()}")


def wrong(document: dict) -> list[str]:
    failed = [row for row in document["rows"] if row["status"] == "failed"]
    return [f"{_name(row)}: {row['reason']}" for row in failed]


def left_out(document: dict) -> list[str]:
    """The dearest few; the report names all."""
    skipped = [row for row in document["rows"] if row["status"] == "skipped"]
    skipped.sort(key=lambda row: row.get("forecast", {}).get("seconds", 0.0), reverse=True)
    lines = [f"{_name(row)}: {row['reason']}" for row in skipped[:LONGEST_LIST]]
    if len(skipped) > LONGEST_LIST:
        more = plural(len(skipped) - LONGEST_LIST, "other row")
        lines.append(f"and {more}; all of them are in the report")
    return lines


def _name(row: dict) -> str:
    python = row["interpreter"]
    under = f" ({results.interpreter_label(python)})" if python else ""
    return f"{row['example']}/{row['rung']}{under} {results.case_label(row['case'])}"


# The command line


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="release", help="which build to run (default: release)")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, a smaller budget")
    parser.add_argument("--budget", type=_budget, help="for everything, such as 5m or 75s")
    parser.add_argument("--only", type=_names, default=[], help="these examples: locator,gil")
    parser.add_argument("--rounds", type=_rounds, help="rounds of processes")
    parser.add_argument("--pythons", type=str.split, default=[], help='"python3.12 pypy3"')
    parser.add_argument("--resume", metavar="ID", help="go on with a run that was stopped")
    parser.add_argument("--seed", type=int, help="of the order of the processes")
    parser.add_argument("--no-report", dest="report", action="store_false", help="only measure")
    parser.add_argument("--project", type=Path, default=results.PROJECT, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    settings = ("quick", "budget", "only", "rounds", "pythons", "seed")
    if arguments.resume and any(getattr(arguments, name) for name in settings):
        parser.error("--resume goes on with the settings that the run began with; give no others")
    return arguments


def _budget(text: str) -> float:
    try:
        return seconds_in(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _rounds(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of rounds")
    return int(text)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
