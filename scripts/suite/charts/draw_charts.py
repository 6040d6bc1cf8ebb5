"""Draw the ladders of a run, and their memory where it matters, with the data and words beside.

Everything is placed in inches on one blank page, from measured widths of text: only so can a
label be promised not to run into another, for any number of rungs and any range of times.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
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
from .page import (
    BODY,
    LABELS_AT_MOST,
    LABELS_BESIDE_PANELS,
    LARGE,
    MARGIN,
    PHONE,
    SLIDE,
    STYLES,
    LinearScale,
    LogScale,
    Page,
    draw_block,
    draw_head,
    draw_label,
    draw_label_above,
    draw_legend,
    draw_limit,
    draw_time_axis,
    draw_whisker,
    fill,
    label_lines,
    left_of_bars,
    line_height,
    palette,
    picture_footer,
    rendered,
    repainted,
    row_height,
    text_width,
    thickness,
    why_not,
    wrapped,
)
from .scaling import speed_ups
from .timelines import timeline_alt, timeline_csv, wants_timeline_chart
from .waterfalls import waterfall
from .years import years


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


def _draw_time_bar(page: Page, bar: Bar, scale: LogScale, y: float, height: float) -> None:
    kind = "alike" if bar.word in ("within noise", "not separated") else bar.status
    look = fill(page, kind, page.colors[bar.row.language])
    page.box(scale.left, y, scale.x(bar.length) - scale.left, height, label=bar.label, **look)
    if bar.seconds and bar.rounds > 1:
        draw_whisker(page, scale.x(bar.seconds.low), scale.x(bar.seconds.high), y)
    if bar.limit:
        draw_limit(page, scale.x(bar.limit), y, height)


def _draw_footer(page: Page, run: Run, group: Group) -> None:
    page.y += 0.25
    page.lines(footer(run, group), color="muted")


def footer(run: Run, group: Group) -> str:
    """Where and when this was measured, and how often."""
    return f"{picture_footer(run)} · {rounds_text(ladder_bars(group))}"


def _write_words(base: Path, group: Group, kind: str) -> list[Path]:
    """What the picture shows, for a spreadsheet and for those who cannot see it."""
    words, table = BESIDE[kind]
    paths = [base.with_name(base.name + ending) for ending in (".csv", ".txt")]
    results.write_text(paths[0], table(group))
    results.write_text(paths[1], words(group) + "\n")
    return paths
