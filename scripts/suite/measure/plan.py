"""Which process comes next. Nothing here runs a process or looks at a clock.

A run is a series of batches. The rows of a batch are run together, in as many rounds as were asked
for: in a round each of them once, example by example, in a shuffled order, then the round's first
process again, as the drift sentinel. So what is compared was measured side by side.

The first batch is of the claims that decide, in few rounds, so that the worth of their time is
known; the second of all claims, those that decide first, then the cheapest, as far as they fit;
then come whole ladders, from the smallest cases on, beside the baseline of each. What is left in
the end goes to more rounds of what the claims compare, however they look by then: to go on until a
claim is decided would decide too many.

Before a batch is chosen, the rungs that it may need meet their smallest case, to forecast by. Where
a claim's case is too far from that, cases between are run once.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from enum import IntEnum
from statistics import median

from ..runs.quantities import plural, size_text
from ..runs.words import duration
from .forecasts import LONG, OVERSHOOT, SHARE_OF_MEMORY, Forecasts, Row
from .steps import LeftOut, Outcome, Process, Settings

LEAST_MIN_TIME = 0.05
MIN_TIME = 0.08
TYPICAL_START_UP = 0.05
# Of the budget, at most this share goes to the claims when the sampling time is chosen.
SHARE_OF_CLAIMS = 0.6
# Accepted is what fits with this share of what is left to spare: forecasts are not promises.
SPARE = 0.05
# Of what is left before the first meetings for claims, this share is kept for what they choose.
SHARE_OF_BATCH = 0.5
# Of what is left, at most this share goes to single runs that serve to forecast others.
SHARE_OF_GLIMPSES = 0.25
MOST_MET_AT_ONCE = 10
# A run that only serves to forecast others takes at most this share of the budget.
SHARE_OF_GLIMPSE = 0.02
# A smallest case that costs so many times the median comes after the others.
OUTLIER = 5
LEAST_TIMEOUT = 10.0
LEAST_TIMEOUT_OF_NEW = 20.0  # a first start may compile
PATIENCE = 10  # times the forecast


class Stage(IntEnum):
    """What the batch is of."""

    DECIDING = 0
    CLAIMS = 1
    LADDERS = 2
    MORE_OF_CLAIMS = 3


class Phase(IntEnum):
    """How far the batch is: in the first three it is still to be chosen."""

    MEET = 0
    GLIMPSE = 1
    JOIN = 2
    ROUNDS = 3


class Planner:
    def __init__(
        self,
        rows: list[Row],
        settings: Settings,
        forecasts: Forecasts,
        claims: Collection[tuple[Row, Row]] = (),
        deciding: Collection[tuple[Row, Row]] = (),
        baselines: Mapping[str, str] | None = None,
    ) -> None:
        """`claims` are the pairs of rows that claims compare; on those of them that are `deciding`
        an answer depends, so they go before all others. `baselines` are rungs, by example."""
        self.rows = rows
        self.settings = settings
        self.forecasts = forecasts
        self.round = 1
        self.stage = Stage.DECIDING
        self.phase = Phase.MEET
        self.level = 0  # of ladders, that may join next; the last are the guests
        self.batch: list[Row] = []
        self.rounds_left = 0  # of the batch, after this one
        self.queue: list[Process] = []
        self.gone: dict[Row, str] = {}  # failed or impossible here: never tried again
        self.run_limit = settings.budget / settings.rounds
        self._pairs = {Stage.DECIDING: list(deciding), Stage.CLAIMS: list(claims)}
        self._wanted = dict.fromkeys(row for pair in claims for row in pair)
        self._decides = dict.fromkeys(row for pair in deciding for row in pair)
        self._random = random.Random(settings.seed)
        self._row = {(*row.who, row.case): row for row in rows}
        self._place = {row: i for i, row in enumerate(rows)}
        self._baseline_of = {
            (row.example, row.case): row
            for row in reversed(rows)
            if row.rung == (baselines or {}).get(row.example)
        }
        self._smallest = _smallest_of(rows)
        self._first: Process | None = None  # of the round, for the sentinel
        self._counted: set[Row] = set()  # had their run in which the layers are counted
        self._timed: dict[Row, set[int]] = {}  # in which rounds
        self._later = settings.budget  # what rows cost at most that no batch had yet
        self._timed_before = 0  # processes, before this batch
        self._for_batch = 0.0  # seconds that its first meetings leave to it; 0 until they begin
        self._repeated = False  # the stage had a batch before

    # What comes next

    def next(self, remaining: float) -> Process | None:
        """The next process, if `remaining` seconds of measuring are left; None at the end."""
        while remaining > self._pictures():
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
        rows = self._rows_of(process)
        start_up = self.forecasts.start_up(rows[0])
        if process.needs_problems:
            start_up += sum(map(self._cost_of_problem, rows))
        if process.counts:
            return start_up + sum(1.5 * (self.forecasts.run(row) or 0) for row in rows)
        return start_up + sum(map(self.forecasts.in_round, rows))

    def need(self) -> float:
        """Seconds that the queue and the rounds of this batch still need, pictures included."""
        one_round = self._cost_of_round(self.batch) + self._sentinel_cost()
        queued = sum(map(self.cost, self.queue)) + self._sentinel_cost()
        return queued + self.rounds_left * one_round + self._pictures()

    def need_in_all(self) -> float:
        """The same with what batches to come may need."""
        return self.need() + self._later

    # What became of it

    def learn(self, process: Process, outcome: Outcome) -> None:
        rows = {case: self._row[(*process.who, case)] for case in process.cases}
        if outcome.seconds and not process.counts:
            timed = {rows[case]: run for case, run in outcome.seconds.items()}
            self.forecasts.timed(timed, outcome.wall)
        for case, grown in outcome.grown_bytes.items():
            self.forecasts.counted(rows[case], grown, outcome.cold_seconds.get(case))
        if process.kind == "time":
            for case in outcome.seconds:
                self._timed.setdefault(rows[case], set()).add(process.round)
            if outcome.seconds and self._first is None:
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
        waiting = set() if at_end else {*self.batch, *self._queued()}
        return {
            row: self._why_left_out(row)
            for row in self.rows
            if row not in self.gone and row not in self._timed and row not in waiting
        }

    def lacked_time(self) -> bool:
        """True if something was not measured that more time might do."""
        stopped = any(reason.startswith("stopped") for reason in self.gone.values())
        return stopped or not all(map(self._too_much_memory, self.left_out(at_end=True)))

    def cost_of_smallest(self) -> float:
        """Forecast of what all rounds of the smallest cases take, with their pictures."""
        sentinels = self.settings.rounds * self._sentinel_cost()
        return self._cost_of(self._smallest, []) + sentinels

    # To stop and to go on another time

    def state(self) -> dict:
        return {
            "round": self.round,
            "stage": int(self.stage),
            "phase": int(self.phase),
            "level": self.level,
            "run_limit": self.run_limit,
            "batch": [self._place[row] for row in self.batch],
            "rounds_left": self.rounds_left,
            "queue": [process.as_json() for process in self.queue],
            "first": self._first.as_json() if self._first else None,
        }

    def restore(self, state: dict) -> None:
        """Goes on from a state. What had been learned has to be learned again first."""
        self.round, self.rounds_left = state["round"], state["rounds_left"]
        self.stage, self.phase = Stage(state["stage"]), Phase(state["phase"])
        self.level, self.run_limit = state["level"], state["run_limit"]
        self.batch = [self.rows[int(place)] for place in state["batch"]]
        self.queue = [Process.from_json(entry) for entry in state["queue"]]
        self._first = Process.from_json(state["first"]) if state["first"] else None
        self._forget_gone()
        # Shuffles to come differ from those that were, whatever was interrupted.
        self._random = random.Random(f"{self.settings.seed} {self.round} {self.stage}")

    # Refilling the queue

    def _refill(self, remaining: float) -> bool:
        """Fills the queue with the next phase, round or batch; False when all is done."""
        while not self.queue:
            if self.phase < Phase.ROUNDS:
                self.queue = self._before_rounds(remaining)
                if not self._comes_again():
                    self.phase = Phase(self.phase + 1)
            elif self._first is not None:
                self.queue = [_sentinel_of(self._first)]
                self._first = None
            elif self.rounds_left and self.batch:
                self._shed(remaining)
                self.round += 1
                self.rounds_left -= 1
                self.queue = self._processes(self.batch)
            elif not self._go_on():
                return False
        return True

    def _before_rounds(self, remaining: float) -> list[Process]:
        slack = self._slack(remaining)
        if self.phase == Phase.MEET:
            return self._processes(self._to_meet(slack - self._kept_for_deciding()))
        if self.phase == Phase.GLIMPSE:
            return self._glimpses((slack - self._kept_for_deciding()) * SHARE_OF_GLIMPSES)
        more = self.stage == Stage.MORE_OF_CLAIMS
        self.run_limit = min(self.settings.budget, max(slack, 0.0)) / self.settings.rounds
        self.batch = self._more(slack) if more else list(self._chosen(slack))
        self.rounds_left = 0 if more else self._rounds_of_batch() - 1
        self._later = self._cost_of(filter(self._is_new_to_all, self.rows), self.batch)
        return self._processes([r for r in self.batch if self.round not in self._rounds_of(r)])

    def _rounds_of_batch(self) -> int:
        """Claims that decide have their other rounds in the batch of all claims."""
        if self.stage == Stage.DECIDING:
            return max(1, self.settings.deciding_rounds - self.settings.rounds)
        return self.settings.rounds

    def _kept_for_deciding(self) -> float:
        """Seconds that nothing new may take from the claims that decide."""
        if self.stage != Stage.CLAIMS:
            return 0.0
        deciding = filter(self._is_deciding, self._possible_pairs())
        return self._cost_of(itertools.chain.from_iterable(deciding), ())

    def _comes_again(self) -> bool:
        """True if the phase is not over.

        Rungs are met bit by bit, to learn on the way how much fits, larger cases are looked at step
        by step, and ladders join level by level, since a case forecasts the next larger one best.
        """
        if self.phase < Phase.JOIN:
            return bool(self.queue)
        if self.phase == Phase.JOIN and self.stage == Stage.LADDERS:
            self.level += 1
            return self.level <= self._last_level() + 1
        return False

    def _go_on(self) -> bool:
        """Begins the next batch; False when there is none."""
        timed = sum(map(len, self._timed.values()))
        self._repeated = timed > self._timed_before
        # There is nothing more of the kind, or nothing that fits.
        if not self._repeated or self.stage == Stage.DECIDING:
            if self.stage == Stage.MORE_OF_CLAIMS:
                return False
            self.stage = Stage(self.stage + 1)
        if any(self.round in rounds for rounds in self._timed.values()):
            self.round += 1
        self.phase, self._timed_before = Phase.MEET, timed
        self.batch, self.rounds_left, self.level = [], 0, 0
        self._for_batch = 0.0
        return True

    def _processes(self, rows: Iterable[Row]) -> list[Process]:
        """Who was not timed yet has a process of its own, and another in which its layers are
        counted; the others share one where they can. Examples in a shuffled order, and within each
        its processes: what disturbs for seconds then disturbs both of what a claim compares."""
        groups: list[list[Process]] = []
        bundles: dict[tuple, list[Row]] = defaultdict(list)
        for row in sorted(rows, key=self._place.__getitem__):
            if row in self._counted and self._timed.get(row):
                bundles[row.bundle].append(row)
            else:
                kinds = ("time",) if row in self._counted else ("time", "layers")
                groups.append([Process(kind, self.round, *row.who, (row.case,)) for kind in kinds])
        for bundle in bundles.values():
            cases = tuple(row.case for row in bundle)
            groups.append([Process("time", self.round, *bundle[0].who, cases)])
        self._random.shuffle(groups)
        turns = list(dict.fromkeys(group[0].example for group in groups))
        groups.sort(key=lambda group: turns.index(group[0].example))
        return [process for group in groups for process in group]

    def _still_wanted(self, process: Process) -> Process | None:
        """The process without the cases that were lost since it was queued."""
        cases = tuple(c for c in process.cases if self._row[(*process.who, c)] not in self.gone)
        if not cases:
            return None
        return replace(process, cases=cases)

    # Looking ahead

    def _to_meet(self, slack: float) -> list[Row]:
        """The smallest cases of some rungs that this batch may need, as far as there is time.

        Of claims the cheapest will be chosen, whatever those met so far would cost; of ladders all.
        """
        if self.stage > Stage.LADDERS:
            return []
        if self.stage == Stage.LADDERS:
            rounds, needed = self.settings.rounds, self._smallest
            slack -= self._cost_of(self._met_without_the_dear(), ())
        else:
            smallest = {row.who: row for row in self._smallest}
            # Who comes to a batch that others had before has room for itself only.
            rounds = self.settings.rounds if self._repeated else 1
            needed = [smallest[row.who] for row in self._rows_of_claims()]
            self._for_batch = self._for_batch or slack * SHARE_OF_BATCH
            slack -= self._for_batch
        unknown = [r for r in dict.fromkeys(needed) if not self.forecasts.knows(r)]
        unknown = [r for r in unknown if r not in self.gone]
        return self._first_that_fit(unknown[:MOST_MET_AT_ONCE], slack, rounds)

    def _met_without_the_dear(self) -> list[Row]:
        """The smallest cases that lack rounds, without what is far dearer than the rest."""
        met = [row for row in self._smallest if row in self._timed]
        cheap = self._cheap(met)
        return [row for row in met if row in cheap and self._lacks_rounds((row, row))]

    def _first_that_fit(self, rows: list[Row], allowance: float, rounds: int) -> list[Row]:
        spent = itertools.accumulate(self.forecasts.measuring(row, rounds) for row in rows)
        return [row for row, seconds in zip(rows, spent) if seconds <= allowance]

    def _rows_of_claims(self) -> Iterable[Row]:
        """Of this batch."""
        pairs = self._pairs.get(self.stage, [])
        return dict.fromkeys(row for pair in pairs if self._lacks_rounds(pair) for row in pair)

    def _possible_pairs(self) -> list[tuple[Row, Row]]:
        """Of this batch, those whose rows are both known well enough to be forecast."""
        pairs = [pair for pair in self._pairs[self.stage] if self._lacks_rounds(pair)]
        return [pair for pair in pairs if all(map(self._may_run, pair))]

    def _is_deciding(self, pair: tuple[Row, Row]) -> bool:
        return pair in self._pairs[Stage.DECIDING]

    def _lacks_rounds(self, pair: tuple[Row, Row]) -> bool:
        """True if the two could still be compared, and were not often enough in one round."""
        if any(row in self.gone for row in pair):
            return False
        deciding = self.settings.deciding_rounds if self._is_deciding(pair) else 0
        return len(self._together(pair)) < max(self.settings.rounds, deciding)

    def _together(self, pair: tuple[Row, Row]) -> set[int]:
        """The rounds in which both were timed."""
        return self._rounds_of(pair[0]) & self._rounds_of(pair[1])

    def _rounds_of(self, row: Row) -> set[int]:
        return self._timed.get(row, set())

    def _is_new_to_all(self, row: Row) -> bool:
        """True if it could run, but was in no batch yet."""
        return row not in self._timed and row not in self.gone and self._may_run(row)

    def _glimpses(self, allowance: float) -> list[Process]:
        """Single runs from which the cases of the claims can be forecast, the cheapest first.

        Those whose cases are so short that they cost no more than others need none.
        """
        steps = dict.fromkeys(filter(None, map(self._step_towards, self._rows_of_claims())))
        glimpses = [Process("glimpse", self.round, *row.who, (row.case,)) for row in steps]
        taken = []
        for glimpse in sorted(glimpses, key=self.cost):
            allowance -= self.cost(glimpse)
            if allowance >= 0:
                taken.append(glimpse)
        return taken

    def _step_towards(self, row: Row) -> Row | None:
        """The largest case up to this one that surely runs; None if there is no need for one."""
        run = self.forecasts.run(row)
        short = run is not None and run <= LONG * self.settings.sampling.min_time
        if row in self._counted or run is None or (short and not self._too_much_memory(row)):
            return None
        same = [r for r in self.rows if r.who == row.who and r.threads == row.threads]
        done = max((r.level for r in same if self.forecasts.has_seen(r)), default=-1)
        between = [r for r in same if done < r.level <= row.level and r not in self._counted]
        return max(filter(self._is_near, between), key=lambda r: r.items, default=None)

    def _is_near(self, row: Row) -> bool:
        """Forecast to be so short, its problem included, that to try it costs next to nothing."""
        run = self.forecasts.run(row)
        limit = SHARE_OF_GLIMPSE * self.settings.budget - self._cost_of_problem(row)
        return run is not None and run <= limit and not self._too_much_memory(row)

    # Choosing

    def _chosen(self, slack: float) -> dict[Row, None]:
        """The rows of a batch that fit into what is left."""
        if self.stage == Stage.LADDERS:
            return self._of_ladders(slack)
        chosen: dict[Row, None] = {}
        pairs = self._possible_pairs()
        cost = {pair: self._cost_of(pair, ()) for pair in pairs}
        for pair in sorted(pairs, key=lambda pair: (not self._is_deciding(pair), cost[pair])):
            slack -= self._take(pair, slack, chosen)
        return chosen

    def _of_ladders(self, slack: float) -> dict[Row, None]:
        """Of a level whole ladders where they fit, since a ladder compares within a case, else the
        cheapest rows. Guests that no claim is about come last."""
        chosen = dict.fromkeys(self.batch)
        guests = self.level > self._last_level()
        new = [
            row
            for row in self.rows
            if self._is_idle(row) == guests
            and (guests or row.level == self.level)
            and row not in chosen
            and self._lacks_rounds((row, row))
            and self._may_run(row)
        ]
        if guests or self.level == 0:
            for row in self._in_turn(new):
                slack -= self._take(self._with_baseline(row), slack, chosen)
            return chosen
        ladders: dict[str, list[Row]] = defaultdict(list)
        for row in new:
            ladders[row.example].append(row)
        self._take_ladders(list(ladders.values()), slack, chosen)
        return chosen

    def _in_turn(self, smallest: list[Row]) -> list[Row]:
        """One of every example after the other; what is far dearer than the rest comes last."""
        cheap = self._cheap(smallest)
        place = {row.who: i for i, row in enumerate(self._smallest)}
        return sorted(smallest, key=lambda row: (row not in cheap, place[row.who]))

    def _cheap(self, rows: list[Row]) -> set[Row]:
        costs = {row: self.forecasts.in_round(row) for row in rows}
        most = OUTLIER * median(costs.values()) if costs else 0.0
        return {row for row, cost in costs.items() if cost <= most}

    def _take_ladders(
        self, ladders: list[list[Row]], slack: float, chosen: dict[Row, None]
    ) -> None:
        """What one ladder leaves of its share goes to the others."""
        ladders.sort(key=lambda rows: self._cost_of(rows, chosen))
        for i, rows in enumerate(ladders):
            share = slack / (len(ladders) - i)
            taken = self._take(rows, share, chosen)
            for row in sorted(rows, key=self.forecasts.in_round) if not taken else ():
                taken += self._take(self._with_baseline(row), share - taken, chosen)
            slack -= taken

    def _take(self, rows: Iterable[Row], allowance: float, chosen: dict[Row, None]) -> float:
        """Takes these rows if all of them fit. Seconds of what was taken."""
        cost = self._cost_of(rows, chosen)
        if cost > allowance:
            return 0.0
        chosen.update(dict.fromkeys(rows))
        return cost

    def _with_baseline(self, row: Row) -> list[Row]:
        """What it is held against has to be measured beside it."""
        beside = self._baseline_of.get((row.example, row.case))
        if beside is None or beside in self.gone or not self._may_run(beside):
            return [row]
        return [row, beside]

    def _more(self, slack: float) -> list[Row]:
        """What claims compare once more, as far as it fits: what had the fewest rounds first."""
        together = {pair: len(self._together(pair)) for pair in self._pairs[Stage.CLAIMS]}
        again = [
            pair
            for pair, rounds in together.items()
            if 0 < rounds < self.settings.most_rounds and not any(r in self.gone for r in pair)
        ]
        chosen: dict[Row, None] = {}
        cost = self._sentinel_cost()
        for pair in sorted(again, key=lambda pair: (together[pair], self._cost_of_round(pair))):
            both = dict.fromkeys([*chosen, *pair])
            if cost + self._cost_of_round(both) <= slack:
                chosen = both
        return list(chosen)

    def _may_run(self, row: Row) -> bool:
        """Forecast to be possible here, and its rung has done the case below."""
        if self._too_much_memory(row) or self._too_long(row):
            return False
        return self.forecasts.knows(row)

    def _is_idle(self, row: Row) -> bool:
        """A guest that no claim is about."""
        return row.guest and row not in self._wanted

    # Dropping

    def _shed(self, remaining: float) -> None:
        """Drops rows until the rounds of the rest fit, before the next one: a few measured well say
        more than many measured badly."""
        # The sentinel of the last round is over.
        while self.batch and self.need() - self._sentinel_cost() > remaining:
            victim = max(
                self.batch,
                key=lambda row: (row not in self._decides, self.forecasts.in_round(row)),
            )
            self.batch.remove(victim)

    def _lose(self, row: Row, reason: str, of_larger: str) -> None:
        """A row that went wrong is not run again; nor are larger cases of the same rung begun."""
        self.gone.setdefault(row, reason)
        for other in self.rows:
            larger = other.who == row.who and other.items >= row.items
            if larger and not self.forecasts.has_met(other):
                self.gone.setdefault(other, of_larger)
        self._forget_gone()

    def _forget_gone(self) -> None:
        self.batch = [row for row in self.batch if row not in self.gone]

    # Costs

    def _is_new(self, process: Process) -> bool:
        return not any(map(self.forecasts.knows, self._rows_of(process)))

    def _rows_of(self, process: Process) -> list[Row]:
        return [self._row[(*process.who, case)] for case in process.cases]

    def _queued(self) -> list[Row]:
        return [row for process in self.queue for row in self._rows_of(process)]

    def _cost_of_round(self, rows: Collection[Row]) -> float:
        bundles = {row.bundle: row for row in rows}
        start_ups = sum(map(self.forecasts.start_up, bundles.values()))
        return start_ups + sum(map(self.forecasts.in_round, rows))

    def _cost_of(self, rows: Iterable[Row], chosen: Iterable[Row]) -> float:
        """What a batch costs more with these rows beside those that were chosen."""
        chosen = dict.fromkeys(chosen)
        new = [row for row in dict.fromkeys(rows) if row not in chosen]
        both = [*chosen, *new]
        total = self._rounds_of_batch() * (self._cost_of_round(both) - self._cost_of_round(chosen))
        for row in new:
            if row not in self._counted:
                total += self.forecasts.start_up(row) + 1.5 * (self.forecasts.run(row) or 0.0)
        problems = {r.problem: r for r in new if r.problem not in {c.problem for c in chosen}}
        pictures = {row.picture for row in new} - self._shown() - {row.picture for row in chosen}
        total += sum(map(self._cost_of_problem, problems.values()))
        return total + len(pictures) * self.settings.picture_seconds

    def _cost_of_problem(self, row: Row) -> float:
        return self.forecasts.problem(row.example, row.case, row.items)

    def _slack(self, remaining: float) -> float:
        return remaining - self.need() - SPARE * remaining

    def _sentinel_cost(self) -> float:
        rows = self.batch or [row for row in self._smallest if row in self._timed]
        costs = [self.forecasts.start_up(row) + self.forecasts.in_round(row) for row in rows]
        return sum(costs) / len(costs) if costs else 0.0

    def _shown(self) -> set[tuple[str, int]]:
        return {row.picture for row in self._timed} | {row.picture for row in self.batch}

    def _pictures(self) -> float:
        return len(self._shown()) * self.settings.picture_seconds

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
        if run is not None and not self.forecasts.foretells(row):
            threads = plural(row.threads, "thread")
            reason = f"no time left in {self.settings.words()}, never run with {threads}"
            return LeftOut(reason, None, None)
        too_long = run is not None and run > self.settings.budget / self.settings.rounds
        # Of two reasons the surer one: memory that was counted once may be that of a compiler.
        if self._too_much_memory(row) and not (too_long and not self.forecasts.bytes_are_sure(row)):
            need, there = (size_text(size or 0) for size in (grown, self.settings.memory))
            reason = f"forecast {need} of memory, {there} available"
        elif run is not None and too_long:
            reason = f"forecast {duration(run)}"
        else:
            reason = f"no time left in {self.settings.words()}"
            if run is not None:
                whole = duration(self._cost_of([row], ()))
                reason += f", forecast {whole} for {self.settings.rounds} rounds"
        return LeftOut(reason, run, grown)


def min_time(rows: int, budget: float, rounds: int) -> float:
    """How long to sample, so that these rows have their rounds in a share of the budget."""
    each = SHARE_OF_CLAIMS * budget / rounds / max(1, rows)
    return max(LEAST_MIN_TIME, min(MIN_TIME, (each - TYPICAL_START_UP) / OVERSHOOT))


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
