"""Durations as they stand in a sentence: fewer digits than in a table."""

from __future__ import annotations

import re
from collections.abc import Iterable

SECONDS_PER_UNIT = {"s": 1, "m": 60, "min": 60, "h": 3600}
# The largest value that a unit is used for, its size and its name.
DURATIONS = [
    (1e-3, 1e-6, "µs"),
    (1, 1e-3, "ms"),
    (120, 1, "s"),
    (7200, 60, "min"),
    (172800, 3600, "hours"),
    (730 * 86400, 86400, "days"),
    (float("inf"), 365.25 * 86400, "years"),
]
LONGEST_REASON = 500
# What a terminal, a picture or a cell of a table would take for a command, not for a character.
COMMANDS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)


def duration(seconds: float) -> str:
    """4.7 days, 12 s, 5 min"""
    size, name = next((size, name) for limit, size, name in DURATIONS if seconds < limit)
    return f"{_short(seconds / size)} {name}"


def seconds_in(text: str) -> float:
    """5m, 75s, 1m30s or 60. Raises ValueError with one sentence."""
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*(min|[smh]|$)", text.strip())
    if not parts or "".join(n + u for n, u in parts) != text.replace(" ", ""):
        raise ValueError(f"'{text}' is no time: write 5m, 75s or 60")
    total = sum(float(number) * SECONDS_PER_UNIT[unit or "s"] for number, unit in parts)
    if total <= 0:
        raise ValueError(f"'{text}' leaves no time at all")
    return total


def _short(value: float) -> str:
    if value >= 9.95:
        return f"{value:.0f}"
    return f"{value:.1f}".removesuffix(".0")


def refuse_unknown(what: str, asked: Iterable[str], known: Iterable[str]) -> None:
    """Raises ValueError, naming those that there are, for the first that is none of them."""
    names = list(known)
    for name in asked:
        if name not in names:
            there_are = f"there are: {', '.join(names)}" if names else "there is none"
            raise ValueError(f"there is no {what} '{name}'; {there_are}")


def printable(text: str) -> str:
    """On one line, with nothing in it that moves a cursor or turns the direction of reading."""
    return COMMANDS.sub("\ufffd", re.sub(r"[\t\n\r]+", " ", text))


def brief(message: str) -> str:
    """A message of somebody's program as a reason: one line that is not too long."""
    line = printable(message).strip()
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"
