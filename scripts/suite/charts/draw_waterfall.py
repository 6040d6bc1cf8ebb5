"""Draw where the time of a slow rung goes, cost by cost, in the style of the other charts."""

from __future__ import annotations

from ..runs.quantities import plural, time_text
from ..runs.results import Run
from .page import (
    BODY,
    LABELS_AT_MOST,
    LARGE,
    MARGIN,
    LinearScale,
    Page,
    draw_block,
    draw_legend,
    draw_whisker,
    drawn_page,
    fill,
    line_height,
    row_height,
    text_width,
    thickness,
    wrapped,
)
from .waterfalls import Slice, Waterfall, signed

NAME = "waterfall"


def draw(run: Run, shown: Waterfall, theme: str = "light", narrow: bool = False):
    """A figure: one bar per cost, from the time of the rung without it to that of the rung with."""

    def fill(page: Page) -> None:
        draw_legend(page, _legend(shown))
        page.y += 0.2
        (_rows_narrow if narrow else _rows_wide)(page, shown)
        for missing in shown.missing:
            page.y += 0.08
            page.lines(f"Not measured: {missing}")

    title = f"{shown.title}, cost by cost"
    what = (
        f"{shown.case}: time per {shown.item} of {shown.slices[0].rung}, and what each cost takes "
        "of it"
    )
    return drawn_page(run, theme, narrow, title, what, fill, rounds=plural(shown.rounds, "round"))


def _legend(shown: Waterfall) -> list[tuple[str, str]]:
    entries = [("before", "all of it"), ("cost", "what the cost takes")]
    if any(each.word not in ("faster", "rest") for each in shown.slices):
        entries.append(("alike", "no gain shown without it"))
    if shown.rounds > 1:
        entries.append(("interval", "95 % interval"))
    return entries


def _rows_wide(page: Page, shown: Waterfall) -> None:
    steps = [_step(each) for each in shown.slices]
    names = [[*wrapped(each.cost, LABELS_AT_MOST)] for each in shown.slices]
    notes = [wrapped(step, LABELS_AT_MOST) for step in steps]
    whole = shown.slices[0].rung
    widest = max(text_width(line) for block in [*names, *notes, [whole]] for line in block)
    left, right = MARGIN + widest + 0.25, page.width - MARGIN
    heights = [row_height(len(a) + len(b), 0) for a, b in zip(names, notes)]
    scale = _scale(shown, left, right)
    top = page.y
    _draw_whole(page, shown, scale, [whole], row_height(1, 0))
    for each, name, note, height in zip(shown.slices, names, notes, heights):
        middle = page.y + height / 2
        start = middle - 0.5 * (len(name) + len(note) - 1) * line_height(BODY)
        draw_block(page, MARGIN, _middle(start, name), name, "ink", fontweight="bold")
        draw_block(
            page, MARGIN, _middle(start + len(name) * line_height(BODY), note), note, "muted"
        )
        end = _draw_slice(page, each, scale, middle, thickness(min(height, 0.6)))
        page.text(end + 0.12, middle, signed(each.seconds.value), LARGE, fontweight="bold")
        end += 0.12 + text_width(signed(each.seconds.value), LARGE, "bold")
        page.text(end, middle, _behind(each, shown), color="muted")
        page.y += height
    edge = {"color": page.colors["edge"], "linewidth": 1.2, "zorder": 0}
    page.line([scale.left, scale.left], [top, page.y], **edge)


def _rows_narrow(page: Page, shown: Waterfall) -> None:
    scale = _scale(shown, MARGIN, page.width - MARGIN, beside=False)
    page.lines(f"{shown.slices[0].rung}: {time_text(shown.total.value)}", weight="bold")
    _draw_whole(page, shown, scale, [], 0.32)
    for each in shown.slices:
        page.y += 0.1
        page.lines(f"{each.cost}: {signed(each.seconds.value)}", weight="bold")
        for words in (_step(each), _behind(each, shown).lstrip(", :")):
            if words:
                page.lines(words, color="muted")
        page.y += 0.14
        _draw_slice(page, each, scale, page.y, 0.2)
        page.y += 0.14


def _step(each: Slice) -> str:
    return f"gone in {each.without}" if each.without else f"all of {each.rung}"


def _behind(each: Slice, shown: Waterfall) -> str:
    interval = ""
    if shown.rounds > 1:
        interval = f" ({signed(each.seconds.low)} to {signed(each.seconds.high)})"
    return f"{interval}{each.doubt}"


def _scale(shown: Waterfall, left: float, right: float, beside: bool = True) -> LinearScale:
    ends = [(shown.total.high, text_width(time_text(shown.total.value), LARGE, "bold") + 0.3)]
    for each in shown.slices:
        words = text_width(signed(each.seconds.value), LARGE, "bold") + 0.3
        words += text_width(_behind(each, shown))
        ends.append((_reach(each), words if beside else 0.05))
    return LinearScale(left, right, ends if beside else [(end, 0.05) for end, _ in ends])


def _reach(each: Slice) -> float:
    """Seconds up to which something is drawn."""
    return max(each.until, each.until - each.seconds.low)


def _draw_whole(
    page: Page, shown: Waterfall, scale: LinearScale, name: list[str], height: float
) -> None:
    middle = page.y + height / 2
    draw_block(page, MARGIN, middle, name, "ink", fontweight="bold")
    width = scale.x(shown.total.value) - scale.left
    look = fill(page, "before", page.colors["before"])
    page.box(scale.left, middle, width, thickness(min(height, 0.6)), label="whole", **look)
    if shown.total.low < shown.total.high:
        draw_whisker(page, scale.x(shown.total.low), scale.x(shown.total.high), middle)
    if name:
        words = time_text(shown.total.value)
        page.text(scale.x(shown.total.high) + 0.12, middle, words, LARGE, fontweight="bold")
    page.y += height


def _draw_slice(page: Page, each: Slice, scale: LinearScale, y: float, height: float) -> float:
    """The bar of one cost; where what is drawn ends."""
    kind = "cost" if each.word in ("faster", "rest") else "alike"
    start, end = sorted((each.until - each.seconds.value, each.until))
    # What is there is seen, however small.
    width = max(scale.x(end) - scale.x(start), 0.02)
    look = fill(page, kind, page.colors["c++"])
    page.box(scale.x(start), y, width, height, label=each.cost, **look)
    reach = scale.x(start) + width
    if each.seconds.low < each.seconds.high:
        ends = [
            scale.x(max(each.until - bound, 0)) for bound in (each.seconds.high, each.seconds.low)
        ]
        draw_whisker(page, *ends, y)
        reach = max(reach, *ends)
    return reach


def _middle(first: float, lines: list[str]) -> float:
    """The middle of a block whose first line is at this height."""
    return first + 0.5 * (len(lines) - 1) * line_height(BODY)
