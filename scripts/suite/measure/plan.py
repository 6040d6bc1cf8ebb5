"""Which process comes next. Nothing here runs a process or looks at a clock.

In a round, every row that has joined is run once, in a shuffled order; its first process runs again
at its end, as the drift sentinel. A row that joins is run in as many rounds as were asked for. All
rungs join round 1 with their smallest case; then the cases that the deciding claims need, then
those of the others from the cheapest on, then larger ones
level by level, as far as their forecasts fit into the budget. Smallest cases that no claim needs
make room for those that one does: they were met once, which is enough to forecast by, and go on
where time is left. What is left in the end goes to more rounds of what the claims compare, however
they look by then: to go on until a claim is decided would decide too many. Where a claim's case
is too far from what a rung has met, cases between are run once, to forecast by. Forecasts become
better, so there is a second look in later rounds.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import median

from ..runs.quantities import size_text
from ..runs.words import duration
from .forecasts import SHARE_OF_MEMORY, Forecasts, Row, Sampling

CLAIMS = -1
LEAST_MIN_TIME = 0.02
MIN_TIME = 0.1
# Of the budget, at most this share goes to the smallest cases when the sampling time is chosen.
SHARE_OF_SMALLEST = 0.5
# Accepted is what fits with this share of what is left to spare: forecasts are not promises.
SPARE = 0.05
# A run that only serves to forecast others takes at most this share of the budget, and all that
# are due at once this share of what is left.
SHARE_OF_GLIMPSE = 0.02
SHARE_OF_GLIMPSES = 0.25
# A smallest case that costs so many times the median is dropped before others are.
OUTLIER = 5
LEAST_TIMEOUT = 10.0
LEAST_TIMEOUT_OF_NEW = 20.0  # a first start may compile
PATIENCE = 10  # times the forecast


@dataclass(frozen=True)
class Settings:
    budget: float
    rounds: int
    seed: int
    sampling: Sampling
    memory: float | None = None  # bytes available; None if unknown
    picture_seconds: float = 0.0  # for each picture of the report
    most_rounds: int = 0  # of what claims compare, if time is left; fewer than `rounds`: no more

    def words(self) -> str:
        return f"the budget of {duration(self.budget)}"


@dataclass(frozen=True)
class Process:
    """What one process is started for.

    `kind` is time, layers, sentinel, or glimpse: layers of a row that has not joined.
    """

    kind: str
    round: int
    example: str
    rung: str
    interpreter: str
    cases: tuple[str, ...]

    @cached_property
    def who(self) -> tuple[str, str, str]:
        return self.example, self.rung, self.interpreter

    @property
    def counts(self) -> bool:
        """True if it counts layers and times nothing."""
        return self.kind in ("layers", "glimpse")

    @property
    def needs_problems(self) -> bool:
        """A C++ rung whose layers are counted makes its own input, and no answer is expected."""
        return bool(self.interpreter) or not self.counts

    def as_json(self) -> dict:
        names = ("kind", "round", "example", "rung", "interpreter")
        return {**{name: getattr(self, name) for name in names}, "cases": list(self.cases)}

    @staticmethod
    def from_json(entry: dict) -> Process:
        return Process(**{**entry, "cases": tuple(entry["cases"])})


@dataclass(frozen=True)
class Outcome:
    """What became of a process. Cases that are neither timed nor counted say why."""

    wall: float
    seconds: dict[str, float] = field(default_factory=dict)  # of one run
    cold_seconds: dict[str, float] = field(default_factory=dict)  # of the run that was counted
    grown_bytes: dict[str, float] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    broken: bool = False  # the process ended before it said which case was to blame


@dataclass(frozen=True)
class LeftOut:
    """A row that is not run: why, and what one run was forecast to need."""

    reason: str
    seconds: float | None
    bytes: float | None


class Planner:
    def __init__(
        self,
        rows: list[Row],
        settings: Settings,
        forecasts: Forecasts,
        claims: dict[str, list[tuple[Row, Row]]] | None = None,
        deciding: Iterable[tuple[Row, Row]] = (),
    ) -> None:
        """`claims` are the pairs of rows that each example's claims compare; on those of them that
        are `deciding` an answer depends, so they go before all others."""
        self.rows = rows
        self.settings = settings
        self.forecasts = forecasts
        self.claims = claims or {}
        self._pairs = [pair for pairs in self.claims.values() for pair in pairs]
        self._wanted = dict.fromkeys(row for pair in self._pairs for row in pair)
        self._deciding = list(deciding)
        self._decides = {row for pair in self._deciding for row in pair}
        self.round = 1
        # The level that may join next, then one look at what is left of all levels; before the
        # first, what the claims need.
        self.stage = CLAIMS
        self.queue: list[Process] = []
        self.gone: dict[Row, str] = {}  # failed or impossible here: never tried again
        self.run_limit = settings.budget / settings.rounds
        self.last_regular: int | None = None  # the round after which the claims get more
        self._random = random.Random(settings.seed)
        self._row = {(*row.who, row.case): row for row in rows}
        self._place = {row: i for i, row in enumerate(rows)}
        self._smallest = _smallest_of(rows)
        asked = {row.who for row in self._wanted}
        self._first_of_wanted = {row for row in self._smallest if row.who in asked}
        self._first: Process | None = None  # of the round, for the sentinel
        self._counted: set[Row] = set()  # had their run in which the layers are counted
        self.resting: dict[Row, int] = {}  # since which round: the claims need their time
        self.joined = dict.fromkeys(self._smallest_that_fit(), 1)  # in which round
        self.queue = self._meetings(self.joined)

    # What comes next

    def next(self, remaining: float) -> Process | None:
        """The next process, if `remaining` seconds of measuring are left; None at the end."""
        while remaining > self._pictures():
            if self.round == 1 and self.stage == CLAIMS:  # the first look at this machine
                self._shed(remaining)
            while self.queue:
                process = self._still_wanted(self.queue.pop(0))
                if process and self.cost(process) <= remaining - self._pictures():
                    return process
            if not self._refill(remaining):
                return None
        return None

    def timeout(self, process: Process, remaining: float) -> float:
        """Seconds after which a process is stopped, though its answer is not in."""
        if self._is_new(process):
            patience = max(self.settings.budget / PATIENCE, LEAST_TIMEOUT_OF_NEW)
        else:
            patience = PATIENCE * self.cost(process)
        return max(1.0, min(max(patience, LEAST_TIMEOUT), remaining - self._pictures()))

    def cost(self, process: Process) -> float:
        """Forecast of the wall time of a process."""
        rows = [self._row[(*process.who, case)] for case in process.cases]
        start_up = self.forecasts.start_up(rows[0])
        if process.needs_problems:
            start_up += sum(map(self._cost_of_problem, rows))
        if process.counts:
            return start_up + sum(1.5 * (self.forecasts.run(row) or 0) for row in rows)
        return start_up + sum(map(self.forecasts.in_round, rows))

    def need(self) -> float:
        """Seconds that all that is planned still needs, pictures included."""
        rounds = max(map(self._rounds_left, self.joined), default=0)
        sentinels = (rounds + 1) * self._sentinel_cost()
        queued = sum(map(self.cost, self.queue))
        return queued + self._cost_of_rounds() + sentinels + self._pictures()

    # What became of it

    def learn(self, process: Process, outcome: Outcome) -> None:
        rows = {case: self._row[(*process.who, case)] for case in process.cases}
        if outcome.seconds and not process.counts:
            timed = {rows[case]: run for case, run in outcome.seconds.items()}
            self.forecasts.timed(timed, outcome.wall)
        for case, grown in outcome.grown_bytes.items():
            self.forecasts.counted(rows[case], grown, outcome.cold_seconds.get(case))
        if process.kind == "time" and outcome.seconds and self._first is None:
            self._first = process
        if outcome.broken and len(process.cases) > 1:
            # One of them is to blame: each tries again alone.
            self.queue[:0] = [_alone(process, case) for case in process.cases]
            return
        if process.counts:
            self._counted |= set(rows.values())
            return
        for case, reason in outcome.failed.items():
            self._lose(rows[case], reason, "a smaller case failed")
        for case, reason in outcome.skipped.items():
            stopped = reason.startswith("stopped")
            self._lose(rows[case], reason, f"a smaller case was {reason}" if stopped else reason)

    def left_out(self, at_end: bool) -> dict[Row, LeftOut]:
        """Rows that the plan has no room for, or at the end had none for, though they are sound."""
        return {
            row: self._why_left_out(row)
            for row in self.rows
            if row not in self.gone
            and row not in self.resting
            and (row not in self.joined or (at_end and not self.forecasts.has_met(row)))
        }

    def lacked_time(self) -> bool:
        """True if something was not measured that more time might do."""
        stopped = any(reason.startswith("stopped") for reason in self.gone.values())
        return stopped or not all(map(self._too_much_memory, self.left_out(at_end=True)))

    def cost_of_smallest(self) -> float:
        """Forecast of what all rounds of the smallest cases take, with their pictures."""
        endless = replace(self.settings, budget=math.inf)
        return Planner(self.rows, endless, self.forecasts, self.claims, self._deciding).need()

    # To stop and to go on another time

    def state(self) -> dict:
        return {
            "round": self.round,
            "stage": self.stage,
            "run_limit": self.run_limit,
            "last_regular": self.last_regular,
            "joined": [[self._place[row], number] for row, number in self.joined.items()],
            "resting": [[self._place[row], number] for row, number in self.resting.items()],
            "queue": [process.as_json() for process in self.queue],
            "first": self._first.as_json() if self._first else None,
        }

    def restore(self, state: dict) -> None:
        """Goes on from a state. What had been learned has to be learned again first."""
        self.round, self.stage = state["round"], state["stage"]
        self.run_limit = state["run_limit"]
        self.last_regular = state["last_regular"]
        self.joined, self.resting = (
            {self.rows[int(place)]: number for place, number in state[name]}
            for name in ("joined", "resting")
        )
        self._forget_gone()
        self.queue = [Process.from_json(entry) for entry in state["queue"]]
        self._first = Process.from_json(state["first"]) if state["first"] else None
        # Shuffles to come differ from those that were, whatever was interrupted.
        self._random = random.Random(f"{self.settings.seed} {self.round} {self.stage}")

    # Refilling the queue

    def _refill(self, remaining: float) -> bool:
        """Fills the queue with the next stage or round; False when all is done."""
        if self._let_join(remaining):
            return True
        if self._first is not None:
            self.queue = [_sentinel_of(self._first)]
            self._first = None
            return True
        if not any(map(self._rounds_left, self.joined)) and not self._may_go_on(remaining):
            return False
        self.round += 1
        self.stage = CLAIMS
        self.queue = self._round()
        self._shed(remaining)
        return True

    def _may_go_on(self, remaining: float) -> bool:
        """True if there is time for one more round of what the claims compare."""
        again = [row for row in self.joined if row in self._wanted]
        if not again or self.round >= self.settings.most_rounds:
            return False
        one_round = sum(self.forecasts.start_up(r) + self.forecasts.in_round(r) for r in again)
        if one_round + self._sentinel_cost() > self._slack(remaining):
            return False
        if self.last_regular is None:
            self.last_regular = self.round
        return True

    def _let_join(self, remaining: float) -> bool:
        """Queues the rows of the next stage that fit; False when there is none.

        Forecasts are careful, so there may be room after the last round of those that came first.
        """
        while self.last_regular is None and self.stage <= self._last_level() + 1:
            if self.stage == CLAIMS:
                self._make_room(remaining)
                if glimpses := self._glimpses(remaining):
                    self.queue = glimpses
                    return True
            chosen = self._choose(remaining)
            self.stage += 1
            self.queue = self._meetings([row for row in chosen if self._begins(row)])
            if self.queue:
                return True
        return False

    def _begins(self, row: Row) -> bool:
        """Lets a row join; False if it was timed in this round before it rested."""
        since = self.resting.pop(row, None)
        # Who rested has one round behind it.
        self.joined[row] = self.round if since in (None, self.round) else self.round - 1
        return since != self.round

    def _meetings(self, rows: Iterable[Row]) -> list[Process]:
        """Each row is timed in a process of its own, then its layers are counted in another."""
        order = sorted(rows, key=self._place.__getitem__)
        self._random.shuffle(order)
        return [
            Process(kind, self.round, *row.who, (row.case,))
            for row in order
            for kind in (("time",) if row in self._counted else ("time", "layers"))
        ]

    def _round(self) -> list[Process]:
        bundles = list(self._bundles(self._is_due).values())
        self._random.shuffle(bundles)
        return [
            Process("time", self.round, *rows[0].who, tuple(row.case for row in rows))
            for rows in bundles
        ]

    def _bundles(self, which: Callable[[Row], object]) -> dict[tuple, list[Row]]:
        bundles: dict[tuple, list[Row]] = defaultdict(list)
        for row in self.rows:
            if row in self.joined and which(row):
                bundles[row.bundle].append(row)
        return bundles

    def _is_due(self, row: Row) -> bool:
        """True if the row has a process in this round, which is not that of its joining."""
        if self.last_regular is not None and self.round > self.last_regular:
            return row in self._wanted
        return self.joined[row] < self.round < self.joined[row] + self.settings.rounds

    def _rounds_left(self, row: Row) -> int:
        """Rounds after this one that the row takes part in."""
        return max(0, self.joined[row] + self.settings.rounds - 1 - self.round)

    def _still_wanted(self, process: Process) -> Process | None:
        """The process without the cases that were lost or dropped since it was queued."""
        if process.kind == "glimpse":
            return process
        cases = tuple(c for c in process.cases if self._row[(*process.who, c)] in self.joined)
        if not cases:
            return None
        return Process(process.kind, process.round, *process.who, cases)

    # Choosing

    def _smallest_that_fit(self) -> list[Row]:
        """The smallest case of every rung, or of as many as surely fit, fair to all examples.

        Guests wait until the claims have what they need, unless it is them that claims are about.
        """
        chosen, need = [], 0.0
        deciding = {row.who for row in self._decides}
        for row in sorted(self._smallest, key=lambda row: row.who not in deciding):
            if self._is_idle(row):
                continue
            need += self.forecasts.measuring(row, self.settings.rounds)
            if need <= self.settings.budget:
                chosen.append(row)
        return chosen

    def _is_idle(self, row: Row) -> bool:
        """A guest that no claim is about, nor needed to foretell one that is."""
        return row.guest and row not in self._wanted and row not in self._first_of_wanted

    def _choose(self, remaining: float) -> set[Row]:
        """Rows of this stage that fit into what is left, shared among the examples."""
        slack = self._slack(remaining)
        self.run_limit = min(self.settings.budget, max(slack, 0.0)) / self.settings.rounds
        if self.stage == CLAIMS:
            return self._claims_that_fit(slack)
        candidates = self._candidates()
        if self.stage > self._last_level():  # what no example could afford as its share
            return self._affordable([r for rows in candidates.values() for r in rows], slack)[0]
        chosen: set[Row] = set()
        for i, rows in enumerate(candidates.values()):
            share = slack / (len(candidates) - i)
            taken, cost = self._affordable(rows, share)
            chosen |= taken
            slack -= cost
        return chosen

    def _glimpses(self, remaining: float) -> list[Process]:
        """Single runs from which the cases of the claims can be forecast, the cheapest first."""
        steps = dict.fromkeys(filter(None, map(self._step_towards, self._wanted)))
        glimpses = [Process("glimpse", self.round, *row.who, (row.case,)) for row in steps]
        allowance = (remaining - self.need()) * SHARE_OF_GLIMPSES
        taken = []
        for glimpse in sorted(glimpses, key=self.cost):
            allowance -= self.cost(glimpse)
            if allowance >= 0:
                taken.append(glimpse)
        return taken

    def _make_room(self, remaining: float) -> None:
        """Lets smallest cases rest that no claim needs, the dearest first, as far as claims that
        can be afforded then want their time."""
        resting = [row for row in self.joined if row.level == 0 and row not in self._wanted]
        resting = [r for r in resting if self._rounds_left(r) and self.forecasts.has_met(r)]
        freed = sum(self._rounds_left(r) * self.forecasts.in_round(r) for r in resting)
        slack, wanted = self._slack(remaining), 0.0
        for pairs in (self._deciding, [p for p in self._pairs if p not in self._deciding]):
            for rows in sorted(self._missing(pairs), key=self._cost_of_all):
                if wanted + self._cost_of_all(rows) > slack + freed:
                    break
                wanted += self._cost_of_all(rows)
        for row in sorted(resting, key=self.forecasts.in_round, reverse=True):
            if not wanted or self._slack(remaining) >= wanted:
                return
            del self.joined[row]
            self.resting[row] = self.round

    def _missing(self, pairs: Iterable[tuple[Row, Row]]) -> list[list[Row]]:
        """For each claim that could still be decided, the rows that it lacks."""
        missing = [
            [row for row in dict.fromkeys(pair) if row not in self.joined]
            for pair in pairs
            if not any(row in self.gone for row in pair)
        ]
        return [rows for rows in missing if rows and all(map(self._may_run, rows))]

    def _cost_of_all(self, rows: Iterable[Row]) -> float:
        return sum(map(self._cost_of_joining, rows))

    def _slack(self, remaining: float) -> float:
        return remaining - self.need() - SPARE * remaining

    def _step_towards(self, row: Row) -> Row | None:
        """The largest case below this one that surely runs; None if there is no need for one."""
        if self._is_in_or_lost(row) or not self.forecasts.knows(row) or self._is_near(row):
            return None
        same = [r for r in self.rows if r.who == row.who and r.threads == row.threads]
        done = max((r.level for r in same if self.forecasts.has_seen(r)), default=-1)
        between = [r for r in same if done < r.level < row.level and r not in self._counted]
        return max(filter(self._is_near, between), key=lambda r: r.items, default=None)

    def _is_near(self, row: Row) -> bool:
        """Forecast to be so short, its problem included, that to try it costs next to nothing."""
        run = self.forecasts.run(row)
        limit = SHARE_OF_GLIMPSE * self.settings.budget - self._cost_of_problem(row)
        return run is not None and run <= limit and not self._too_much_memory(row)

    def _is_in_or_lost(self, row: Row) -> bool:
        return row in self.joined or row in self.gone

    def _claims_that_fit(self, slack: float) -> set[Row]:
        """Both sides of as many claims as fit, the cheapest first: of those that decide, then of
        the others, shared among the examples, and what one leaves of its share to all."""
        chosen: set[Row] = set()
        slack = self._add_claims(self._deciding, slack, chosen)
        for i, pairs in enumerate(self.claims.values()):
            share = slack / (len(self.claims) - i)
            slack -= share - self._add_claims(pairs, share, chosen)
        self._add_claims(self._pairs, slack, chosen)
        return chosen

    def _add_claims(
        self, pairs: list[tuple[Row, Row]], allowance: float, chosen: set[Row]
    ) -> float:
        """Adds to the chosen what these claims lack, and gives what is left of the allowance."""
        for rows in sorted(self._missing(pairs), key=self._cost_of_all):
            new = [row for row in rows if row not in chosen]
            taken, cost = self._affordable(new, allowance)
            if len(taken) == len(new):
                chosen |= taken
                allowance -= cost
        return allowance

    def _candidates(self) -> dict[str, list[Row]]:
        """Per example, the rows that may run in this stage; who went first last time goes last."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            if self._is_in_or_lost(row) or not self._may_run(row):
                continue
            if row.level == self.stage or self.stage > self._last_level():
                found[row.example].append(row)
        names = sorted(found)
        turn = self.stage % max(1, len(names))
        return {name: found[name] for name in names[turn:] + names[:turn]}

    def _may_run(self, row: Row) -> bool:
        """Forecast to be possible here, and its rung has done the case below."""
        if self._too_much_memory(row) or self._too_long(row):
            return False
        return self.forecasts.knows(row) or row in self._smallest

    def _affordable(self, rows: list[Row], allowance: float) -> tuple[set[Row], float]:
        """All rows if they fit, since a ladder compares within a case; else the cheapest."""
        taken: set[Row] = set()
        spent = 0.0
        # Pictures and problems.
        seen: set[tuple[str, object]] = {row.picture for row in self.joined}
        costs = {row: self._cost_of_joining(row) for row in rows}
        for row in sorted(rows, key=lambda row: (self._is_idle(row), row.level, costs[row])):
            cost = costs[row] + (0.0 if row.picture in seen else self.settings.picture_seconds)
            cost += 0.0 if row.problem in seen else self._cost_of_problem(row)
            if spent + cost <= allowance:
                taken.add(row)
                seen |= {row.picture, row.problem}
                spent += cost
        return taken, spent

    # Dropping

    def _shed(self, remaining: float) -> None:
        """Drops rows until the rest fits: a few measured well say more than many measured badly."""
        while self.need() > remaining and (victim := self._dearest()):
            del self.joined[victim]
            self.queue = [p for p in map(self._still_wanted, self.queue) if p]

    def _dearest(self) -> Row | None:
        """The row to drop first, of those that still need time."""
        costs = {
            row: self.forecasts.in_round(row)
            for row in self.joined
            if self._rounds_left(row) or self._is_due(row) or not self.forecasts.has_met(row)
        }
        if not costs:
            return None
        costs = {row: cost for row, cost in costs.items() if row not in self._decides} or costs
        dearest = max(costs, key=lambda row: (self._is_idle(row), row.level > 0, costs[row]))
        if dearest.level > 0 or costs[dearest] > OUTLIER * median(costs.values()):
            return dearest
        last = {row: i for i, row in enumerate(self._smallest) if row in costs}
        return max(last, key=lambda row: (self._is_idle(row), last[row]), default=dearest)

    def _lose(self, row: Row, reason: str, of_larger: str) -> None:
        """A row that went wrong is not run again; nor are larger cases of the same rung begun."""
        self.gone.setdefault(row, reason)
        for other in self.rows:
            larger = other.who == row.who and other.items >= row.items
            if larger and not self.forecasts.has_met(other):
                self.gone.setdefault(other, of_larger)
        self._forget_gone()

    def _forget_gone(self) -> None:
        for row in self.gone:
            self.joined.pop(row, None)
            self.resting.pop(row, None)

    # Costs

    def _is_new(self, process: Process) -> bool:
        rows = [self._row[(*process.who, case)] for case in process.cases]
        return not any(map(self.forecasts.knows, rows))

    def _cost_of_rounds(self) -> float:
        """Of all rounds after this one."""
        total = 0.0
        for rows in self._bundles(self._rounds_left).values():
            total += max(map(self._rounds_left, rows)) * self.forecasts.start_up(rows[0])
            total += sum(self._rounds_left(row) * self.forecasts.in_round(row) for row in rows)
        return total

    def _cost_of_problem(self, row: Row) -> float:
        return self.forecasts.problem(row.example, row.case, row.items)

    def _cost_of_joining(self, row: Row) -> float:
        """Who joins late needs processes in rounds that the others no longer have."""
        alone = (self.round - 1) * self.forecasts.start_up(row)
        return alone + self.forecasts.measuring(row, self.settings.rounds)

    def _sentinel_cost(self) -> float:
        smallest = [row for row in self._smallest if row in self.joined]
        costs = [self.forecasts.start_up(row) + self.forecasts.in_round(row) for row in smallest]
        return sum(costs) / len(costs) if costs else 0.0

    def _pictures(self) -> float:
        return len({row.picture for row in self.joined}) * self.settings.picture_seconds

    def _last_level(self) -> int:
        return max((row.level for row in self.rows), default=0)

    # Reasons

    def _too_much_memory(self, row: Row) -> bool:
        need, there = self.forecasts.bytes(row), self.settings.memory
        return need is not None and there is not None and need > SHARE_OF_MEMORY * there

    def _too_long(self, row: Row) -> bool:
        run = self.forecasts.run(row)
        return run is not None and run > self.run_limit

    def _why_left_out(self, row: Row) -> LeftOut:
        run, grown = self.forecasts.run(row), self.forecasts.bytes(row)
        too_long = run is not None and run > self.settings.budget / self.settings.rounds
        # Of two reasons the surer one: memory that was counted once may be that of a compiler.
        if self._too_much_memory(row) and not (too_long and not self.forecasts.bytes_are_sure(row)):
            need, there = (size_text(size or 0) for size in (grown, self.settings.memory))
            reason = f"forecast {need} of memory, {there} available"
        elif run is not None and too_long:
            reason = f"forecast {duration(run)}"
        else:
            whole = duration(self._cost_of_joining(row) + self._cost_of_problem(row))
            rounds = self.settings.rounds
            reason = (
                f"no time left in {self.settings.words()}, forecast {whole} for {rounds} rounds"
            )
        return LeftOut(reason, run, grown)


