"""Names of machines for those who shall not be known: a mood and an animal, made from what was
measured. So a run has one name wherever it is read, and nobody finds the machine by it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from .results import Run, case_label, interpreter_label

WORDS = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
MOODS, ANIMALS = WORDS["moods"], WORDS["animals"]


def fingerprint(run: Run) -> str:
    """Of what was measured and when: the same of a run and of what is handed in of it."""
    told = [
        [
            *(row.example, row.rung, case_label(row.case)),
            interpreter_label(row.interpreter, full=True),
            *([sample["round"], sample["seconds"]] for sample in row.samples),
        ]
        for row in run.rows
        if row.samples
    ]
    text = json.dumps([run.document["started"], told])
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def animal(mark: str) -> str:
    """Brave Otter: always the same for a fingerprint."""
    number = int(mark[:16], 16)
    return f"{MOODS[number % len(MOODS)]} {ANIMALS[number // len(MOODS) % len(ANIMALS)]}"


def animals(marks: Iterable[str]) -> dict[str, str]:
    """One each, no two alike, in whichever order they come: a second one gets a number."""
    named: dict[str, str] = {}
    counts: dict[str, int] = {}
    for mark in sorted(marks):
        name = animal(mark)
        counts[name] = counts.get(name, 0) + 1
        named[mark] = name if counts[name] == 1 else f"{name} {counts[name]}"
    return named
