"""Draw where an event may have been: three planes through the best point, with the stations.

The files that it draws are those of `locate --plot`: per cent errors on the nodes of a map and of
two vertical sections. Beside each picture stands the same in words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..runs import results
from .page import (
    BODY,
    LARGE,
    MARGIN,
    SLIDE,
    STYLES,
    line_height,
    palette,
    rendered,
    text_width,
)

# Inches.
GAP = 0.25  # between panels
BELOW, BESIDE = 0.85, 0.75  # for what is written along the axes, but for the numbers at the left
WORDS = 3.1  # the column at the right
THINNEST = 0.9  # a panel; flatter grids are stretched to it

# Of the grid's extent: how far beyond it a station may stand and still be shown.
BEYOND = 0.5

PLANES = {
    # key in the file: what is across, what is up
    "per_cent_error_by_y_and_x": ("x", "y"),
    "per_cent_error_by_z_and_x": ("x", "z"),
    "per_cent_error_by_z_and_y": ("y", "z"),
}


@dataclass(frozen=True)
class Station:
    name: str
    place: dict[str, float]  # metres, by axis
    recorded: bool


@dataclass(frozen=True)
class Slices:
    """What was found of one event, as its file says."""

    event: str
    best: dict[str, float]  # metres, by axis
    amplitude: float
    per_cent: float
    stations: list[Station]
    axes: dict[str, list[float]]
    planes: dict[tuple[str, str], list[list[float | None]]]  # rows upwards

    def shown(self, axis: str) -> tuple[float, float]:
        """From where to where the pictures reach: the grid, and stations not far from it."""
        low, high = edges(self.axes[axis])[0], edges(self.axes[axis])[-1]
        reach = BEYOND * (high - low)
        near = [s.place[axis] for s in self.stations if -reach <= s.place[axis] - low]
        near = [place for place in near if place <= high + reach]
        margin = 0.04 * (high - low)
        first, last = min([low, *near]), max([high, *near])
        return first - margin * (first < low), last + margin * (last > high)

    def outside(self) -> list[Station]:
        """Stations too far away for the picture."""
        limits = {axis: self.shown(axis) for axis in "xyz"}
        return [
            station
            for station in self.stations
            if any(not limits[a][0] <= station.place[a] <= limits[a][1] for a in "xyz")
        ]


def edges(axis: list[float]) -> list[float]:
    """Nodes stand in the middle of their cells."""
    if len(axis) == 1:
        return [axis[0] - 0.5, axis[0] + 0.5]
    middles = [(a + b) / 2 for a, b in zip(axis[:-1], axis[1:])]
    return [2 * axis[0] - middles[0], *middles, 2 * axis[-1] - middles[-1]]


def load(path: Path) -> Slices:
    """Raises ValueError, naming the file, if it is none of locate's."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        source = document["source"]
        return Slices(
            event=document["event"],
            best={axis: source[f"{axis}_m"] for axis in "xyz"},
            amplitude=source["A"],
            per_cent=source["per_cent_error"],
            stations=[
                Station(s["station"], {axis: s[f"{axis}_m"] for axis in "xyz"}, s["recorded"])
                for s in document["stations"]
            ],
            axes={axis: document[f"{axis}_m"] for axis in "xyz"},
            planes={plane: document[key] for key, plane in PLANES.items()},
        )
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror}") from None
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"{path}: is not a file of slices, as locate --plot writes them") from None


def panels(extents: dict[str, float], width: float, height: float) -> dict[str, float]:
    """The inches of each axis: to scale as far as that leaves no panel too thin to read.

    The map lies above the section along x and left of the one along y.
    """
    scale = min(
        (width - GAP) / (extents["x"] + extents["z"]),
        (height - GAP) / (extents["y"] + extents["z"]),
    )
    inches = {axis: max(THINNEST, extent * scale) for axis, extent in extents.items()}
    # What was stretched may have pushed the others out: depth gives way last.
    inches["z"] = min(inches["z"], 0.5 * height, 0.5 * width)
    inches["x"] = min(inches["x"], width - GAP - inches["z"])
    inches["y"] = min(inches["y"], height - GAP - inches["z"])
    return inches


