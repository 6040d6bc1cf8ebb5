"""Draw what was watched of threads: who had the lock when, who was late, what arguments cost."""

from __future__ import annotations

from ..runs.quantities import size_text, time_text
from ..runs.results import Run
from ..runs.watched import FIRST_SECONDS, Convoy, Convoys, Payload, Payloads, Timeline, Timelines
from .axes import (
    LogAxis,
    draw_grid,
    draw_keys_above,
    draw_keys_beside,
    draw_marker,
    looks,
    time_ticks,
    value_ticks,
)
from .page import (
    BODY,
    MARGIN,
    Page,
    draw_block,
    drawn_page,
    line_height,
    text_width,
    wrapped,
)

LANE = 0.27  # of a thread in a timeline
HEIGHT, HEIGHT_ON_PHONE = 4.2, 4.0
WORDS_BEFORE, WORDS_BESIDE = 4.6, 4.0


def draw_timelines(run: Run, shown: Timelines, theme: str = "light", narrow: bool = False):
    """A figure: a lane for each thread, filled while it has the lock."""

    def fill(page: Page) -> None:
        left = MARGIN if narrow else MARGIN + WORDS_BEFORE + 0.25
        for timeline in shown.timelines:
            _draw_timeline(page, timeline, left)
        right = page.width - MARGIN
        for at, name in ((0.0, "0"), (0.5, _milliseconds(0.5)), (1.0, _milliseconds(1.0))):
            half = text_width(name) / 2
            middle = min(max(left + at * (right - left), left + half), right - half)
            page.text(middle, page.y + 0.17, name, color="muted", horizontalalignment="center")
        page.y += 0.17 + 0.5 * line_height(BODY)

    return drawn_page(run, theme, narrow, shown.title, shown.what, fill)


def _milliseconds(share: float) -> str:
    return f"{1e3 * share * FIRST_SECONDS:g} ms"


def _draw_timeline(page: Page, timeline: Timeline, left: float) -> None:
    right = page.width - MARGIN
    room = page.inner if page.narrow else WORDS_BEFORE
    name, words = wrapped(timeline.label, room), wrapped(timeline.words, room)
    height = (len(name) + len(words)) * line_height(BODY)
    lanes = LANE * (1 + max(tenure["thread"] for tenure in timeline.tenures))
    first = page.y + 0.5 * line_height(BODY)
    draw_block(page, MARGIN, first + 0.5 * (len(name) - 1) * line_height(BODY), name, "ink")
    second = first + len(name) * line_height(BODY)
    draw_block(page, MARGIN, second + 0.5 * (len(words) - 1) * line_height(BODY), words, "muted")
    top = page.y + (height + 0.05 if page.narrow else 0.0)
    for start, end, thread in _drawn_tenures(timeline, right - left):
        middle = top + LANE * (thread + 0.5)
        color = page.colors["c++" if thread % 2 == 0 else "python"]
        page.box(left + start, middle, end - start, 0.8 * LANE, facecolor=color, linewidth=0)
    page.y = max(page.y + height, top + lanes) + 0.12
    page.line([left, right], [page.y - 0.06] * 2, color=page.colors["grid"], linewidth=1)


def _drawn_tenures(timeline: Timeline, width: float) -> list[tuple[float, float, int]]:
    """In inches. What is too short to be seen is drawn as what is just seen, and only once."""
    least = 0.012
    last: dict[int, float] = {}
    drawn = []
    for tenure in timeline.tenures:
        start = tenure["taken"] / FIRST_SECONDS * width
        end = max(min(tenure["given"] / FIRST_SECONDS, 1.0) * width, start + least)
        if start < width and end > last.get(tenure["thread"], 0.0) + least / 2:
            drawn.append((start, min(end, width), tenure["thread"]))
            last[tenure["thread"]] = end
    return drawn


def draw_convoys(run: Run, shown: Convoys, theme: str = "light", narrow: bool = False):
    """A figure: for each lock how late the thread was, mostly and at worst."""

    def fill(page: Page) -> None:
        room = page.inner if narrow else WORDS_BEFORE
        left = MARGIN if narrow else MARGIN + room + 0.25
        right = page.width - MARGIN - 1.3
        x = LogAxis(
            min(convoy.middle for convoy in shown.convoys) / 1.5,
            max(convoy.longest for convoy in shown.convoys) * 1.2,
            left,
            right,
        )
        top = page.y
        for convoy in shown.convoys:
            _draw_convoy(page, convoy, x, room)
        for place, name in time_ticks(x, 1.2):
            page.line([place] * 2, [top, page.y], color=page.colors["grid"], linewidth=1, zorder=0)
            page.text(place, page.y + 0.2, name, color="muted", horizontalalignment="center")
        page.y += 0.2 + line_height(BODY)
        page.lines(
            "Mark and number: median. Bar: up to 95 % of all wakings. Line: up to the longest.",
            color="muted",
        )

    return drawn_page(run, theme, narrow, shown.title, shown.what, fill)


