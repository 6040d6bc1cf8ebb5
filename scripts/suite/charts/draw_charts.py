"""Draw the ladders of a run, and their memory where it matters, with the data and words beside.

Everything is placed in inches on one blank page, from measured widths of text: only so can a
label be promised not to run into another, for any number of rungs and any range of times.
"""

from __future__ import annotations

import io
import math
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from pathlib import Path

from ..judge import sizes
from ..runs import results, studies, watched
from ..runs.results import Group, Ladder, Run
from .bandwidths import Bandwidths, bandwidths
from .bars import (
    LANGUAGES,
    Bar,
    added_bytes,
    bars_drawn,
    ladder_alt,
    ladder_bars,
    ladder_csv,
    measured_groups,
    memory_alt,
    memory_bars,
    memory_csv,
    memory_notes,
    memory_texts,
    notes,
    page_faults,
    rounds_text,
    wants_memory_chart,
)
from .scaling import speed_ups
from .timelines import timeline_alt, timeline_csv, wants_timeline_chart
from .waterfalls import waterfall
from .years import years

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


def draw_run(
    folder: Path, formats: Iterable[str] = ("svg",), themes: Iterable[str] = ("light", "dark")
) -> list[Path]:
    """Draw a run into its own charts/; the files that were written."""
    missing = why_not()
    if missing:
        print(f"charts: skipped: {missing}", file=sys.stderr)
        return []
    run = results.load(folder)
    written = []
    for group in measured_groups(run):
        for kind in kinds(group):
            base = folder / "charts" / f"{group.slug}-{kind}"
            written += _write_words(base, group, kind)
            for theme in themes:
                for form in formats:
                    path = base.with_name(f"{base.name}-{theme}.{form}")
                    results.write_bytes(path, picture(run, group, kind, form, theme))
                    written.append(path)
    charts = [*_of_cases(run), *_of_ladders(run), *_beside_run(run)]
    for name, shown, drawn in charts:
        base = folder / "charts" / name
        for ending, text in ((".csv", shown.csv()), (".txt", shown.alt + "\n")):
            written.append(base.with_name(base.name + ending))
            results.write_text(written[-1], text)
        for theme in themes:
            for form in formats:
                written.append(base.with_name(f"{base.name}-{theme}.{form}"))
                results.write_bytes(written[-1], rendered(drawn(run, shown, theme), form, theme))
    return written


def _of_cases(run: Run) -> list[tuple]:
    return [
        (f"{group.slug}-{name}", *chart)
        for group in measured_groups(run)
        for name, *chart in case_charts(run, group)
    ]


def _of_ladders(run: Run) -> list[tuple]:
    return [
        (f"{ladder.example}-{name}", *chart)
        for ladder in run.ladders
        for name, *chart in ladder_charts(run, ladder)
    ]


def _beside_run(run: Run) -> list[tuple]:
    """What was studied and watched beside the run. A fault in it does not cost the other charts."""
    found = []
    for reader, charts in ((studies.of_run, study_charts), (watched.of_run, watched_charts)):
        try:
            beside = reader(run)
        except ValueError as error:
            print(f"charts: {error}", file=sys.stderr)
            continue
        if beside is not None:
            found += [(f"{beside.example}-{name}", *chart) for name, *chart in charts(beside)]
    return found


def case_charts(run: Run, group: Group) -> list[tuple]:
    """Name, data and drawing function of each chart that shows a case in other ways than `kinds`:
    with guests, and as curves."""
    from . import draw_speedups

    shown = speed_ups(run, group)
    return [(draw_speedups.NAME, shown, draw_speedups.draw)] if shown else []


def ladder_charts(run: Run, ladder: Ladder) -> list[tuple]:
    """The same for charts of more than one case of a ladder, or of less than all of its rungs."""
    from . import draw_bandwidths, draw_sizes, draw_waterfall, draw_years

    charts = [
        *((chart.name, chart, draw_sizes.draw) for chart in sizes.of_ladder(run, ladder)),
        (Bandwidths.name, bandwidths(run, ladder), draw_bandwidths.draw),
        (draw_waterfall.NAME, waterfall(run, ladder), draw_waterfall.draw),
        (draw_years.NAME, years(run, ladder), draw_years.draw),
    ]
    return [chart for chart in charts if chart[1] is not None]


def study_charts(study: studies.Study) -> list[tuple]:
    """The same for a study beside the run."""
    from . import draw_study

    return [(draw_study.NAME, study, draw_study.draw)] if study.charted else []


