"""The answers of a run beside those of the reference runs that the project keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..judge import answers, verdicts
from ..runs import results
from ..runs.results import Run


def beside_reference(run: Run, decided: Sequence[dict], references: Path) -> dict:
    """Machines and, per myth of the run, a cell for each; no myths where nothing is beside it.

    A reference that cannot be read is named under "faults".
    """
    own = answers.answered(run, decided)
    others, faults = [], []
    for folder in _kept(references) if own else ():
        try:
            other = results.load(folder)
            if other.document["started"] != run.document["started"]:
                others.append((other, verdicts.decide(other)))
        except ValueError as error:
            faults.append(str(error))
    return {**side_by_side([(run, decided), *others]), "faults": faults}


def side_by_side(runs: Sequence[tuple[Run, Sequence[dict]]]) -> dict:
    """Machines and, per myth of the first run, a cell for each; no myths where only one tells.

    The number in the cells is that of one claim, which the first run itself tells first.
    """
    own = answers.answered(*runs[0])
    ladders, decided = runs[0][0].document["ladders"], runs[0][1]
    told = {answer["myth"]: answers.telling(ladders, answer, decided)[0] for answer in own}
    columns = [_cells(run, said, told) for run, said in runs]
    return {
        "machines": [run.machine["name"] for run, _ in runs],
        "myths": [
            {
                "says": answer["says"],
                "claim": told[answer["myth"]]["says"],
                "cells": [cells.get(answer["myth"]) for cells in columns],
            }
            for answer in own
            if any(answer["myth"] in cells for cells in columns[1:])
        ],
    }


def _kept(references: Path) -> Iterator[Path]:
    """A draft has a name that begins with a point."""
    for file in sorted(references.glob(f"*/{results.FILE}")):
        if not file.parent.name.startswith("."):
            yield file.parent


def _cells(run: Run, decided: Sequence[dict], told: dict[str, dict]) -> dict[str, dict]:
    """By myth: the answer, and the number of the claim that is told of it."""
    numbers = {(v["example"], v["claim"]): answers.number_text(v) for v in decided}
    return {
        answer["myth"]: {
            "answer": answer["answer"],
            "outcome": answer["outcome"].replace(" ", "-"),
            "number": numbers.get((claim["example"], claim["claim"]), "–"),
        }
        for answer in answers.answered(run, decided)
        if (claim := told.get(answer["myth"]))
    }
