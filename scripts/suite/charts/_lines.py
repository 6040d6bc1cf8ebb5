"""Lines against a size, named at their ends: what the charts of growth share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ..runs.intervals import Interval
from . import _look

# With more lines than this the five that matter have colours and names; the others are thin, grey.
MOST, THAT_MATTER = 7, 5
# Cold colours for C++, warm ones for Python; within a language told apart by more than colour.
LOOKS = {
    "c++": [("c++", "s"), ("c++2", "D"), ("c++3", "^"), ("ink", "v")],
    "python": [("python", "o"), ("python2", "h"), ("python3", "P"), ("ink", "X")],
}
DASHES = ["-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1, 2))]
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


def coloured(lines: list[Line], matter: list[int]) -> list[int]:
    """Which lines get colours and names: all, or the first five of those that matter."""
    if len(lines) <= MOST:
        return [*range(len(lines))]
    order = dict.fromkeys([*matter, *range(len(lines))])
    return sorted([*order][:THAT_MATTER])


def grey(lines: list[Line], matter: list[int]) -> list[str]:
    """What has to be said of the lines without names."""
    named = coloured(lines, matter)
    others = [line.name for index, line in enumerate(lines) if index not in named]
    return [f"Grey: {', '.join(others)}."] if others else []


def heights(
    look: _look.Look, lines: list[Line], matter: list[int], least: float
) -> tuple[float, float]:
    """Inches of the axes, and of all that is drawn: names take as many as they need."""
    letters = ABOVE if look.narrow else BESIDE
    names = [_look.broken(lines[index].name, letters) for index in coloured(lines, matter)]
    words = sum(_look.inches(_look.BODY, name.count("\n") + 1) + 0.12 for name in names)
    inside = least if look.narrow else max(least, words)
    return inside, inside + AXIS + (words if look.narrow else 0.0)


def draw(axes: Axes, look: _look.Look, lines: list[Line], matter: list[int], height: float) -> None:
    """On axes whose scales and ends are set."""
    seen: dict[str, int] = {}
    named = []
    for index in coloured(lines, matter):
        line = lines[index]
        count = seen[line.language] = seen.get(line.language, -1) + 1
        color, marker = LOOKS[line.language][count % 4]
        named.append((line, look.colors[color], marker, DASHES[count % 4]))
    for index, line in enumerate(lines):
        if index not in coloured(lines, matter):
            _draw_line(axes, look, line, look.colors["before"], "", "-", 1.0)
    for line, color, marker, dashes in named:
        _draw_line(axes, look, line, color, marker, dashes, 2.4)
    if look.narrow:
        handles = [_handle(*each, look) for each in named]
        names = [_look.broken(line.name, ABOVE) for line, *_ in named]
        axes.legend(handles, names, loc="lower left", bbox_to_anchor=(0, 1.01), borderaxespad=0)
        return
    ends = [(line.points[-1].x, line.points[-1].y.value, line.name, c) for line, c, *_ in named]
    name_ends(axes, look, ends, height)


def name_ends(axes: Axes, look: _look.Look, ends: list[tuple], height: float) -> None:
    """Names right of the axes, each as near to its line's end as the others leave room."""
    data = axes.transScale + axes.transLimits
    blocks = sorted(
        (
            [data.transform((x, y))[1], x, y, _look.broken(name, BESIDE), color]
            for x, y, name, color in ends
        ),
        key=lambda block: block[0],
    )
    sizes = [(_look.inches(_look.BODY, b[3].count("\n") + 1) + 0.06) / height for b in blocks]
    for block, place in zip(blocks, apart([block[0] for block in blocks], sizes)):
        axes.annotate(
            block[3],
            (block[1], block[2]),
            xytext=(1.04, place),
            textcoords=axes.transAxes,
            verticalalignment="center",
            arrowprops={"arrowstyle": "-", "color": block[4], "linewidth": 1.2, "relpos": (0, 0.5)},
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


def _draw_line(
    axes: Axes, look: _look.Look, line: Line, color: str, marker: str, dashes: Any, width: float
) -> None:
    sure = [point for point in line.points if not point.few]
    path = line.fitted or [(point.x, point.y.value) for point in sure]
    kind = {"color": color, "linestyle": dashes, "linewidth": width, "zorder": 2}
    if path:
        axes.plot(*zip(*path), **kind, path_effects=_edge(look, width) if marker else None)
    if not marker:
        return
    for point in sure:
        if point.y.low < point.y.high:
            axes.plot([point.x] * 2, [point.y.low, point.y.high], color=color, linewidth=1.6)
    for few in (False, True):
        of = [(point.x, point.y.value) for point in line.points if point.few == few]
        if of:
            axes.plot(*zip(*of), **_mark(look, color, marker, few))


def _handle(line: Line, color: str, marker: str, dashes: Any, look: _look.Look) -> Line2D:
    kind = {**_mark(look, color, marker, False), "linestyle": dashes, "color": color}
    return Line2D([], [], linewidth=2.4, **kind)


def _mark(look: _look.Look, color: str, marker: str, few: bool) -> dict:
    return {
        "marker": marker,
        "markersize": 9,
        "linestyle": "none",
        "markerfacecolor": look.colors["paper"] if few else color,
        "markeredgecolor": look.colors["ink"],
        "markeredgewidth": 2.0 if few else 0.8,
        "zorder": 3,
    }


def _edge(look: _look.Look, width: float) -> list:
    """Light colours are seen on paper by their edge."""
    stroke = patheffects.Stroke(linewidth=width + 1.0, foreground=look.colors["edge"])
    return [stroke, patheffects.Normal()]
