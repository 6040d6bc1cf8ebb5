"""Many machines as one class: where each stands, who is fastest at what, who is far off and why.

A machine is held against the median of the class, row by row: the same rung, case, threads, work
and interpreter, whatever compiler built it, since that is part of the machine that somebody brings.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

from ..runs import timings
from ..runs.animals import animals, fingerprint
from ..runs.quantities import digits, plural
from ..runs.results import Run, interpreter_label
from ..runs.timings import CPP, Timing, Timings
from . import answers, comparison, verdicts
from .answers import NOT_DECIDED
from .comparison import SLOWER, SPREAD_OF_MIDDLE, geometric_mean
from .trust import trust

FEWEST_BESIDE = 2  # machines that have a row
FEWEST_FOR_OUTLIERS = 5
# A machine is far off from so many standard deviations of the class on, and from 10 % in any case.
FAR_OFF = 3.0
LEAST_SPREAD = math.log(1.10) / FAR_OFF
MOST_TRIED = 5  # machines that may share the first place
BUSY = 0.5  # of its processors at work when a run begins


@dataclass(frozen=True)
class Member:
    """One machine of a class, without what nobody asks it for any more: a run is large."""

    mark: str  # the fingerprint of its run
    given_name: str  # by whoever handed it in, if anybody gave one
    timings: Timings
    answers: dict[str, dict]  # by myth
    asked: dict[str, str]  # by myth: which claims decide it, as one text
    slows: list[str]  # what of its passport makes it slower
    facts: dict[str, str]  # in which it may differ from most


@dataclass(frozen=True)
class ClassRow:
    """One row on all machines that have it."""

    timing: Timing  # of any of them: what the row is
    seconds: dict[str, float]  # by mark

    @cached_property
    def middle(self) -> float:
        return median(self.seconds.values())

    @cached_property
    def speeds(self) -> dict[str, float]:
        """How many times as fast as the median of the class."""
        return {mark: self.middle / seconds for mark, seconds in self.seconds.items()}

    @property
    def fastest(self) -> str:
        return min(self.seconds, key=lambda mark: self.seconds[mark])

    @property
    def slowest(self) -> str:
        return max(self.seconds, key=lambda mark: self.seconds[mark])


@dataclass(frozen=True)
class Standing:
    """Where the machines stand on one example, or on all, the fastest first."""

    example: str
    speeds: dict[str, float]  # geometric means of how many times as fast as the median
    rows: int
    level_with_first: list[str]  # who is not surely slower than the first


@dataclass(frozen=True)
class Far:
    """A machine far from the others in some group of rows."""

    what: str
    speed: float
    rows: int


@dataclass(frozen=True)
class Outlier:
    mark: str
    far: list[Far]  # the farthest first
    why: list[str]  # sentences; empty if its passport tells no reason


@dataclass(frozen=True)
class Asked:
    """A myth and what the machines say to it."""

    says: str
    told: list[tuple[str, str, list[str]]]  # outcome, answer, and who says so; the most first
    otherwise: list[str]  # machines that decide it by other claims


@dataclass(frozen=True)
class Class:
    """Members in the order of their names."""

    members: dict[str, Member]
    names: dict[str, str]
    rows: list[ClassRow]

    @property
    def examples(self) -> list[str]:
        return [*dict.fromkeys(row.timing.example for row in self.rows)]


def member(run: Run) -> Member:
    decided = verdicts.decide(run)
    machine = run.machine
    return Member(
        mark=fingerprint(run),
        given_name=str(machine.get("shared_as", "")),
        timings=_slim(timings.of_run(run)),
        answers={answer["myth"]: answer for answer in answers.answered(run, decided)},
        asked={myth["id"]: _asked(run, myth) for myth in run.document.get("myths", [])},
        slows=[*_slows(run)],
        facts=_facts(run),
    )


def of(members: Iterable[Member]) -> Class:
    """Of one mark at most one each."""
    known = {member.mark: member for member in members}
    names = animals(known)
    ordered = {mark: known[mark] for mark in sorted(known, key=lambda mark: names[mark])}
    return Class(ordered, names, _rows(ordered))


def standings(whole: Class) -> list[Standing]:
    """On all rows, then example by example."""
    return [
        standing
        for example in ("", *whole.examples)
        if (standing := _standing(whole, example)) is not None
    ]


def outliers(whole: Class) -> list[Outlier]:
    """The machines far from the others, the farthest first; none of a class too small to tell."""
    found: dict[str, list[Far]] = {}
    for what, rows in _groups(whole.rows):
        for mark, speed in _far_off(_means(rows)).items():
            count = sum(mark in row.speeds for row in rows)
            found.setdefault(mark, []).append(Far(what, speed, count))
    usual = _usual(whole.members.values())
    told = [
        Outlier(
            mark,
            sorted(far, key=lambda each: -abs(math.log(each.speed))),
            [*_why(whole.members[mark], usual, slower=any(each.speed < 1 for each in far))],
        )
        for mark, far in found.items()
    ]
    return sorted(told, key=lambda each: -abs(math.log(each.far[0].speed)))


def myths(whole: Class) -> list[Asked]:
    """Each as most machines ask it: whoever decides it by other claims has no vote."""
    ids = dict.fromkeys(myth for each in whole.members.values() for myth in each.answers)
    return [_votes(whole.members, myth) for myth in ids]


# Rows


def _slim(told: Timings) -> Timings:
    """What is held against others of the class, by whichever compiler it was made."""
    rows = [
        replace(row, source="", flags="", made_by="" if row.language == CPP else row.made_by)
        for row in told.rows
        if row.seconds
    ]
    return replace(told, run=None, rows=rows)


def _rows(members: Mapping[str, Member]) -> list[ClassRow]:
    found: dict[tuple, dict[str, Timing]] = {}
    for mark, each in members.items():
        for row in each.timings.rows:
            found.setdefault((*row.key, row.work), {})[mark] = row
    rows = [
        ClassRow(next(iter(of.values())), {mark: row.median for mark, row in of.items()})
        for of in found.values()
        if len(of) >= FEWEST_BESIDE
    ]
    examples = [*dict.fromkeys(row.timing.example for row in rows)]
    # sorted() is stable: rungs and cases stay in the order of the runs.
    return sorted(rows, key=lambda row: examples.index(row.timing.example))


def _means(rows: Sequence[ClassRow]) -> dict[str, float]:
    """Geometric means of the machines that have half of the rows or more, the fastest first."""
    speeds: dict[str, list[float]] = {}
    for row in rows:
        for mark, speed in row.speeds.items():
            speeds.setdefault(mark, []).append(speed)
    means = {m: geometric_mean(each) for m, each in speeds.items() if 2 * len(each) >= len(rows)}
    return dict(sorted(means.items(), key=lambda pair: -pair[1]))


def _standing(whole: Class, example: str) -> Standing | None:
    rows = [row for row in whole.rows if example in ("", row.timing.example)]
    speeds = _means(rows)
    if len(speeds) < FEWEST_BESIDE:
        return None
    first, *others = speeds
    level = []
    for mark in others[:MOST_TRIED]:
        if _surely_slower(whole.members[mark], whole.members[first], example):
            break
        level.append(mark)
    return Standing(example, speeds, len(rows), level)


def _surely_slower(one: Member, other: Member, example: str) -> bool:
    sides = [
        replace(each.timings, rows=[r for r in each.timings.rows if example in ("", r.example)])
        for each in (other, one)
    ]
    beside = comparison.compared(sides)[0]
    mean = beside.mean()
    return mean is not None and beside.said(mean) == SLOWER


# Who is far off


def _groups(rows: Sequence[ClassRow]) -> Iterator[tuple[str, list[ClassRow]]]:
    """In words, what rows may be slow together for one reason."""
    kinds: dict[str, Callable[[Timing], bool]] = {
        "all rows": lambda row: True,
        "C++ with one thread": lambda row: row.language == CPP and row.threads == 1,
        "C++ with several threads": lambda row: row.language == CPP and row.threads > 1,
        "Python": lambda row: row.language != CPP,
    }
    for what, fits in kinds.items():
        yield what, [row for row in rows if fits(row.timing)]
    for example in dict.fromkeys(row.timing.example for row in rows):
        yield f"the example {example}", [row for row in rows if row.timing.example == example]


def _far_off(means: Mapping[str, float]) -> dict[str, float]:
    """Those beyond what the middle half of the class leads one to expect."""
    if len(means) < FEWEST_FOR_OUTLIERS:
        return {}
    logs = {mark: math.log(mean) for mark, mean in means.items()}
    middle = median(logs.values())
    spread = SPREAD_OF_MIDDLE * median(abs(log - middle) for log in logs.values())
    limit = FAR_OFF * max(spread, LEAST_SPREAD)
    return {m: math.exp(log - middle) for m, log in logs.items() if abs(log - middle) > limit}


def _usual(members: Iterable[Member]) -> dict[str, str]:
    """Of each fact, what more than half of the class have."""
    every = list(members)
    told = {
        name: Counter(each.facts.get(name, "") for each in every).most_common(1)[0]
        for name in dict.fromkeys(name for each in every for name in each.facts)
    }
    return {
        name: value for name, (value, count) in told.items() if value and 2 * count > len(every)
    }


def _why(one: Member, usual: Mapping[str, str], slower: bool) -> Iterator[str]:
    if slower:
        yield from one.slows
    for name, value in usual.items():
        own = one.facts.get(name, "unknown")
        if own != value:
            yield f"Another {name} than most: {own}, not {value}."


def _facts(run: Run) -> dict[str, str]:
    build, suite = run.machine.get("build", {}), run.document["suite"]
    own = next((p for p in run.machine.get("pythons", []) if not p.get("guest")), None)
    told = {
        "compiler": build.get("compiler", ""),
        "set of flags": f"{build.get('build_type', '')} {build.get('flags', '')}".strip(),
        "Python": interpreter_label(own),
        "version of the suite": suite["commit"][:10]
        + (" with uncommitted changes" if suite["dirty"] else ""),
    }
    return {name: value for name, value in told.items() if value}


def _slows(run: Run) -> Iterator[str]:
    """What a passport tells that makes a machine slower, as sentences."""
    machine = run.machine
    cpu, openmp = machine.get("cpu", {}), machine.get("openmp", {})
    if (kind := machine.get("virtualization", "none")) not in ("", "none"):
        yield f"It is a virtual machine ({kind})."
    usable = cpu.get("usable_cores", 0)
    there = cpu.get("cores", 0) * cpu.get("threads_per_core", 1)
    if 0 < usable < there:
        yield f"It may use {usable} of its {plural(there, 'logical processor')}."
    threads = openmp.get("omp_num_threads") if isinstance(openmp, dict) else None
    if threads:
        yield f"OMP_NUM_THREADS is {threads}."
    if machine.get("governor") == "powersave":
        yield "Its governor is powersave."
    load = machine.get("load_before", 0)
    if usable and load >= BUSY * usable:
        yield f"It was busy when the run began: a load of {digits(load, 2)} on {usable} processors."
    yield from trust(run.document).reasons


# Answers


def _asked(run: Run, myth: dict) -> str:
    """The myth and the claims that decide it, whole: two machines answer the same question only
    if these are the same."""
    return json.dumps([myth, answers.deciding(run, myth["id"])], sort_keys=True)


def _votes(members: Mapping[str, Member], myth: str) -> Asked:
    asked = Counter(each.asked[myth] for each in members.values() if myth in each.answers)
    usual = asked.most_common(1)[0][0]
    told: dict[tuple[str, str], list[str]] = {}
    otherwise, says = [], ""
    for mark, each in members.items():
        if myth not in each.answers:
            continue
        answer = each.answers[myth]
        if each.asked[myth] != usual:
            otherwise.append(mark)
            continue
        says = answer["says"]
        told.setdefault((answer["outcome"], answer["answer"]), []).append(mark)
    ordered = sorted(told.items(), key=lambda pair: (pair[0][0] == NOT_DECIDED, -len(pair[1])))
    return Asked(says, [(*key, marks) for key, marks in ordered], otherwise)
