"""Draw how rungs grow, as a study beside a run tells it, in the style of the other charts."""

from __future__ import annotations

from itertools import cycle

from ..runs.results import Run
from ..runs.studies import Series, Study
from .axes import (
    LogAxis,
    count_ticks,
    draw_grid,
    draw_keys_above,
    draw_keys_beside,
    draw_marker,
    time_ticks,
)
from .page import MARGIN, Page, drawn_page, text_width, wrapped

NAME = "growth"
# Told apart by colour, by marker and by dashes; any two of the three are enough.
LOOKS = [
    ("c++", "disc", "solid"),
    ("ink", "square", (0, (6, 3))),
    ("muted", "diamond", (0, (2, 2))),
    ("python", "triangle", (0, (6, 2, 2, 2))),
]
WORDS_BESIDE = 3.9  # inches
HEIGHT, HEIGHT_ON_PHONE = 4.6, 4.2


def draw(run: Run, study: Study, theme: str = "light", narrow: bool = False):
    """A figure of all amounts that are times."""
    what = f"time per {study.per} against {study.x}, both logarithmic; powers with 95 % intervals"
    fill = _draw_narrow if narrow else _draw_wide
    return drawn_page(
        run, theme, narrow, study.title, what, lambda page: fill(page, study), study.setting
    )


def _draw_wide(page: Page, study: Study) -> None:
    right = page.width - MARGIN - WORDS_BESIDE - 0.9
    top, bottom = page.y, page.y + HEIGHT
    y = _draw_inside(page, study, right, bottom)
    keys = [
        (y.at(series.fitted(series.points[-1][0])), look, _words(series))
        for look, series in zip(cycle(LOOKS), study.charted)
    ]
    draw_keys_beside(page, keys, right + 0.25, top, bottom)


def _draw_narrow(page: Page, study: Study) -> None:
    told = [f"{series.label}, {_power(series)}" for series in study.charted]
    draw_keys_above(page, zip(cycle(LOOKS), told), 0.08)
    page.y += 0.2
    _draw_inside(page, study, page.width - MARGIN - 0.15, page.y + HEIGHT_ON_PHONE)


def _draw_inside(page: Page, study: Study, right: float, bottom: float) -> LogAxis:
    """Axes and series from here down to `bottom`; the axis of times."""
    x, y = _axes(page, study, right, page.y, bottom)
    along = count_ticks(x, MARGIN, page.width - MARGIN)
    draw_grid(page, x, y, time_ticks(y), along, study.x)
    for look, series in zip(cycle(LOOKS), study.charted):
        _draw_series(page, series, look, x, y)
    return y


def _words(series: Series) -> list[str]:
    lines = wrapped(series.label, WORDS_BESIDE)
    return [*lines, *wrapped(_power(series), WORDS_BESIDE)]


def _power(series: Series) -> str:
    return f"power {series.exponent_text}"


def _axes(page: Page, study: Study, right: float, top: float, bottom: float):
    xs = [x for series in study.charted for x, _ in series.points]
    ys = [amount for series in study.charted for _, amount in series.points]
    ys += [series.fitted(x) for series in study.charted for x, _ in series.points]
    y = LogAxis(min(ys) / 1.5, max(ys) * 1.5, bottom, top)
    labels = [text_width(name) for _, name in time_ticks(y)]
    left = MARGIN + max(labels, default=0.0) + 0.2
    return LogAxis(min(xs) / 1.2, max(xs) * 1.2, left, right), y


def _draw_series(page: Page, series: Series, look: tuple, x: LogAxis, y: LogAxis) -> None:
    color, marker, dashes = look
    ends = [series.points[0][0], series.points[-1][0]]
    places = [x.at(end) for end in ends], [y.at(series.fitted(end)) for end in ends]
    page.line(*places, color=page.colors[color], linewidth=2.2, linestyle=dashes, zorder=2)
    for at, amount in series.points:
        draw_marker(page, marker, x.at(at), y.at(amount), page.colors[color])
