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
from ..runs.intervals import Interval
from ..runs.quantities import count_text, digits, plural
from ..runs.results import Ladder, Run, bandwidth_for, case_label, interpreter_label
from . import _look

OF = "ladder"


@dataclass(frozen=True)
class Share:
    """Of a rung on one problem: its bytes per second over those of the triad."""

    line: Line
    point: Point | None  # None: not measured
    value: Interval | None

    @property
    def text(self) -> str:
        if self.value is None:
            return "not measured"
        share = f"{percent_text(self.value.value)} %"
        return share if self.sure else f"{share}, {plural(self.rounds, 'round')}"

    @property
    def sure(self) -> Interval | None:
        """Its value, if from rounds enough for an interval."""
        return self.value if self.point and not self.point.few else None

    @property
    def rounds(self) -> int:
        return len(self.point.row.round_seconds()) if self.point else 0


@dataclass(frozen=True)
class Panel:
    """One problem, all rungs."""

    problem: dict
    shares: list[Share]

    @property
    def title(self) -> str:
        return ", ".join(str(value) for value in self.problem.values())


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
        shares = [share for panel in self.panels for share in panel.shares]
        found = {share.line.rung: share.line for share in sorted(shares, key=_is_measured)}
        return {rung.name: found[rung.name] for rung in self.ladder.rungs if rung.name in found}

    @property
    def measured(self) -> list[str]:
        """The rungs that have a row: those that were measured on one of the problems."""
        shares = [share for panel in self.panels for share in panel.shares]
        there = {share.line.rung for share in shares if share.value}
        return [rung for rung in self.rungs if rung in there]


def shown(run: Run, ladder: Ladder) -> Bandwidths | None:
    """None where the example asks for no such chart, or the run cannot answer."""
    size = ladder.sizes.get("bandwidth_at")
    if size is None:
        return None
    charts = [chart for chart in of_ladder(run, ladder) if _points(chart, size)]
    rows = [point.row for chart in charts for point in _points(chart, size).values()]
    # All from the level that holds the smallest: at a size worth this chart that is memory.
    moved = min((row.work.get("bytes", 0) for row in rows), default=0)
    threads = max((row.threads for row in rows), default=1)
    most = _bandwidth(run, threads, moved)
    if not moved or not most:
        return None
    one = _bandwidth(run, 1, moved) if threads > 1 else None
    panels = [Panel(chart.problem, _shares(chart, size, most)) for chart in charts]
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
        shares = ", ".join(f"{rungs[s.line.rung].label} {s.text}" for s in panel.shares)
        said.append(f"{panel.title}: {shares}" if panel.title else shares)
    return _look.Words(
        title=_finding(bandwidths) or f"{ladder.title}: bandwidth",
        myth=f"{ladder.kind.capitalize()}: {ladder.title}",
        what=f"{what}; blue: C++, orange: Python; lines: 95 % intervals",
        alt=" ".join([f"Bar chart, {ladder.title}, {what}. {'; '.join(said)}.", *notes]),
        notes=notes,
    )


def draw(bandwidths: Bandwidths, look: _look.Look) -> Figure:
    rungs, panels = bandwidths.measured, bandwidths.panels
    rows = look.rows([bandwidths.rungs[rung].label for rung in rungs])
    shape = {"nrows" if look.narrow else "ncols": len(panels), "squeeze": False}
    height = (rows.height + 0.8) * (len(panels) if look.narrow else 1)
    figure, every = look.figure(words(bandwidths), height, **shape)
    values = [s.value.high for panel in panels for s in panel.shares if s.value]
    for axes, panel in zip(every.flat, panels):
        axes.set_title(panel.title, loc="left", fontsize=_look.BODY, fontweight="bold")
        rows.name(axes)
        if axes is not every.flat[0] and not look.narrow:
            axes.set_yticklabels([])
        axes.set_xlim(0, 1.02 * max(1.0, *values))
        axes.xaxis.set_major_formatter(_look.ticker.PercentFormatter(1.0, symbol=" %"))
        axes.xaxis.set_major_locator(_look.ticker.MaxNLocator(2))
        axes.axvline(1.0, color=look.colors["ink"], linewidth=1.8, zorder=3)
        if bandwidths.of_one_thread is not None:
            dotted = {"color": look.colors["ink"], "linestyle": (0, (1, 2)), "zorder": 3}
            axes.axvline(bandwidths.of_one_thread, **dotted)
        shares = {share.line.rung: share for share in panel.shares}
        found = [shares.get(rung) for rung in rungs]
        look.whiskers(axes, [share.sure if share else None for share in found], rows.places)
        for index, (share, y) in enumerate(zip(found, rows.places)):
            if share and share.value:
                bar = look.bar(share.line.language)
                axes.barh(y, share.value.value, _look.BARS * rows.mark, **bar)
            rows.tell(axes, index, "", share.text if share else "not measured")
    return figure


def table(bandwidths: Bandwidths) -> tuple[str, list[list]]:
    rows = []
    for share in (each for panel in bandwidths.panels for each in panel.shares):
        line, point, value = share.line, share.point, share.value
        if point is None or value is None:
            continue
        row = point.row
        cells: list[object] = [line.label, line.rung, line.language]
        cells += [
            interpreter_label(row.interpreter),
            row.threads,
            case_label(row.case),
            f"{row.work['bytes']:g}",
        ]
        cells.append(f"{point.seconds.value * row.items:.9g}")
        cells += [f"{x:.6g}" for x in vars(value).values()]
        rows.append([*cells, share.rounds])
    names = "label,rung,language,interpreter,threads,case,bytes,seconds,share,low,high,rounds"
    return names, rows


def _finding(bandwidths: Bandwidths) -> str:
    """The most and the least of the bandwidth that rungs of the first panel turn into results."""
    panel = bandwidths.panels[0]
    sure = [(share.sure.value, share) for share in panel.shares if share.sure]
    if len(sure) < 2:
        return ""
    (_, least), (_, most) = (pick(sure, key=lambda pair: pair[0]) for pick in (min, max))
    where = f"{panel.title}: " if panel.title and len(bandwidths.panels) > 1 else ""
    return (
        f"{where}{plain_name(most.line.label)} turns {most.text} of the bandwidth into results, "
        f"{plain_name(least.line.label)} {least.text}"
    )


def _is_measured(share: Share) -> bool:
    return share.value is not None


def _points(chart: Sizes, size: float) -> dict[str, Point]:
    return {ln.rung: p for ln in chart.lines for p in ln.points if p.size == size}


def _shares(chart: Sizes, size: float, most: float) -> list[Share]:
    points = _points(chart, size)
    shares = []
    for line in chart.lines:
        point = points.get(line.rung)
        shares.append(Share(line, point, _share(point, most) if point else None))
    return shares


def _share(point: Point, most: float) -> Interval:
    per_item = point.row.work["bytes"] / point.row.items
    times = (point.seconds.value, point.seconds.high, point.seconds.low)
    return Interval(*(per_item / seconds / most for seconds in times))


def _bandwidth(run: Run, threads: int, size: float) -> float | None:
    for peak in run.machine.get("ceilings", {}).get("peaks", []):
        if peak["threads"] == threads:
            return bandwidth_for(peak.get("bandwidths", []), size)
    return None


def _threads(count: int) -> str:
    return "one thread" if count == 1 else f"{count} threads"
