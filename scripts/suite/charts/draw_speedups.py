"""Draw how much more gets done with more threads: a curve per rung, the ideal, what laws fit."""

from __future__ import annotations

from ..runs.results import Run
from .axes import (
    LinearAxis,
    draw_grid,
    draw_keys_above,
    draw_keys_beside,
    draw_marker,
    looks,
    value_ticks,
)
from .page import BODY, MARGIN, Page, drawn_page, line_height, text_width
from .scaling import Curve, SpeedUps, times_text

NAME = "speedup"
HEIGHT, HEIGHT_ON_PHONE = 4.4, 4.2
PAD = 0.005  # between labels


def draw(run: Run, shown: SpeedUps, theme: str = "light", narrow: bool = False):
    """A figure of all curves."""

    def fill(page: Page) -> None:
        (_draw_narrow if narrow else _draw_wide)(page, shown)
        page.y += 0.1
        page.lines(f"{shown.limits}. {_in_words(shown)}", color="muted")

    case = shown.case.replace("/", ", ") or "the only case"
    what = f"{case}: work per second against that of one thread, 95 % intervals"
    return drawn_page(run, theme, narrow, f"{shown.title}: what more threads do", what, fill)


def _draw_wide(page: Page, shown: SpeedUps) -> None:
    words = {curve.label: _words(curve) for curve in shown.curves}
    beside = max(map(text_width, words.values())) + 0.95
    height = max(HEIGHT, len(shown.curves) * (line_height(BODY) + 2 * PAD))
    top, bottom = page.y, page.y + height
    y = _draw_inside(page, shown, page.width - MARGIN - beside, bottom)
    keys = [
        (y.at(curve.points[-1].speedup.value), look, [words[curve.label]])
        for curve, look in looks(shown.curves)
    ]
    draw_keys_beside(page, keys, page.width - MARGIN - beside + 0.25, top, bottom, PAD)


def _draw_narrow(page: Page, shown: SpeedUps) -> None:
    draw_keys_above(page, ((look, _words(curve)) for curve, look in looks(shown.curves)))
    page.y += 0.2
    _draw_inside(page, shown, page.width - MARGIN - 0.15, page.y + HEIGHT_ON_PHONE)


def _draw_inside(page: Page, shown: SpeedUps, right: float, bottom: float) -> LinearAxis:
    """Axes and curves from here down to `bottom`; the axis of speed-ups."""
    most = max(shown.threads)
    reach = min(most, shown.cores)
    highest = max(p.speedup.high for curve in shown.curves for p in curve.points)
    y = LinearAxis(0, max(1.3 * reach, 1.1 * highest), bottom, page.y)
    across = _speed_up_ticks(y)
    left = MARGIN + max(text_width(name) for _, name in across) + 0.2
    # Ends of intervals stand clear of the edges.
    x = LinearAxis(1, most, left + 0.25, right - 0.25)
    along = value_ticks(x, shown.threads, str, right)
    draw_grid(page, LinearAxis(0, 1, left, right), y, across, along, "threads")
    _draw_limits(page, shown, x, y, right)
    for curve, look in looks(shown.curves):
        _draw_curve(page, curve, look, x, y, reach)
    return y


def _speed_up_ticks(y: LinearAxis) -> list[tuple[float, str]]:
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500) if y.most / s <= 6)
    return [(y.at(i * step), f"{i * step:g}") for i in range(int(y.most / step) + 1)]


def _draw_limits(page: Page, shown: SpeedUps, x: LinearAxis, y: LinearAxis, right: float) -> None:
    """The ideal up to the cores, and from where on threads take turns."""
    look = {"color": page.colors["muted"], "linewidth": 1.2}
    reach = min(max(shown.threads), shown.cores)
    page.line([x.at(1), x.at(reach)], [y.at(1), y.at(reach)], **look)
    if max(shown.threads) > shown.cores:
        edge = x.at(shown.cores) + 0.15
        page.line([edge, edge], [y.start, y.end], linestyle=(0, (4, 3)), **look)


def _draw_curve(
    page: Page, curve: Curve, look: tuple, x: LinearAxis, y: LinearAxis, reach: int
) -> None:
    color, marker, dashes = page.colors[look[0]], look[1], look[2]
    places = [(x.at(p.threads), y.at(p.speedup.value)) for p in curve.points]
    page.line(*map(list, zip(*places)), color=color, linewidth=2, linestyle=dashes, zorder=2)
    for point, place in zip(curve.points, places):
        ends = [y.at(point.speedup.low), y.at(point.speedup.high)]
        page.line([place[0], place[0]], ends, color=color, linewidth=1.6, zorder=2)
        draw_marker(page, marker, *place, color)
    law = curve.usl or curve.amdahl
    if law:
        steps = [1 + (reach - 1) * i / 40 for i in range(41)]
        fitted = [y.at(law.speedup(step)) for step in steps]
        page.line([x.at(step) for step in steps], fitted, color=color, linewidth=0.9)


def _words(curve: Curve) -> str:
    # What threads are worth is read where each has a core.
    best = max(curve.on_cores, key=lambda p: p.threads, default=curve.points[-1])
    return f"{curve.label}: {times_text(best.speedup.value)}, {100 * best.efficiency:.0f} %"


def _in_words(shown: SpeedUps) -> str:
    said = "Thin line: the ideal. Behind each name: speed-up and efficiency with a thread per core."
    if max(shown.threads) > shown.cores:
        said += " Right of the dashed line there are more threads than cores: they take turns."
    fitted = [curve for curve in shown.curves if curve.amdahl]
    if not fitted:
        return f"{said} Too few points within the cores to fit Amdahl's law or the USL."
    return f"{said} {'; '.join(map(_laws, fitted))}."


def _laws(curve: Curve) -> str:
    share = f"{curve.label}: Amdahl's serial share {100 * curve.amdahl.serial:.1f} %"
    law = curve.usl
    if law is None:
        return share
    return f"{share}, USL {100 * law.serial:.1f} % and {100 * law.crosstalk:.2f} %"
