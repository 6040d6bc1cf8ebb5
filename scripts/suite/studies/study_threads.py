"""Watch threads beside a run: who holds the lock when, who waits how long, what arguments cost.

Writes threads.json into the folder of the run. Nothing here is timed against a ladder, and nothing
is judged: charts and report show it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from ..measure import interpreters
from ..runs import results
from ..runs.watched import FILE

PROJECT = Path(__file__).resolve().parents[3]
WATCH = PROJECT / "src" / "gil" / "gil" / "watch.py"
EXAMPLE = "gil"
PATIENCE = 60  # seconds, of a program that takes one

TIMELINES = {
    "lock of CPython 2, counting": ["--lock", "tick"],
    "lock of CPython 3, counting": ["--lock", "interval"],
    "lock of CPython 3, a library multiplies": ["--work", "matmul"],
    "the same, the library releases it": ["--work", "matmul", "--release"],
}
CONVOYS = {
    "lock of CPython 2": ["--lock", "tick"],
    "lock of CPython 3": ["--lock", "interval"],
    "no lock": ["--lock", "none"],
}


def watched(program: Path, pythons: Iterable[interpreters.Interpreter]) -> dict:
    """Everything, as threads.json holds it. Raises ValueError with one sentence."""
    timelines = [
        {"label": label, **_brief(_told([program, "--timeline", *words]))}
        for label, words in TIMELINES.items()
    ]
    convoys = [
        {"label": label, "language": "c++", **_told([program, "--convoy", *words])}
        for label, words in CONVOYS.items()
    ]
    payloads = []
    for python in pythons:
        timelines.append(_brief(_told_by(python, "timeline")))
        convoys.append(_told_by(python, "convoy"))
        payloads.append(_told_by(python, "payload"))
    return {
        "example": EXAMPLE,
        "timelines": timelines,
        "convoys": convoys,
        "payloads": payloads,
    }


def _told_by(python: interpreters.Interpreter, what: str) -> dict:
    """By an interpreter, of itself. What it is called by is what it was then: lock on or off."""
    told = _told([python.command, WATCH, what])
    label = results.interpreter_label(told["interpreter"], full=True)
    return {"label": label, "language": "python", **told}


def _brief(told: dict, most: int = 4000) -> dict:
    """A lock that changes hands every few microseconds would make a file of many megabytes."""
    return {**told, "tenures": told["tenures"][:most]}


def _told(command: list) -> dict:
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, capture_output=True, timeout=PATIENCE, check=True)
        return json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise ValueError(f"{' '.join(words)} told nothing: {error}") from None


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Watch threads, beside a run.")
    parser.add_argument("--program", type=Path, required=True, help="build/<preset>/gil")
    parser.add_argument("--pythons", default="", help='such as "python2.7 python3.13"')
    parser.add_argument("--run", default="latest", help="latest, an id, or a path")
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    try:
        folder = results.find_run(arguments.run)
        pythons = interpreters.find([sys.executable, *arguments.pythons.split()])
        results.write_json(folder / FILE, watched(arguments.program, pythons))
    except ValueError as error:
        print(f"study_threads.py: {error}", file=sys.stderr)
        return 2
    print(folder / FILE)
    return 0
