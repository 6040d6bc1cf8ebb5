"""How far a run is to be trusted, by a rule, and what would make it more. Nothing here measures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from ..runs.intervals import FEWEST_ROUNDS
from .doubts import CALM, LONGER, REST, drifts, of_the_machine_itself, taken, taken_text, variation

WORDS = ("high", "fair", "low")
# Of times, and of the processors' time: from here on a run is no better than fair, or low.
FAIR, LOW = 0.05, 0.20


@dataclass(frozen=True)
class Trust:
    """One of WORDS, and of all that keeps it from being high what it is and what to do."""

    word: str
    reasons: list[str]


def trust(document: dict) -> Trust:
    """How far to trust a run.json, by what is worst of it.

    Three shares make a run fair from 5 % on and low from 20 % on: by how much the time of the
    typical row varied between rounds; by how much the typical round was slower or faster at its
    end; what others took of the processors' time, where that is known.

    Fair is also a run that was stopped, one on battery or with fewer processors than it sees, and
    one in which most rows have fewer than the six rounds that an interval takes. Low is one in
    which no row has them.
    """
    found = [*_of_shares(document), *_of_rounds(document)]
    found += [("fair", sentence) for sentence in of_the_machine_itself(document["machine"])]
    if not document["complete"]:
        found.append(("fair", "The run was stopped. `make bench RESUME=` goes on with it."))
    found.sort(key=lambda pair: -WORDS.index(pair[0]))
    return Trust(found[0][0] if found else "high", [sentence for _, sentence in found])


def _of_shares(document: dict) -> Iterator[tuple[str, str]]:
    told = [variation(row) for row in _measured(document)]
    varied = [share for share in told if share is not None]
    drifted = [abs(share) for share in drifts(document["sentinels"])]
    for shares, says, advice in (
        (varied, "The typical row varied by {:.0%} between rounds.", CALM),
        (drifted, "The typical round was {:.0%} faster or slower at its end.", REST),
    ):
        if shares and median(shares) >= FAIR:
            yield _graded(median(shares)), f"{says.format(median(shares))} {advice}"
    for share, who, advice in taken(document["machine"]):
        if share >= FAIR:
            yield _graded(share), f"{taken_text(share, who)} {advice}"


def _of_rounds(document: dict) -> Iterator[tuple[str, str]]:
    rows = _measured(document)
    few = [row for row in rows if len({s["round"] for s in row["samples"]}) < FEWEST_ROUNDS]
    if 2 * len(few) > len(rows) or not rows:
        word = "low" if len(few) == len(rows) else "fair"
        says = f"{len(few)} of {len(rows)} measured rows have fewer than {FEWEST_ROUNDS} rounds."
        yield word, f"{says} {LONGER}"


def _measured(document: dict) -> list[dict]:
    return [row for row in document["rows"] if row["status"] == "ok"]


def _graded(share: float) -> str:
    return "low" if share >= LOW else "fair"
