"""What rungs turn of the machine's bandwidth into results. Nothing here draws.

An example says in its claims.json, under "sizes", at which size this is worth a chart:
  "sizes": {"parameter": "length", "bandwidth_at": 10000000, ...}
Counted are the bytes that no rung can do without, over its time: a rung that moves more is so much
further below what the machine could do.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..judge.sizes import Line, Point, Sizes, of_ladder
from ..runs.intervals import Interval
from ..runs.quantities import count_text, digits
from ..runs.results import Ladder, Run, bandwidth_for, case_label, csv_text, interpreter_label
from .bars import percent_text


@dataclass(frozen=True)
class Share:
    """Of a rung on one problem: its bytes per second over those of the triad."""

    line: Line
    point: Point | None  # None: not measured
    value: Interval | None

    @property
    def text(self) -> str:
        return f"{percent_text(self.value.value)} %" if self.value else "not measured"


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

    name = "bandwidth"

    @property
    def title(self) -> str:
        return self.ladder.title

    @property
    def rungs(self) -> dict[str, Line]:
        """In the order of the ladder, each with the line of a panel in which it was measured."""
        shares = [share for panel in self.panels for share in panel.shares]
        found = {share.line.rung: share.line for share in sorted(shares, key=_is_measured)}
        return {rung.name: found[rung.name] for rung in self.ladder.rungs if rung.name in found}

    @property
    def what(self) -> str:
        rate = f"{digits(self.bytes_per_second / 1e9)} GB/s on {_threads(self.threads)}"
        return (
            f"{self.parameter} {count_text(self.size)}: per cent of the bandwidth of this "
            f"machine's triad, {rate}"
        )

    @property
    def notes(self) -> list[str]:
        triad = f"The line is the triad on {_threads(self.threads)}, 100 %"
        if self.of_one_thread is not None:
            triad += f"; dotted, on one thread, {percent_text(self.of_one_thread)} %"
        return [
            "Counted are the bytes that no rung can do without, over the time of a run.",
            f"{triad}.",
        ]

    @property
    def alt(self) -> str:
        """The chart in words."""
        said, rungs = [], self.rungs
        for panel in self.panels:
            shares = ", ".join(f"{rungs[s.line.rung].label} {s.text}" for s in panel.shares)
            said.append(f"{panel.title}: {shares}" if panel.title else shares)
        return " ".join([f"Bar chart, {self.title}, {self.what}. {'; '.join(said)}.", *self.notes])

    def csv(self) -> str:
        rows = []
        names = "label,rung,language,interpreter,threads,case,bytes,seconds,share,low,high,rounds"
        for share in (each for panel in self.panels for each in panel.shares if each.value):
            row, line = share.point.row, share.line
            cells = [line.label, line.rung, line.language, interpreter_label(row.interpreter)]
            cells += [row.threads, case_label(row.case), f"{row.work['bytes']:g}"]
            cells.append(f"{share.point.seconds.value * row.items:.9g}")
            cells += [f"{x:.6g}" for x in vars(share.value).values()]
            rows.append([*cells, len(row.round_seconds())])
        return csv_text(names, rows)


def bandwidths(run: Run, ladder: Ladder) -> Bandwidths | None:
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