def draw(slices: Slices, theme: str = "light"):
    """A figure, as large as a slide."""
    from matplotlib import style

    with style.context(STYLES[theme]):
        return _drawn(slices, palette(theme))


def _drawn(slices: Slices, colors: dict[str, str]):
    from matplotlib.figure import Figure

    shown = {axis: slices.shown(axis) for axis in "xyz"}
    extents = {axis: high - low for axis, (low, high) in shown.items()}
    unit = (1000.0, "km") if max(extents.values()) >= 2000 else (1.0, "m")
    numbers = [f"{limit / unit[0]:.1f}" for axis in "yz" for limit in shown[axis]]
    start = BESIDE + max(text_width(number) for number in numbers)
    head = MARGIN + 0.75
    room = (SLIDE[0] - start - WORDS - 2 * MARGIN, SLIDE[1] - head - BELOW)
    inches = panels(extents, *room)
    figure = Figure(figsize=SLIDE, facecolor=colors["paper"])

    def panel(left: float, top: float, across: str, up: str):
        size = (inches[across] / SLIDE[0], inches[up] / SLIDE[1])
        axes = figure.add_axes([left / SLIDE[0], 1 - top / SLIDE[1] - size[1], *size])
        axes.set(xlim=shown[across], ylim=shown[up], facecolor=colors["paper"])
        return axes

    beside, under = start + inches["x"] + GAP, head + inches["y"] + GAP
    if under + inches["z"] + BELOW < SLIDE[1]:  # narrow grids leave room above and below
        spare = (SLIDE[1] - under - inches["z"] - BELOW) / 2
        head, under = head + spare, under + spare
    drawn = {
        ("x", "y"): panel(start, head, "x", "y"),
        ("x", "z"): panel(start, under, "x", "z"),
        ("y", "z"): panel(beside, head, "z", "y"),
    }
    mesh = None
    for (across, up), axes in drawn.items():
        lying = (across, up) == ("y", "z")  # depth across, so that y is as in the map
        mesh = _draw_plane(axes, slices, (across, up), lying)
        horizontal, vertical = (up, across) if lying else (across, up)
        _draw_points(axes, slices, horizontal, vertical, colors)
        _label_axis(axes.xaxis, shown[horizontal], inches[horizontal], unit, colors)
        _label_axis(axes.yaxis, shown[vertical], inches[vertical], unit, colors)
    _name_axes(drawn, unit[1], colors)
    _draw_names(drawn["x", "y"], slices, shown, inches, colors)
    right = beside + inches["z"] + 0.5
    _draw_words(figure, mesh, slices, right, head, under + inches["z"], colors)
    return figure


def _draw_plane(axes, slices: Slices, plane: tuple[str, str], lying: bool):
    import numpy as np

    across, up = plane
    errors = np.ma.masked_invalid(np.array(slices.planes[plane], dtype=float))
    xs, ys = edges(slices.axes[across]), edges(slices.axes[up])
    if lying:
        xs, ys, errors = ys, xs, errors.T
    low, high = error_range(slices)
    # Above 100 per cent a source is worse than none: differences there say nothing.
    high = max(min(high, 100.0), low + 1e-9)
    return axes.pcolormesh(
        xs, ys, errors, cmap="viridis_r", vmin=low, vmax=high, rasterized=True, linewidth=0
    )


def error_range(slices: Slices) -> tuple[float, float]:
    """From the best error that is shown to the worst."""
    known = [e for plane in slices.planes.values() for row in plane for e in row if e is not None]
    return slices.per_cent, max([slices.per_cent, *known])


def _draw_points(axes, slices: Slices, across: str, up: str, colors: dict[str, str]) -> None:
    outside = slices.outside()
    for station in slices.stations:
        if station not in outside:
            kind = "recorded" if station.recorded else "silent"
            place = ([station.place[across]], [station.place[up]])
            axes.plot(*place, **symbol(kind, colors), clip_on=False, zorder=3)
    best = ([slices.best[across]], [slices.best[up]])
    axes.plot(*best, **symbol("best", colors), clip_on=False, zorder=4)


