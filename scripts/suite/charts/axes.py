"""Axes, lines and their words, for the charts that show how something grows."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..runs.quantities import count_text
from .page import BODY, MARGIN, Page, line_height, round_times, text_width, wrapped

# Within a language, told apart by marker and dashes.
DASHES = ["solid", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1, 2))]
MARKERS = ["disc", "square", "diamond", "triangle"]
KEY = 0.7  # inches from the sample of a line to its words


@dataclass(frozen=True)
class LogAxis:
    """Places numbers between two ends of a page, by their logarithms."""

    least: float
    most: float
    start: float
    end: float

    def at(self, value: float) -> float:
        share = math.log(value / self.least) / math.log(self.most / self.least)
        return self.start + share * (self.end - self.start)

    def holds(self, value: float) -> bool:
        return self.least <= value <= self.most


@dataclass(frozen=True)
class LinearAxis:
    """The same, in equal steps."""

    least: float
    most: float
    start: float
    end: float

    def at(self, value: float) -> float:
        share = (value - self.least) / (self.most - self.least)
        return self.start + share * (self.end - self.start)


def draw_grid(
    page: Page,
    x: LogAxis | LinearAxis,
    y: LogAxis | LinearAxis,
    across: list[tuple[float, str]],
    along: list[tuple[float, float, str]],
    name: str,
) -> None:
    """Both axes: `across` are the ticks of y, `along` those of x, `name` is what x counts."""
    edge = {"color": page.colors["edge"], "linewidth": 1.2}
    grid = {"color": page.colors["grid"], "linewidth": 1, "zorder": 0}
    for place, words in across:
        page.line([x.start, x.end], [place, place], **grid)
        page.text(x.start - 0.12, place, words, color="muted", horizontalalignment="right")
    for place, middle, words in along:
        page.line([place, place], [y.end, y.start], **grid)
        page.line([place, place], [y.start, y.start + 0.08], **edge)
        page.text(middle, y.start + 0.25, words, color="muted", horizontalalignment="center")
    page.line([x.start, x.end], [y.start, y.start], **edge)
    page.line([x.start, x.start], [y.start, y.end], **edge)
    below = y.start + 0.25 + line_height(BODY)
    page.text((x.start + x.end) / 2, below, name, horizontalalignment="center")
    page.y = below + line_height(BODY)


def looks(lines: Iterable) -> list[tuple]:
    """Each line with its colour, marker and dashes; a line has a language."""
    seen: dict[str, int] = {}
    chosen = []
    for line in lines:
        count = seen[line.language] = seen.get(line.language, -1) + 1
        marker = MARKERS[count % len(MARKERS)]
        # Another dash for each, and another pairing with markers in each turn.
        dashes = DASHES[(count + count // len(MARKERS)) % len(DASHES)]
        chosen.append((line, (line.language, marker, dashes)))
    return chosen


def draw_keys_beside(
    page: Page, keys: list[tuple], x: float, top: float, bottom: float, pad: float = 0.08
) -> None:
    """Samples of lines and their words right of x, each as near as may be to a height.

    A key is a height, a look and lines of words.
    """
    blocks = sorted((list(key) for key in keys), key=lambda block: block[0])
    push_apart(blocks, top, bottom, pad)
    for middle, look, words in blocks:
        draw_key(page, look, x, middle)
        draw_lines(page, x + KEY, middle, words)


def draw_keys_above(page: Page, keys: Iterable[tuple[tuple, str]], pad: float = 0.03) -> None:
    """The same in lines of their own, where there is no room beside: a look and words."""
    for look, label in keys:
        words = wrapped(label, page.inner - KEY - 0.05)
        height = len(words) * line_height(BODY)
        draw_key(page, look, MARGIN, page.y + height / 2)
        draw_lines(page, MARGIN + KEY + 0.05, page.y + height / 2, words)
        page.y += height + pad


def push_apart(blocks: list[list], top: float, bottom: float, pad: float = 0.08) -> None:
    """Moves blocks of words, sorted by height, until none meets another and all are inside."""
    halves = [0.5 * len(block[2]) * line_height(BODY) + pad for block in blocks]
    free = top
    for block, half in zip(blocks, halves):
        block[0] = max(block[0], free + half)
        free = block[0] + half
    # Whoever was pushed out at the bottom pushes back.
    limit = max(bottom, top + 2 * sum(halves))
    for block, half in zip(reversed(blocks), reversed(halves)):
        block[0] = min(block[0], limit - half)
        limit = block[0] - half


def time_ticks(y: LogAxis, apart: float = 1.4 * line_height(BODY)) -> list[tuple[float, str]]:
    """Round times, the roundest first, as many as have room."""
    shown: list[tuple[float, str]] = []
    for seconds, name in round_times(fine=y.most / y.least < 300):
        if y.holds(seconds):
            place = y.at(seconds)
            if all(abs(place - other) >= apart for other, _ in shown):
                shown.append((place, name))
    return shown


def value_ticks(
    x: LogAxis | LinearAxis, values: Iterable[float], name: Callable[[float], str], last: float
) -> list[tuple[float, float, str]]:
    """Values that were measured, as many as have room, the largest first; none beyond `last`."""
    ticks: list[tuple[float, float, str]] = []
    free = last
    for value in sorted(set(values), reverse=True):
        words = _rounded(name(value))
        half = text_width(words) / 2
        middle = min(x.at(value), last - half)
        if middle + half <= free:
            ticks.append((x.at(value), middle, words))
            free = middle - half - 0.15
    return ticks


def count_ticks(x: LogAxis, first: float, last: float) -> list[tuple[float, float, str]]:
    """Tens, then fives and twos where there is room: place, middle of the label, label."""
    tens = range(math.floor(math.log10(x.least)), math.ceil(math.log10(x.most)) + 1)
    shown: list[tuple[float, float, str]] = []
    for count in [factor * 10.0**power for factor in (1, 5, 2) for power in tens]:
        if not x.holds(count):
            continue
        name, place = _rounded(count_text(count)), x.at(count)
        half = text_width(name) / 2
        middle = min(max(place, first + half), last - half)
        room = (abs(middle - m) - half - text_width(n) / 2 for _, m, n in shown)
        if all(each >= 0.2 for each in room):
            shown.append((place, middle, name))
    return shown


def _rounded(words: str) -> str:
    return re.sub(r"\.0+\b", "", words)


def draw_key(page: Page, look: tuple, x: float, y: float) -> None:
    color, marker, dashes = look
    page.line([x, x + 0.6], [y, y], color=page.colors[color], linewidth=2.2, linestyle=dashes)
    draw_marker(page, marker, x + 0.3, y, page.colors[color])


def draw_marker(page: Page, marker: str, x: float, y: float, color: str) -> None:
    from matplotlib.patches import Circle, Polygon

    look = {"facecolor": color, "edgecolor": page.colors["paper"], "linewidth": 1.2, "zorder": 3}
    if marker == "disc":
        page.artists.append(Circle((x, y), 0.1, **look))
        return
    corners = {
        "square": [(-0.09, -0.09), (0.09, -0.09), (0.09, 0.09), (-0.09, 0.09)],
        "diamond": [(-0.13, 0), (0, -0.13), (0.13, 0), (0, 0.13)],
        "triangle": [(-0.12, 0.1), (0.12, 0.1), (0, -0.12)],
    }[marker]
    page.artists.append(Polygon([(x + dx, y + dy) for dx, dy in corners], closed=True, **look))


def draw_lines(page: Page, x: float, middle: float, lines: list[str]) -> None:
    y = middle - 0.5 * (len(lines) - 1) * line_height(BODY)
    for line in lines:
        page.text(x, y, line)
        y += line_height(BODY)
