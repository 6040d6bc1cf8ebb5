"""All ladders at once: the best of each tool against the baseline of each ladder."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..judge.standings import case_text, times_text
from ..judge.tools import TOOLS, Best, compared
from ..runs.intervals import ends
from ..runs.results import Group, Run
from . import _look

OF = "run"
MARKERS = dict(zip(TOOLS, "ohPsD"))


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
    found = {ladder.example: compared(run, ladder) for ladder in run.ladders}
    measured = [each for each in found.values() if each is not None]
    if len(measured) < 2:
        return None
    return Overview(
        cases=[group for group, _ in measured],
        best=[best for _, best in measured],
        missing=[example for example, each in found.items() if each is None],
    )


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
        cells = [best.get(name) for best in overview.best]
        look.whiskers(axes, [cell.factor if cell else None for cell in cells], rows.places)
        for cell, y in zip(cells, rows.places):
            if cell:
                axes.plot(
                    cell.factor.value, y, **{**look.mark(TOOLS[name]), "marker": MARKERS[name]}
                )
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
