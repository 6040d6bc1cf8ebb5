"""What rungs turn of the machine's bandwidth into results: a panel per problem.

An example says in its claims.json, under "sizes", at which size this is worth a chart:
  "sizes": {"parameter": "length", "bandwidth_at": 10000000, ...}
Counted are the bytes that no rung can do without, over its time: a rung that moves more is so much
further below what the machine could do.
"""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from ..judge.sizes import Line, Point, Sizes, of_ladder
from ..judge.standings import plain_name
from ..runs.amounts import percent_text
from ..runs.intervals import Interval, ends
from ..runs.quantities import count_text, digits, plural
from ..runs.results import Ladder, Run, bandwidth_for, case_label, interpreter_label
from . import _look

OF = "ladder"


@dataclass(frozen=True)
class Share:
    """Of a rung on one problem: its bytes per second over those of the triad."""

    line: Line
    point: Point
    value: Interval

    @property
    def text(self) -> str:
        share = f"{percent_text(self.value.value)} %"
        return f"{share}, {plural(self.rounds, 'round')}" if self.point.few else share

    @property
    def rounds(self) -> int:
        return len(self.point.row.round_seconds())


@dataclass(frozen=True)
class Panel:
    """One problem."""

    title: str
    lines: list[Line]
    shares: dict[str, Share]  # by rung: those that were measured

    def text(self, rung: str) -> str:
        return self.shares[rung].text if rung in self.shares else "not measured"


@dataclass(frozen=True)
class Bandwidths:
    """What one chart shows."""

    ladder: Ladder
    parameter: str
    size: float
    threads: int
    bytes_per_second: float  # of a triad on all these threads
    of_one_thread: float | None  # the share of it that one thread moves; None if there is but one
    panels: list[Panel]

    @property
    def rungs(self) -> dict[str, Line]:
        """In the order of the ladder, each with the line of a panel in which it was measured."""
        found = {line.rung: line for panel in self.panels for line in panel.lines}
        found |= {rung: each.line for panel in self.panels for rung, each in panel.shares.items()}
        return {rung.name: found[rung.name] for rung in self.ladder.rungs if rung.name in found}

    @property
    def measured(self) -> list[str]:
        """The rungs that have a row: those that were measured on one of the problems."""
        return [rung for rung in self.rungs if any(rung in panel.shares for panel in self.panels)]


def shown(run: Run, ladder: Ladder) -> Bandwidths | None:
    """None where the example asks for no such chart, or the run cannot answer."""
    size = ladder.sizes.get("bandwidth_at")
    if size is None:
        return None
    charts = [chart for chart in of_ladder(run, ladder) if _points(chart, size)]
    rows = [point.row for chart in charts for _, point in _points(chart, size)]
    # All from the level that holds the smallest: at a size worth this chart that is memory.
    moved = min((row.work.get("bytes", 0) for row in rows), default=0)
    threads = max((row.threads for row in rows), default=1)
    most = bandwidth_for(run.bandwidths(threads), moved)
    if not moved or not most:
        return None
    one = bandwidth_for(run.bandwidths(1), moved) if threads > 1 else None
    panels = [_panel(chart, size, most) for chart in charts]
    of_one = one / most if one else None
    return Bandwidths(ladder, ladder.sizes["parameter"], size, threads, most, of_one, panels)


def words(bandwidths: Bandwidths) -> _look.Words:
    ladder, rungs = bandwidths.ladder, bandwidths.rungs
    rate = f"{digits(bandwidths.bytes_per_second / 1e9)} GB/s on {_threads(bandwidths.threads)}"
    what = (
        f"{bandwidths.parameter} {count_text(bandwidths.size)}: per cent of the bandwidth of this "
        f"machine's triad, {rate}"
    )
    triad = f"The line is the triad on {_threads(bandwidths.threads)}, 100 %"
    if bandwidths.of_one_thread is not None:
        triad += f"; dotted, on one thread, {percent_text(bandwidths.of_one_thread)} %"
    notes = [
        f"Counted are the bytes that no rung can do without, over the time of a run. {triad}.",
    ]
    missing = [line.label for rung, line in rungs.items() if rung not in bandwidths.measured]
    if missing:
        notes.append(f"Not measured at this size: {', '.join(missing)}.")
    said = []
    for panel in bandwidths.panels:
        told = [f"{rungs[line.rung].label} {panel.text(line.rung)}" for line in panel.lines]
        shares = ", ".join(told)
        said.append(f"{panel.title}: {shares}" if panel.title else shares)
    return _look.Words(
        title=_finding(bandwidths) or f"{ladder.title}: bandwidth",
        myth=_look.myth(ladder),
        what=f"{what}; blue: C++, orange: Python; lines: 95 % intervals",
        alt=f"Bar chart, {ladder.title}, {what}. {'; '.join(said)}.",
        notes=notes,
    )


