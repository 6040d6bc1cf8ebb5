"""Answer each myth of a run from the claims that decide it.

A deciding claim speaks for its myth or against it. One that holds says what it speaks; one that
fails says the opposite. Where both sides count, a myth is true if all of them speak for it, BUSTED
if all speak against it, and partly true otherwise. A myth that says that nothing works is BUSTED as
soon as all claims against it hold: one way that works is enough, whatever else does not. What is
undecided may go either way: if the answer depends on it, the myth is not decided on this machine.
A claim about what this machine does not have decides nothing, as long as another one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from ..runs.intervals import FEWEST_ROUNDS
from ..runs.quantities import digits, plural
from ..runs.results import Run

NOT_DECIDED = "not decided"
WORDS = {
    "true": "TRUE",
    "partly": "PARTLY TRUE",
    "busted": "BUSTED",
    NOT_DECIDED: "NOT DECIDED",
}
ONE_WAY = "one way that works"


def answered(run: Run, decided: Sequence[dict]) -> list[dict]:
    """As run.json holds them, in the order of the talk; none for a myth that no claim decides."""
    verdicts = {(verdict["example"], verdict["claim"]): verdict for verdict in decided}
    answers = (_answer(run, myth, verdicts) for myth in run.document.get("myths", []))
    return [answer for answer in answers if answer["deciding"]]


def deciding(run: Run, myth: str) -> list[tuple[str, dict]]:
    """Each with its example: first those that speak for the myth."""
    found = [
        (ladder.example, claim)
        for ladder in run.ladders
        for claim in ladder.claims
        if claim.get("decides") and ladder.myth_of(claim) == myth
    ]
    return sorted(found, key=lambda pair: pair[1].get("speaks") != "for")


def telling(ladders: Sequence[dict], answer: dict, decided: Sequence[dict]) -> list[dict]:
    """Two verdicts to show beside an answer, one that speaks for the myth and one against it if
    there are both. What has a number goes first, then what is decided."""
    speaks = {
        (ladder["example"], claim["id"]): claim.get("speaks")
        for ladder in ladders
        for claim in ladder["claims"]
    }
    verdicts = {(verdict["example"], verdict["claim"]): verdict for verdict in decided}
    keys = [(entry["example"], entry["claim"]) for entry in answer["deciding"]]
    told = [(speaks[key], verdicts[key]) for key in keys]
    told.sort(key=lambda pair: ("ratio" not in pair[1], pair[1]["verdict"] == "undecided"))
    first_of_side = dict(reversed(told))
    if len(first_of_side) < 2:
        return [verdict for _, verdict in told[:2]]
    return [first_of_side["for"], first_of_side["against"]]


def number_text(verdict: dict) -> str:
    """5.1 × (4.9 to 5.3)"""
    if "ratio" not in verdict:
        return "–"
    ratio = verdict["ratio"]
    rounds = min(entry.get("rounds", 0) for entry in verdict["evidence"][:2])
    if verdict.get("exact") or rounds < FEWEST_ROUNDS:
        return f"{digits(ratio['value'])} ×"
    return f"{digits(ratio['value'])} × ({digits(ratio['low'])} to {digits(ratio['high'])})"


def outcome(rule: str, for_it: Sequence[str], against_it: Sequence[str]) -> str:
    """true, partly, busted or not decided, from the verdicts of both sides."""
    possible = {
        _outcome(rule, holding[: len(for_it)], holding[len(for_it) :])
        for holding in product(*map(_may_be, [*for_it, *against_it]))
    }
    return possible.pop() if len(possible) == 1 else NOT_DECIDED


def _may_be(verdict: str) -> tuple[bool, ...]:
    """Whether the claim is true."""
    return {"holds": (True,), "fails": (False,)}.get(verdict, (True, False))


def _outcome(rule: str, for_it: Sequence[bool], against_it: Sequence[bool]) -> str:
    if rule == ONE_WAY and against_it and all(against_it):
        return "busted"
    if not any(for_it) and all(against_it):
        return "busted"
    return "true" if all(for_it) and not any(against_it) else "partly"


def _answer(run: Run, myth: dict, verdicts: dict[tuple[str, str], dict]) -> dict:
    claims = deciding(run, myth["id"])
    told = [(claim["speaks"], verdicts[example, claim["id"]]) for example, claim in claims]
    # Where all lack something, that is why nothing is decided.
    voting = [pair for pair in told if "lacks" not in pair[1]] or told
    sides = [
        [v["verdict"] for speaks, v in voting if speaks == side] for side in ("for", "against")
    ]
    found = outcome(myth["refuted_by"], *sides)
    return {
        "myth": myth["id"],
        "says": myth["says"],
        "outcome": found,
        "answer": myth.get("answers", {}).get(found, WORDS[found]),
        "why": myth["why"].get(found) or _what_is_missing([verdict for _, verdict in voting]),
        "deciding": [{"example": example, "claim": claim["id"]} for example, claim in claims],
    }


def _what_is_missing(verdicts: list[dict]) -> str:
    reasons = [v["reason"] for v in verdicts if v["verdict"] == "undecided"]
    count = f"{len(reasons)} of {plural(len(verdicts), 'deciding claim')}"
    return f"{count} {'is' if len(reasons) == 1 else 'are'} undecided: {reasons[0]}."