def symbol(kind: str, colors: dict[str, str]) -> dict:
    """How a point is marked; the edges keep it apart from whatever is behind."""
    station = {"marker": "^", "markersize": 12, "linestyle": "none"}
    return {
        "best": {
            "marker": "*",
            "markersize": 24,
            "linestyle": "none",
            "markerfacecolor": "#D55E00",
            "markeredgecolor": "#FFFFFF",
            "markeredgewidth": 1.5,
        },
        "recorded": {**station, "markerfacecolor": "#E69F00", "markeredgecolor": "#000000"},
        "silent": {
            **station,
            "markerfacecolor": colors["paper"],
            "markeredgecolor": "#E69F00",
            "markeredgewidth": 2,
        },
    }[kind]


def _label_axis(axis, limits, inches: float, unit: tuple[float, str], colors) -> None:
    """Round places, as many as have room, in the unit of the picture."""
    from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator

    size, _ = unit
    wide = axis.axis_name == "x"
    for most in range(6, 0, -1):
        ticks = [t for t in MaxNLocator(most).tick_values(*limits) if limits[0] <= t <= limits[1]]
        labels = [f"{t / size:.10g}" for t in ticks]
        needs = max((text_width(label) for label in labels), default=0) + 0.2
        if len(ticks) * (needs if wide else 0.45) <= inches or most == 1:
            break
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter(FixedFormatter(labels))
    axis.set_tick_params(color=colors["edge"], labelcolor=colors["muted"], labelsize=BODY)


def _name_axes(drawn: dict, unit: str, colors: dict[str, str]) -> None:
    drawn["x", "z"].set_xlabel(f"x, {unit}", fontsize=BODY)
    drawn["x", "z"].set_ylabel(f"z, {unit}", fontsize=BODY)
    drawn["x", "y"].set_ylabel(f"y, {unit}", fontsize=BODY)
    drawn["y", "z"].set_xlabel(f"z, {unit}", fontsize=BODY)
    drawn["x", "y"].tick_params(labelbottom=False)
    drawn["y", "z"].tick_params(labelleft=False)
    for axes in drawn.values():
        for spine in axes.spines.values():
            spine.set_color(colors["edge"])


