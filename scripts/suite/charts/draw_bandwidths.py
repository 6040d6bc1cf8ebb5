"""Draw which share of the machine's bandwidth each rung turns into results: a panel per problem."""

from __future__ import annotations

from ..runs.results import Run
from .bandwidths import Bandwidths, Panel, Share
from .page import (
    BODY,
    LARGE,
    MARGIN,
    PHONE,
    SLIDE,
    STYLES,
    Page,
    draw_badge,
    draw_block,
    draw_whisker,
    line_height,
    palette,
    picture_footer,
    text_width,
    wrapped,
)

GAP = 0.35  # between panels
LABELS = 2.9  # inches at most
ROW, ROW_ON_PHONE = 0.36, 0.3


def draw(run: Run, shown: Bandwidths, theme: str = "light", narrow: bool = False):
    """A figure of all panels: side by side, or on a phone one below the other."""
    from matplotlib import style

    with style.context(STYLES[theme]):
        page = Page(PHONE if narrow else SLIDE[0], palette(theme))
        page.lines(shown.title, 20 if narrow else 26, weight="bold")
        page.y += 0.05
        page.lines(shown.what, BODY if narrow else LARGE, "muted")
        page.y += 0.25
        (_draw_narrow if narrow else _draw_wide)(page, shown)
        page.y += 0.2
        for note in shown.notes:
            page.lines(note)
        page.y += 0.1
        page.lines(picture_footer(run), color="muted")
        return page.figure(0.0 if narrow else SLIDE[1])


def _draw_wide(page: Page, shown: Bandwidths) -> None:
    rungs = shown.rungs
    names = {rung: wrapped(line.label, LABELS) for rung, line in rungs.items()}
    left = MARGIN + 0.5 + max(text_width(part) for name in names.values() for part in name)
    width = (page.width - MARGIN - left - GAP * (len(shown.panels) - 1)) / len(shown.panels)
    heights = {rung: max(ROW, len(name) * line_height(BODY)) + 0.06 for rung, name in names.items()}
    top = page.y + 1.4 * line_height(LARGE)
    bottom = top + sum(heights.values())
    for index, panel in enumerate(shown.panels):
        x = left + index * (width + GAP)
        page.text(x, page.y + 0.5 * line_height(LARGE), panel.title, LARGE, fontweight="bold")
        reach = _Reach(shown, x, width)
        _draw_references(page, shown, reach, top, bottom)
        y = top
        found = {share.line.rung: share for share in panel.shares}
        for rung in rungs:
            if rung in found:
                _draw_share(page, found[rung], reach, y + heights[rung] / 2, 0.62 * ROW)
            y += heights[rung]
    y = top
    for rung, line in rungs.items():
        middle = y + heights[rung] / 2
        draw_badge(page, line.language, MARGIN + 0.1, middle)
        draw_block(page, MARGIN + 0.32, middle, names[rung], "ink")
        y += heights[rung]
    page.y = bottom + 0.1


def _draw_narrow(page: Page, shown: Bandwidths) -> None:
    for panel in shown.panels:
        if panel.title:
            page.lines(panel.title, LARGE, weight="bold")
        _draw_panel_narrow(page, shown, panel)
        page.y += 0.2


def _draw_panel_narrow(page: Page, shown: Bandwidths, panel: Panel) -> None:
    reach = _Reach(shown, MARGIN, page.inner)
    for share in panel.shares:
        page.y += 0.1
        draw_badge(page, share.line.language, MARGIN + 0.1, page.y + 0.5 * line_height(BODY))
        for part in wrapped(shown.rungs[share.line.rung].label, page.inner - 0.3):
            page.y += 0.5 * line_height(BODY)
            page.text(MARGIN + 0.3, page.y, part)
            page.y += 0.5 * line_height(BODY)
        top = page.y
        page.y += ROW_ON_PHONE / 2
        _draw_share(page, share, reach, page.y, 0.62 * ROW_ON_PHONE)
        page.y += ROW_ON_PHONE / 2
        _draw_references(page, shown, reach, top, page.y)


class _Reach:
    """Places shares on an axis from 0 so that the text behind the longest bar still fits."""

    def __init__(self, shown: Bandwidths, left: float, width: float):
        self.left = left
        values = [s.value for panel in shown.panels for s in panel.shares if s.value]
        room = width - text_width("100 %") - 0.18
        self.inches = room / max(1.0, *(value.high for value in values))

    def x(self, share: float) -> float:
        return self.left + share * self.inches


def _draw_references(
    page: Page, shown: Bandwidths, reach: _Reach, top: float, bottom: float
) -> None:
    """Where nothing is, where one thread's triad stands, and that of all."""
    ink, edge = page.colors["ink"], page.colors["edge"]
    page.line([reach.left] * 2, [top, bottom], color=edge, linewidth=1.2)
    page.line([reach.x(1.0)] * 2, [top, bottom], color=ink, linewidth=1.8, zorder=1)
    if shown.of_one_thread is not None:
        place = reach.x(shown.of_one_thread)
        look = {"color": ink, "linewidth": 1.6, "linestyle": (0, (1, 2)), "zorder": 1}
        page.line([place, place], [top, bottom], **look)


def _draw_share(page: Page, share: Share, reach: _Reach, y: float, height: float) -> None:
    if share.value is None:
        _draw_text(page, share.text, reach.left + 0.1, y, height, "muted", fontstyle="italic")
        return
    end = reach.x(share.value.value)
    color = page.colors[share.line.language]
    page.box(reach.left, y, end - reach.left, height, color=color, linewidth=0, zorder=2)
    behind = end
    if len(share.point.row.round_seconds()) > 1:
        behind = reach.x(share.value.high)
        draw_whisker(page, reach.x(share.value.low), behind, y)
    _draw_text(page, share.text, behind + 0.08, y, height)


def _draw_text(
    page: Page, words: str, x: float, y: float, height: float, color: str = "ink", **kind
) -> None:
    """On paper of its own: a line of reference may run through it."""
    width = text_width(words)
    paper = page.colors["paper"]
    page.box(x - 0.03, y, width + 0.06, 0.8 * height, facecolor=paper, linewidth=0, zorder=2)
    page.text(x, y, words, color=color, zorder=3, **kind)
