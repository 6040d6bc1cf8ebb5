"""How much more gets done with more threads: curves from the rows of a run, and two laws for them.

Speed-up is work per second against one thread's, so that a rung that does the same work with more
threads and one that does more of it can be told in the same words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ..runs import results
from ..runs.intervals import Interval, ratio_interval
from ..runs.results import Group, Row, Run

# One thread says nothing about a law, and one more point can be fitted by any.
FEWEST_FOR_AMDAHL = 3
FEWEST_FOR_USL = 4


@dataclass(frozen=True)
class Point:
    threads: int
    speedup: Interval

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
        return [point for point in self.points if point.threads <= self.cores]

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

    title: str
    case: str
    curves: list[Curve]
    limits: str

    @property
    def cores(self) -> int:
        return self.curves[0].cores

    @property
    def threads(self) -> list[int]:
        return sorted({point.threads for curve in self.curves for point in curve.points})

    @property
    def alt(self) -> str:
        last = [(curve.label, curve.points[-1]) for curve in self.curves]
        ends = "; ".join(
            f"{label}: {times_text(point.speedup.value)} with {point.threads} threads"
            for label, point in last
        )
        return (
            f"Speed-up against threads, {self.title}, {self.case or 'the only case'}. "
            f"{self.limits}. {ends}."
        )

    def csv(self) -> str:
        rows = []
        for curve in self.curves:
            for p in curve.points:
                told = [p.speedup.value, p.speedup.low, p.speedup.high, p.efficiency]
                turns = "yes" if p.threads > self.cores else "no"
                rows.append([curve.label, p.threads, *told, turns])
        names = "rung,threads,speed-up,low,high,efficiency,threads take turns"
        return results.csv_text(names, rows)


def times_text(value: float) -> str:
    return f"{value:.2f} ×"


def speed_ups(run: Run, group: Group) -> SpeedUps | None:
    """None if no rung has solved this problem with one thread and with more."""
    found = curves(run, group)
    return SpeedUps(group.ladder.title, group.label, found, limits(run)) if found else None


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
    return [
        Point(row.threads, ratio_interval(base, row.rounds(row.items)))
        for row in sorted(rows, key=lambda row: row.threads)
    ]


def _lost(point: Point) -> float:
    """What a law is a sum of: nothing, where speed-up is ideal."""
    return point.threads / point.speedup.value - 1


def _sum(rows: list[tuple], i: int, j: int) -> float:
    return sum(row[i] * row[j] for row in rows)
