"""Machines side by side: their colours and marks, and the rows that have room."""

from __future__ import annotations

from collections.abc import Sequence

from ..judge.comparison import Beside
from ..runs.words import printable
from . import _look

# Each with its colour, its marker and what that is called; with more machines they come again.
MARKS = [
    ("c++", "s", "square"),
    ("python", "o", "disc"),
    ("c++2", "^", "triangle"),
    ("python2", "D", "diamond"),
    ("c++3", "P", "cross"),
    ("python3", "h", "hexagon"),
]
MOST_ROWS = 24
LONGEST_NAME = 24


def mark(look: _look.Look, index: int, few: bool = False) -> dict:
    """Of the machine with this number; hollow if from too few rounds."""
    color, marker, _ = MARKS[index % len(MARKS)]
    filled = {"markerfacecolor": look.colors["paper" if few else color], "marker": marker}
    edge = {"markeredgecolor": look.colors[color if few else "ink"]}
    return {**filled, **edge, "markeredgewidth": 2.0 if few else 0.8, "linestyle": "none"}


def key(names: Sequence[str], first: int = 0) -> str:
    """square: this machine, disc: that one"""
    marks = (MARKS[(first + number) % len(MARKS)][2] for number in range(len(names)))
    return ", ".join(f"{mark}: {name_text(name)}" for mark, name in zip(marks, names))


def name_text(name: str) -> str:
    shown = printable(name)
    return shown if len(shown) <= LONGEST_NAME else f"{shown[: LONGEST_NAME - 1]}…"


def names(besides: Sequence[Beside]) -> list[str]:
    return [besides[0].base.name, *(each.other.name for each in besides)]


def offsets(count: int) -> list[float]:
    """Inches from the middle of a row at which the marks of so many machines stand."""
    step = min(0.16, 0.32 / max(count - 1, 1))
    return [step * (number - 0.5 * (count - 1)) for number in range(count)]
