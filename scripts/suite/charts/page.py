"""A blank page, what is put on it, and the look that all charts share."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

from ..runs.results import Group, Run
from .bars import LANGUAGES, Bar

STYLES = {
    "light": [Path(__file__).with_name("talk.mplstyle")],
    "dark": [
        Path(__file__).with_name("talk.mplstyle"),
        Path(__file__).with_name("talk-dark.mplstyle"),
    ],
}
FORMATS = ("svg", "pdf", "png")
# Nothing in a file may depend on when it was drawn.
UNDATED = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}

SLIDE = (13.333, 7.5)  # inches
PHONE = 5.6  # inches: 16 pt stay readable when this is shown 350 pixels wide
MARGIN = 0.4
BODY, LARGE = 16, 18  # points: the least that the last row of a lecture hall can read
LABELS_AT_MOST = 4.3  # inches; a longer label is broken into lines
LABELS_BESIDE_PANELS = 3.6

UNITS = (
    # unit, seconds, and how many of it an axis may be labelled with besides one
    ("ns", 1e-9, (10, 100)),
    ("µs", 1e-6, (10, 100)),
    ("ms", 1e-3, (10, 100)),
    ("s", 1.0, (10,)),
    ("min", 60.0, (10,)),
    ("h", 3600.0, (10,)),
    ("day", 86400.0, (10, 100)),
    ("year", 365.25 * 86400.0, (10, 100, 1000, 10_000)),
)


def round_times(fine: bool) -> list[tuple[float, str]]:
    """What an axis may be labelled with, the roundest first: 1 ms, then 10 ms, then 2 ms."""
    ones = [(1, unit, size) for unit, size, _ in UNITS]
    tens = [(count, unit, size) for unit, size, counts in UNITS for count in counts]
    others = [(5 * n, u, s) for n, u, s in ones + tens] + [(2 * n, u, s) for n, u, s in ones + tens]
    named = [*ones, *tens, *(others if fine else [])]
    return [(count * size, _counted(count, unit)) for count, unit, size in named]


def _counted(count: int, unit: str) -> str:
    return f"{count:,} {unit}" + ("s" if count > 1 and unit in ("day", "year") else "")


def why_not() -> str:
    """Empty when pictures can be drawn."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        return "matplotlib is not installed (python3 -m pip install matplotlib)"
    return ""


def drawn_page(
    run: Run,
    theme: str,
    narrow: bool,
    title: str,
    what: str,
    fill: Callable[[Page], None],
    setting: str = "",
    rounds: str = "",
):
    """A figure: what it shows, in words; what `fill` draws; where and how it was measured."""
    from matplotlib import style

    with style.context(STYLES[theme]):
        page = Page(PHONE if narrow else SLIDE[0], palette(theme))
        page.lines(title, 20 if narrow else 26, weight="bold")
        page.y += 0.05
        page.lines(what, BODY if narrow else LARGE, "muted")
        page.y += 0.2
        fill(page)
        page.y += 0.25
        page.lines(" · ".join(filter(None, [setting, picture_footer(run), rounds])), color="muted")
        return page.figure(0.0 if narrow else SLIDE[1])


def repainted(svg: bytes) -> bytes:
    """A light picture in dark colours: each stands for one thing only, so none is mistaken."""
    dark = {
        light.encode(): palette("dark")[name].encode() for name, light in palette("light").items()
    }
    return re.sub(b"|".join(dark), lambda match: dark[match[0]], svg)


def rendered(figure, form: str, theme: str = "light") -> bytes:
    """The bytes of a figure: the same for the same figure, today and tomorrow."""
    from matplotlib import style

    content = io.BytesIO()
    with style.context(STYLES[theme]):
        figure.savefig(content, format=form, metadata=UNDATED[form])
    return content.getvalue()


