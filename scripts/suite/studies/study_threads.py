"""Watch threads beside a run: who holds the lock when, who waits how long, what arguments cost.

Writes threads.json into the folder of the run. Nothing here is timed against a ladder, and nothing
is judged: charts and report show it.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from ..machine import environment
from ..measure import interpreters
from ..runs import documents, results
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
        {"label": label, **_brief(_told_by_program(program, "--timeline", *words))}
        for label, words in TIMELINES.items()
    ]
    convoys = [
        {"label": label, "language": "c++", **_told_by_program(program, "--convoy", *words)}
        for label, words in CONVOYS.items()
    ]
    payloads = []
    for python in pythons:
        timelines.append(_brief(_told_by(python, "timeline")))
        convoys.append(_told_by(python, "convoy"))
        payloads.append(_told_by(python, "payload"))
    told = {
        "example": EXAMPLE,
        "timelines": timelines,
        "convoys": convoys,
        "payloads": payloads,
    }
    return documents.checked(told, "threads", "what was watched")


def _told_by_program(program: Path, *words: str) -> dict:
    return _told([program, *words], environment.of_cpp({}))


def _told_by(python: interpreters.Interpreter, what: str) -> dict:
    """By an interpreter, of itself. What it is called by is what it was then: lock on or off."""
    told = _told([python.command, WATCH, what], environment.of_python({}))
    label = results.interpreter_label(told["interpreter"], full=True)
    return {"label": label, "language": "python", **told}


def _brief(told: dict, most: int = 4000) -> dict:
    """A lock that changes hands every few microseconds would make a file of many megabytes."""
    return {**told, "tenures": told["tenures"][:most]}


def _told(command: list, env: dict[str, str]) -> dict:
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, capture_output=True, timeout=PATIENCE, check=True, env=env)
        return json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise ValueError(f"{' '.join(words)} told nothing: {error}") from None


def study(program: Path, folder: Path, pythons: Iterable[str]) -> Path:
    """Watches by the built program and by these interpreters; the file that was written."""
    results.write_json(folder / FILE, watched(program, interpreters.find(pythons)))
    return folder / FILE
