"""All ladders at once: the best of each tool against the baseline of each ladder."""

from __future__ import annotations

import re
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..judge.standings import case_text, times_text
from ..runs.intervals import Interval, ends, enough, ratio_interval
from ..runs.quantities import digits
from ..runs.results import Group, Ladder, Row, Run, baseline, groups
from . import _look

OF = "run"
# Each with its colour and its marker.
TOOLS = {
    "Python": ("python", "o"),
    "NumPy": ("python2", "h"),
    "Numba": ("python3", "P"),
    "C++": ("c++", "s"),
    "C++ with threads": ("c++2", "D"),
}
IMPORTS = re.compile(r"^\s*(?:from|import) +(\w+)", re.MULTILINE)
# Rungs of Python that call these stand for a tool of their own, beside those of this chart.
OTHERS = re.compile(r"ctypes|cffi|border_\w+|numexpr|luajit\w*")


@dataclass(frozen=True)
class Best:
    """The fastest rung of a tool, and how many times as fast as the baseline it is."""

    rung: str
    factor: Interval

    @property
    def text(self) -> str:
        return f"{digits(self.factor.value, 2)} ×"


@dataclass(frozen=True)
class Overview:
    """Of each ladder the case on which most tools were measured beside the baseline."""

    cases: list[Group]
    best: list[dict[str, Best]]  # by tool
    missing: list[str]  # ladders whose baseline was not measured

    @property
    def names(self) -> list[str]:
        return [group.example for group in self.cases]


def shown(run: Run, _: Run) -> Overview | None:
    cases, best, missing = [], [], []
    for ladder in run.ladders:
        every = [(group, _best(group)) for group in groups(run, ladder)]
        group, found = max(
            every, key=lambda pair: (len(pair[1]), pair[0].items), default=(None, {})
        )
        if group is not None and found:
            cases.append(group)
            best.append(found)
        else:
            missing.append(ladder.example)
    return Overview(cases, best, missing) if len(cases) > 1 else None


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


def words(overview: Overview) -> _look.Words:
    notes = [f"Cases: {'; '.join(f'{g.example} {case_text(g)}' for g in overview.cases)}."]
    if overview.missing:
        notes.append(f"Baseline not measured, left out: {', '.join(overview.missing)}.")
    said = []
    for group, best in zip(overview.cases, overview.best):
        base = group.ladder.rung(group.ladder.baseline).label
        told = [f"{name} {best[name].text}" for name in TOOLS if name in best]
        said.append(f"{group.example}, against {base}: {', '.join(told)}")
    return _look.Words(
        title=_finding(overview),
        myth="All ladders: the best rung of each tool against the baseline of each ladder",
        what="how many times as fast as the baseline, logarithmic, 95 % intervals; disc: Python, "
        "hexagon: NumPy, cross: Numba, square: C++, diamond: with threads; grey: not measured",
        alt=f"Dot plot of all ladders. {'; '.join(said)}.",
        notes=notes,
    )


def draw(overview: Overview, look: _look.Look) -> Figure:
    rows = look.rows(overview.names, beside=len(TOOLS) if look.narrow else 1)
    shape = {} if look.narrow else {"ncols": len(TOOLS), "sharex": True}
    figure, panels = look.figure(words(overview), rows.height + 0.8, **shape)
    factors = [end for best in overview.best for b in best.values() for end in ends(b.factor)]
    for axes in figure.axes:
        rows.name(axes, again=axes is not figure.axes[0])
        _look.log_axis(axes.xaxis, [10.0**n for n in (0, 3, 6, 1, 2, 4, 5, -3)], _times)
        axes.set_xlim(*_look.around([*factors, 1.0], more=1.6))
    for name, axes in zip(TOOLS, [panels] * len(TOOLS) if look.narrow else panels):
        color, marker = TOOLS[name]
        cells = [best.get(name) for best in overview.best]
        look.whiskers(axes, [cell.factor if cell else None for cell in cells], rows.places)
        for cell, y in zip(cells, rows.places):
            if cell:
                axes.plot(cell.factor.value, y, **{**look.mark(color), "marker": marker})
        if not look.narrow:
            _describe(axes, look, rows, name, cells)
    if look.narrow:
        for index, best in enumerate(overview.best):
            told = [f"{t} {best[t].text if t in best else 'not measured'}" for t in TOOLS]
            rows.tell(panels, index, "", "\n".join(told))
    return figure


def _describe(axes: Axes, look: _look.Look, rows: _look.Rows, name: str, cells: list) -> None:
    """What a panel says of its tool."""
    axes.axvline(1.0, color=look.colors["edge"], zorder=1)
    axes.set_title(_look.broken(name, 9))
    for index, (cell, y) in enumerate(zip(cells, rows.places)):
        rows.tell(axes, index, "", cell.text if cell else "")
        if not cell:
            axes.axhspan(y - 0.12, y + 0.12, color=look.colors["grid"], zorder=0)


def table(overview: Overview) -> tuple[str, list[list]]:
    return "ladder,case,baseline,tool,rung,times as fast,low,high", [
        [g.example, g.label, g.ladder.baseline, name, found.rung, *ends(found.factor)]
        for g, best in zip(overview.cases, overview.best)
        for name, found in best.items()
    ]


def _best(group: Group) -> dict[str, Best]:
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


def _finding(overview: Overview) -> str:
    """Where the best tool leads furthest, and where least."""
    leads = [
        (found.factor.value, name, group.example)
        for group, best in zip(overview.cases, overview.best)
        for name, found in [max(best.items(), key=lambda pair: pair[1].factor.value)]
    ]
    most, least = max(leads), min(leads)
    return (
        f"From {times_text(least[0])} times ({least[1]}, {least[2]}) to {times_text(most[0])} "
        f"times ({most[1]}, {most[2]}) as fast as the baseline"
    )


def _times(value: float) -> str:
    return f"{value:,.10g} ×"