def watched_charts(seen: watched.Watched) -> list[tuple]:
    """The same for what was watched of threads beside the run."""
    from . import draw_watched

    drawn = {
        "timeline": draw_watched.draw_timelines,
        "convoy": draw_watched.draw_convoys,
        "payload": draw_watched.draw_payloads,
    }
    return [(shown.name, shown, drawn[shown.name]) for shown in seen.shown]


def why_not() -> str:
    """Empty when pictures can be drawn."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        return "matplotlib is not installed (python3 -m pip install matplotlib)"
    return ""


def kinds(group: Group) -> list[str]:
    if not wants_memory_chart(group):
        return ["ladder"]
    return ["ladder", "memory"] + (["timeline"] if wants_timeline_chart(group) else [])


def draw(run: Run, group: Group, kind: str, theme: str = "light", narrow: bool = False):
    """A figure: at least as high as a slide, or narrow, for a phone."""
    from matplotlib import style

    with style.context(STYLES[theme]):
        page = _filled(run, group, kind, theme, narrow)
        spare = SLIDE[1] - MARGIN - page.y
        if narrow or spare <= 0:
            return page.figure(0.0)
        # Few rungs on a whole slide: their bars may be thicker.
        page = _filled(run, group, kind, theme, narrow, min(spare / len(group.rows), 0.8))
        return page.figure(SLIDE[1])


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


def _filled(
    run: Run, group: Group, kind: str, theme: str, narrow: bool, stretch: float = 0.0
) -> Page:
    page = Page(PHONE if narrow else SLIDE[0], palette(theme), stretch)
    _drawing(kind)(page, group)
    _draw_footer(page, run, group)
    return page


def _drawing(kind: str):
    """The function that fills a page with a chart of this kind."""
    if kind == "timeline":
        from .draw_timeline import draw_timeline

        return draw_timeline
    return {"ladder": _draw_ladder, "memory": _draw_memory}[kind]


# What stands beside each kind of chart: its words, its data.
BESIDE = {
    "ladder": (ladder_alt, ladder_csv),
    "memory": (memory_alt, memory_csv),
    "timeline": (timeline_alt, timeline_csv),
}


def picture(run: Run, group: Group, kind: str, form: str, theme: str) -> bytes:
    """The chart as a file of its own holds it."""
    if form != "svg":
        return rendered(draw(run, group, kind, theme), form, theme)
    # Drawing is what takes time, and an SVG in the dark differs in nothing but its colours.
    words, table = BESIDE[kind]
    shown = (kind, words(group), table(group), footer(run, group))
    if shown not in _drawn:
        _drawn[shown] = rendered(draw(run, group, kind), "svg")
    return _drawn[shown] if theme == "light" else repainted(_drawn[shown])


# What charts, files and report ask for alike, by all that it shows.
_drawn: dict[tuple, bytes] = {}


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


def _draw_ladder(page: Page, group: Group) -> None:
    every = ladder_bars(group)
    drawn = bars_drawn(every)
    draw_head(page, group, "time of one run, logarithmic scale")
    draw_legend(page, _ladder_legend(drawn))
    page.y += 0.15
    (_ladder_rows_narrow if page.narrow else _ladder_rows_wide)(page, drawn)
    for note in notes(every):
        page.y += 0.08
        page.lines(note)


def _ladder_rows_wide(page: Page, drawn: list[Bar]) -> None:
    names = label_lines(drawn, LABELS_AT_MOST)
    left = left_of_bars(names)
    right = page.width - MARGIN
    texts = {id(bar): _behind_bar(bar) for bar in drawn}
    scale = _time_scale(drawn, left, right, texts)
    words = [_words_instead(bar, right - left) for bar in drawn]
    heights = [row_height(len(a), len(b)) + page.stretch for a, b in zip(names, words)]
    top = page.y
    grid = draw_time_axis(page, scale, top, top + sum(heights))
    for bar, name, instead, height in zip(drawn, names, words, heights):
        middle = page.y + height / 2
        draw_label(page, bar, name, middle)
        if instead:
            draw_block(page, left + 0.15, middle, instead, "muted", fontstyle="italic")
        else:
            _draw_time_bar(page, bar, scale, middle, thickness(height))
            x = scale.x(_reach(bar)) + 0.12
            page.text(x, middle, bar.time, LARGE, fontweight="bold")
            x += text_width(bar.time, LARGE, "bold") + 0.15
            page.text(x, middle, bar.comparison, color="muted")
        page.y += height
    page.y += grid


def _ladder_rows_narrow(page: Page, drawn: list[Bar]) -> None:
    left, right = MARGIN, page.width - MARGIN
    scale = _time_scale(drawn, left, right, {})
    top = page.y
    start = len(page.artists)
    for bar in drawn:
        draw_label_above(page, bar)
        if bar.length is None:
            page.lines(bar.time, color="muted")
        else:
            page.y += 0.5 * line_height(BODY)
            page.text(left, page.y, bar.time, fontweight="bold")
            x = left + text_width(bar.time, weight="bold") + 0.15
            page.text(x, page.y, bar.comparison, color="muted")
            page.y += 0.5 * line_height(BODY)
            _draw_time_bar(page, bar, scale, page.y + 0.13, 0.2)
            page.y += 0.26
        page.y += 0.14
    rows = page.artists[start:]
    del page.artists[start:]
    below = draw_time_axis(page, scale, top, page.y, grid=False)
    page.artists += rows
    page.y += below


def _draw_memory(page: Page, group: Group) -> None:
    shown = memory_bars(group)
    draw_head(page, group, "memory, page faults and time of one run")
    draw_legend(page, _memory_legend(shown))
    page.y += 0.15
    (_memory_rows_narrow if page.narrow else _memory_rows_wide)(page, shown)
    for note in memory_notes(group):
        page.y += 0.08
        page.lines(note)


def _panels(shown: list[Bar]) -> list[tuple[str, list[float | None], list[str]]]:
    """Title, amounts and texts of each of the three columns."""
    peaks = [bar.row.layer("os.peak_resident_bytes") for bar in shown]
    texts = [memory_texts(bar) for bar in shown]
    times = [bar.seconds.value if bar.seconds else None for bar in shown]
    return [
        ("Peak memory", peaks, [text[1] for text in texts]),
        ("Page faults", [page_faults(bar.row) for bar in shown], [text[2] for text in texts]),
        ("Time", times, [bar.time if bar.seconds else "not measured" for bar in shown]),
    ]


def _memory_rows_wide(page: Page, shown: list[Bar]) -> None:
    names = label_lines(shown, LABELS_BESIDE_PANELS)
    left = left_of_bars(names)
    gap = 0.35
    width = (page.width - MARGIN - left - 2 * gap) / 3
    heights = [row_height(len(name), 0) + page.stretch for name in names]
    page.y += line_height(LARGE)
    top = page.y + 0.05
    for column, (title, amounts, texts) in enumerate(_panels(shown)):
        x = left + column * (width + gap)
        page.text(x, page.y - 0.5 * line_height(LARGE), title, LARGE, fontweight="bold")
        page.line([x, x], [top, top + sum(heights)], color=page.colors["edge"], linewidth=1.2)
        scale = _amount_scale(amounts, texts, x, x + width)
        y = top
        for bar, amount, text, height in zip(shown, amounts, texts, heights):
            middle = y + height / 2
            end = _draw_amount(page, bar, column, amount, scale, middle, thickness(height))
            page.text(end + 0.1, middle, text)
            y += height
    page.y = top
    for bar, name, height in zip(shown, names, heights):
        draw_label(page, bar, name, page.y + height / 2)
        page.y += height


def _memory_rows_narrow(page: Page, shown: list[Bar]) -> None:
    for column, (title, amounts, texts) in enumerate(_panels(shown)):
        page.y += 0.12
        page.lines(title, LARGE, "muted", weight="bold")
        scale = _amount_scale(amounts, texts, MARGIN, page.width - MARGIN)
        for bar, amount, text in zip(shown, amounts, texts):
            page.y += 0.06
            draw_label_above(page, bar)
            page.y += 0.5 * line_height(BODY)
            end = _draw_amount(page, bar, column, amount, scale, page.y, 0.2)
            page.text(end + 0.1, page.y, text)
            page.y += 0.5 * line_height(BODY)


def _amount_scale(amounts: list, texts: list[str], left: float, right: float) -> LinearScale:
    ends = [(amount or 0.0, text_width(text) + 0.15) for amount, text in zip(amounts, texts)]
    return LinearScale(left, right, ends)


def _draw_amount(
    page: Page,
    bar: Bar,
    column: int,
    amount: float | None,
    scale: LinearScale,
    y: float,
    height: float,
) -> float:
    """A bar of one of the three columns; where it ends."""
    if not amount:
        return scale.left
    color = page.colors[bar.row.language]
    start = scale.left
    if column == 0:
        start = scale.x(max(amount - added_bytes(bar.row), 0.0))
        page.box(
            scale.left, y, start - scale.left, height, color=page.colors["before"], linewidth=0
        )
    # What is there is seen, however small.
    width = max(scale.x(amount) - start, 0.02)
    page.box(start, y, width, height, label=bar.label, color=color, linewidth=0)
    return start + width


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
        _draw_limit(page, x + 0.17, y, 0.2)
    elif swatch == "interval":
        draw_whisker(page, x + 0.02, x + 0.32, y)
    else:
        color = page.colors["c++" if swatch == "cost" else "edge"]
        page.box(x, y, 0.34, 0.2, **fill(page, swatch, color))


def _ladder_legend(drawn: list[Bar]) -> list[tuple[str, str]]:
    entries = [
        (name, LANGUAGES[name]) for name in LANGUAGES if any(b.row.language == name for b in drawn)
    ]
    if any(bar.word in ("within noise", "not separated") for bar in drawn):
        entries.append(("alike", "no difference shown"))
    if any(bar.status == "forecast" for bar in drawn):
        entries.append(("forecast", "forecast, not run"))
    if any(bar.seconds and bar.rounds > 1 for bar in drawn):
        entries.append(("interval", "95 % interval"))
    if any(bar.limit for bar in drawn):
        entries.append(("limit", "this machine's limit for that rung"))
    return entries


def _memory_legend(shown: list[Bar]) -> list[tuple[str, str]]:
    entries = [
        (name, LANGUAGES[name]) for name in LANGUAGES if any(b.row.language == name for b in shown)
    ]
    return [*entries, ("before", "in use before the run")]


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


def _words_instead(bar: Bar, width: float) -> list[str]:
    """What a row without a bar says."""
    return wrapped(bar.time, width - 0.3) if bar.length is None else []


def _reach(bar: Bar) -> float:
    """Seconds up to which something is drawn."""
    return max(bar.length, bar.seconds.high if bar.seconds else 0.0, bar.limit or 0.0)


def _behind_bar(bar: Bar) -> float:
    if bar.length is None:
        return 0.0
    return 0.12 + text_width(bar.time, LARGE, "bold") + 0.15 + text_width(bar.comparison) + 0.05


def _time_scale(drawn: list[Bar], left: float, right: float, texts: dict[int, float]) -> LogScale:
    timed = [bar for bar in drawn if bar.length is not None]
    ends = [(_reach(bar), texts.get(id(bar), 0.1)) for bar in timed]
    return LogScale(
        left, right, ends, min(min(bar.length, bar.limit or bar.length) for bar in timed)
    )


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


def _draw_time_bar(page: Page, bar: Bar, scale: LogScale, y: float, height: float) -> None:
    kind = "alike" if bar.word in ("within noise", "not separated") else bar.status
    look = fill(page, kind, page.colors[bar.row.language])
    page.box(scale.left, y, scale.x(bar.length) - scale.left, height, label=bar.label, **look)
    if bar.seconds and bar.rounds > 1:
        draw_whisker(page, scale.x(bar.seconds.low), scale.x(bar.seconds.high), y)
    if bar.limit:
        _draw_limit(page, scale.x(bar.limit), y, height)


def _draw_limit(page: Page, x: float, y: float, height: float) -> None:
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


def _draw_footer(page: Page, run: Run, group: Group) -> None:
    page.y += 0.25
    page.lines(footer(run, group), color="muted")


def footer(run: Run, group: Group) -> str:
    """Where and when this was measured, and how often."""
    return f"{picture_footer(run)} · {rounds_text(ladder_bars(group))}"


def picture_footer(run: Run) -> str:
    """Where and when this was measured."""
    suite = run.document["suite"]
    commit = suite["commit"][:10] + (", changed" if suite["dirty"] else "")
    model = run.machine.get("cpu", {}).get("model", "unknown processor")
    return " · ".join(
        [run.machine["name"], model, run.document["started"][:10], f"commit {commit}"]
    )


def _write_words(base: Path, group: Group, kind: str) -> list[Path]:
    """What the picture shows, for a spreadsheet and for those who cannot see it."""
    words, table = BESIDE[kind]
    paths = [base.with_name(base.name + ending) for ending in (".csv", ".txt")]
    results.write_text(paths[0], table(group))
    results.write_text(paths[1], words(group) + "\n")
    return paths
