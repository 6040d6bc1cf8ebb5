"""Draw the rungs that every interpreter runs, interpreter by interpreter, with others beside."""

from __future__ import annotations

from ..runs.quantities import plural, time_text
from ..runs.results import Run
from .axes import draw_marker
from .page import (
    BODY,
    MARGIN,
    LogScale,
    Page,
    draw_time_axis,
    draw_whisker,
    drawn_page,
    line_height,
    text_width,
)
from .years import Time, Years

NAME = "years"
# Two rungs are told apart by colour and by marker.
LOOKS = [("python", "disc"), ("ink", "square"), ("muted", "diamond"), ("edge", "triangle")]
ROW = 0.4


def draw(run: Run, shown: Years, theme: str = "light", narrow: bool = False):
    """A figure: a row per interpreter, a marker per rung, lines for what stands beside."""

    def fill(page: Page) -> None:
        _draw_legend(page, shown)
        page.y += 0.2
        _draw_rows(page, shown)
        for missing in shown.missing:
            page.y += 0.08
            page.lines(f"Not measured: {missing}")

    cases = ", and ".join(shown.cases)
    what = f"{cases}: time per {shown.item}, logarithmic scale, 95 % intervals"
    counts = [time.rounds for time in [*shown.times, *shown.beside]]
    most = plural(max(counts), "round")
    rounds = most if min(counts) == max(counts) else f"{min(counts)} to {most}"
    return drawn_page(run, theme, narrow, shown.title, what, fill, rounds=rounds)


def _draw_legend(page: Page, shown: Years) -> None:
    page.y += 0.12
    for (color, marker), rung in zip(LOOKS, shown.rungs):
        page.y += 0.5 * line_height(BODY)
        draw_marker(page, marker, MARGIN + 0.12, page.y, page.colors[color])
        page.text(MARGIN + 0.35, page.y, rung)
        page.y += 0.5 * line_height(BODY)


def _draw_rows(page: Page, shown: Years) -> None:
    left = MARGIN
    if not page.narrow:
        left += max(text_width(name) for name in shown.interpreters) + 0.25
    # On a phone there is no room for words beside lines: who stands beside has rows, too.
    lines = [] if page.narrow else sorted(shown.beside, key=lambda time: time.seconds.value)
    scale = _scale(shown, lines, left, page.width - MARGIN)
    above = page.y
    # The leftmost line reaches highest, so that no line runs through the words of another.
    page.y += len(lines) * line_height(BODY) + 0.1
    bottom = page.y + len(shown.interpreters) * _row_height(page)
    for place, time in enumerate(lines):
        _draw_line(page, scale, time, above + (place + 0.5) * line_height(BODY), bottom)
    start = len(page.artists)
    for interpreter in shown.interpreters:
        _draw_interpreter(page, shown, scale, interpreter)
    for time in shown.beside if page.narrow else []:
        _draw_beside(page, scale, time)
    rows = page.artists[start:]
    del page.artists[start:]
    below = draw_time_axis(page, scale, above + len(lines) * line_height(BODY) + 0.1, page.y)
    page.artists += rows
    page.y += below


def _row_height(page: Page) -> float:
    return ROW + (line_height(BODY) if page.narrow else 0.0)


def _scale(shown: Years, lines: list[Time], left: float, right: float) -> LogScale:
    every = [*shown.times, *shown.beside]
    # Behind a marker nothing is written; behind a line there are its words.
    ends = [(time.seconds.high, 0.4) for time in every]
    ends += [(time.seconds.value, text_width(_words(time)) + 0.2) for time in lines]
    return LogScale(left, right, ends, min(time.seconds.low for time in every))


def _words(time: Time) -> str:
    return f"{time.rung} {time_text(time.seconds.value)}"


def _draw_line(page: Page, scale: LogScale, time: Time, y: float, bottom: float) -> None:
    x = scale.x(time.seconds.value)
    words = _words(time)
    look = {"color": page.colors["edge"], "linewidth": 2, "linestyle": (0, (5, 3)), "zorder": 1}
    page.line([x, x], [y - 0.1, bottom], **look)
    if x + 0.12 + text_width(words) <= page.width - MARGIN:
        page.text(x + 0.12, y, words)
    else:
        page.text(x - 0.12, y, words, horizontalalignment="right")


def _draw_beside(page: Page, scale: LogScale, time: Time) -> None:
    page.lines(_words(time), weight="bold")
    draw_marker(page, "diamond", scale.x(time.seconds.value), page.y + ROW / 2, page.colors["c++"])
    page.y += ROW


def _draw_interpreter(page: Page, shown: Years, scale: LogScale, interpreter: str) -> None:
    if page.narrow:
        page.y += 0.5 * line_height(BODY)
        page.text(MARGIN, page.y, interpreter, fontweight="bold")
        page.y += 0.5 * line_height(BODY)
    middle = page.y + ROW / 2
    if not page.narrow:
        page.text(MARGIN, middle, interpreter)
    for (color, marker), rung in zip(LOOKS, shown.rungs):
        time = shown.time(rung, interpreter)
        if time is None:
            continue
        if time.seconds.low < time.seconds.high:
            draw_whisker(page, scale.x(time.seconds.low), scale.x(time.seconds.high), middle)
        draw_marker(page, marker, scale.x(time.seconds.value), middle, page.colors[color])
    page.y += ROW