@cache
def palette(theme: str) -> dict[str, str]:
    """The colours of a theme by what they stand for, as #rrggbb."""
    from matplotlib import colors, rcParams, style

    with style.context(STYLES[theme]):
        cycle = [entry["color"] for entry in rcParams["axes.prop_cycle"]]
        named = {
            "c++": cycle[0],
            "python": cycle[1],
            "before": cycle[2],
            "paper": rcParams["figure.facecolor"],
            "ink": rcParams["text.color"],
            "muted": rcParams["axes.labelcolor"],
            "edge": rcParams["axes.edgecolor"],
            "grid": rcParams["grid.color"],
        }
        return {name: colors.to_hex(color) for name, color in named.items()}


class Page:
    """A blank sheet, measured in inches from its top left corner, filled from above."""

    def __init__(self, width: float, colors: dict[str, str], stretch: float = 0.0):
        self.width = width
        self.colors = colors
        self.stretch = stretch  # what each row of a wide chart is given beyond its need
        self.narrow = width < SLIDE[0]
        self.y = MARGIN
        self.artists: list = []

    @property
    def inner(self) -> float:
        return self.width - 2 * MARGIN

    def text(self, x: float, y: float, words: str, size: float = BODY, color: str = "ink", **kind):
        """One line, its middle at height y."""
        from matplotlib.text import Text

        kind.setdefault("verticalalignment", "center_baseline")
        # A dollar is a dollar: nobody's reason is meant as a formula.
        words = words.replace("$", r"\$")
        self.artists.append(Text(x, y, words, fontsize=size, color=self.colors[color], **kind))

    def lines(self, words: str, size: float = BODY, color: str = "ink", weight: str = "normal"):
        """Words over the whole width, broken into lines."""
        for line in wrapped(words, self.inner, size, weight):
            self.y += 0.5 * line_height(size)
            self.text(MARGIN, self.y, line, size, color, fontweight=weight)
            self.y += 0.5 * line_height(size)

    def box(self, x: float, y: float, width: float, height: float, label: str = "", **kind):
        """A bar whose middle is at height y."""
        from matplotlib.patches import Rectangle

        corner = (x, y - height / 2)
        self.artists.append(Rectangle(corner, width, height, label=label, **kind))

    def line(self, xs: list[float], ys: list[float], **kind):
        from matplotlib.lines import Line2D

        kind.setdefault("solid_capstyle", "butt")
        self.artists.append(Line2D(xs, ys, **kind))

    def figure(self, at_least: float):
        """The sheet as a matplotlib figure, no lower than this."""
        from matplotlib.figure import Figure

        height = max(self.y + MARGIN, at_least)
        figure = Figure(figsize=(self.width, height), facecolor=self.colors["paper"])
        axes = figure.add_axes([0, 0, 1, 1])
        axes.set_axis_off()
        axes.set(xlim=(0, self.width), ylim=(height, 0))
        for artist in self.artists:
            axes.add_artist(artist)
        return figure


def line_height(size: float) -> float:
    return 1.3 * size / 72