def draw(bandwidths: Bandwidths, look: _look.Look) -> Figure:
    rungs, panels, ink = bandwidths.measured, bandwidths.panels, look.colors["ink"]
    rows = look.rows([bandwidths.rungs[rung].label for rung in rungs])
    shape = {"nrows" if look.narrow else "ncols": len(panels), "squeeze": False}
    height = (rows.height + 0.8) * (len(panels) if look.narrow else 1)
    figure, every = look.figure(words(bandwidths), height, **shape)
    values = [share.value.high for panel in panels for share in panel.shares.values()]
    for axes, panel in zip(every.flat, panels):
        rows.name(axes, again=axes is not every.flat[0])
        axes.set(title=panel.title, xlim=(0, 1.02 * max(1.0, *values)))
        axes.xaxis.set_major_formatter(_look.ticker.PercentFormatter(1.0, symbol=" %"))
        axes.xaxis.set_major_locator(_look.ticker.MaxNLocator(2))
        axes.axvline(1.0, color=ink, linewidth=1.8, zorder=3)
        if bandwidths.of_one_thread is not None:
            axes.axvline(bandwidths.of_one_thread, color=ink, linestyle=(0, (1, 2)), zorder=3)
        found = [panel.shares.get(rung) for rung in rungs]
        sure = [share.value if share and not share.point.few else None for share in found]
        look.whiskers(axes, sure, rows.places)
        for index, (share, y) in enumerate(zip(found, rows.places)):
            if share:
                bar = look.bar(share.line.language)
                axes.barh(y, share.value.value, _look.BARS * rows.mark, **bar)
            rows.tell(axes, index, "", panel.text(rungs[index]))
    return figure


def table(bandwidths: Bandwidths) -> tuple[str, list[list]]:
    rows = []
    for share in (each for panel in bandwidths.panels for each in panel.shares.values()):
        line, row = share.line, share.point.row
        who = [line.label, line.rung, line.language, interpreter_label(row.interpreter)]
        case = [row.threads, case_label(row.case), row.work["bytes"]]
        seconds = share.point.seconds.value * row.items
        rows.append([*who, *case, seconds, *ends(share.value), share.rounds])
    names = "label,rung,language,interpreter,threads,case,bytes,seconds,share,low,high,rounds"
    return names, rows


def _finding(bandwidths: Bandwidths) -> str:
    """The most and the least of the bandwidth that rungs of the first panel turn into results."""
    panel = bandwidths.panels[0]
    sure = sorted(
        (share for share in panel.shares.values() if not share.point.few),
        key=lambda share: share.value.value,
    )
    if len(sure) < 2:
        return ""
    least, most = sure[0], sure[-1]
    where = f"{panel.title}: " if panel.title and len(bandwidths.panels) > 1 else ""
    return (
        f"{where}{plain_name(most.line.label)} turns {most.text} of the bandwidth into results, "
        f"{plain_name(least.line.label)} {least.text}"
    )


def _points(chart: Sizes, size: float) -> list[tuple[Line, Point]]:
    return [(line, point) for line in chart.lines for point in line.points if point.size == size]


def _panel(chart: Sizes, size: float, most: float) -> Panel:
    shares = {}
    for line, point in _points(chart, size):
        per_item = point.row.work["bytes"] / point.row.items
        times = (point.seconds.value, point.seconds.high, point.seconds.low)
        value = Interval(*(per_item / seconds / most for seconds in times))
        shares[line.rung] = Share(line, point, value)
    return Panel(", ".join(map(str, chart.problem.values())), chart.lines, shares)


def _threads(count: int) -> str:
    return "one thread" if count == 1 else f"{count} threads"
