"""The first screen of the report: the answer to each myth, and the numbers that say so."""

from __future__ import annotations

from collections.abc import Sequence

from ..judge import answers, verdicts
from ..runs.quantities import plural
from ..runs.results import Run


def tiles(run: Run, decided: Sequence[dict]) -> list[dict]:
    """One per myth, in the order of the talk; none where the run is about no myth.

    Answers that the run holds are never shown: anybody may have written them.
    """
    found = {(verdict["example"], verdict["claim"]): verdict for verdict in decided}
    return [_tile(run, answer, found) for answer in answers.answered(run, decided)]


def trust(run: Run) -> str:
    warnings = run.document["warnings"]
    return plural(len(warnings), "doubt") if warnings else "no doubts"


def claim_anchor(verdict: dict) -> str:
    return f"claim-{verdict['example']}-{verdict['claim']}"


def grouped(run: Run, claims: Sequence[dict]) -> list[dict]:
    """Those of each myth, in the order of the talk, and last those that are about none of them."""
    myths = {myth["id"]: myth["says"] for myth in run.document.get("myths", [])}
    names = {**myths, "": "About no myth" if myths else ""}
    return [
        {"myth": myth, "title": title, "claims": own}
        for myth, title in names.items()
        if (own := [c for c in claims if (c["myth"] if c["myth"] in myths else "") == myth])
    ]


def _tile(run: Run, answer: dict, found: dict[tuple[str, str], dict]) -> dict:
    told = [
        (claim["speaks"], found[example, claim["id"]])
        for example, claim in answers.deciding(run, answer["myth"])
    ]
    return {
        "myth": answer["myth"],
        "says": answer["says"],
        "outcome": answer["outcome"].replace(" ", "-"),
        "answer": answer["answer"],
        "why": answer["why"],
        "numbers": [_number(verdict) for verdict in _telling(told)],
        "section": answer["deciding"][0]["example"],
    }


def _telling(told: Sequence[tuple[str, dict]]) -> list[dict]:
    """Two that were measured, one of each side if there are two; what is decided goes first."""
    measured = [pair for pair in told if "ratio" in pair[1] or pair[1].get("each")]
    measured.sort(key=lambda pair: pair[1]["verdict"] == "undecided")
    first_of_side = dict(reversed(measured))
    if len(first_of_side) < 2:
        return [verdict for _, verdict in measured[:2]]
    return [first_of_side["for"], first_of_side["against"]]


def _number(verdict: dict) -> dict:
    text = verdicts.ratio_text(verdict) if "ratio" in verdict else verdicts.each_text(verdict)
    return {
        "text": text,
        "says": verdict["says"],
        "verdict": verdict["verdict"],
        "anchor": claim_anchor(verdict),
    }
