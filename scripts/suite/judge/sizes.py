"""Time per item against the size of the problem: one line per rung. Nothing here draws.

An example whose cases grow in one parameter says so in its claims.json:
  "sizes": {"parameter": "n",
            "bandwidth_at": 1000000,     for a chart of its own: see bandwidths.py
            "crossovers": [{"of": "<rung>", "over": "<rung>", "within": 1.25, "says": "..."}]}
A crossover is the size from which on `of` takes at most `within` times the time of `over`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

from ..runs.file_names import file_name
from ..runs.intervals import FEWEST_ROUNDS, Interval, enough, median_interval, ratio_interval
from ..runs.quantities import count_text
from ..runs.results import Ladder, Row, Run, parameter_words
from .standings import compared, plain_name


@dataclass(frozen=True)
class Point:
    """A rung on one size."""

    size: float
    seconds: Interval  # per item
    row: Row

    @property
    def few(self) -> bool:
        return len(self.row.round_seconds()) < FEWEST_ROUNDS


@dataclass(frozen=True)
class Line:
    """A rung on all sizes it was measured on, with the most threads if it uses any."""

    rung: str
    label: str
    language: str
    points: list[Point]

    @property
    def last(self) -> Point:
        return self.points[-1]


@dataclass(frozen=True)
class Ceiling:
    """Seconds in which a level of memory moves the bytes of an item."""

    level: str
    seconds: float


@dataclass(frozen=True)
class Crossover:
    of: str  # labels of rungs
    over: str
    within: float
    says: str
    size: Interval | None  # None if it is not among the sizes that were measured
    beyond: str  # then: why

    @property
    def text(self) -> str:
        if self.size is None:
            return f"{self.says}: {self.beyond}."
        low, high = count_text(round(self.size.low)), count_text(round(self.size.high))
        sure = "" if low == high else f" (95 % interval {low} to {high})"
        return (
            f"{self.says}: from {count_text(round(self.size.value))}{sure} on, where {self.of} "
            f"takes at most {self.within:g} times the time of {self.over}."
        )


@dataclass(frozen=True)
class Sizes:
    """The cases of an example that differ in one parameter."""

    ladder: Ladder
    parameter: str
    problem: dict  # the other parameters that make a difference
    lines: list[Line]
    ceilings: list[Ceiling]
    threads: int  # of the ceilings
    crossovers: list[Crossover]
    noise: float  # the floor of the machine

    @property
    def slug(self) -> str:
        """For names of files, such as temporaries_expression-polynomial."""
        return file_name(self.ladder.example, *parameter_words(self.problem))

    @property
    def example(self) -> str:
        return self.ladder.example

    @property
    def matter(self) -> list[int]:
        """The lines from the one that matters most: the baseline, those of crossovers, the fast."""
        fast = sorted(self.lines, key=lambda line: (-line.last.size, line.last.seconds.value))
        best = [next((ln for ln in fast if ln.language == of), None) for of in ("c++", "python")]
        crossed = {label for cross in self.crossovers for label in (cross.of, cross.over)}
        first = [line for line in self.lines if line.rung == self.ladder.baseline]
        first += [line for line in self.lines if line.label in crossed]
        order = [line for line in [*first, *best, *fast] if line]
        return [*dict.fromkeys(self.lines.index(line) for line in order)]


def finding(sizes: Sizes) -> str:
    """A crossover, else the fastest rung against the baseline on the largest size of both."""
    for crossover in sizes.crossovers:
        if crossover.size is not None:
            at = count_text(round(crossover.size.value))
            return f"{crossover.says}: from {sizes.parameter} = {at} on"
    base = next((line for line in sizes.lines if line.rung == sizes.ladder.baseline), None)
    if base is None:
        return ""
    for point in reversed(base.points):
        there = [(ln, p) for ln in sizes.lines for p in ln.points if p.size == point.size]
        there = [(ln, p) for ln, p in there if ln is not base and enough(*_times(p, point))]
        if there:
            line, best = min(there, key=lambda pair: pair[1].seconds.value)
            ratio = ratio_interval(*_times(best, point))
            at = f"At {sizes.parameter} = {count_text(point.size)} "
            names = plain_name(line.label), plain_name(base.label)
            return at + compared(*names, ratio, sizes.noise)
    return ""


def of_ladder(run: Run, ladder: Ladder) -> list[Sizes]:
    """The charts of an example: one for each choice of its other parameters, mostly one."""
    if not ladder.sizes:
        return []
    parameter = ladder.sizes["parameter"]
    rows = [row for row in run.rows_of(ladder.example) if row.status == "ok" and row.items]
    rows = [row for row in rows if isinstance(row.case.get(parameter), (int, float))]
    free = _free(rows, parameter)
    values = [list(dict.fromkeys(row.case.get(name) for row in rows)) for name in free]
    charts = []
    for chosen in product(*values):
        problem = dict(zip(free, chosen))
        here = [r for r in rows if all(r.case.get(name) == v for name, v in problem.items())]
        lines = _lines(ladder, here, parameter)
        if any(len(line.points) > 1 for line in lines):
            threads = max(row.threads for row in here)
            ceilings = _ceilings(run, here, threads)
            crossovers = [_crossover(lines, entry) for entry in ladder.sizes.get("crossovers", [])]
            more = (ceilings, threads, crossovers, run.noise)
            charts.append(Sizes(ladder, parameter, problem, lines, *more))
    return charts


def _free(rows: list[Row], parameter: str) -> list[str]:
    """Parameters that differ between cases of one size. Others follow from the size."""
    names = dict.fromkeys(name for row in rows for name in row.problem if name != parameter)
    cases = {name: {(row.case[parameter], row.case.get(name)) for row in rows} for name in names}
    sizes = {row.case[parameter] for row in rows}
    return [name for name, pairs in cases.items() if len(pairs) > len(sizes)]


def _lines(ladder: Ladder, rows: list[Row], parameter: str) -> list[Line]:
    lines = []
    for rung in ladder.rungs:
        own = [row for row in rows if row.rung == rung.name]
        # Of several interpreters the first: the project's own.
        own = [row for row in own if row.interpreter == own[0].interpreter]
        threads = max((row.threads for row in own), default=1)
        points = [_point(row, parameter) for row in own if row.threads == threads]
        points.sort(key=lambda point: point.size)
        if points:
            label = rung.label + (f" ×{threads}" if rung.threaded else "")
            lines.append(Line(rung.name, label, rung.language, points))
    return lines


def _point(row: Row, parameter: str) -> Point:
    seconds = median_interval([each / row.items for each in row.round_seconds()])
    return Point(float(row.case[parameter]), seconds, row)


def _ceilings(run: Run, rows: list[Row], threads: int) -> list[Ceiling]:
    """Of each level the better kind of stores."""
    per_item = {row.work.get("bytes", 0) / row.items for row in rows}
    if len(per_item) != 1 or not min(per_item):
        return []
    best: dict[str, float] = {}
    for entry in run.bandwidths(threads):
        best[entry["level"]] = max(best.get(entry["level"], 0), entry["bytes_per_second"])
    return [Ceiling(level, min(per_item) / rate) for level, rate in best.items()]


def _crossover(lines: list[Line], entry: dict) -> Crossover:
    by_name = {line.rung: line for line in lines}
    names = entry["of"], entry["over"]
    of, over = (by_name.get(name) for name in names)
    first, second = (line.label if line else name for line, name in zip((of, over), names))
    within = float(entry["within"])
    stated = partial(Crossover, first, second, within, entry["says"])
    if of is None or over is None:
        return stated(None, "not measured in this run")
    pairs = _pairs(of, over)
    if len(pairs) < 2:
        return stated(None, "measured together on fewer than two sizes")
    if not all(enough(*_times(*pair)) for pair in pairs):
        return stated(None, "measured in too few rounds")
    sizes = [a.size for a, _ in pairs]
    ratios = [ratio_interval(*_times(*pair)) for pair in pairs]
    found = crossing(sizes, [ratio.value for ratio in ratios], within)
    if found == 0:
        return stated(None, f"already at {count_text(sizes[0])}, the smallest measured")
    if found == math.inf:
        return stated(None, f"not yet at {count_text(sizes[-1])}, the largest measured")
    return stated(_interval(found, sizes, ratios, within), "")


def _pairs(of: Line, over: Line) -> list[tuple[Point, Point]]:
    others = {point.size: point for point in over.points}
    return [(point, others[point.size]) for point in of.points if point.size in others]


def crossing(sizes: Sequence[float], ratios: Sequence[float], within: float) -> float:
    """The size from which on ratios stay within a bound: between two sizes by a power law.

    0 if they all are; infinite if the last one is not.
    """
    above = [i for i, ratio in enumerate(ratios) if ratio > within]
    if not above:
        return 0.0
    last = above[-1]
    if last + 1 == len(sizes):
        return math.inf
    high, low = math.log(ratios[last] / within), math.log(ratios[last + 1] / within)
    step = math.log(sizes[last + 1] / sizes[last])
    return sizes[last] * math.exp(step * high / (high - low))


def _interval(value: float, sizes: list[float], ratios: list[Interval], within: float) -> Interval:
    """Where all ratios are as low as their intervals let them be, and where as high.

    Ends that lie beyond the sizes that were measured are told as the first or last of these.
    """
    low = crossing(sizes, [ratio.low for ratio in ratios], within)
    high = crossing(sizes, [ratio.high for ratio in ratios], within)
    return Interval(value, max(low, sizes[0]), min(high, sizes[-1]))


def _times(of: Point, over: Point) -> tuple[dict[int, float], dict[int, float]]:
    """Of two rungs on a size, seconds per item by round."""
    return of.row.rounds(of.row.items), over.row.rounds(over.row.items)
