"""The machine against itself: by how much times of one program differ for no reason.

Pairs of processes measure the same rungs. What differs between the two of a pair is noise; so is
what changes from the first half of the pairs to the second.
"""

from __future__ import annotations

import math
import random
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from ..judge.doubts import CALM, REST, SHARED, drifted, of_the_machine_itself, taken, taken_text
from ..machine import ceilings, environment
from ..runs import documents
from ..runs.documents import Refused
from ..runs.intervals import FEWEST_ROUNDS, NOISE_FLOOR
from ..runs.moments import now
from . import processes
from .built import Suite
from .forecasts import Sampling
from .normalise import SECONDS_PER_UNIT, TIME_TYPES

BUDGET = 60.0  # seconds
ROUNDS = 20  # pairs at most
# What a comparison of two runs rests on: the floor is that of the median of so many pairs.
COMPARED_ROUNDS = 7
DRAWS, SEED, LEVEL = 4000, 16, 0.95
MOST_RUNGS, MOST_THREADED = 6, 2
SAMPLING = Sampling(min_time=0.04, warm_up=0.02)
LONGEST_RUN = 0.05  # seconds, of a rung that is cheap
# More than this is worth a word of advice.
MUCH = 0.02


class TooShort(Exception):
    """Too few pairs for a floor; the text says so."""

    status = 2


@dataclass(frozen=True)
class Cheap:
    """A rung on its smallest case."""

    example: str
    rung: str
    case: str

    @property
    def label(self) -> str:
        return f"{self.example}/{self.rung}/{self.case}"


# Seconds of a run by each of two processes.
Pair = tuple[dict[Cheap, float], dict[Cheap, float]]


def measure(suite: Suite, budget: float = BUDGET) -> dict:
    """As the machine's passport holds it. Raises TooShort, and Refused where nothing was told."""
    deadline = time.monotonic() + budget
    with tempfile.TemporaryDirectory() as place:
        once = _Measuring(suite, Path(place))
        first = once.seconds(chosen(suite.catalogue()))
        cheap = [rung for rung, seconds in first.items() if seconds <= LONGEST_RUN]
        rungs = cheap or [min(first, key=first.__getitem__)]
        pairs: list[Pair] = []
        longest = 0.0
        while len(pairs) < ROUNDS and time.monotonic() + longest < deadline:
            began = time.monotonic()
            pairs.append((once.seconds(rungs), once.seconds(rungs)))
            longest = max(longest, time.monotonic() - began)
    if len(pairs) < FEWEST_ROUNDS:
        raise TooShort(
            f"{budget:.0f} s were enough for {len(pairs)} pairs of processes; a noise floor needs "
            f"{FEWEST_ROUNDS}: about {math.ceil(longest * (FEWEST_ROUNDS + 1))} s"
        )
    return found(pairs)


def chosen(catalogue: dict) -> list[Cheap]:
    """A handful: the lowest rungs of C++ on their smallest cases, and some that take all cores."""
    alone, together = [], []
    for example in catalogue["examples"]:
        items = {case["label"]: case["work"]["items"] for case in example["cases"]}
        threads = {c["label"]: c["parameters"].get("threads", 1) for c in example["cases"]}
        own = [rung for rung in example["rungs"] if rung["language"] == "c++" and rung["cases"]]
        own.sort(key=lambda rung: rung["number"])
        most = max(threads.values())
        for rung in own:
            single = [case for case in rung["cases"] if threads[case] == 1]
            if single:
                alone.append(
                    Cheap(example["name"], rung["name"], min(single, key=items.__getitem__))
                )
                break
        for rung in own:
            several = [case for case in rung["cases"] if threads[case] == most > 1]
            if rung["threaded"] and several:
                case = min(several, key=items.__getitem__)
                together.append(Cheap(example["name"], rung["name"], case))
                break
    return [*alone[:MOST_RUNGS], *together[:MOST_THREADED]]


def found(pairs: Sequence[Pair]) -> dict:
    """What the pairs show: of each rung, and of the machine, which is that of the noisiest."""
    rungs: list[dict[str, Any]] = [
        {
            "example": rung.example,
            "rung": rung.rung,
            "case": rung.case,
            "seconds": median(one[rung] for pair in pairs for one in pair),
            **_of_rung([(a[rung], b[rung]) for a, b in pairs]),
        }
        for rung in pairs[0][0]
        if all(rung in one for pair in pairs for one in pair)
    ]
    return {
        "measured": now(),
        "floor": max(NOISE_FLOOR, *(rung["floor"] for rung in rungs)),
        "drift": median(rung["drift"] for rung in rungs),
        "rounds": len(pairs),
        "rungs": rungs,
    }


