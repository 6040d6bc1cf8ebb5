"""Draw memory over time: a strip for each rung, all on the same scales."""

from __future__ import annotations

from ..runs.quantities import size_text, time_text
from ..runs.results import Group
from .bars import LANGUAGES
from .page import (
    BODY,
    LARGE,
    MARGIN,
    Page,
    draw_head,
    draw_label,
    draw_label_above,
    draw_legend,
    label_lines,
    left_of_bars,
    line_height,
    text_width,
)
from .timelines import Timeline, timelines

LABELS_BESIDE = 3.6  # inches
STRIP, STRIP_ON_PHONE = 0.5, 0.55
ROUND = (1, 2, 5)


def draw_timeline(page: Page, group: Group) -> None:
    shown = timelines(group)
    draw_head(page, group, "memory of the process during its first run")
    languages = [name for name in LANGUAGES if any(s.bar.row.language == name for s in shown)]
    draw_legend(page, [(name, LANGUAGES[name]) for name in languages])
    page.y += 0.15
    (_draw_narrow if page.narrow else _draw_wide)(page, shown)


def _draw_wide(page: Page, shown: list[Timeline]) -> None:
    names = label_lines([line.bar for line in shown], LABELS_BESIDE)
    left = left_of_bars(names)
    room = max(text_width(line.words) for line in shown) + 0.2
    right = page.width - MARGIN - room
    strip = STRIP + page.stretch
    top = page.y
    for line, name in zip(shown, names):
        height = max(strip, len(name) * line_height(BODY) + 0.1)
        draw_label(page, line.bar, name, page.y + height / 2)
        _draw_strip(page, line, shown, (left, right), page.y + 0.06, height - 0.12)
        page.text(right + 0.2, page.y + height / 2, line.words)
        page.y += height
    _draw_axis(page, shown, left, right, top)


def _draw_narrow(page: Page, shown: list[Timeline]) -> None:
    left, right = MARGIN, page.width - MARGIN
    for line in shown:
        draw_label_above(page, line.bar)
        page.lines(line.words, color="muted")
        top = page.y + 0.05
        _draw_strip(page, line, shown, (left, right), top, STRIP_ON_PHONE)
        page.y = top + STRIP_ON_PHONE + 0.14
    _draw_axis(page, shown, left, right, page.y)


def _draw_strip(
    page: Page,
    line: Timeline,
    shown: list[Timeline],
    ends: tuple[float, float],
    top: float,
    height: float,
) -> None:
    """The area under one line. Between two samples nobody looked: the line is straight there."""
    from matplotlib.patches import Polygon

    longest, most = max(s.end for s in shown), max(s.peak for s in shown)
    left, right = ends
    bottom = top + height
    places = [left + at / longest * (right - left) for at in line.seconds]
    heights = [bottom - resident / most * height for resident in line.bytes]
    # What was there last was there to the end.
    places.append(left + line.end / longest * (right - left))
    heights.append(heights[-1])
    # What is there is seen, however short.
    places[-1] = max(places[-1], left + 0.04)
    color = page.colors[line.bar.row.language]
    corners = [(places[0], bottom), *zip(places, heights), (places[-1], bottom)]
    page.artists.append(Polygon(corners, closed=True, facecolor=color, linewidth=0, zorder=2))
    page.line([left, right], [bottom, bottom], color=page.colors["edge"], linewidth=1.2)


def _draw_axis(page: Page, shown: list[Timeline], left: float, right: float, top: float) -> None:
    longest, most = max(s.end for s in shown), max(s.peak for s in shown)
    seconds = _round_below(longest)
    x = left + seconds / longest * (right - left)
    page.line([x, x], [top, page.y + 0.08], color=page.colors["grid"], linewidth=1, zorder=0)
    page.y += 0.08 + 0.5 * line_height(BODY)
    for place, name in ((left, "0"), (x, time_text(seconds).replace(".00", ""))):
        half = text_width(name) / 2
        middle = min(max(place, MARGIN + half), page.width - MARGIN - half)
        page.text(middle, page.y, name, color="muted", horizontalalignment="center")
    page.y += 0.5 * line_height(BODY) + 0.1
    page.lines(f"A strip is as high as {size_text(most)}.", LARGE if not page.narrow else BODY)


def _round_below(value: float) -> float:
    """The largest of 1, 2, 5, 10, 20 ... that is no larger, of any power of ten."""
    power = 10.0**-12
    best = power
    while power <= value:
        best = max([best, *(n * power for n in ROUND if n * power <= value)])
        power *= 10
    return best
