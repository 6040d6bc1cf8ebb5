"""The best rung of each tool against the baseline of its ladder: Python, NumPy, Numba, C++."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..runs.intervals import Interval, enough, ratio_interval
from ..runs.quantities import digits
from ..runs.results import Group, Ladder, Row, Run, baseline, groups

# Each with what charts call its colour.
TOOLS = {
    "Python": "python",
    "NumPy": "python2",
    "Numba": "python3",
    "C++": "c++",
    "C++ with threads": "c++2",
}
IMPORTS = re.compile(r"^\s*(?:from|import) +(\w+)", re.MULTILINE)
# Rungs of Python that call these stand for a tool of their own, beside TOOLS.
OTHERS = re.compile(r"ctypes|cffi|border_\w+|numexpr|luajit\w*")


@dataclass(frozen=True)
class Best:
    """The fastest rung of a tool, and how many times as fast as the baseline it is."""

    rung: str
    factor: Interval

    @property
    def text(self) -> str:
        return f"{digits(self.factor.value, 2)} ×"


def compared(run: Run, ladder: Ladder) -> tuple[Group, dict[str, Best]] | None:
    """The case on which most tools were measured beside the baseline, and the best of each tool."""
    every = [(group, best_of(group)) for group in groups(run, ladder)]
    found = max(every, key=lambda pair: (len(pair[1]), pair[0].items), default=None)
    return found if found and found[1] else None


def best_of(group: Group) -> dict[str, Best]:
    """By tool; empty where there is nothing to hold them against."""
    base = baseline(group)
    if base is None:
        return {}
    found: dict[str, Best] = {}
    for row in group.rows:
        name = tool(group.ladder, row)
        if name is None or row.items != base.items or not enough(base.rounds(), row.rounds()):
            continue
        factor = ratio_interval(base.rounds(), row.rounds())
        if name not in found or factor.value > found[name].factor.value:
            found[name] = Best(row.rung, factor)
    return found


def tool(ladder: Ladder, row: Row) -> str | None:
    """What a rung stands for, by what it is written in and what it imports."""
    rung = ladder.rung(row.rung)
    if rung.language == "c++":
        return "C++ with threads" if row.threads > 1 else "C++"
    imported = set(IMPORTS.findall(rung.source))
    if "numba" in imported:
        return "Numba"
    if any(OTHERS.fullmatch(name) for name in imported):
        return None
    return "NumPy" if "numpy" in imported else "Python"
