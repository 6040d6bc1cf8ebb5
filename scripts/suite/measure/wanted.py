"""Which rows the claims of a run need to be decided. Nothing here measures or judges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ..judge.verdicts import Side, meant_by, sides_of, singles
from ..runs.results import interpreter_label
from .forecasts import Row, without_threads


def wanted(
    ladders: Iterable[dict], rows: list[Row], interpreters: dict[str, dict]
) -> list[tuple[Row, Row]]:
    """For each claim the two rows of the smallest case that it can be decided on; if it is of
    several interpreters, for as many of them as it asks for.

    `interpreters` are described by what rows call them.
    """
    by_rung: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_rung[row.example, row.rung].append(row)
    found: dict[tuple[Row, Row], None] = {}
    for ladder in ladders:
        name = ladder["example"]
        for claim in ladder["claims"]:
            for single in _single_claims(claim, interpreters):
                fitting = [
                    (side, _fitting(by_rung[name, side.rung], side, interpreters))
                    for side in sides_of(single)
                ]
                pair = _pair(fitting[0], fitting[-1])
                if pair:
                    found[pair] = None
    return list(found)


def deciding(
    ladders: Iterable[dict], rows: list[Row], interpreters: dict[str, dict]
) -> list[tuple[Row, Row]]:
    """The pairs of those claims from which the answers follow."""
    only = [{**lad, "claims": [c for c in lad["claims"] if c.get("decides")]} for lad in ladders]
    return wanted(only, rows, interpreters)


def _single_claims(claim: dict, interpreters: dict[str, dict]) -> list[dict]:
    if "overlaps" in claim:
        several = claim["overlaps"]["interpreters"]
        own = [{key: value for key, value in claim.items() if key != "overlaps"}]
    elif "interpreters" in claim:
        several, own = claim["interpreters"], []
    else:
        return [claim]
    each = singles(claim, interpreters.values())
    # One to spare: of some the interval may be too wide.
    return own + list(each.values())[: several["at_least"] + 1]


def _pair(of: tuple[Side, list[Row]], over: tuple[Side, list[Row]]) -> tuple[Row, Row] | None:
    free = of[0].overridden | over[0].overridden
    pairs = [(a, b) for a in of[1] for b in over[1] if _common(a, free) == _common(b, free)]
    # With as many threads as there are: so the verdicts choose.
    return min(pairs, key=lambda p: (p[0].items + p[1].items, -_hands(p)), default=None)


def _hands(pair: tuple[Row, Row]) -> int:
    return pair[0].threads + pair[1].threads


def _common(row: Row, free: frozenset) -> dict:
    return {k: v for k, v in without_threads(row.parameters).items() if k not in free}


def _fitting(rows: list[Row], side: Side, interpreters: dict[str, dict]) -> list[Row]:
    allowed = {rows[0].interpreter if rows else ""}  # the project's own, unless another is named
    if side.interpreter is not None:
        labels = {key: interpreter_label(told, full=True) for key, told in interpreters.items()}
        meant = meant_by(side.interpreter, labels.values())
        allowed = {"", *(key for key, label in labels.items() if label in meant)}
    return [
        row
        for row in rows
        if all(row.parameters.get(name) == value for name, value in side.case.items())
        and (row.threaded or "threads" in side.case or row.threads == 1)
        and row.interpreter in allowed
    ]
