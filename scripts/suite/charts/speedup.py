"""How much more gets done with more threads: a curve per rung, the ideal, what laws fit.

Speed-up is work per second against one thread's, so that a rung that does the same work with more
threads and one that does more of it can be told in the same words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from ..judge.standings import case_text, plain_name, times_text
from ..runs import results
from ..runs.intervals import Interval, enough, ratio_interval
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

    def speedup(self, threads: float) -> float:
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
        shares = [(p.threads - 1, _lost(p)) for p in self.on_cores]
        above = sum(others * lost for others, lost in shares)
        return Law(max(0.0, above / sum(others**2 for others, _ in shares)))

    @property
    def usl(self) -> Law | None:
        """By least squares of what is lost, neither share below nothing."""
        if len(self.on_cores) < FEWEST_FOR_USL:
            return None
        rows = [(p.threads - 1, p.threads * (p.threads - 1), _lost(p)) for p in self.on_cores]
        aa, ab, bb = (_sum(rows, 0, 0), _sum(rows, 0, 1), _sum(rows, 1, 1))
        ac, bc = _sum(rows, 0, 2), _sum(rows, 1, 2)
        determinant = aa * bb - ab * ab
        serial = (ac * bb - bc * ab) / determinant
        crosstalk = (bc * aa - ac * ab) / determinant
        if crosstalk < 0:
            return Law(max(0.0, ac / aa))
        if serial < 0:
            return Law(0.0, max(0.0, bc / bb))
        return Law(serial, crosstalk)


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
    ends = "; ".join(
        f"{curve.label}: {curve.points[-1].speedup.value:.2f} × with "
        f"{curve.points[-1].threads} threads"
        for curve in shown.curves
        if not curve.points[-1].few
    )
    return _look.Words(
        title=_finding(shown) or f"{ladder.title}: what more threads do",
        myth=f"{ladder.kind.capitalize()}: {ladder.title} · {case}",
        what="work per second against that of one thread, 95 % intervals; thin line: the ideal; "
        "behind each name: speed-up and efficiency with a thread per core",
        alt=f"Speed-up against threads, {ladder.title}, {case}. {shown.limits}. {ends}.",
        notes=[f"{shown.limits}. {_in_words(shown)}", *_lines.grey(_drawn(shown), _matter(shown))],
    )


def draw(shown: SpeedUps, look: _look.Look) -> Figure:
    lines, matter = _drawn(shown), _matter(shown)
    height, whole = _lines.heights(look, lines, matter, HEIGHT)
    figure, axes = look.figure(words(shown), whole)
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
            steps = [1 + (reach - 1) * i / 40 for i in range(41)]
            fitted = [law.speedup(step) for step in steps]
            axes.plot(steps, fitted, color=look.colors["edge"], linewidth=0.9)
    _lines.draw(axes, look, lines, matter, height)
    return figure


def table(shown: SpeedUps) -> tuple[str, list[list]]:
    rows = []
    for curve in shown.curves:
        for p in curve.points:
            told = [p.speedup.value, p.speedup.low, p.speedup.high, p.efficiency]
            turns = "yes" if p.threads > shown.cores else "no"
            rows.append([curve.label, p.threads, *told, turns])
    return "rung,threads,speed-up,low,high,efficiency,threads take turns", rows


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


def _lost(point: Point) -> float:
    """What a law is a sum of: nothing, where speed-up is ideal."""
    return point.threads / point.speedup.value - 1


def _sum(rows: list[tuple], i: int, j: int) -> float:
    return sum(row[i] * row[j] for row in rows)


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


def _matter(shown: SpeedUps) -> list[int]:
    """The lines from the one that matters most: the best and the worst by turns."""
    order = sorted(
        range(len(shown.curves)), key=lambda i: -shown.curves[i].points[-1].speedup.value
    )
    turns = [index for pair in zip(order, reversed(order)) for index in pair]
    return [*dict.fromkeys(turns)]


def _drawn(shown: SpeedUps) -> list[_lines.Line]:
    return [
        _lines.Line(
            _named(curve),
            curve.language,
            [_lines.Point(point.threads, point.speedup, point.few) for point in curve.points],
        )
        for curve in shown.curves
    ]


def _named(curve: Curve) -> str:
    best = _best(curve)
    if best is None:
        return curve.label
    return f"{curve.label}: {best.speedup.value:.2f} ×, {100 * best.efficiency:.0f} %"


def _in_words(shown: SpeedUps) -> str:
    said = ""
    if max(shown.threads) > shown.cores:
        said = "Right of the dashed line there are more threads than cores: they take turns. "
    fitted = [_laws(curve.label, curve.amdahl, curve.usl) for curve in shown.curves if curve.amdahl]
    if not fitted:
        return f"{said}Too few points within the cores to fit Amdahl's law or the USL."
    return f"{said}Thin curves: {'; '.join(fitted)}."


def _laws(label: str, amdahl: Law, usl: Law | None) -> str:
    share = f"{label}: Amdahl's serial share {100 * amdahl.serial:.1f} %"
    if usl is None:
        return share
    return f"{share}, USL {100 * usl.serial:.1f} % and {100 * usl.crosstalk:.2f} %"
