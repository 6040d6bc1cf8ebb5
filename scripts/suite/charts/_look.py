"""The look that all charts share, and nothing that only one of them needs."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from matplotlib import colors, rcParams, style, ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from ..runs.intervals import Interval
from ..runs.quantities import time_text

STYLES = {
    "light": [Path(__file__).with_name("talk.mplstyle")],
    "dark": [Path(__file__).with_name(f"talk{end}.mplstyle") for end in ("", "-dark")],
}
SLIDE = (13.333, 7.5)  # inches
PHONE = 5.6  # inches: 16 pt stay readable when this is shown 350 pixels wide
MARGIN = 0.35
BODY, TITLE, TITLE_ON_PHONE = 16, 26, 20  # points: the last row of a lecture hall reads 16
LINE = 1.19  # heights of a letter from one line to the next
LETTER = {"normal": 0.55, "bold": 0.61}  # widths of a letter, on an average that is rather wide
GAP = 0.08  # inches between blocks of words
LABEL = 30  # letters; what stands beside a row is broken into lines of so many
BARS = 0.62  # of the height of a row
NO_BREAK = "\N{NO-BREAK SPACE}"

YEAR = 365.25 * 86400.0
# What an axis of times is labelled with, the roundest first.
ONES = [1e-9, 1e-6, 1e-3, 1.0, 60.0, 3600.0, 86400.0, YEAR, 1e3 * YEAR, 1e-12]
TENS = [factor * one for one in [*ONES[:3], 1e-12, 86400.0, YEAR] for factor in (10, 100)] + [
    10.0,
    600.0,
]
ROUND_TIMES = [*ONES, *TENS, *(factor * time for time in ONES + TENS for factor in (5, 2))]


@dataclass(frozen=True)
class Words:
    """What stands around a chart."""

    title: str  # the finding; where nothing was found, what is shown
    myth: str  # the line above it
    what: str  # how to read it
    alt: str  # all of it, for those who cannot see it
    notes: list[str] = field(default_factory=list)  # lines under it
    measured: str = ""  # how often, or how: a part of the line that says where


@dataclass(frozen=True)
class Look:
    """How a figure is wanted: in which colours, for a slide or for a phone."""

    theme: str = "light"
    narrow: bool = False
    source: str = ""  # where and when it was measured

    @property
    def colors(self) -> dict[str, str]:
        return palette(self.theme)

    def figure(self, words: Words, height: float, **panels: Any) -> tuple[Figure, Any]:
        """A figure with its words, and its axes: `height` inches are needed for what is drawn."""
        width = PHONE if self.narrow else SLIDE[0]
        source = " · ".join(filter(None, [self.source, words.measured]))
        title = TITLE_ON_PHONE if self.narrow else TITLE
        room = width - 2 * MARGIN
        head = [
            _block(words.myth, room, BODY, "muted"),
            _block(words.title, room, title, "ink", "bold"),
            _block(words.what, room, BODY, "muted"),
        ]
        foot = [_block(note, room, BODY, "ink") for note in words.notes]
        foot.append(_block(source, room, BODY, "muted"))
        above, below = (sum(block[0] + GAP for block in blocks) for blocks in (head, foot))
        above, below = above + MARGIN + 0.1, below + MARGIN + 0.1
        tall = max(above + height + below, 0.0 if self.narrow else SLIDE[1])
        # Around the axes no more than they need; their words have a place of their own.
        inside = (MARGIN / width, below / tall, room / width, 1 - (above + below) / tall)
        layout = ConstrainedLayoutEngine(rect=inside, w_pad=0.02, h_pad=0.02, hspace=0, wspace=0.04)
        figure = Figure(figsize=(width, tall), layout=layout)
        self._write(figure, head, tall - MARGIN)
        self._write(figure, foot, below - 0.1)
        return figure, figure.subplots(**panels)

    def _write(self, figure: Figure, blocks: list[tuple], top: float) -> None:
        width, tall = figure.get_size_inches()
        for _, text, size, color, weight in blocks:
            kind = {"color": self.colors[color], "fontsize": size, "fontweight": weight}
            # Line by line: how far apart those of one text stand depends on dots per inch.
            for line in text.split("\n"):
                figure.text(MARGIN / width, top / tall, line, verticalalignment="top", **kind)
                top -= inches(size)
            top -= GAP

    def mark(self, language: str, few: bool = False) -> dict:
        """A square for C++, a disc for Python, hollow if from too few rounds."""
        return {
            "marker": "o" if language == "python" else "s",
            "linestyle": "none",
            "markerfacecolor": self.colors["paper" if few else language],
            "markeredgecolor": self.colors["ink"],
            "markeredgewidth": 2.0 if few else 0.8,
            "zorder": 3,
        }

    def bar(self, color: str) -> dict:
        """The edge keeps a light colour apart from the paper."""
        return {"color": self.colors[color], "edgecolor": self.colors["edge"], "linewidth": 0.8}

    def whiskers(self, axes: Axes, intervals: Sequence[Interval | None], ys: list[float]) -> None:
        """From low to high of each interval, but for those that are none."""
        told = [(each, y) for each, y in zip(intervals, ys) if each is not None]
        if told:
            values = [each.value for each, _ in told]
            reach = [
                [each.value - each.low for each, _ in told],
                [each.high - each.value for each, _ in told],
            ]
            look: Any = {"color": self.colors["ink"], "linewidth": 1.6, "zorder": 4}
            axes.errorbar(values, [y for _, y in told], xerr=reach, linestyle="none", **look)

    def rows(self, names: list[str], beside: int = 1, mark: float = 0.36) -> Rows:
        """A row for each name, the first on top; `beside` lines of words are told of each."""
        lines = [broken(name, 34 if self.narrow else LABEL) for name in names]
        places, down = [], 0.06
        for name in lines:
            words = inches(BODY, name.count("\n") + 1 + (beside if self.narrow else 0))
            if self.narrow:
                places.append(down + words + mark / 2)
                down += words + mark
            else:
                room = max(mark, words) + 0.08
                places.append(down + room / 2)
                down += room
        return Rows(lines, places, down + 0.06, self, mark, beside)


@dataclass(frozen=True)
class Rows:
    """Rows on a vertical axis that counts inches downwards. On a phone words stand above marks."""

    names: list[str]
    places: list[float]
    height: float
    look: Look
    mark: float
    beside: int

    def name(self, axes: Axes) -> None:
        axes.set_ylim(self.height, 0)
        axes.grid(axis="y", visible=False)
        axes.tick_params(axis="y", length=0)
        if not self.look.narrow:
            axes.set_yticks(self.places, self.names)
            return
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        for name, place in zip(self.names, self.places):
            self._above(axes, name, place, self.beside, "bold")

    def tell(self, axes: Axes, index: int, told: str, more: str = "", room: int = 9) -> None:
        """Beside the row: in bold, and after `room` letters of it in plain."""
        place = self.places[index]
        if self.look.narrow:
            self._above(axes, " · ".join(filter(None, [told, more])), place, 0)
            return
        beside: Any = {"xycoords": axes.get_yaxis_transform(), "textcoords": "offset points"}
        beside["verticalalignment"] = "center"
        if told:
            axes.annotate(told, (1, place), xytext=(12, 0), fontweight="bold", **beside)
        if more:
            right = 12 + room * BODY * LETTER["bold"] if told else 12
            color = self.look.colors["muted" if told else "ink"]
            axes.annotate(more, (1, place), xytext=(right, 0), color=color, **beside)

    def _above(
        self, axes: Axes, words: str, place: float, lines: int, weight: str = "normal"
    ) -> None:
        up = 72 * (self.mark / 2 + inches(BODY, lines)) - 3
        axes.annotate(
            words,
            (0, place),
            xytext=(0, up),
            xycoords=axes.get_yaxis_transform(),
            textcoords="offset points",
            verticalalignment="bottom",
            fontweight=weight,
        )


class Among(ticker.Locator):
    """Ticks at some of these values, the first ones first, as many as have room for their text."""

    def __init__(self, values: Sequence[float], text: Callable[[float], str]):
        self.values = values
        self.text = text

    def __call__(self) -> list[float]:
        axis: Any = self.axis
        low, high = axis.get_view_interval()
        place = axis.get_transform().transform
        page, box = axis.get_figure().bbox, axis.axes.bbox
        across = axis.axis_name == "x"
        start, length, end = (
            (box.x0, box.width, page.width) if across else (box.y0, box.height, page.height)
        )
        point = axis.get_figure().dpi / 72
        taken: list[tuple[float, float]] = []
        shown = []
        for value in self.values:
            if not min(low, high) <= value <= max(low, high):
                continue
            letters = len(self.text(value)) + 1 if across else 2
            half = 0.5 * point * BODY * LETTER["normal"] * letters
            share = (place(value) - place(low)) / (place(high) - place(low))
            middle = start + share * length
            inside = half <= middle <= end - half
            if inside and all(abs(middle - m) >= half + h for m, h in taken):
                taken.append((middle, half))
                shown.append(value)
        return sorted(shown)


def times_axis(axis: Any) -> None:
    """Seconds on a logarithmic axis, labelled as people say them."""
    log_axis(axis, ROUND_TIMES, time_text)


def log_axis(axis: Any, values: Sequence[float], text: Callable[[float], str]) -> None:
    """A logarithmic axis with ticks at some of the values, as their text."""
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    label_axis(axis, values, lambda value: rounded(text(value)))
    axis.set_minor_locator(ticker.NullLocator())


def label_axis(axis: Any, values: Sequence[float], text: Callable[[float], str]) -> None:
    axis.set_major_locator(Among(values, text))
    axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: text(value)))


def rounded(words: str) -> str:
    """10.0 ms is 10 ms, and 1.0 days is 1 day."""
    whole, _, unit = words.partition(" ")
    whole = whole.rstrip("0").rstrip(".") if "." in whole else whole
    return f"{whole} {unit.removesuffix('s') if whole == '1' and len(unit) > 2 else unit}".strip()


def around(values: list[float], least: float = 6.0, more: float = 1.25) -> tuple[float, float]:
    """Ends of a logarithmic axis: some air around the values, and room for two ticks at least."""
    low, high = min(values) / more, max(values) * more
    air = math.sqrt(max(least / (high / low), 1.0))
    return low / air, high * air


def broken(words: str, letters: int) -> str:
    """In lines of so many letters at most. A number stays with what it counts; only a name that is
    longer than a line is broken behind an underscore."""
    if len(words) <= letters:
        return words
    whole = re.sub(r"(?<=\d) (?=\S)| (?=×)", NO_BREAK, words)
    parts = [
        part if len(part) <= letters else part.replace(NO_BREAK, " ").replace("_", "_ ")
        for part in whole.split(" ")
    ]
    lines = textwrap.wrap(" ".join(parts), letters, break_on_hyphens=False)
    return "\n".join(lines).replace("_ ", "_").replace(NO_BREAK, " ")


def inches(size: float, lines: int = 1) -> float:
    return lines * LINE * size / 72


def letters_in(width: float, size: float = BODY, weight: str = "normal") -> int:
    return int(width * 72 / (size * LETTER[weight]))


@cache
def palette(theme: str) -> dict[str, str]:
    """The colours of a theme by what they stand for, as #rrggbb."""
    with style.context(STYLES[theme]):
        names = ["c++", "python", "before", "c++2", "python2", "c++3", "python3"]
        named = dict(zip(names, (entry["color"] for entry in rcParams["axes.prop_cycle"])))
        named["paper"] = rcParams["figure.facecolor"]
        named["ink"] = rcParams["text.color"]
        named["muted"] = rcParams["axes.labelcolor"]
        named["edge"] = rcParams["axes.edgecolor"]
        named["grid"] = rcParams["grid.color"]
        return {name: colors.to_hex(color) for name, color in named.items()}


def _block(words: str, room: float, size: float, color: str, weight: str = "normal") -> tuple:
    """Words of a figure: their height, in lines, and how they look."""
    text = broken(words, letters_in(room, size, weight))
    return inches(size, text.count("\n") + 1), text, size, color, weight


@ticker.FuncFormatter
def seconds_from_zero(value: float, _: int) -> str:
    return rounded(time_text(value)) if value > 0 else "0"
