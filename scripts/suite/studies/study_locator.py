"""How the locator's two exact searches grow with the grid, and whether a model fitted on small
problems foretells the large ones. Writes study.json, which the report of a run shows if it lies
in the run's folder: `make study`.

It times cases that no ladder has, so it is no part of a run: `scripts/suite study --help`."""

from __future__ import annotations

import hashlib
import itertools
import math
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..machine import environment, passport
from ..measure.built import NotBuilt
from ..measure.progress import progress
from ..measure.terminal import say
from ..runs import documents, refusals
from ..runs.results import PROJECT, write_json
from ..runs.studies import FILE

SPACINGS = (400, 280, 200, 140, 100, 70, 50)
GROWING = ("fused", "branch_and_bound")
MODELLED = ("fused_threads", "branch_and_bound_threads")

# Student's t, 97.5 %, for as many degrees of freedom as there are spacings beyond two.
STUDENT = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306}


class Failed(Exception):
    """A rung gave a wrong answer or crashed; the text says which and how."""

    status = 1


@dataclass(frozen=True)
class Case:
    spacing: int
    events: int
    stations: int = 16
    threads: int = 1

    def label(self) -> str:
        return (
            f"grid:medium/spacing:{self.spacing}/stations:{self.stations}"
            f"/events:{self.events}/threads:{self.threads}"
        )

    def nodes(self) -> int:
        return math.prod(nodes_along(span, self.spacing) for span in (18000, 16000, 12200))


def nodes_along(span: int, spacing: int) -> int:
    """As the talk's range(first, last + step, step) counts them."""
    return -(-(span + spacing) // spacing)


@dataclass
class Row:
    rung: str
    case: Case
    seconds: list[float] = field(default_factory=list)  # of a run, per round
    notes: dict[str, list[float]] = field(default_factory=dict)

    def median(self) -> float:
        return statistics.median(self.seconds)

    def note(self, name: str) -> float:
        return statistics.median(self.notes[name])

    def as_json(self) -> dict:
        return {"rung": self.rung, "case": vars(self.case), "nodes": self.case.nodes(),
                "seconds": self.seconds, "notes": self.notes}  # fmt: skip


def measured(
    program: Path,
    rungs: Sequence[str],
    cases: Sequence[Case],
    rounds: int,
    min_time: float,
    problems: Path,
) -> list[Row]:
    """Each round is a process of its own and takes the cases in another order."""
    rows = {(rung, case): Row(rung, case) for case in cases for rung in rungs}
    chance = random.Random(20180202)
    shown = progress()
    began = time.monotonic()
    try:
        for number in range(rounds):
            order = list(cases)
            chance.shuffle(order)
            for place, case in enumerate(order):
                done = (number + place / len(order)) / rounds
                passed = time.monotonic() - began
                left = passed / done - passed if done else None
                shown.show(f"round {number + 1} of {rounds}: {case.label()}", passed, left)
                for entry in timed(program, rungs, case, min_time, problems):
                    take(rows, case, entry)
    finally:
        shown.close()
    return list(rows.values())


def timed(
    program: Path, rungs: Sequence[str], case: Case, min_time: float, problems: Path
) -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "timed.json"
        command = [
            str(program),
            f"--case=locator/{case.label()}",
            f"--benchmark_filter=^locator/({'|'.join(rungs)})/{case.label()}/",
            f"--benchmark_min_time={min_time}",
            "--warm-up-seconds=0.05",
            "--no-forecast",
            f"--problems={problems}",
            f"--benchmark_out={out}",
            "--benchmark_out_format=json",
        ]
        env = environment.of_cpp({})
        ended = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
        if ended.returncode == refusals.STATUS:
            raise refusals.Refusal(ended.stderr.strip())
        if ended.returncode != 0:
            raise Failed(f"mythbench failed: {ended.stderr.strip()[-200:]}")
        return documents.read(out, "times")["benchmarks"]


def take(rows: dict[tuple[str, Case], Row], case: Case, entry: dict) -> None:
    if entry.get("error_occurred"):
        raise Failed(f"{entry['name']}: {entry['error_message']}")
    row = rows[entry["name"].split("/")[1], case]
    row.seconds.append(entry["real_time"] * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}[
        entry["time_unit"]])  # fmt: skip
    for name, value in entry.items():
        if name.startswith("note_"):
            row.notes.setdefault(name[len("note_"):], []).append(value)  # fmt: skip


