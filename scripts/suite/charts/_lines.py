"""Lines against a size, named at their ends: what the charts of growth share."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..runs.intervals import Interval
from . import _look

# With more lines than this the five that matter have colours and names; the others are thin, grey.
MOST, THAT_MATTER = 7, 5
# Cold colours for C++, warm ones for Python; within a language told apart by more than colour.
DASHES: list[Any] = ["-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1, 2))]
LOOKS = {
    "c++": [*zip(["c++", "c++2", "c++3", "ink"], "sD^v", DASHES)],
    "python": [*zip(["python", "python2", "python3", "ink"], "ohPX", DASHES)],
}
AXIS = 0.85  # inches for what stands under the axes
BESIDE, ABOVE = 30, 27  # letters of a name at the end of its line, and on a phone


@dataclass(frozen=True)
class Point:
    x: float
    y: Interval
    few: bool = False  # from too few rounds for an interval


@dataclass(frozen=True)
class Line:
    name: str
    language: str
    points: list[Point]
    fitted: list[tuple[float, float]] = field(default_factory=list)  # a law, drawn instead


@dataclass(frozen=True)
class Lines:
    """All lines of a chart."""

    every: list[Line]
    least: float  # inches that the axes are high
    matter: list[int] = field(default_factory=list)  # from the one that matters most

    @property
    def named(self) -> list[int]:
        """Which get colours and names: all, or the first five of those that matter."""
        order = [*dict.fromkeys([*self.matter, *range(len(self.every))])]
        return sorted(order if len(order) <= MOST else order[:THAT_MATTER])

    @property
    def notes(self) -> list[str]:
        """What has to be said of the lines without names."""
        others = [line.name for index, line in enumerate(self.every) if index not in self.named]
        return [f"Grey: {', '.join(others)}."] if others else []

    def figure(self, look: _look.Look, words: _look.Words) -> tuple[Figure, Axes]:
        above = self._words(look) if look.narrow else 0.0
        return look.figure(words, self._height(look) + AXIS + above)

    def draw(self, axes: Axes, look: _look.Look) -> None:
        """On axes whose scales and ends are set."""
        for index, line in enumerate(self.every):
            if index not in self.named:
                _draw_path(axes, line, color=look.colors["before"], linewidth=1.0)
        looks = {language: cycle(of) for language, of in LOOKS.items()}
        named, handles, colors = [self.every[index] for index in self.named], [], []
        for line in named:
            color, marker, dashes = next(looks[line.language])
            kind = {"color": look.colors[color], "linestyle": dashes, "linewidth": 2.4}
            mark = {**look.mark(color), "marker": marker, "markersize": 9}
            _draw_path(axes, line, **kind, path_effects=_edge(look, 2.4))
            _draw_points(axes, look, line, mark)
            handles.append(Line2D([], [], **{**mark, **kind}))
            colors.append(look.colors[color])
        if look.narrow:
            names = [_look.broken(line.name, ABOVE) for line in named]
            axes.legend(handles, names, loc="lower left", bbox_to_anchor=(0, 1.01), borderaxespad=0)
        else:
            name_ends(axes, named, colors, self._height(look))

    def _words(self, look: _look.Look) -> float:
        """Inches of the names, one upon the other."""
        letters = ABOVE if look.narrow else BESIDE
        names = [_look.broken(self.every[index].name, letters) for index in self.named]
        return sum(_look.inches(_look.BODY, name.count("\n") + 1) + 0.12 for name in names)

    def _height(self, look: _look.Look) -> float:
        """Inches of the axes: beside them names take as many as they need."""
        return self.least if look.narrow else max(self.least, self._words(look))


def name_ends(axes: Axes, lines: list[Line], colors: list[str], height: float) -> None:
    """Names right of the axes, each as near to its line's end as the others leave room."""
    data = axes.transScale + axes.transLimits
    blocks = []
    for line, color in zip(lines, colors):
        end = line.points[-1].x, line.points[-1].y.value
        blocks.append((data.transform(end)[1], end, _look.broken(line.name, BESIDE), color))
    blocks.sort(key=lambda block: block[0])
    sizes = [(_look.inches(_look.BODY, b[2].count("\n") + 1) + 0.06) / height for b in blocks]
    places = apart([block[0] for block in blocks], sizes)
    for (_, end, name, color), place in zip(blocks, places):
        axes.annotate(
            name,
            end,
            xytext=(1.04, place),
            textcoords=axes.transAxes,
            verticalalignment="center",
            arrowprops={"arrowstyle": "-", "color": color, "linewidth": 1.2, "relpos": (0, 0.5)},
        )


def apart(places: list[float], sizes: list[float]) -> list[float]:
    """Middles of blocks, sorted upwards from 0 to 1, moved until none meets another."""
    moved, free = [], 0.0
    for place, size in zip(places, sizes):
        moved.append(max(place, free + size / 2))
        free = moved[-1] + size / 2
    limit = max(1.0, sum(sizes))
    for index in reversed(range(len(moved))):
        moved[index] = min(moved[index], limit - sizes[index] / 2)
        limit = moved[index] - sizes[index] / 2
    return moved


def _draw_path(axes: Axes, line: Line, **kind: Any) -> None:
    path = line.fitted or [(point.x, point.y.value) for point in line.points if not point.few]
    if path:
        axes.plot(*zip(*path), zorder=2, **kind)


def _draw_points(axes: Axes, look: _look.Look, line: Line, mark: dict) -> None:
    sure = [point for point in line.points if not point.few and point.y.low < point.y.high]
    for point in sure:
        ends = [point.y.low, point.y.high]
        axes.plot([point.x] * 2, ends, color=mark["markerfacecolor"], linewidth=1.6)
    hollow = {"markerfacecolor": look.colors["paper"], "markeredgewidth": 2.0}
    for more in ({}, hollow):
        of = [(point.x, point.y.value) for point in line.points if point.few == bool(more)]
        if of:
            axes.plot(*zip(*of), **{**mark, **more})


def _edge(look: _look.Look, width: float) -> list:
    """Light colours are seen on paper by their edge."""
    stroke = patheffects.Stroke(linewidth=width + 1.0, foreground=look.colors["edge"])
    return [stroke, patheffects.Normal()]
