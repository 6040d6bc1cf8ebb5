"""Which rows the claims of a run need to be decided. Nothing here measures or judges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from forecasts import Row, without_threads
from verdicts import Side, sides_of


def wanted(ladders: Iterable[dict], rows: list[Row]) -> dict[str, list[tuple[Row, Row]]]:
    """Per example, for each claim the two rows of the smallest case that it can be decided on."""
    by_rung: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_rung[row.example, row.rung].append(row)
    found: dict[str, list[tuple[Row, Row]]] = {}
    for ladder in ladders:
        name = ladder["example"]
        for claim in ladder["claims"]:
            sides = sides_of(claim)
            fitting = [(side, _fitting(by_rung[name, side.rung], side)) for side in sides]
            pair = _pair(fitting[0], fitting[-1])
            if pair and pair not in found.setdefault(name, []):
                found[name].append(pair)
    return found


def _pair(of: tuple[Side, list[Row]], over: tuple[Side, list[Row]]) -> tuple[Row, Row] | None:
    free = of[0].overridden | over[0].overridden
    pairs = [(a, b) for a in of[1] for b in over[1] if _common(a, free) == _common(b, free)]
    # With as many threads as there are: so the verdicts choose.
    return min(pairs, key=lambda p: (p[0].items + p[1].items, -_hands(p)), default=None)


def _hands(pair: tuple[Row, Row]) -> int:
    return pair[0].threads + pair[1].threads


def _common(row: Row, free: frozenset) -> dict:
    return {k: v for k, v in without_threads(row.parameters).items() if k not in free}


def _fitting(rows: list[Row], side: Side) -> list[Row]:
    first = rows[0].interpreter if rows else ""  # the project's own, unless another is named
    return [
        row
        for row in rows
        if all(row.parameters.get(name) == value for name, value in side.case.items())
        and (row.threaded or "threads" in side.case or row.threads == 1)
        and (side.interpreter is not None or row.interpreter == first)
    ]