def _of_rung(pairs: Sequence[tuple[float, float]]) -> dict[str, float]:
    half = len(pairs) // 2
    first, second = (
        median(t for pair in part for t in pair) for part in (pairs[:half], pairs[half:])
    )
    drift = second / first - 1.0
    return {"floor": max(floor_of(pairs), abs(drift)), "drift": drift}


def floor_of(pairs: Sequence[tuple[float, float]]) -> float:
    """What 95 of 100 comparisons of nothing with nothing stay below.

    Each is the median of the ratios of a few pairs, drawn from all of them; which of the two of a
    pair is the first is left to chance, for it means nothing.
    """
    chance = random.Random(SEED)
    logs = [math.log(a / b) for a, b in pairs]
    size = min(COMPARED_ROUNDS, len(logs))
    drawn = sorted(
        abs(median(chance.choice((-1, 1)) * log for log in chance.sample(logs, size)))
        for _ in range(DRAWS)
    )
    return math.expm1(drawn[math.ceil(LEVEL * DRAWS) - 1])


def advice(machine: dict) -> list[str]:
    """What to do about it, in plain words; nothing where the machine is as quiet as they come."""
    return list(dict.fromkeys(_advice(machine)))


def _advice(machine: dict) -> Iterator[str]:
    noise = machine["noise"]
    yield from of_the_machine_itself(machine)
    others = [(share, who, hint) for share, who, hint in taken(machine) if share >= MUCH]
    for share, who, hint in others:
        yield f"{taken_text(share, who)} {hint}"
    if machine.get("governor") in ("powersave", "ondemand", "conservative", "schedutil"):
        yield (
            f"The governor {machine['governor']} changes the clock as it likes. With root: "
            "cpupower frequency-set --governor performance."
        )
    if abs(noise["drift"]) >= MUCH:
        yield f"{drifted(noise['drift'])} {REST}"
    if noise["floor"] < MUCH:
        return
    if not others and machine.get("load_before", 0.0) >= ceilings.IDLE:
        yield f"At the start the load was {machine['load_before']:g}: others were at work. {CALM}"
    if machine.get("virtualization", "none") != "none":
        yield f"This is a virtual machine: others may share its hardware, unseen. {SHARED}"
    if machine.get("cpu", {}).get("threads_per_core", 1) > 1 and _noisy_together(noise):
        yield (
            "Rungs on all threads are the noisy ones, and two threads share a core here. Keep to "
            "one of each core: OMP_PLACES=cores, taskset, or --hint=nomultithread of Slurm."
        )


def _noisy_together(noise: dict) -> bool:
    """Whether threads make the difference."""
    several = [r["floor"] for r in noise["rungs"] if _threads(r["case"]) > 1]
    one = [r["floor"] for r in noise["rungs"] if _threads(r["case"]) == 1]
    return bool(several and one) and max(several) > 2 * max(one)


def _threads(label: str) -> int:
    parts = dict(part.split(":", 1) for part in label.split("/") if ":" in part)
    return int(parts.get("threads", 1))


class _Measuring:
    """Processes of the suite's program, one after the other."""

    def __init__(self, suite: Suite, place: Path) -> None:
        self._suite, self._place = suite, place

    def seconds(self, rungs: Iterable[Cheap]) -> dict[Cheap, float]:
        """Of a run of each, by one process. Raises Refused."""
        by_label = {rung.label: rung for rung in rungs}
        out, log = self._place / "times.json", self._place / "log"
        out.unlink(missing_ok=True)
        command = processes.timing_of_cpp(
            self._suite.program, dict.fromkeys(by_label, 0), self._suite.problems, SAMPLING, out
        )
        ended = processes.run(command, 60.0 + len(by_label), log, environment.of_cpp({}))
        if ended.status != 0:
            raise Refused(f"{self._suite.program.name} {ended.complaint()}")
        told = documents.read_raw(out)["benchmarks"]
        times = {
            by_label[name]: each["real_time"] * SECONDS_PER_UNIT[each["time_unit"]]
            for each in told
            if (name := TIME_TYPES.sub("", each["name"])) in by_label
            if each.get("run_type", "iteration") == "iteration"
            if not each.get("error_occurred") and each["real_time"] > 0
        }
        if not times:
            raise Refused(f"{self._suite.program.name} timed none of {', '.join(by_label)}")
        return times