def min_time(rungs: int, pythons: int, budget: float, rounds: int) -> float:
    """How long to sample, so that the smallest cases leave room for larger ones.

    `rungs` counts those of C++, `pythons` those of Python times the interpreters.
    """
    if rungs + pythons == 0:
        return MIN_TIME
    start_up = (0.02 * rungs + 0.2 * pythons) / (rungs + pythons)
    each = SHARE_OF_SMALLEST * budget / rounds / (rungs + pythons)
    # The warm-up takes as long as the sampling, and the sampling overshoots a little.
    return max(LEAST_MIN_TIME, min(MIN_TIME, (each - start_up) / 2.5))


def _alone(process: Process, case: str) -> Process:
    return Process(process.kind, process.round, *process.who, (case,))


def _sentinel_of(process: Process) -> Process:
    return Process("sentinel", process.round, *process.who, process.cases[:1])


def _smallest_of(rows: list[Row]) -> list[Row]:
    """The smallest row of each rung, one of every example after the other.

    A ladder without its two ends says little, so they come first. Guests come last.
    """
    seen: dict[tuple, Row] = {}
    for row in rows:
        seen.setdefault(row.who, row)
    ladders: dict[str, list[Row]] = defaultdict(list)
    for row in seen.values():
        if not row.guest:
            ladders[row.example].append(row)
    for ladder in ladders.values():
        ladder.insert(1, ladder.pop())
    longest = max(map(len, ladders.values()), default=0)
    own = [ladder[i] for i in range(longest) for ladder in ladders.values() if i < len(ladder)]
    return own + [row for row in seen.values() if row.guest]
