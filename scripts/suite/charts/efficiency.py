"""Machines side by side: what share of its own peak or bandwidth each one's rungs reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from ..judge.comparison import Beside
from ..runs.amounts import percent_text
from ..runs.timings import Timing
from . import _look, _machines

OF = "comparison"


@dataclass(frozen=True)
class Reached:
    """One row on all machines: of what is longest to do there, the share that was reached."""

    label: str
    shares: list[float | None]  # by machine
    of: str  # peak or bandwidth, whichever limits the first that tells


@dataclass(frozen=True)
class Efficiency:
    machines: list[str]
    rows: list[Reached]
    more: int


def shown(besides: Sequence[Beside], _: object) -> Efficiency | None:
    """None where no two machines tell a share of one row."""
    found: dict[tuple, list[Timing | None]] = {}
    for number, each in enumerate(besides, start=1):
        for pair in each.common:
            sides = found.setdefault(pair.row.key, [None] * (len(besides) + 1))
            sides[0], sides[number] = pair.base, pair.other
    told: dict[tuple[str, str], Reached] = {}
    for sides in found.values():
        row = _reached(sides)
        place = next(side.place for side in sides if side)
        if sum(share is not None for share in row.shares) > 1:
            told[place] = max(row, told.get(place, row), key=_most)
    if not told:
        return None
    best = sorted(told.values(), key=_most, reverse=True)[: _machines.MOST_ROWS]
    return Efficiency(_machines.names(besides), best, len(told) - len(best))


def words(efficiency: Efficiency) -> _look.Words:
    said = [
        f"{row.label}: {', '.join(_share(share) for share in row.shares)} of {row.of}"
        for row in efficiency.rows
    ]
    left_out = f"Left out: {efficiency.more} rungs that reach less than these."
    return _look.Words(
        title=_finding(efficiency),
        myth="Each machine against its own ceilings",
        what="per cent of the machine's own peak of computing or bandwidth, whichever limits what "
        f"the rung cannot do without, on the case that reaches most; "
        f"{_machines.key(efficiency.machines)}",
        alt=f"Dot plot of shares of each machine's own ceilings. {'; '.join(said)}.",
        notes=[left_out] if efficiency.more else [],
    )


def draw(efficiency: Efficiency, look: _look.Look) -> Figure:
    rows = look.rows([row.label for row in efficiency.rows])
    figure, axes = look.figure(words(efficiency), rows.height + 0.5)
    rows.name(axes)
    most = max(map(_most, efficiency.rows))
    axes.set_xlim(0, 1.05 * max(1.0, most))
    axes.xaxis.set_major_formatter(_look.ticker.PercentFormatter(1.0, symbol=" %"))
    axes.xaxis.set_major_locator(_look.ticker.MultipleLocator(0.5))
    axes.axvline(1.0, color=look.colors["edge"], zorder=1)
    for index, (row, y) in enumerate(zip(efficiency.rows, rows.places)):
        for number, (share, off) in enumerate(zip(row.shares, _machines.offsets(len(row.shares)))):
            if share is not None:
                axes.plot(share, y + off, **_machines.mark(look, number), zorder=5)
        rows.tell(axes, index, "", f"of {row.of}")
    return figure


def table(efficiency: Efficiency) -> tuple[str, list[list]]:
    return "row,of,machine,share", [
        [row.label, row.of, name, share]
        for row in efficiency.rows
        for name, share in zip(efficiency.machines, row.shares)
        if share is not None
    ]


def _reached(sides: list[Timing | None]) -> Reached:
    told = [side and max(side.of_peak or 0.0, side.of_bandwidth or 0.0) for side in sides]
    first = next((side for side in sides if side), None)
    label = first.label if first else ""
    by_peak = first and (first.of_peak or 0.0) >= (first.of_bandwidth or 0.0)
    return Reached(label, [share or None for share in told], "peak" if by_peak else "bandwidth")


def _most(row: Reached) -> float:
    return max(share or 0.0 for share in row.shares)


def _share(share: float | None) -> str:
    return "not told" if share is None else f"{percent_text(share)} %"


def _finding(efficiency: Efficiency) -> str:
    """In how many rungs each machine is used best."""
    best = [
        max(range(len(row.shares)), key=lambda number: row.shares[number] or 0.0)
        for row in efficiency.rows
    ]
    told = [
        f"{_machines.name_text(name)} in {best.count(number)}"
        for number, name in enumerate(efficiency.machines)
    ]
    return f"Nearest to its own ceiling is {', '.join(told[:4])} of {len(efficiency.rows)} rungs"
