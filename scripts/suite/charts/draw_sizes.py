"""Draw time per item against size: one line per rung, ceilings, crossovers."""

from __future__ import annotations

from ..judge.sizes import Crossover, Line, Sizes, ceilings_text
from ..runs.quantities import count_text
from ..runs.results import Run
from .axes import (
    LogAxis,
    count_ticks,
    draw_grid,
    draw_keys_above,
    draw_keys_beside,
    draw_marker,
    looks,
    time_ticks,
)
from .page import BODY, MARGIN, Page, drawn_page, line_height, text_width

HEIGHT, HEIGHT_ON_PHONE = 4.5, 4.2
PAD = 0.005  # between labels


def draw(run: Run, sizes: Sizes, theme: str = "light", narrow: bool = False):
    """A figure of all lines."""

    def fill(page: Page) -> None:
        page.y += 0.2
        (_draw_narrow if narrow else _draw_wide)(page, sizes)
        for note in _notes(sizes):
            page.lines(note)
            page.y += 0.05

    what = f"time per {sizes.per} against {sizes.parameter}, both logarithmic"
    return drawn_page(run, theme, narrow, sizes.title, what, fill)


def _notes(sizes: Sizes) -> list[str]:
    ceilings = [f"Dotted: {_lower(ceilings_text(sizes))}."] if sizes.ceilings else []
    return [crossover.text for crossover in sizes.crossovers] + ceilings


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _draw_wide(page: Page, sizes: Sizes) -> None:
    names = _room_for_ceilings(sizes)
    beside = max(text_width(line.label) for line in sizes.lines) + 0.95 + names
    height = max(HEIGHT, len(sizes.lines) * (line_height(BODY) + 2 * PAD))
    top, bottom = page.y, page.y + height
    x, y = _axes(page, sizes, page.width - MARGIN - beside, top, bottom)
    _draw_inside(page, sizes, x, y)
    keys = [
        (y.at(line.points[-1].seconds.value), look, [line.label])
        for line, look in looks(sizes.lines)
    ]
    draw_keys_beside(page, keys, x.end + names + 0.25, top, bottom, PAD)


def _draw_narrow(page: Page, sizes: Sizes) -> None:
    draw_keys_above(page, ((look, line.label) for line, look in looks(sizes.lines)))
    page.y += 0.4
    right = page.width - MARGIN - max(_room_for_ceilings(sizes), 0.15)
    x, y = _axes(page, sizes, right, page.y, page.y + HEIGHT_ON_PHONE)
    _draw_inside(page, sizes, x, y)


def _axes(page: Page, sizes: Sizes, right: float, top: float, bottom: float):
    xs = [point.size for line in sizes.lines for point in line.points]
    ends = [s for ln in sizes.lines for p in ln.points for s in (p.seconds.low, p.seconds.high)]
    ends += [ceiling.seconds for ceiling in sizes.ceilings]
    y = LogAxis(min(ends) / 1.6, max(ends) * 1.4, bottom, top)
    labels = [text_width(name) for _, name in time_ticks(y)]
    left = MARGIN + max(labels, default=0.0) + 0.2
    return LogAxis(min(xs) / 1.15, max(xs) * 1.15, left, right), y


def _draw_inside(page: Page, sizes: Sizes, x: LogAxis, y: LogAxis) -> None:
    along = _size_ticks(sizes, x, page.width - MARGIN)
    draw_grid(page, x, y, time_ticks(y), along, sizes.parameter)
    _draw_ceilings(page, sizes, x, y)
    taken: list[tuple[float, float]] = []
    for crossover in sizes.crossovers:
        _draw_crossover(page, sizes, crossover, x, y, taken)
    for line, look in looks(sizes.lines):
        _draw_line(page, line, look, x, y)


def _size_ticks(sizes: Sizes, x: LogAxis, last: float) -> list[tuple[float, float, str]]:
    """The sizes themselves where they have room, else round numbers."""
    ticks = []
    for size in sorted({point.size for line in sizes.lines for point in line.points}):
        ticks.append((x.at(size), x.at(size), count_text(size)))
    widths = [text_width(name) for _, _, name in ticks]
    rooms = [b[0] - a[0] for a, b in zip(ticks, ticks[1:])]
    tight = any(room < (one + two) / 2 + 0.15 for room, one, two in zip(rooms, widths, widths[1:]))
    return count_ticks(x, MARGIN, last) if tight else ticks


def _room_for_ceilings(sizes: Sizes) -> float:
    """Beside the axes; levels that lie close together share a line."""
    named = [text_width(ceiling.level) for ceiling in sizes.ceilings]
    return max(max(named), text_width("L2, L3")) + 0.1 if named else 0.0


def _draw_ceilings(page: Page, sizes: Sizes, x: LogAxis, y: LogAxis) -> None:
    look = {"color": page.colors["ink"], "linewidth": 1.6, "linestyle": (0, (1, 2)), "zorder": 1}
    names: list[tuple[float, str]] = []
    for ceiling in sorted(sizes.ceilings, key=lambda each: each.seconds):
        place = y.at(ceiling.seconds)
        page.line([x.start, x.end], [place, place], **look)
        if names and names[-1][0] - place < line_height(BODY):
            names[-1] = (names[-1][0], f"{names[-1][1]}, {ceiling.level}")
        else:
            names.append((place, ceiling.level))
    for place, name in names:
        page.text(x.end + 0.08, place, name)


def _draw_crossover(
    page: Page,
    sizes: Sizes,
    crossover: Crossover,
    x: LogAxis,
    y: LogAxis,
    taken: list[tuple[float, float]],
) -> None:
    if crossover.size is None:
        return
    low, at, high = (
        x.at(size) for size in (crossover.size.low, crossover.size.value, crossover.size.high)
    )
    middle = (y.start + y.end) / 2
    color = page.colors["grid"]
    page.box(low, middle, high - low, y.start - y.end, facecolor=color, edgecolor="none", zorder=0)
    page.line([at, at], [y.end, y.start], color=page.colors["ink"], linewidth=1.6, zorder=1)
    name = f"{sizes.parameter} = {count_text(round(crossover.size.value))}"
    half = text_width(name) / 2
    place = min(max(at, x.start + half), x.end - half)
    if all(place + half < left or place - half > right for left, right in taken):
        taken.append((place - half, place + half))
        page.text(place, y.end - 0.17, name, horizontalalignment="center")


def _draw_line(page: Page, line: Line, look: tuple, x: LogAxis, y: LogAxis) -> None:
    color, marker, dashes = look
    places = [(x.at(p.size), y.at(p.seconds.value)) for p in line.points]
    style = {"color": page.colors[color], "linewidth": 1.8, "zorder": 2}
    page.line(*map(list, zip(*places)), linestyle=dashes, **style)
    for point, place in zip(line.points, places):
        ends = [y.at(point.seconds.low), y.at(point.seconds.high)]
        page.line([place[0], place[0]], ends, **style)
        draw_marker(page, marker, *place, page.colors[color])
