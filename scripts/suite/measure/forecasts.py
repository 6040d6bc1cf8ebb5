"""What a row costs: in seconds of measuring and in bytes of memory. Nothing here looks at a clock.

A row is a rung on a case, under an interpreter if it is a Python rung. Before a rung meets a case,
its time and its memory are forecast from the two largest cases that it has met with as many
threads: what grows from one to the other grows on with the work, what does not is there once. One
case alone says nothing of that, so from it all is taken to grow. Threads that a rung never had are
taken to gain nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

# What a process is taken to need to come up before one has been seen.
START_UP_GUESS = {"c++": 0.02, "python": 0.2}
RUN_GUESS = 1e-3
# Google Benchmark aims a little beyond the minimum, after runs that look for the count.
OVERSHOOT = 1.4
# Before each sample is a run that is not timed, so two make one; of runs so many times as long as
# is wanted, one is enough.
LONG = 3
MOST_ITERATIONS = 500_000_000  # of Google Benchmark's billion, with room
SHARE_OF_MEMORY = 0.8
# Any first run touches some new pages, of libraries and of the heap. Growth by less says nothing
# about larger cases.
TELLING_GROWTH = 4e6
SHARE_THAT_TELLS = 0.5
# Bytes per second that no run writes more of: what grew by more than a warm run had the time for is
# not the case's but, say, a compiler's.
FASTEST_WRITING = 1e11
# Of a run that did not grow between two small cases, at least so much will grow with large ones.
LEAST_SHARE_THAT_GROWS = 0.02
# Several must have been seen before an unseen rung is taken to be like them.
ENOUGH_TO_GUESS_FROM = 3


@dataclass(frozen=True, eq=False)  # each row exists once, so identity is enough, and fast
class Row:
    """A rung on a case, under an interpreter ("" for C++)."""

    example: str
    rung: str
    interpreter: str
    case: str
    items: float
    level: int  # 0 is the smallest problem of the example; thread counts share a level
    threads: int
    threaded: bool
    parameters: dict  # of the case
    guest: bool = False  # under an interpreter that runs only rungs that ask for all of them

    @property
    def language(self) -> str:
        return "python" if self.interpreter else "c++"

    @cached_property
    def who(self) -> tuple[str, str, str]:
        return self.example, self.rung, self.interpreter

    @property
    def bundle(self) -> tuple:
        """Rows of one bundle can share a process.

        A Python process has its number of threads in its environment, so there it counts.
        """
        return (*self.who, self.threads if self.interpreter and self.threaded else 0)

    @property
    def problem(self) -> tuple[str, str]:
        return self.example, self.case

    @cached_property
    def picture(self) -> tuple[str, int]:
        return self.example, self.level


@dataclass(frozen=True)
class Sampling:
    """How long a rung is warmed up and timed in each process."""

    min_time: float
    warm_up: float

    def iterations(self, run: float) -> int:
        """How many runs make a sample, if one takes `run` seconds."""
        least = 1 if run >= LONG * self.min_time else 2
        known = max(run, self.min_time / MOST_ITERATIONS)
        return max(least, round(OVERSHOOT * self.min_time / known))

    def seconds(self, run: float) -> float:
        """What one case adds to a process, if one run takes `run` seconds."""
        checked = run if run >= self.warm_up else self.warm_up + run
        looked_for = 0 if run >= self.min_time else 2 * run
        return checked + looked_for + self.iterations(run) * run


class Forecasts:
    """Learns from every process that ended, and forecasts those to come."""

    def __init__(self, sampling: Sampling) -> None:
        self.sampling = sampling
        self._runs: dict[Row, list[float]] = defaultdict(list)
        self._glimpsed: dict[Row, float] = {}  # one run each, cold, while it was counted
        self._met: dict[tuple, list[Row]] = defaultdict(list)
        self._in_round: dict[Row, float] = {}
        self._start_up: dict[tuple, float] = {}
        self._started: Counter[tuple] = Counter()  # how many processes have shown it
        self._typical: dict[str, float] = {}  # kept until something new is learned
        self._bytes: dict[tuple, dict[Row, float]] = defaultdict(dict)
        self._problems: dict[tuple[str, str], tuple[float, float]] = {}

    def timed(self, seconds: dict[Row, float], wall: float) -> None:
        """A process has timed these rows, one run of each as given, and took `wall` in all."""
        for row, run in seconds.items():
            self._meet(row)
            self._runs[row].append(run)
        self._typical.clear()
        row = next(iter(seconds))
        overhead = wall - sum(map(self.sampling.seconds, seconds.values()))
        # The first process of a rung may have compiled or read from a cold disk; not so the next.
        self._start_up[row.who] = max(0.0, min(overhead, self._start_up.get(row.who, overhead)))
        self._started[row.who] += 1
        if len(seconds) == 1 and self._started[row.who] > 1:
            spent = wall - self._start_up[row.who]
            self._in_round[row] = max(spent, self.sampling.seconds(seconds[row]))

    def counted(self, row: Row, grown_bytes: float, seconds: float | None = None) -> None:
        """One run has added so much memory, and took so long."""
        self._bytes[row.who][row] = max(0.0, grown_bytes)
        if seconds is not None:
            self._meet(row)
            self._glimpsed[row] = seconds

    def wrote_problem(self, example: str, case: str, items: float, seconds: float) -> None:
        self._problems[example, case] = items, seconds

    def iterations(self, row: Row) -> int:
        """How many runs make its next sample; 0 if it was never timed."""
        return self.sampling.iterations(median(self._runs[row])) if row in self._runs else 0

    def has_met(self, row: Row) -> bool:
        """True if it was timed."""
        return row in self._runs

    def has_seen(self, row: Row) -> bool:
        """True if it was timed or had a single run."""
        return row in self._runs or row in self._glimpsed

    def knows(self, row: Row) -> bool:
        """True if the rung has met any case, so that a forecast stands on something."""
        return bool(self._met.get(row.who))

    def foretells(self, row: Row) -> bool:
        """True if the rung has met a case with as many threads: what it says may be read by people.

        From other thread counts comes a bound to plan with, no forecast.
        """
        return any(met.threads == row.threads for met in self._met.get(row.who, []))

    def run(self, row: Row) -> float | None:
        """Seconds of one run; None if the rung has met no case yet."""
        if self.has_seen(row):
            return self._seen(row)
        met = self._met_by_size(row)
        if not met:
            return None
        shared = max(1.0, met[0].threads / row.threads)  # what fewer threads may have to do alone
        return shared * _grown([(r.items, self._seen(r)) for r in met], row.items)

    def bytes(self, row: Row) -> float | None:
        """Memory that one run adds; None if nothing telling was counted."""
        counted = self._bytes.get(row.who)
        if not counted:
            return None
        met = _by_size(counted)
        largest = counted[met[-1]]
        if largest < TELLING_GROWTH:
            return None
        if met[0].items < met[-1].items < row.items:
            # Two points tell what grows with the case from what every case needs. A compiler needs
            # much, and not the same each time.
            grown = largest - counted[met[0]]
            if grown < SHARE_THAT_TELLS * largest:
                return largest
            return largest + grown / (met[-1].items - met[0].items) * (row.items - met[-1].items)
        of_case = largest
        if met[-1] in self._runs:
            of_case = min(largest, FASTEST_WRITING * median(self._runs[met[-1]]))
        return largest + of_case * max(0.0, row.items / met[-1].items - 1)

    def bytes_are_sure(self, row: Row) -> bool:
        """True if they were counted on two sizes of case."""
        return len(_by_size(self._bytes.get(row.who, {}))) > 1

    def start_up(self, row: Row) -> float:
        known, typical = self._start_up.get(row.who), self._typical_start_up(row.language)
        if known is None:
            return typical
        return known if self._started[row.who] > 1 else min(known, typical)

    def in_round(self, row: Row) -> float:
        """What a row adds to its process in every round."""
        if row in self._in_round:
            return self._in_round[row]
        run = self.run(row)
        return self.sampling.seconds(RUN_GUESS if run is None else run)

    def first_meeting(self, row: Row) -> float:
        """One process that times the row, one that counts its layers."""
        run = self.run(row) or RUN_GUESS
        return 2 * self.start_up(row) + self.in_round(row) + 1.5 * run

    def measuring(self, row: Row, rounds: int) -> float:
        """All rounds of a row, once its problem is there."""
        return self.first_meeting(row) + (rounds - 1) * self.in_round(row)

    def problem(self, example: str, case: str, items: float) -> float:
        """Seconds until the problem file is there, by the largest ones written so far."""
        if (example, case) in self._problems:
            return 0.0
        written = dict(sorted(p for (name, _), p in self._problems.items() if name == example))
        if not written:
            return 0.0
        # To start the program takes as long for any problem, of any example.
        start = min(seconds for _, seconds in self._problems.values())
        return max(0.0, _grown(list(written.items()), items, -start))

    def _meet(self, row: Row) -> None:
        if not self.has_seen(row):
            self._met[row.who].append(row)

    def _met_by_size(self, row: Row) -> list[Row]:
        """One row for each size that the rung has met with as many threads, smallest first."""
        return _by_size(_of_like_threads(self._met.get(row.who, []), row))

    def _seen(self, row: Row) -> float:
        """Seconds of one run of a row that was met."""
        if row in self._runs:
            return median(self._runs[row])
        # The first run may compile: known from the smallest row that was seen cold and warm.
        both = [r for r in self._met[row.who] if r in self._runs and r in self._glimpsed]
        smallest = min(both, key=lambda r: r.items, default=None)
        if smallest is None:
            return self._glimpsed[row]
        warm = median(self._runs[smallest])
        return max(warm, self._glimpsed[row] - max(0.0, self._glimpsed[smallest] - warm))

    def _typical_start_up(self, language: str) -> float:
        """What an unseen rung is taken to need: the median of its language."""
        if language not in self._typical:
            seen = [v for who, v in self._start_up.items() if bool(who[2]) == (language != "c++")]
            enough = len(seen) >= ENOUGH_TO_GUESS_FROM
            self._typical[language] = median(seen) if enough else START_UP_GUESS[language]
        return self._typical[language]


def _of_like_threads(met: Iterable[Row], row: Row) -> list[Row]:
    """Those with as many threads as the row, or where none has, those with the nearest number.

    Never a mix: what grows from a case with one thread to a larger one with two is neither's.
    """
    apart = defaultdict(list)
    for other in met:
        apart[abs(other.threads - row.threads), other.threads].append(other)
    return apart[min(apart)] if apart else []


def _by_size(rows: Iterable[Row]) -> list[Row]:
    """One row for each size, that with the most threads, smallest first."""
    by_size = sorted(rows, key=lambda row: (row.items, row.threads))
    return list({row.items: row for row in by_size}.values())


def _grown(seen: list[tuple[float, float]], items: float, more: float = 0.0) -> float:
    """Seconds for so many items, by those that smaller numbers took, `more` added to each."""
    largest, seconds = seen[-1][0], seen[-1][1] + more
    if len(seen) == 1 or items <= largest:
        return seconds * items / largest
    growth = (seen[-1][1] - seen[-2][1]) / (largest - seen[-2][0])
    return seconds + max(growth, LEAST_SHARE_THAT_GROWS * seconds / largest) * (items - largest)


def rows_of(
    ladders: Iterable[dict], interpreters: Iterable[str], guests: Iterable[str] = ()
) -> list[Row]:
    """Every row of these ladders: each rung on its cases, smallest first; those of guests last."""
    names, told = list(interpreters), list(ladders)
    own = [
        row
        for ladder in told
        for rung in ladder["rungs"]
        for name in (names if rung["language"] == "python" else [""])
        for row in _rows_of_rung(ladder, rung, name)
    ]
    of_guests = [
        replace(row, guest=True)
        for name in guests
        for ladder in told
        for rung in ladder["rungs"]
        if rung.get("every_interpreter")
        for row in _rows_of_rung(ladder, rung, name)
    ]
    return own + of_guests


def rows_of_start(start: dict) -> list[Row]:
    """The same, from what is known before the first process."""
    told = start["interpreters"]
    own = [key for key, python in told.items() if not python.get("guest")]
    return rows_of(start["ladders"], own, [key for key in told if key not in own])


def without_threads(parameters: dict) -> dict:
    return {name: value for name, value in parameters.items() if name != "threads"}


def _rows_of_rung(ladder: dict, rung: dict, interpreter: str) -> list[Row]:
    levels = _levels(ladder)
    cases = {case["label"]: case for case in ladder["cases"]}
    rows = [
        Row(
            example=ladder["example"],
            rung=rung["name"],
            interpreter=interpreter,
            case=label,
            items=cases[label]["work"]["items"],
            level=levels[label],
            threads=cases[label]["parameters"].get("threads", 1),
            threaded=rung["threaded"],
            parameters=cases[label]["parameters"],
        )
        for label in rung["cases"]
    ]
    return sorted(rows, key=lambda row: (row.level, row.threads))


def _levels(ladder: dict) -> dict[str, int]:
    """The rank of each case by size; cases that differ in threads only share one."""
    problems: list[dict] = []
    for case in sorted(ladder["cases"], key=lambda case: case["work"]["items"]):
        if without_threads(case["parameters"]) not in problems:
            problems.append(without_threads(case["parameters"]))
    return {
        case["label"]: problems.index(without_threads(case["parameters"]))
        for case in ladder["cases"]
    }
