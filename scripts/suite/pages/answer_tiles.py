"""The first screen of the report: the answer to each myth, and the numbers that say so."""

from __future__ import annotations

from collections.abc import Sequence

from ..judge import answers, verdicts
from ..runs.quantities import plural
from ..runs.results import Run
from .dot_plot import dot_plot


def tiles(run: Run, decided: Sequence[dict]) -> list[dict]:
    """One per myth, in the order of the talk; none where the run is about no myth.

    Answers that the run holds are never shown: anybody may have written them.
    """
    return [_tile(run, answer, decided) for answer in answers.answered(run, decided)]


def doubts(run: Run) -> str:
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


def _tile(run: Run, answer: dict, decided: Sequence[dict]) -> dict:
    told = answers.telling(run.document["ladders"], answer, decided)
    section = answer["deciding"][0]["example"]
    return {
        "myth": answer["myth"],
        "says": answer["says"],
        "outcome": answer["outcome"].replace(" ", "-"),
        "answer": answer["answer"],
        "why": answer["why"],
        "numbers": [_number(verdict) for verdict in told],
        "section": section,
        "plot": dot_plot(run, section),
    }


def _number(verdict: dict) -> dict:
    return {
        "text": _text(verdict),
        "says": verdict["says"],
        "verdict": verdict["verdict"],
        "anchor": claim_anchor(verdict),
    }


def _text(verdict: dict) -> str:
    if "ratio" in verdict:
        return verdicts.ratio_text(verdict)
    return verdicts.each_text(verdict) if verdict.get("each") else "Not measured"
