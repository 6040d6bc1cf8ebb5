"""How much more gets done with more threads: a curve per rung, the ideal, what laws fit.

Speed-up is work per second against one thread's, so that a rung that does the same work with more
threads and one that does more of it can be told in the same words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..judge.standings import case_text, plain_name, times_text
from ..runs import results
from ..runs.intervals import Interval, ends, enough, ratio_interval
from ..runs.quantities import plural
from ..runs.results import Group, Row, Run
from . import _lines, _look

OF = "case"
HEIGHT = 4.4  # inches
# One thread says nothing about a law, and one more point can be fitted by any.
FEWEST_FOR_AMDAHL = 3
FEWEST_FOR_USL = 4


@dataclass(frozen=True)
class Point:
    threads: int
    speedup: Interval
    few: bool = False  # of fewer rounds than an interval takes

    @property
    def efficiency(self) -> float:
        return self.speedup.value / self.threads


@dataclass(frozen=True)
class Law:
    """p threads do p / (1 + serial (p - 1) + crosstalk p (p - 1)) times as much as one.

    Amdahl's law is the one without crosstalk; with it, it is Gunther's universal scalability law.
    """

    serial: float
    crosstalk: float = 0.0

    def speedup(self, threads: Any) -> Any:
        others = threads - 1
        return threads / (1 + self.serial * others + self.crosstalk * threads * others)


@dataclass(frozen=True)
class Curve:
    label: str
    language: str
    points: list[Point]
    cores: int  # that the run could use; beyond them threads only take turns

    @property
    def on_cores(self) -> list[Point]:
        return [p for p in self.points if p.threads <= self.cores and not p.few]

    @property
    def amdahl(self) -> Law | None:
        if len(self.on_cores) < FEWEST_FOR_AMDAHL:
            return None
        return Law(max(0.0, *self._shares(_others)))

    @property
    def usl(self) -> Law | None:
        """Neither share is below nothing."""
        if len(self.on_cores) < FEWEST_FOR_USL:
            return None
        serial, crosstalk = self._shares(_others, _pairs)
        if crosstalk < 0:
            return self.amdahl
        return Law(serial, crosstalk) if serial >= 0 else Law(0.0, *self._shares(_pairs))

    @property
    def laws(self) -> str:
        """What they say, where there are points enough."""
        said = []
        if self.amdahl:
            said.append(f"Amdahl's serial share {100 * self.amdahl.serial:.1f} %")
        if self.usl:
            said.append(f"USL {100 * self.usl.serial:.1f} % and {100 * self.usl.crosstalk:.2f} %")
        return f"{self.label}: {', '.join(said)}"

    def _shares(self, *parts: Callable[[Point], int]) -> list[float]:
        """How much of each part of a law is lost, by least squares."""
        rows = [[part(point) for part in parts] for point in self.on_cores]
        # What is lost is nothing where speed-up is ideal.
        lost = [p.threads / p.speedup.value - 1 for p in self.on_cores]
        return np.linalg.lstsq(np.array(rows, dtype=float), lost, rcond=None)[0].tolist()


@dataclass(frozen=True)
class SpeedUps:
    """The curves of a ladder on one of its cases, with what a machine sets as their limits."""

    group: Group
    curves: list[Curve]
    limits: str

    @property
    def cores(self) -> int:
        return self.curves[0].cores

    @property
    def threads(self) -> list[int]:
        return sorted({point.threads for curve in self.curves for point in curve.points})


def shown(run: Run, group: Group) -> SpeedUps | None:
    """None if no rung has solved this problem with one thread and with more."""
    found = curves(run, group)
    return SpeedUps(group, found, limits(run)) if found else None


def words(shown: SpeedUps) -> _look.Words:
    ladder, case = shown.group.ladder, case_text(shown.group)
    last = [(curve.label, curve.points[-1]) for curve in shown.curves]
    said = [
        f"{label}: {point.speedup.value:.2f} × with {point.threads} threads"
        for label, point in last
        if not point.few
    ]
    return _look.Words(
        title=_finding(shown) or f"{ladder.title}: what more threads do",
        myth=_look.myth(ladder, case),
        what="work per second against that of one thread, 95 % intervals; thin line: the ideal; "
        "behind each name: speed-up and efficiency with a thread per core",
        alt=f"Speed-up against threads, {ladder.title}, {case}. {'; '.join(said)}.",
        notes=[f"{shown.limits}. {_in_words(shown)}", *_drawn(shown).notes],
    )


def draw(shown: SpeedUps, look: _look.Look) -> Figure:
    lines = _drawn(shown)
    figure, axes = lines.figure(look, words(shown))
    most, reach = max(shown.threads), min(max(shown.threads), shown.cores)
    highest = max(p.speedup.high for curve in shown.curves for p in curve.points)
    axes.set(xlim=(1 - 0.06 * most, 1.06 * most), ylim=(0, max(1.3 * reach, 1.1 * highest)))
    axes.set_xlabel("threads")
    _look.label_axis(axes.xaxis, shown.threads[::-1], "{:g}".format)
    axes.yaxis.set_major_formatter("{x:g} ×")
    axes.plot([1, reach], [1, reach], color=look.colors["muted"], linewidth=1.2)
    if most > shown.cores:
        edge = shown.cores + 0.02 * most
        axes.axvline(edge, color=look.colors["muted"], linewidth=1.2, linestyle=(0, (4, 3)))
    for curve in shown.curves:
        law = curve.usl or curve.amdahl
        if law:
            steps = np.linspace(1, reach, 41)
            axes.plot(steps, law.speedup(steps), color=look.colors["edge"], linewidth=0.9)
    lines.draw(axes, look)
    return figure


def table(shown: SpeedUps) -> tuple[str, list[list]]:
    return "rung,threads,speed-up,low,high,efficiency,threads take turns", [
        [curve.label, p.threads, *ends(p.speedup), p.efficiency, _turns(p, shown.cores)]
        for curve in shown.curves
        for p in curve.points
    ]


def limits(run: Run) -> str:
    """What bounds the threads of this machine, in words."""
    cpu = run.machine.get("cpu", {})
    said = [f"{cpu.get('usable_cores', 'an unknown number of')} cores may be used"]
    smt = cpu.get("threads_per_core")
    if smt:
        said.append("no SMT" if smt == 1 else f"{smt} hardware threads per core")
    quota = run.machine.get("cgroup", {}).get("cpu_quota")
    said.append(f"a cgroup allows {quota:g} CPUs" if quota else "no cgroup limit known")
    return ", ".join(said)


def curves(run: Run, group: Group) -> list[Curve]:
    """One for each rung, and each interpreter that ran it, guests too."""
    ladder = group.ladder
    rows: dict[tuple, list[Row]] = defaultdict(list)
    for row in run.rows_of(ladder.example):
        solves = row.status == "ok" and row.items and row.problem == group.problem
        if solves and ladder.rung(row.rung).threaded:
            rows[row.rung, results.interpreter_label(row.interpreter, full=True)].append(row)
    cores = run.machine.get("cpu", {}).get("usable_cores") or 1
    found = []
    for (name, who), measured in rows.items():
        points = _points(measured)
        if len(points) > 1:
            rung = ladder.rung(name)
            label = f"{rung.label} ({who})" if who else rung.label
            found.append(Curve(label, rung.language, points, cores))
    return found


def _points(rows: Sequence[Row]) -> list[Point]:
    alone = [row for row in rows if row.threads == 1]
    if not alone:
        return []
    base = alone[0].rounds(alone[0].items)
    points = []
    for row in sorted(rows, key=lambda row: row.threads):
        rounds = row.rounds(row.items)
        few = not enough(base, rounds)
        points.append(Point(row.threads, ratio_interval(base, rounds), few))
    return points


def _turns(point: Point, cores: int) -> str:
    return "yes" if point.threads > cores else "no"


def _others(point: Point) -> int:
    return point.threads - 1


def _pairs(point: Point) -> int:
    return point.threads * (point.threads - 1)


def _best(curve: Curve) -> Point | None:
    """What threads are worth is read where each has a core; None if more than one had none."""
    several = [point for point in curve.on_cores if point.threads > 1]
    return max(several, key=lambda point: point.threads, default=None)


def _finding(shown: SpeedUps) -> str:
    """The most and the least that threads with a core each are worth."""
    told = [(plain_name(curve.label), _best(curve)) for curve in shown.curves]
    sure = [(name, point) for name, point in told if point]
    if not sure:
        return ""
    (name, best), (other, least) = (
        pick(sure, key=lambda pair: pair[1].speedup.value) for pick in (max, min)
    )
    threads = plural(best.threads, "thread")
    if best.speedup.low <= 1.0:
        return f"With {threads} no rung is shown to do more than with one"
    said = f"{name} does {times_text(best.speedup.value)} times as much with {threads} as with one"
    if not least.speedup.separated or name == other:
        return said
    return f"{said}, {other} {times_text(least.speedup.value)} times"


def _drawn(shown: SpeedUps) -> _lines.Lines:
    """Those that matter are the best and the worst by turns."""
    lines = []
    for curve in shown.curves:
        points = [_lines.Point(point.threads, point.speedup, point.few) for point in curve.points]
        lines.append(_lines.Line(_named(curve), curve.language, points))
    order = sorted(range(len(lines)), key=lambda i: -lines[i].points[-1].y.value)
    turns = [index for pair in zip(order, reversed(order)) for index in pair]
    return _lines.Lines(lines, HEIGHT, turns)


def _named(curve: Curve) -> str:
    best = _best(curve)
    if best is None:
        return curve.label
    return f"{curve.label}: {best.speedup.value:.2f} ×, {100 * best.efficiency:.0f} %"


def _in_words(shown: SpeedUps) -> str:
    said = ""
    if max(shown.threads) > shown.cores:
        said = "Right of the dashed line there are more threads than cores: they take turns. "
    fitted = [curve.laws for curve in shown.curves if curve.amdahl]
    if not fitted:
        return f"{said}Too few points within the cores to fit Amdahl's law or the USL."
    return f"{said}Thin curves: {'; '.join(fitted)}."
