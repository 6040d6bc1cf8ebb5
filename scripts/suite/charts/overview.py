"""All ladders at once: the best of each tool against the baseline of each ladder."""

from __future__ import annotations

import re
from dataclasses import dataclass

from matplotlib.figure import Figure

from ..judge.standings import case_text, times_text
from ..runs.intervals import Interval, enough, ratio_interval
from ..runs.quantities import digits
from ..runs.results import Group, Ladder, Row, Run, baseline, groups
from . import _look

OF = "run"
TOOLS = ["Python", "NumPy", "Numba", "C++", "C++ with threads"]
MARKS = ["o", "h", "P", "s", "D"]
COLORS = ["python", "python2", "python3", "c++", "c++2"]
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
        alt=f"Dot plot of all ladders. {'; '.join(said)}. {' '.join(notes)}",
        notes=notes,
    )


def draw(overview: Overview, look: _look.Look) -> Figure:
    rows = look.rows(overview.names, beside=1 + (len(TOOLS) - 1) * look.narrow)
    shape = {} if look.narrow else {"ncols": len(TOOLS), "sharex": True}
    figure, panels = look.figure(words(overview), rows.height + 0.8, **shape)
    ends = [end for best in overview.best for b in best.values() for end in vars(b.factor).values()]
    for place, name in enumerate(TOOLS):
        axes = panels if look.narrow else panels[place]
        if not look.narrow or place == 0:
            rows.name(axes)
            _look.log_axis(axes.xaxis, [10.0**n for n in (0, 3, 6, 1, 2, 4, 5, -3)], _times)
            axes.set_xlim(*_look.around([*ends, 1.0], more=1.6))
        if not look.narrow:
            axes.axvline(1.0, color=look.colors["edge"], zorder=1)
            title = _look.broken(name, 9)
            axes.set_title(title, loc="left", fontsize=_look.BODY, fontweight="bold")
            axes.set_yticks(rows.places, rows.names if place == 0 else [""] * len(rows.places))
        cells = [best.get(name) for best in overview.best]
        look.whiskers(axes, [cell.factor if cell else None for cell in cells], rows.places)
        for index, (cell, y) in enumerate(zip(cells, rows.places)):
            if cell:
                color = look.colors[COLORS[place]]
                mark = {**look.mark("c++"), "marker": MARKS[place], "markerfacecolor": color}
                axes.plot(cell.factor.value, y, **mark)
            elif not look.narrow:
                axes.axhspan(y - 0.12, y + 0.12, color=look.colors["grid"], zorder=0)
            if not look.narrow:
                rows.tell(axes, index, "", cell.text if cell else "")
    if look.narrow:
        for index, best in enumerate(overview.best):
            told = [
                f"{name} {best[name].text if name in best else 'not measured'}" for name in TOOLS
            ]
            rows.tell(panels, index, "", "\n".join(told))
    return figure


def table(overview: Overview) -> tuple[str, list[list]]:
    return "ladder,case,baseline,tool,rung,times as fast,low,high", [
        [group.example, group.label, group.ladder.baseline, name, found.rung, *told]
        for group, best in zip(overview.cases, overview.best)
        for name, found in best.items()
        for told in [[f"{end:.6g}" for end in vars(found.factor).values()]]
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
