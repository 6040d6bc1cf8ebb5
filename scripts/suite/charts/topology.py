"""Where the cores of the machine lie, and what the levels of its memory give them at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..runs import topology
from ..runs.quantities import digits, plural, size_text, time_text
from ..runs.results import Run
from ..runs.topology import MEMORY, Place, levels, places, summary
from . import _look

OF = "machine"
# Inches.
CORE, GAP, AIR = 0.26, 0.05, 0.14
CORES_IN_A_LINE = 8
# Beyond that, those that are not drawn are counted: they are like the others.
MOST_PLACES, MOST_CORES = 16, 64


@dataclass(frozen=True)
class Level:
    """Of memory, or the core itself."""

    name: str
    about: str  # its size and who shares it
    load: str  # how long one takes
    rates: list[str]  # of a core, of a node if there are several, of all


@dataclass(frozen=True)
class Machine:
    summary: str
    places: list[Place]
    scopes: list[str]  # to whom the rates of levels belong
    levels: list[Level]
    instruction_set: str


def shown(run: Run, machine: dict) -> Machine | None:
    if "topology" not in machine or "ceilings" not in machine:
        return None
    lie, ceilings = machine["topology"], machine["ceilings"]
    peaks = {"1 core": ceilings["peaks"][0]}
    if "one_node" in ceilings:
        node = ceilings["one_node"]
        peaks[f"a node of {node['threads']}"] = node
    if len(ceilings["peaks"]) > 1:
        peaks[f"all {ceilings['peaks'][-1]['threads']}"] = ceilings["peaks"][-1]
    return Machine(
        summary=summary(lie),
        places=places(lie),
        scopes=list(peaks),
        levels=_levels(machine, list(peaks.values())),
        instruction_set=ceilings["instruction_set"],
    )


def _levels(machine: dict, peaks: list[dict]) -> list[Level]:
    known = dict(levels(machine["topology"]))
    known[MEMORY] = size_text(machine["memory_bytes"]) if "memory_bytes" in machine else ""
    loads = topology.loads(machine["ceilings"].get("latency", []))
    found = [
        Level(
            f"multiply-adds {kind}",
            "",
            "",
            [_giga(peak[f"{kind}_operations_per_second"], "G/s") for peak in peaks],
        )
        for kind in ("f64", "f32")
    ]
    # Some may be of one scope alone. The nearest comes first: L1, L2 ... memory.
    for name in sorted({e["level"] for peak in peaks for e in peak.get("bandwidths", [])}):
        rates = [_rate(peak, name) for peak in peaks]
        load = time_text(loads[name]) if name in loads else ""
        found.append(Level(name, known.get(name, ""), load, rates))
    return found


def _rate(peak: dict, level: str) -> str:
    """With the better kind of stores."""
    rates = [e["bytes_per_second"] for e in peak.get("bandwidths", []) if e["level"] == level]
    return _giga(max(rates), "GB/s") if rates else "not measured"


def _giga(rate: float, unit: str) -> str:
    return f"{digits(rate / 1e9)} {unit}"


def words(machine: Machine) -> _look.Words:
    last = machine.levels[-1]
    told = "; ".join(_sentence(machine, level) for level in machine.levels)
    usable = sum(core.usable for place in machine.places for core in place.cores)
    every = sum(len(place.cores) for place in machine.places)
    hollow = "; hollow: may not be used" if usable < every else ""
    thrifty = any(core.thrifty for place in machine.places for core in place.cores)
    kinds = "; orange: thrifty ones" if thrifty else ""
    threads = {core.threads for place in machine.places for core in place.cores}
    lines = "; a line in it: two threads" if threads - {1} else ""
    left = len(machine.places) - MOST_PLACES
    return _look.Words(
        title=f"{last.name}: {' and '.join(map(' for '.join, zip(last.rates, machine.scopes)))}",
        myth=f"The machine: {machine.summary}",
        what=f"squares: cores{hollow}{kinds}{lines}; below: what a triad moves and a load takes, "
        f"nearest first; multiply-adds with {machine.instruction_set}",
        alt=f"The machine: {machine.summary}. {told[:1].upper()}{told[1:]}.",
        notes=[f"{plural(left, 'more place')} like these"] if left > 0 else [],
    )


def _sentence(machine: Machine, level: Level) -> str:
    rates = ", ".join(f"{rate} for {scope}" for rate, scope in zip(level.rates, machine.scopes))
    load = f", a load takes {level.load}" if level.load else ""
    about = f" ({level.about})" if level.about else ""
    return f"{level.name}{about}: {rates}{load}"


def table(machine: Machine) -> tuple[list[str], list[list]]:
    header = ["level", "about", "a load takes", *machine.scopes]
    return header, [[each.name, each.about, each.load, *each.rates] for each in machine.levels]


def draw(machine: Machine, look: _look.Look) -> Figure:
    width = (_look.PHONE if look.narrow else _look.SLIDE[0]) - 2 * _look.MARGIN
    boxes = _laid_out(machine.places[:MOST_PLACES], width)
    map_height = max((box.bottom for box in boxes), default=0.0) + AIR
    lines = _lines(machine, 0.0 if look.narrow else width)
    height = map_height + sum(_look.inches(_look.BODY, 1) * 1.3 for _ in lines)
    figure, axes = look.figure(words(machine), height)
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_aspect("equal", anchor="NW")  # a slide may have more room than is needed
    axes.set_axis_off()
    for box in boxes:
        _draw_box(axes, box, look)
    for number, cells in enumerate(lines):
        down = map_height + (number + 0.5) * _look.inches(_look.BODY) * 1.3
        for at, text, weight in cells:
            axes.text(at, down, text, fontweight=weight, verticalalignment="center")
    return figure


# Places, side by side as far as there is room


@dataclass(frozen=True)
class Box:
    place: Place
    title: str
    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        return self.top + self.height


def _laid_out(places: Sequence[Place], room: float) -> list[Box]:
    boxes: list[Box] = []
    left = top = deepest = 0.0
    for number, place in enumerate(places):
        title = _title(place, first=number == 0 or places[number - 1].node != place.node)
        cores = min(len(place.cores), MOST_CORES)
        across = min(cores, CORES_IN_A_LINE)
        wide = max(across * (CORE + GAP) - GAP, _wide(title)) + 2 * AIR
        tall = -(-cores // CORES_IN_A_LINE) * (CORE + GAP) - GAP + 2 * AIR
        tall += _look.inches(_look.BODY) + GAP
        if left and left + wide > room:
            left, top = 0.0, deepest + AIR
        boxes.append(Box(place, title, left, top, wide, tall))
        left, deepest = left + wide + AIR, max(deepest, top + tall)
    return boxes


def _title(place: Place, first: bool) -> str:
    parts = []
    if place.node is not None:
        parts.append(f"node {place.node}")
    if first and place.memory_bytes:
        parts.append(size_text(place.memory_bytes))
    if place.cache_bytes:
        parts.append(f"L{place.cache_level} {place.cache_bytes / (1 << 20):g} MiB")
    if len(place.cores) > MOST_CORES:
        parts.append(plural(len(place.cores), "core"))
    return ", ".join(parts)


def _wide(title: str) -> float:
    return len(title) * _look.BODY * _look.LETTER["bold"] / 72


def _draw_box(axes: Axes, box: Box, look: _look.Look) -> None:
    ink = look.colors["ink"]
    frame: Any = {"facecolor": "none", "edgecolor": look.colors["edge"], "linewidth": 1.2}
    axes.add_patch(Rectangle((box.left, box.top), box.width, box.height, **frame))
    words: Any = {"fontweight": "bold", "verticalalignment": "top"}
    axes.text(box.left + AIR, box.top + AIR / 2, box.title, **words)
    below = box.top + AIR + _look.inches(_look.BODY) + GAP
    for number, core in enumerate(box.place.cores[:MOST_CORES]):
        line, column = divmod(number, CORES_IN_A_LINE)
        x, y = box.left + AIR + column * (CORE + GAP), below + line * (CORE + GAP)
        color = look.colors["python" if core.thrifty else "c++"]
        face = color if core.usable else "none"
        square = Rectangle((x, y), CORE, CORE, facecolor=face, edgecolor=ink, linewidth=0.8)
        axes.add_patch(square)
        if core.threads > 1:
            axes.plot([x + CORE / 2] * 2, [y, y + CORE], color=ink, linewidth=0.8)


# Levels, as lines of cells


Cell = tuple[float, str, str]  # at how many inches it begins, its text and its weight


def _lines(machine: Machine, room: float) -> list[list[Cell]]:
    """As a table where there is room for one."""
    rows = [["", "", "a load", *machine.scopes]]
    rows += [[level.name, level.about, level.load, *level.rates] for level in machine.levels]
    starts = [0.0]
    for column in zip(*rows):
        starts.append(starts[-1] + max(map(_wide, column)) + 2 * AIR)
    if starts[-1] - 2 * AIR > room:
        return [line for level in machine.levels for line in _one_below_the_other(machine, level)]
    bold = [["bold"] * len(rows[0]), *(["bold"] + ["normal"] * (len(row) - 1) for row in rows[1:])]
    return [list(zip(starts, row, weights)) for row, weights in zip(rows, bold)]


def _one_below_the_other(machine: Machine, level: Level) -> list[list[Cell]]:
    told = [f"{rate} for {scope}" for rate, scope in zip(level.rates, machine.scopes)]
    if level.load:
        told.append(f"a load takes {level.load}")
    head = f"{level.name} {level.about}".strip()
    return [[(0.0, head, "bold")], *([(2 * AIR, words, "normal")] for words in told)]