def _draw_names(axes, slices: Slices, shown, inches, colors: dict[str, str]) -> None:
    """Beside each station where there is room, on any side; else not at all."""
    from matplotlib import patheffects

    per_inch = {axis: (shown[axis][1] - shown[axis][0]) / inches[axis] for axis in "xy"}
    height = line_height(BODY)

    def box(x: float, y: float, width: float, tall: float) -> tuple[float, ...]:
        return (x - width / 2, y - tall / 2, x + width / 2, y + tall / 2)

    def inch(place: dict[str, float]) -> tuple[float, float]:
        return tuple((place[axis] - shown[axis][0]) / per_inch[axis] for axis in "xy")

    def free(wanted: tuple[float, ...]) -> bool:
        inside = wanted[0] >= 0 and wanted[1] >= 0
        inside = inside and wanted[2] <= inches["x"] and wanted[3] <= inches["y"]
        return inside and not any(_overlap(wanted, other) for other in taken)

    shown_stations = [s for s in slices.stations if s not in slices.outside()]
    taken = [box(*inch(s.place), 0.18, 0.18) for s in shown_stations]
    taken.append(box(*inch(slices.best), 0.35, 0.35))
    for station in shown_stations:
        x, y = inch(station.place)
        width = text_width(station.name)
        aside = width / 2 + 0.13
        for dx, dy in (
            (aside, 0),
            (-aside, 0),
            (0, 0.24),
            (0, -0.24),
            (aside, 0.15),
            (-aside, 0.15),
        ):
            wanted = box(x + dx, y + dy, width, height)
            if free(wanted):
                taken.append(wanted)
                text = axes.annotate(
                    station.name,
                    (
                        shown["x"][0] + (x + dx) * per_inch["x"],
                        shown["y"][0] + (y + dy) * per_inch["y"],
                    ),
                    fontsize=BODY,
                    color=colors["ink"],
                    horizontalalignment="center",
                    verticalalignment="center",
                )
                text.set_path_effects(
                    [patheffects.withStroke(linewidth=3, foreground=colors["paper"])]
                )
                break


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _draw_words(figure, mesh, slices: Slices, left, top, bottom, colors: dict[str, str]) -> None:
    from matplotlib.lines import Line2D

    width, height = SLIDE
    figure.text(
        MARGIN / width,
        1 - (MARGIN + 0.2) / height,
        shortened(f"Event {slices.event}", width - 2 * MARGIN, 26, "bold"),
        fontsize=26,
        fontweight="bold",
        color=colors["ink"],
        verticalalignment="center",
    )
    y = top + 0.15
    for mark, words in facts(slices):
        if mark:
            figure.add_artist(
                Line2D([(left + 0.12) / width], [1 - y / height], **symbol(mark, colors))
            )
        figure.text(
            (left + 0.4) / width,
            1 - y / height,
            words,
            fontsize=LARGE,
            color=colors["ink"],
            verticalalignment="center",
        )
        y += line_height(LARGE)
    bar = figure.add_axes(
        [left / width, 1 - bottom / height, 0.25 / width, (bottom - y - 0.1) / height]
    )
    worse = error_range(slices)[1] > mesh.norm.vmax
    figure.colorbar(mesh, cax=bar, extend="max" if worse else "neither")
    bar.set_ylabel("error, per cent", fontsize=BODY)
    bar.tick_params(color=colors["edge"], labelcolor=colors["muted"], labelsize=BODY)
    bar.invert_yaxis()  # the best on top
    for spine in bar.spines.values():
        spine.set_color(colors["edge"])


def shortened(words: str, width: float, size: float, weight: str) -> str:
    """As much of a line as fits."""
    if text_width(words, size, weight) <= width:
        return words
    while words and text_width(words + "…", size, weight) > width:
        words = words[:-1]
    return words + "…"


def facts(slices: Slices) -> list[tuple[str, str]]:
    """Lines, each with the symbol that it explains, if any."""
    best, outside = slices.best, len(slices.outside())
    silent = sum(not station.recorded for station in slices.stations)
    lines = [("best", f"error {slices.per_cent:.3g} %, A = {slices.amplitude:.6g}")]
    lines += [("", f"{axis} = {best[axis]:,.10g} m") for axis in "xyz"]
    lines.append(("recorded", _stations(len(slices.stations) - silent)))
    if silent:
        lines.append(("silent", f"{silent} without record"))
    if outside:
        lines.append(("", f"{outside} beyond the edge"))
    return lines


def _stations(count: int) -> str:
    return f"{count} station" + "s" * (count != 1)


def words(slices: Slices) -> str:
    """What the picture shows, for those who cannot see it."""
    best = slices.best
    low, high = error_range(slices)
    recorded = sum(s.recorded for s in slices.stations)
    return (
        f"Event {slices.event}: a map and two vertical sections of the error through the best"
        f" point, x {best['x']:.10g} m, y {best['y']:.10g} m, z {best['z']:.10g} m, with"
        f" amplitude {slices.amplitude:.6g}. The error grows from {low:.3g} per cent there to"
        f" {high:.3g} per cent; {recorded} of {_stations(len(slices.stations))} recorded the event."
    )


def draw_file(
    path: Path, formats: Iterable[str] = ("png",), themes: Iterable[str] = ("light", "dark")
) -> None:
    """The pictures of a file of slices, and the same in words, beside it."""
    slices = load(path)
    results.write_text(path.with_suffix(".txt"), words(slices) + "\n")
    for theme in themes:
        figure = draw(slices, theme)
        for form in formats:
            target = path.with_name(f"{path.stem}-{theme}.{form}")
            results.write_bytes(target, rendered(figure, form, theme))