@lru_cache(maxsize=4096)
def text_width(words: str, size: float = BODY, weight: str = "normal") -> float:
    """Inches, with a little slack for renderers that fit glyphs to pixels."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    return 1.02 * text_to_path.get_text_width_height_descent(words, font, False)[0] / 72


def wrapped(words: str, width: float, size: float = BODY, weight: str = "normal") -> list[str]:
    """Lines no wider than this, broken between words, or in one that is wider by itself."""
    lines = [""]
    for word in words.split():
        while word:
            longer = f"{lines[-1]} {word}".strip()
            if text_width(longer, size, weight) <= width:
                lines[-1], word = longer, ""
            elif text_width(word, size, weight) <= width:
                lines.append("")
            else:
                fits = _fitting(longer, width, size, weight)
                lines[-1], word = longer[:fits].rstrip(), longer[fits:]
                lines.append("")
    return [line for line in lines if line]


def _fitting(words: str, width: float, size: float, weight: str) -> int:
    """How many characters of a line fit, up to an underscore where there is one."""
    most = max(
        n for n in range(1, len(words)) if n == 1 or text_width(words[:n], size, weight) <= width
    )
    return words.rfind("_", 0, most) + 1 or most


class LogScale:
    """Places times on a logarithmic axis so that what stands behind each bar still fits."""

    def __init__(self, left: float, right: float, ends: list[tuple[float, float]], least: float):
        """`ends`: how far each bar reaches, in seconds, and the width of the text behind it."""
        self.left, self.right = left, right
        # Even the shortest bar gets some length.
        self.low = math.floor(math.log10(least) - 0.3)
        width = right - left
        spans = [
            (math.log10(end) - self.low) * width / max(width - text, 0.2 * width)
            for end, text in ends
        ]
        self.span = max([*spans, 1.0])

    def x(self, seconds: float) -> float:
        return self.left + (math.log10(seconds) - self.low) / self.span * (self.right - self.left)

    def ticks(self, first: float, last: float) -> list[tuple[float, float, str]]:
        """Round times, the roundest first, as many as have room: place, middle of label, label.

        Labels stay between `first` and `last`, even where their tick is at the edge.
        """
        shown: list[tuple[float, float, str]] = []
        for seconds, name in round_times(fine=self.span < 2.5):
            x = self.x(seconds)
            half = text_width(name) / 2
            middle = min(max(x, first + half), last - half)
            inside = self.left - 1e-9 <= x <= self.right
            if inside and all(_apart((middle, name), other[1:]) for other in shown):
                shown.append((x, middle, name))
        return shown


def _apart(tick: tuple[float, str], other: tuple[float, str]) -> bool:
    room = (text_width(tick[1]) + text_width(other[1])) / 2 + 0.15
    return abs(tick[0] - other[0]) >= room


class LinearScale:
    """Places amounts on an axis from 0 so that what stands behind each bar still fits."""

    def __init__(self, left: float, right: float, ends: list[tuple[float, float]]):
        self.left, self.right = left, right
        width = right - left
        rooms = [max(width - text, 0.2 * width) / end for end, text in ends if end > 0]
        self.inches = min(rooms, default=0.0)

    def x(self, amount: float) -> float:
        return self.left + amount * self.inches


def draw_head(page: Page, group: Group, what: str) -> None:
    page.lines(group.ladder.title, 20 if page.narrow else 26, weight="bold")
    page.y += 0.05
    case = group.label.replace("/", ", ") or "the only case"
    page.lines(f"{case}: {what}", BODY if page.narrow else LARGE, "muted")


def draw_legend(page: Page, entries: list[tuple[str, str]]) -> None:
    """Swatches with their meaning, in as many lines as they need."""
    page.y += 0.12 + 0.5 * line_height(BODY)
    x = MARGIN
    for swatch, meaning in entries:
        before = 0.3 if swatch in LANGUAGES else 0.45
        width = before + text_width(meaning)
        if x > MARGIN and x + width > page.width - MARGIN:
            x = MARGIN
            page.y += line_height(BODY)
        _draw_swatch(page, swatch, x, page.y)
        page.text(x + before, page.y, meaning)
        x += width + 0.4
    page.y += 0.5 * line_height(BODY)


def _draw_swatch(page: Page, swatch: str, x: float, y: float) -> None:
    if swatch in LANGUAGES:
        draw_badge(page, swatch, x + 0.1, y)
    elif swatch == "limit":
        draw_limit(page, x + 0.17, y, 0.2)
    elif swatch == "interval":
        draw_whisker(page, x + 0.02, x + 0.32, y)
    else:
        color = page.colors["c++" if swatch == "cost" else "edge"]
        page.box(x, y, 0.34, 0.2, **fill(page, swatch, color))


def fill(page: Page, kind: str, color: str) -> dict:
    """How a bar of this kind is filled: the hatch says it without colour."""
    if kind == "forecast":
        return {
            "facecolor": "none",
            "edgecolor": color,
            "hatch": "//",
            "linestyle": "--",
            "linewidth": 1.5,
        }
    if kind == "alike":
        return {
            "facecolor": color,
            "edgecolor": page.colors["paper"],
            "hatch": "\\\\",
            "linewidth": 0,
        }
    if kind == "before":
        return {"facecolor": page.colors["before"], "linewidth": 0}
    return {"facecolor": color, "linewidth": 0}


def draw_badge(page: Page, language: str, x: float, y: float) -> None:
    """A square for C++, a disc for Python: the shape says it without colour."""
    from matplotlib.patches import Circle

    color = page.colors[language]
    if language == "python":
        page.artists.append(Circle((x, y), 0.1, facecolor=color, linewidth=0))
    else:
        page.box(x - 0.09, y, 0.18, 0.18, facecolor=color, linewidth=0)


def label_lines(drawn: list[Bar], width: float) -> list[list[str]]:
    return [wrapped(bar.label, width) for bar in drawn]


def left_of_bars(names: list[list[str]]) -> float:
    """Where bars begin, behind the widest label."""
    widest = max((text_width(line) for name in names for line in name), default=0.0)
    return MARGIN + 0.32 + widest + 0.18


def row_height(label_lines: int, word_lines: int) -> float:
    return max(0.52, max(label_lines, word_lines) * line_height(BODY) + 0.14)


def thickness(row_height: float) -> float:
    return 0.62 * min(row_height, 1.0)


def draw_label(page: Page, bar: Bar, name: list[str], middle: float) -> None:
    draw_badge(page, bar.row.language, MARGIN + 0.1, middle)
    draw_block(page, MARGIN + 0.32, middle, name, "ink")


def draw_label_above(page: Page, bar: Bar) -> None:
    draw_badge(page, bar.row.language, MARGIN + 0.1, page.y + 0.5 * line_height(BODY))
    for line in wrapped(bar.label, page.inner - 0.3, weight="bold"):
        page.y += 0.5 * line_height(BODY)
        page.text(MARGIN + 0.3, page.y, line, fontweight="bold")
        page.y += 0.5 * line_height(BODY)


def draw_block(page: Page, x: float, middle: float, lines: list[str], color: str, **kind) -> None:
    y = middle - 0.5 * (len(lines) - 1) * line_height(BODY)
    for line in lines:
        page.text(x, y, line, color=color, **kind)
        y += line_height(BODY)


def draw_time_axis(
    page: Page, scale: LogScale, top: float, bottom: float, grid: bool = True
) -> float:
    """Round times under the bars; how much height they take."""
    for x, middle, name in scale.ticks(MARGIN, page.width - MARGIN):
        if grid:
            page.line([x, x], [top, bottom], color=page.colors["grid"], linewidth=1, zorder=0)
        page.line([x, x], [bottom, bottom + 0.08], color=page.colors["edge"], linewidth=1.2)
        page.text(middle, bottom + 0.25, name, color="muted", horizontalalignment="center")
    page.line([scale.left, scale.right], [bottom, bottom], color=page.colors["edge"], linewidth=1.2)
    return 0.25 + line_height(BODY)


def draw_limit(page: Page, x: float, y: float, height: float) -> None:
    """A roofline stood on its end: no bar can be shorter than up to here."""
    reach = height / 2 + 0.05
    # Seen on a bar of any colour by its rim.
    for color, width in (("paper", 6.0), ("ink", 2.6)):
        page.line(
            [x, x], [y - reach, y + reach], color=page.colors[color], linewidth=width, zorder=4
        )


def draw_whisker(page: Page, low: float, high: float, y: float) -> None:
    color = page.colors["ink"]
    page.line([low, high], [y, y], color=color, linewidth=1.6, zorder=3)
    for x in (low, high):
        page.line([x, x], [y - 0.07, y + 0.07], color=color, linewidth=1.6, zorder=3)


def picture_footer(run: Run) -> str:
    """Where and when this was measured."""
    suite = run.document["suite"]
    commit = suite["commit"][:10] + (", changed" if suite["dirty"] else "")
    model = run.machine.get("cpu", {}).get("model", "unknown processor")
    return " · ".join(
        [run.machine["name"], model, run.document["started"][:10], f"commit {commit}"]
    )
