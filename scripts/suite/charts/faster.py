"""Machines side by side on one example: how many times as fast as the first each rung is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from ..judge.comparison import FASTER, SLOWER, Beside, Compared
from ..runs.intervals import ends
from ..runs.quantities import digits
from . import _look, _machines

OF = "compared"
FACTORS = [1.0, 2.0, 0.5, 10.0, 0.1, 5.0, 0.2, 1.5, 0.8, 1.2, 1.1, 0.9, 3.0, 100.0, 0.01, 1e3, 1e-3]


@dataclass(frozen=True)
class Row:
    """One row on all machines that can be held against the base."""

    label: str
    beside: list[Compared | None]  # by machine

    @property
    def effect(self) -> float:
        """How far the clearest of them is from the base."""
        return max(abs(math.log(each.ratio.value)) for each in self.beside if each and each.ratio)


@dataclass(frozen=True)
class Faster:
    example: str
    base: str
    others: list[str]
    floor: float
    rows: list[Row]
    more: int  # rows that differ less than those, for which there is no room


def shown(besides: Sequence[Beside], example: str) -> Faster | None:
    found: dict[tuple, Row] = {}
    for number, each in enumerate(besides):
        for compared in each.common:
            if compared.row.example == example:
                label = compared.row.label.removeprefix(f"{example}/")
                row = found.setdefault(compared.row.key, Row(label, [None] * len(besides)))
                row.beside[number] = compared
    if not found:
        return None
    far = sorted(found.values(), key=lambda row: -row.effect)[: _machines.MOST_ROWS]
    rows = [row for row in found.values() if row in far]
    floor = max(each.floor for each in besides)
    others = [each.other.name for each in besides]
    return Faster(example, besides[0].base.name, others, floor, rows, len(found) - len(rows))


def words(faster: Faster) -> _look.Words:
    base = _machines.name_text(faster.base)
    said = [
        f"{row.label}: {', '.join(_told(each) for each in row.beside if each)}"
        for row in faster.rows
    ]
    notes = []
    if faster.more:
        notes.append(f"Left out: {faster.more} rows that differ less than these.")
    key = _machines.key(faster.others, first=1)
    return _look.Words(
        title=_finding(faster),
        myth=f"{faster.example or 'All rows'}: machines beside {base}",
        what=f"times as fast as {base}, logarithmic, 99 % intervals; {key}; "
        "grey: what is noise; hollow: too few rounds",
        alt=f"Dot plot of {faster.example or 'all rows'} beside {base}. {'; '.join(said)}.",
        notes=notes,
    )


def draw(faster: Faster, look: _look.Look) -> Figure:
    alone = len(faster.others) == 1
    rows = look.rows([row.label for row in faster.rows], beside=1 if alone else 0)
    figure, axes = look.figure(words(faster), rows.height + 0.5)
    rows.name(axes)
    _look.log_axis(axes.xaxis, FACTORS, lambda value: f"{value:.10g} ×")
    speeds = [each.speed for row in faster.rows for each in row.beside if each]
    axes.set_xlim(*_look.around([1.0, *(end for each in speeds for end in ends(each))], least=1.6))
    quiet = 1.0 + faster.floor
    axes.axvspan(1.0 / quiet, quiet, color=look.colors["grid"], zorder=0)
    axes.axvline(1.0, color=look.colors["edge"], zorder=1)
    for index, (row, y) in enumerate(zip(faster.rows, rows.places)):
        for number, (each, off) in enumerate(
            zip(row.beside, _machines.offsets(len(faster.others)))
        ):
            if each is None:
                continue
            look.whiskers(axes, [None if each.why else each.speed], [y + off])
            kind = _machines.mark(look, number + 1, few=bool(each.why))
            axes.plot(each.speed.value, y + off, **kind, zorder=5)
        if alone and row.beside[0]:
            rows.tell(axes, index, "", _told(row.beside[0]))
    return figure


def table(faster: Faster) -> tuple[str, list[list]]:
    header = "row,machine,beside,times as fast,low,high,word,why"
    return header, [
        [row.label, name, faster.base, *ends(each.speed), each.word, each.why]
        for row in faster.rows
        for name, each in zip(faster.others, row.beside)
        if each
    ]


def _told(each: Compared) -> str:
    """1.31 × faster"""
    return f"{digits(each.speed.value)} ×{f', {each.why}' if each.why else f' {each.word}'}"


def _finding(faster: Faster) -> str:
    """How many rows of each machine surely differ."""
    told = []
    for number, name in enumerate(faster.others):
        own = [row.beside[number] for row in faster.rows]
        counts = [
            sum(bool(each) and each.word == word for each in own if each)
            for word in (FASTER, SLOWER)
        ]
        told.append(f"{_machines.name_text(name)} faster in {counts[0]}, slower in {counts[1]}")
    return f"Of {len(faster.rows) + faster.more} rows: {'; '.join(told[:3])}"
