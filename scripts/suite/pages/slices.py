"""Draw where an event may have been: three planes through the best point, with the stations.

The files that it draws are those of `locate --plot`: per cent errors on the nodes of a map and of
two vertical sections. Beside each picture stands the same in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from ..charts._files import rendered
from ..charts._look import BODY, SLIDE, STYLES, palette
from ..runs import documents, results
from ..runs.documents import Refused

# Inches.
GAP = 0.25  # between panels
ROOM = (8.0, 5.2)  # for the panels
WORDS = 3.6  # the column at the right
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
    """Raises Refused with one sentence."""
    document = documents.read(path, "slices")
    axes = {axis: document[f"{axis}_m"] for axis in "xyz"}
    for axis, nodes in axes.items():
        if any(after <= before for before, after in zip(nodes, nodes[1:])):
            raise Refused(f"{path}: '{axis}_m' does not grow from node to node")
    for key, (across, up) in PLANES.items():
        rows = document[key]
        if len(rows) != len(axes[up]) or {len(row) for row in rows} != {len(axes[across])}:
            raise Refused(f"{path}: '{key}' has not one error for each of its nodes")
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
        axes=axes,
        planes={plane: document[key] for key, plane in PLANES.items()},
    )


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


def draw(slices: Slices, theme: str = "light") -> Figure:
    """A figure, as large as a slide."""
    from matplotlib import style

    with style.context(STYLES[theme], after_reset=True):
        return _drawn(slices, palette(theme))


def _drawn(slices: Slices, colors: dict[str, str]) -> Figure:
    shown = {axis: slices.shown(axis) for axis in "xyz"}
    extents = {axis: high - low for axis, (low, high) in shown.items()}
    unit = (1000.0, "km") if max(extents.values()) >= 2000 else (1.0, "m")
    inches = panels(extents, *ROOM)
    figure = Figure(figsize=SLIDE, layout="constrained")
    title = shortened(f"Event {slices.event}", 46)
    figure.suptitle(title, x=0.02, horizontalalignment="left", fontsize=26, fontweight="bold")
    ratios = {
        "width_ratios": [inches["x"], inches["z"], WORDS],
        "height_ratios": [inches["y"], inches["z"]],
    }
    places = figure.add_gridspec(2, 3, **ratios)
    drawn = {
        ("x", "y"): figure.add_subplot(places[0, 0]),
        ("x", "z"): figure.add_subplot(places[1, 0]),
        ("z", "y"): figure.add_subplot(places[0, 1]),
    }
    for (across, up), axes in drawn.items():
        axes.set(xlim=shown[across], ylim=shown[up])
        mesh = _draw_plane(axes, slices, (across, up))
        _draw_points(axes, slices, across, up, colors)
        _label_axis(axes.xaxis, across, inches[across], unit)
        _label_axis(axes.yaxis, up, inches[up], unit)
    drawn["x", "y"].tick_params(labelbottom=False)
    drawn["z", "y"].tick_params(labelleft=False)
    drawn["x", "y"].set_xlabel("")
    drawn["z", "y"].set_ylabel("")
    _draw_words(figure, places, mesh, slices, colors)
    _draw_names(figure, drawn["x", "y"], slices, colors)
    return figure


def _draw_plane(axes: Any, slices: Slices, plane: tuple[str, str]) -> Any:
    import numpy as np

    across, up = plane
    lying = plane not in slices.planes  # depth across, so that y is as in the map
    errors = np.array(slices.planes[(up, across) if lying else plane], dtype=float)
    errors = np.ma.masked_invalid(errors.T if lying else errors)
    xs, ys = edges(slices.axes[across]), edges(slices.axes[up])
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


def _draw_points(axes: Any, slices: Slices, across: str, up: str, colors: dict[str, str]) -> None:
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


def _label_axis(axis: Any, name: str, inches: float, unit: tuple[float, str]) -> None:
    """Round places, as many as have room, in the unit of the picture."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    size, unit_name = unit
    # Names of places may be long where they count from far away.
    letters = max(len(f"{limit / size:.0f}") for limit in axis.get_view_interval())
    each = 0.16 * letters + 0.4 if axis.axis_name == "x" else 0.5
    axis.set_major_locator(MaxNLocator(max(1, int(inches / each)), prune="both"))
    axis.set_major_formatter(FuncFormatter(lambda place, _: f"{place / size:.10g}"))
    axis.set_label_text(f"{name}, {unit_name}", fontsize=BODY)
    axis.grid(False)


def _draw_names(figure: Figure, axes: Any, slices: Slices, colors: dict[str, str]) -> None:
    """Beside each station where there is room, on any side; else not at all."""
    from matplotlib import patheffects
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    page, point = axes.get_window_extent(renderer), figure.dpi / 72
    stations = [station for station in slices.stations if station not in slices.outside()]
    places = [axes.transData.transform((s.place["x"], s.place["y"])) for s in stations]
    best = axes.transData.transform((slices.best["x"], slices.best["y"]))
    taken = [_square(place, 7 * point) for place in places]
    taken.append(_square(best, 13 * point))
    halo = [patheffects.withStroke(linewidth=3, foreground=colors["paper"])]
    sides = [(10, 0, "left"), (-10, 0, "right"), (0, 18, "center"), (0, -18, "center")]
    for station in stations:
        for dx, dy, align in sides:
            name = axes.annotate(
                station.name,
                (station.place["x"], station.place["y"]),
                xytext=(dx, dy),
                textcoords="offset points",
                horizontalalignment=align,
                verticalalignment="center",
                path_effects=halo,
                in_layout=False,
            )
            box = name.get_window_extent(renderer)
            inside = page.x0 <= box.x0 and box.x1 <= page.x1
            if inside and page.y0 <= box.y0 and box.y1 <= page.y1 and not box.count_overlaps(taken):
                taken.append(box)
                break
            name.remove()


def _square(middle: Any, half: float) -> Bbox:
    return Bbox([middle - half, middle + half])


def _draw_words(
    figure: Figure, places: Any, mesh: Any, slices: Slices, colors: dict[str, str]
) -> None:
    from matplotlib.lines import Line2D

    told = facts(slices)
    nothing = {"marker": "", "linestyle": "none"}
    signs = [Line2D([], [], **(symbol(mark, colors) if mark else nothing)) for mark, _ in told]
    column = places[:, 2].subgridspec(2, 2, height_ratios=[len(told), 8], width_ratios=[1, 9])
    key = figure.add_subplot(column[0, :])
    key.set_axis_off()
    key.legend(signs, [words for _, words in told], loc="upper left", handlelength=1.2)
    bar = figure.add_subplot(column[1, 0])
    worse = error_range(slices)[1] > mesh.norm.vmax
    figure.colorbar(mesh, cax=bar, extend="max" if worse else "neither")
    bar.set_ylabel("error, per cent", fontsize=BODY)
    bar.grid(False)
    bar.invert_yaxis()  # the best on top


def shortened(words: str, letters: int) -> str:
    """As much of a line as fits."""
    return words if len(words) <= letters else words[: letters - 1] + "…"


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
