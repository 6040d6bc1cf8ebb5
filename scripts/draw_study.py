"""Draw how rungs grow, as a study beside a run tells it, in the style of the other charts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import results
from draw_charts import (
    BODY,
    LARGE,
    MARGIN,
    PHONE,
    SLIDE,
    STYLES,
    Page,
    line_height,
    palette,
    picture_footer,
    rendered,
    round_times,
    text_width,
    wrapped,
)
from quantities import count_text
from results import Run
from studies import Series, Study

# Told apart by colour, by marker and by dashes; any two of the three are enough.
LOOKS = [
    ("c++", "disc", "solid"),
    ("ink", "square", (0, (6, 3))),
    ("muted", "diamond", (0, (2, 2))),
    ("python", "triangle", (0, (6, 2, 2, 2))),
]
WORDS_BESIDE = 3.9  # inches
HEIGHT, HEIGHT_ON_PHONE = 4.6, 4.2


@dataclass(frozen=True)
class LogAxis:
    """Places numbers between two ends of a page."""

    least: float
    most: float
    start: float
    end: float

    def at(self, value: float) -> float:
        share = math.log(value / self.least) / math.log(self.most / self.least)
        return self.start + share * (self.end - self.start)

    def holds(self, value: float) -> bool:
        return self.least <= value <= self.most


def write(folder: Path, run: Run, study: Study, formats: Iterable[str], themes: Iterable[str]):
    """Pictures, data and words into this folder; the files that were written."""
    base = folder / f"{study.example}-growth"
    written = [base.with_suffix(".csv"), base.with_suffix(".txt")]
    results.write_text(written[0], study.csv())
    results.write_text(written[1], study.alt + "\n")
    for theme in themes:
        for form in formats:
            path = base.with_name(f"{base.name}-{theme}.{form}")
            results.write_bytes(path, rendered(draw(run, study, theme), form, theme))
            written.append(path)
    return written


def draw(run: Run, study: Study, theme: str = "light", narrow: bool = False):
    """A figure of all amounts that are times."""
    from matplotlib import style

    with style.context(STYLES[theme]):
        page = Page(PHONE if narrow else SLIDE[0], palette(theme))
        page.lines(study.title, 20 if narrow else 26, weight="bold")
        page.y += 0.05
        what = (
            f"time per {study.per} against {study.x}, both logarithmic; powers with 95 % intervals"
        )
        page.lines(what, BODY if narrow else LARGE, "muted")
        page.y += 0.2
        (_draw_narrow if narrow else _draw_wide)(page, study)
        page.y += 0.25
        page.lines(f"{study.setting} · {picture_footer(run)}", color="muted")
        return page.figure(0.0 if narrow else SLIDE[1])


def _draw_wide(page: Page, study: Study) -> None:
    right = page.width - MARGIN - WORDS_BESIDE - 0.9
    top, bottom = page.y, page.y + HEIGHT
    x, y = _axes(page, study, right, top, bottom)
    _draw_axes(page, study, x, y)
    blocks = []
    for look, series in zip(_looks(), study.charted):
        _draw_series(page, series, look, x, y)
        blocks.append([y.at(series.fitted(series.points[-1][0])), look, _words(series)])
    blocks.sort(key=lambda block: block[0])
    push_apart(blocks, top, bottom)
    for middle, look, lines in blocks:
        draw_key(page, look, right + 0.25, middle)
        draw_lines(page, right + 0.95, middle, lines)
    page.y = bottom + 0.25 + 2 * line_height(BODY)


def _draw_narrow(page: Page, study: Study) -> None:
    for look, series in zip(_looks(), study.charted):
        lines = wrapped(f"{series.label}, {_power(series)}", page.inner - 0.75)
        height = len(lines) * line_height(BODY)
        draw_key(page, look, MARGIN, page.y + height / 2)
        draw_lines(page, MARGIN + 0.75, page.y + height / 2, lines)
        page.y += height + 0.08
    page.y += 0.2
    bottom = page.y + HEIGHT_ON_PHONE
    x, y = _axes(page, study, page.width - MARGIN - 0.15, page.y, bottom)
    _draw_axes(page, study, x, y)
    for look, series in zip(_looks(), study.charted):
        _draw_series(page, series, look, x, y)
    page.y = bottom + 0.25 + 2 * line_height(BODY)


def _looks():
    while True:
        yield from LOOKS


def _words(series: Series) -> list[str]:
    lines = wrapped(series.label, WORDS_BESIDE)
    return [*lines, *wrapped(_power(series), WORDS_BESIDE)]


def _power(series: Series) -> str:
    return f"power {series.exponent_text}"


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


def _axes(page: Page, study: Study, right: float, top: float, bottom: float):
    xs = [x for series in study.charted for x, _ in series.points]
    ys = [amount for series in study.charted for _, amount in series.points]
    ys += [series.fitted(x) for series in study.charted for x, _ in series.points]
    y = LogAxis(min(ys) / 1.5, max(ys) * 1.5, bottom, top)
    labels = [text_width(name) for _, name in time_ticks(y)]
    left = MARGIN + max(labels, default=0.0) + 0.2
    return LogAxis(min(xs) / 1.2, max(xs) * 1.2, left, right), y


def _draw_axes(page: Page, study: Study, x: LogAxis, y: LogAxis) -> None:
    edge = {"color": page.colors["edge"], "linewidth": 1.2}
    grid = {"color": page.colors["grid"], "linewidth": 1, "zorder": 0}
    for place, name in time_ticks(y):
        page.line([x.start, x.end], [place, place], **grid)
        page.text(x.start - 0.12, place, name, color="muted", horizontalalignment="right")
    for place, middle, name in count_ticks(x, MARGIN, page.width - MARGIN):
        page.line([place, place], [y.end, y.start], **grid)
        page.line([place, place], [y.start, y.start + 0.08], **edge)
        page.text(middle, y.start + 0.25, name, color="muted", horizontalalignment="center")
    page.line([x.start, x.end], [y.start, y.start], **edge)
    page.line([x.start, x.start], [y.start, y.end], **edge)
    below = y.start + 0.25 + line_height(BODY)
    page.text((x.start + x.end) / 2, below, study.x, horizontalalignment="center")


def time_ticks(y: LogAxis) -> list[tuple[float, str]]:
    """Round times, the roundest first, as many as have room."""
    shown: list[tuple[float, str]] = []
    for seconds, name in round_times(fine=y.most / y.least < 300):
        if y.holds(seconds):
            place = y.at(seconds)
            if all(abs(place - other) >= 1.4 * line_height(BODY) for other, _ in shown):
                shown.append((place, name))
    return shown


def count_ticks(x: LogAxis, first: float, last: float) -> list[tuple[float, float, str]]:
    """Tens, then fives and twos where there is room: place, middle of the label, label."""
    tens = range(math.floor(math.log10(x.least)), math.ceil(math.log10(x.most)) + 1)
    shown: list[tuple[float, float, str]] = []
    for count in [factor * 10.0**power for factor in (1, 5, 2) for power in tens]:
        if not x.holds(count):
            continue
        name, place = re.sub(r"\.0+\b", "", count_text(count)), x.at(count)
        half = text_width(name) / 2
        middle = min(max(place, first + half), last - half)
        room = (abs(middle - m) - half - text_width(n) / 2 for _, m, n in shown)
        if all(each >= 0.2 for each in room):
            shown.append((place, middle, name))
    return shown


def _draw_series(page: Page, series: Series, look: tuple, x: LogAxis, y: LogAxis) -> None:
    color, marker, dashes = look
    ends = [series.points[0][0], series.points[-1][0]]
    places = [x.at(end) for end in ends], [y.at(series.fitted(end)) for end in ends]
    page.line(*places, color=page.colors[color], linewidth=2.2, linestyle=dashes, zorder=2)
    for at, amount in series.points:
        draw_marker(page, marker, x.at(at), y.at(amount), page.colors[color])


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
