"""The answers of a run beside those of the reference runs that the project keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..judge import answers, verdicts
from ..runs import results
from ..runs.results import Run


def beside_reference(run: Run, decided: Sequence[dict], references: Path) -> dict:
    """Machines and, per myth of the run, a cell for each; empty where nothing is beside it.

    A reference that cannot be read is named under "faults".
    """
    own = answers.answered(run, decided)
    columns, faults = [(run.machine["name"], _cells(run, own, decided))], []
    for folder in _kept(references) if own else ():
        try:
            other = results.load(folder)
            if other.document["started"] != run.document["started"]:
                columns.append(_column(other))
        except ValueError as error:
            faults.append(str(error))
    myths = {answer["myth"]: answer["says"] for answer in own}
    told = [
        {"says": says, "cells": [cells.get(myth) for _, cells in columns]}
        for myth, says in myths.items()
        if any(myth in cells for _, cells in columns[1:])
    ]
    return {"machines": [name for name, _ in columns], "myths": told, "faults": faults}


def _kept(references: Path) -> Iterator[Path]:
    """A draft has a name that begins with a point."""
    for file in sorted(references.glob(f"*/{results.FILE}")):
        if not file.parent.name.startswith("."):
            yield file.parent


def _column(run: Run) -> tuple[str, dict[str, dict]]:
    decided = verdicts.decide(run)
    return run.machine["name"], _cells(run, answers.answered(run, decided), decided)


def _cells(run: Run, answered: Sequence[dict], decided: Sequence[dict]) -> dict[str, dict]:
    """By myth: the answer, and the number that is told first."""
    return {
        answer["myth"]: {
            "answer": answer["answer"],
            "outcome": answer["outcome"].replace(" ", "-"),
            "number": answers.number_text(told[0]) if told else "",
            "of": told[0]["says"] if told else "",
        }
        for answer in answered
        for told in [answers.telling(run.document["ladders"], answer, decided)]
    }