@dataclass(frozen=True)
class Exponent:
    """y grows as x to the power of `value`; the interval holds with 95 % if it is a power."""

    value: float
    low: float
    high: float

    def text(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"

    def as_json(self) -> dict:
        """Without the ends of an interval that nobody knows."""
        return {name: value for name, value in vars(self).items() if math.isfinite(value)}


def exponent(xs: Sequence[float], ys: Sequence[float]) -> Exponent:
    """Least squares in logarithms."""
    x, y = np.log(xs), np.log(ys)
    slope, start = np.polyfit(x, y, 1)
    freedom = len(x) - 2
    if freedom < 1:
        return Exponent(slope, -math.inf, math.inf)
    left = float(np.sum((y - start - slope * x) ** 2))
    error = math.sqrt(left / freedom / float(np.sum((x - x.mean()) ** 2)))
    reach = STUDENT.get(freedom, 2.0) * error
    return Exponent(float(slope), float(slope - reach), float(slope + reach))


def growth(rows: list[Row]) -> dict[str, list[tuple[int, float]]]:
    """What grows: pairs of nodes and amount per event."""
    amounts: dict[str, list[tuple[int, float]]] = {}

    def add(name: str, row: Row, amount: float) -> None:
        amounts.setdefault(name, []).append((row.case.nodes(), amount / row.case.events))

    for row in rows:
        add(f"{row.rung}: seconds", row, row.median())
        if row.notes:
            add(f"{row.rung}: seconds of search alone", row, row.note("search_seconds"))
            visited = row.note("boxes_visited") + row.note("nodes_visited")
            add(f"{row.rung}: boxes and nodes visited", row, visited)
            add(f"{row.rung}: nodes visited", row, row.note("nodes_visited"))
    return {name: sorted(pairs) for name, pairs in amounts.items()}


# What a sum is of, for a case.
Terms = Callable[[Case], list[float]]


class Sum:
    """Of what grows in proportion to known terms, with weights that are not negative."""

    def __init__(self, terms: Terms, cases: list[Case], times: list[float]):
        self.terms = terms
        rows = np.array([terms(case) for case in cases])
        relative = rows / np.array(times)[:, None]
        best: tuple[float, tuple[tuple[int, float], ...]] = (math.inf, ())
        for size in range(1, rows.shape[1] + 1):
            for chosen in itertools.combinations(range(rows.shape[1]), size):
                weights, *_ = np.linalg.lstsq(relative[:, chosen], np.ones(len(times)), rcond=None)
                left = float(np.sum((relative[:, chosen] @ weights - 1) ** 2))
                if min(weights) >= 0 and left < best[0]:
                    best = (left, tuple(zip(chosen, weights)))
        self.weights = best[1]

    def seconds(self, case: Case) -> float:
        terms = self.terms(case)
        return float(sum(weight * terms[i] for i, weight in self.weights))


def full_search(case: Case) -> list[float]:
    """The table of attenuations, the products, what comes after them, and the events: shared by
    the threads. The start; and that of each more thread, which nobody shares."""
    nodes, share = case.nodes(), 1 / case.threads
    return [
        nodes * case.stations * share,
        nodes * case.stations * case.events * share,
        nodes * case.events * share,
        case.events * share,
        1.0,
        case.threads - 1.0,
    ]


def tree(case: Case) -> list[float]:
    """Boxes near stations are a part of the nodes that shrinks as the grid gets finer, down to as
    many for each level: the square root is between. Some of them are grown by one thread alone."""
    boxes = case.stations * math.sqrt(case.nodes())
    return [boxes / case.threads, boxes, 1.0, case.threads - 1.0]


def tree_search(case: Case) -> list[float]:
    """Boxes and nodes visited grow as the nodes along one axis; and those that any grid has."""
    events = case.events / case.threads
    visits = events * case.nodes() ** (1 / 3)
    return [
        visits * case.stations,
        visits,
        events * case.stations,
        events,
        1.0,
        case.threads - 1.0,
    ]


class Phases:
    """A sum for each phase of a rung that tells them apart."""

    def __init__(self, cases: list[Case], phases: list[tuple[Terms, list[float]]]):
        self.sums = [Sum(terms, cases, times) for terms, times in phases]

    def seconds(self, case: Case) -> float:
        return sum(one.seconds(case) for one in self.sums)


def model(rows: list[Row]) -> Phases:
    cases = [row.case for row in rows]
    if not rows[0].notes:
        return Phases(cases, [(full_search, [row.median() for row in rows])])
    phases = ((tree, "build_seconds"), (tree_search, "search_seconds"))
    return Phases(cases, [(terms, [row.note(name) for row in rows]) for terms, name in phases])


def foretold(rows: list[Row], known: set[Case]) -> list[dict]:
    """Fits each rung on the known cases and predicts the others."""
    predictions = []
    for rung in dict.fromkeys(row.rung for row in rows):
        of_rung = [row for row in rows if row.rung == rung]
        fitted = model([row for row in of_rung if row.case in known])
        for row in of_rung:
            predicted = fitted.seconds(row.case)
            predictions.append({
                "rung": rung, "case": vars(row.case), "nodes": row.case.nodes(),
                "fitted": row.case in known, "predicted_seconds": predicted,
                "measured_seconds": row.median(),
                "accuracy": 1 - abs(predicted / row.median() - 1),
            })  # fmt: skip
    return predictions


def model_cases(threads: list[int]) -> tuple[list[Case], list[Case]]:
    """Small ones to fit, large ones to foretell: more nodes, more events, or both."""
    small = [
        Case(spacing, events, stations, count)
        for spacing in (566, 400, 283)
        for events in (32, 128, 512)
        for stations in (8, 16)
        for count in threads
    ]
    large = [
        Case(spacing, events, 16, count)
        for spacing, events in ((200, 128), (200, 1000), (100, 128))
        for count in threads
    ]
    return small, large


def tables(amounts: dict) -> Iterator[RenderableType]:
    for name, pairs in amounts.items():
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(justify="right")
        for nodes, amount in pairs:
            table.add_row(f"{nodes:,} nodes", f"{amount:.4g}")
        yield Text(f"{name} per event ~ nodes ^ {exponent(*zip(*pairs)).text()}", "bold")
        yield Padding(table, (0, 0, 0, 2))


def study(
    program: Path = PROJECT / "build" / "release" / "mythbench",
    problems: Path = PROJECT / "build" / "problems",
    output: Path = PROJECT / "results" / "studies" / "locator",
    spacings: Sequence[int] = SPACINGS,
    events: int = 64,
    rounds: int = 5,
    min_time: float = 0.05,
    with_model: bool = True,
) -> None:
    """Measures, fits, says what grows how, and writes study.json into the folder `output`."""
    if not program.exists():
        raise NotBuilt(f"{program} is not there; make test builds it")
    output.mkdir(parents=True, exist_ok=True)
    problems.mkdir(parents=True, exist_ok=True)
    settings = (rounds, min_time, problems)

    cases = [Case(spacing, events) for spacing in spacings]
    rows = measured(program, GROWING, cases, *settings)
    amounts = growth(rows)
    say(*tables(amounts))
    told: dict[str, Any] = {
        "example": "locator",
        "title": "Locating an event on finer and finer grids",
        "x": "nodes of the grid",
        "per": "event",
        "setting": f"Kilauea, 16 stations, {events} events, one thread, {rounds} rounds",
        "binary_sha256": hashlib.sha256(program.read_bytes()).hexdigest(),
        "growth": {
            name: {"points": pairs, "exponent": exponent(*zip(*pairs)).as_json()}
            for name, pairs in amounts.items()
        },
        "rows": [row.as_json() for row in rows],
    }
    if with_model:
        threads = sorted({1, passport.usable_cores()})
        small, large = model_cases(threads)
        rows = measured(program, MODELLED, small + large, *settings)
        told["model"] = foretold(rows, set(small))
        told["rows"] += [row.as_json() for row in rows]
        for entry in told["model"]:
            if not entry["fitted"]:
                say(f"{entry['rung']} {Case(**entry['case']).label()}: foretold "
                    f"{entry['predicted_seconds']:.4g} s, measured "
                    f"{entry['measured_seconds']:.4g} s")  # fmt: skip
    write_json(output / FILE, documents.checked(told, "study", "what was studied"))
