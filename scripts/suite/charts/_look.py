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
from ..runs.results import Ladder

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
    alt: str  # what it shows, for those who cannot see it
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
        head = [(words.myth, BODY, "muted"), (words.title, title, "ink")]
        head.append((words.what, BODY, "muted"))
        foot = [*((note, BODY, "ink") for note in words.notes), (source, BODY, "muted")]
        room = width - 2 * MARGIN
        (over, above), (under, below) = self._lines(head, room), self._lines(foot, room)
        tall = max(above + height + below, 0.0 if self.narrow else SLIDE[1])
        # Around the axes no more than they need; their words have a place of their own.
        inside = (MARGIN / width, below / tall, room / width, 1 - (above + below) / tall)
        layout = ConstrainedLayoutEngine(rect=inside, w_pad=0.02, h_pad=0.02, hspace=0, wspace=0.04)
        figure = Figure(figsize=(width, tall), layout=layout)
        for top, lines in ((tall - MARGIN, over), (below - 0.1, under)):
            # One by one: how far apart those of one text would stand depends on dots per inch.
            for line, down, kind in lines:
                figure.text(MARGIN / width, (top - down) / tall, line, **kind)
        return figure, figure.subplots(**panels)

    def _lines(self, texts: Sequence[tuple[str, float, str]], room: float) -> tuple[list, float]:
        """Each line of these, how far down it stands, how it looks; and inches for them all."""
        lines, down = [], 0.0
        for text, size, color in texts:
            weight = "normal" if size == BODY else "bold"
            kind = {"color": self.colors[color], "fontsize": size, "fontweight": weight}
            for line in broken(text, int(room * 72 / (size * LETTER[weight]))).split("\n"):
                lines.append((line, down, {**kind, "verticalalignment": "top"}))
                down += inches(size)
            down += GAP
        return lines, down + MARGIN + 0.1

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
            # On a phone the words stand above the mark, else beside it.
            height = words + mark if self.narrow else max(mark, words) + 0.08
            places.append(down + (words + mark / 2 if self.narrow else height / 2))
            down += height
        return Rows(lines, places, down + 0.06, self, mark, beside)


@dataclass(frozen=True)
class Rows:
    """Rows on a vertical axis that counts inches downwards."""

    names: list[str]
    places: list[float]
    height: float
    look: Look
    mark: float
    beside: int

    def name(self, axes: Axes, again: bool = False) -> None:
        """What a panel beside has named is named `again` on a phone alone."""
        axes.set_ylim(self.height, 0)
        axes.grid(axis="y", visible=False)
        axes.tick_params(axis="y", length=0)
        if not self.look.narrow:
            axes.set_yticks(self.places, [""] * len(self.names) if again else self.names)
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
        low, high = sorted(axis.get_view_interval())
        side, figure = "xy".index(axis.axis_name), axis.get_figure()
        letter = figure.dpi / 72 * BODY * LETTER["normal"]
        shown: list[tuple[float, float, float]] = []  # each with its middle and half its width
        for value in self.values:
            half = 0.5 * letter * (2 if side else len(self.text(value)) + 1)
            middle = axis.axes.transData.transform((value, value))[side]
            inside = low <= value <= high and half <= middle <= figure.bbox.size[side] - half
            if inside and all(abs(middle - m) >= half + h for _, m, h in shown):
                shown.append((value, middle, half))
        return sorted(value for value, *_ in shown)


def myth(ladder: Ladder, case: str = "") -> str:
    """The line above a title."""
    return " · ".join(filter(None, [f"{ladder.kind.capitalize()}: {ladder.title}", case]))


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


def seconds_axis(axis: Any, ticks: int) -> None:
    """Seconds on an axis that begins at zero."""
    axis.set_major_locator(ticker.MaxNLocator(ticks))
    axis.set_major_formatter(lambda value, _: rounded(time_text(value)) if value > 0 else "0")


def rounded(words: str) -> str:
    """10.0 ms is 10 ms, and 1.0 days is 1 day."""
    whole, _, unit = words.partition(" ")
    whole = whole.rstrip("0").rstrip(".") if "." in whole else whole
    return f"{whole} {unit.removesuffix('s') if whole == '1' and len(unit) > 2 else unit}".strip()


def around(values: Sequence[float], least: float = 6.0, more: float = 1.25) -> tuple[float, float]:
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