def _draw_convoy(page: Page, convoy: Convoy, x: LogAxis, room: float) -> None:
    name = wrapped(convoy.label, room)
    height = len(name) * line_height(BODY)
    if page.narrow:
        draw_block(page, MARGIN, page.y + height / 2, name, "ink")
        page.y += height
        height = 0.0
    middle = page.y + max(height, 0.46) / 2
    if not page.narrow:
        draw_block(page, MARGIN, middle, name, "ink")
    color = page.colors[convoy.language]
    ends = [x.at(each) for each in (convoy.middle, convoy.most, convoy.longest)]
    page.line([ends[0], ends[2]], [middle] * 2, color=color, linewidth=1.4)
    page.box(ends[0], middle, ends[1] - ends[0], 0.16, facecolor=color, linewidth=0)
    page.box(ends[0] - 0.05, middle, 0.1, 0.34, facecolor=color, linewidth=0)
    page.text(x.end + 0.15, middle, time_text(convoy.middle), fontweight="bold")
    page.y += max(height, 0.46) + 0.04


def draw_payloads(run: Run, shown: Payloads, theme: str = "light", narrow: bool = False):
    """A figure: a line per interpreter, against the size of the arguments."""

    def fill(page: Page) -> None:
        (_draw_payloads_narrow if narrow else _draw_payloads_wide)(page, shown)
        page.lines(
            "1: the job by itself. Above 2, dashed, the arguments cost more than the job.",
            color="muted",
        )

    return drawn_page(run, theme, narrow, shown.title, shown.what, fill)


def _draw_payloads_wide(page: Page, shown: Payloads) -> None:
    words = {each.label: _payload_words(each) for each in shown.payloads}
    height = max(HEIGHT, 1.1 * line_height(BODY) * sum(map(len, words.values())))
    right = page.width - MARGIN - WORDS_BESIDE - 0.95
    top, bottom = page.y, page.y + height
    y = _draw_shares(page, shown, right, bottom)
    keys = [
        (y.at(each.shares[-1][1]), look, words[each.label]) for each, look in looks(shown.payloads)
    ]
    draw_keys_beside(page, keys, right + 0.25, top, bottom, 0.02)


def _draw_payloads_narrow(page: Page, shown: Payloads) -> None:
    told = ((look, f"{each.label}: {each.words}") for each, look in looks(shown.payloads))
    draw_keys_above(page, told)
    page.y += 0.2
    _draw_shares(page, shown, page.width - MARGIN - 0.2, page.y + HEIGHT_ON_PHONE)


def _payload_words(payload: Payload) -> list[str]:
    size, seconds, alone = payload.points[-1]
    told = f"job {time_text(alone)}, with {size_text(size)} {time_text(seconds)}"
    return [payload.label, *wrapped(told, WORDS_BESIDE)]


def _draw_shares(page: Page, shown: Payloads, right: float, bottom: float) -> LogAxis:
    """Axes and lines from here down to `bottom`; the axis of shares."""
    shares = [share for each in shown.payloads for share in each.shares]
    y = LogAxis(
        min(0.8, *(share / 1.1 for _, share in shares)),
        max(3.0, *(share * 1.2 for _, share in shares)),
        bottom,
        page.y,
    )
    across = [(y.at(n), f"{n} ×") for n in (1, 2, 5, 10, 20, 50, 100, 200, 500) if y.holds(n)]
    left = MARGIN + max(text_width(name) for _, name in across) + 0.2
    sizes = [size for size, _ in shares]
    x = LogAxis(min(sizes) / 1.5, max(sizes) * 1.5, left, right)
    along = value_ticks(x, sizes, size_text, page.width - MARGIN)
    draw_grid(page, x, y, across, along, "arguments")
    page.line([left, right], [y.at(2)] * 2, color=page.colors["ink"], linestyle=(0, (4, 3)))
    for each, (color, marker, dashes) in looks(shown.payloads):
        places = [(x.at(size), y.at(share)) for size, share in each.shares]
        ink = page.colors[color]
        page.line(*map(list, zip(*places)), color=ink, linestyle=dashes, linewidth=1.8, zorder=2)
        for place in places:
            draw_marker(page, marker, *place, ink)
    return y
