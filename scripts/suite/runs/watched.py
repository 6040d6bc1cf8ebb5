"""What was watched of threads beside a run, as studies/study_threads.py wrote it into threads.json.

  example     the one whose ladder it belongs to
  timelines   [{label, tenures: [{thread, taken, given, asked if known}, ...]}, ...]; if it is that
              of an interpreter, {gil: whether it has a lock} as interpreter
  convoys     [{label, language, latencies: [seconds, ...]}, ...]
  payloads    [{label, points: [{bytes, seconds, job_seconds}, ...]}, ...]

Nothing here draws.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median

from . import results
from .quantities import size_text, time_text
from .results import Run

FILE = "threads.json"


@dataclass(frozen=True)
class Timeline:
    """Who had the lock when; of an interpreter, when each thread saw itself run."""

    label: str
    tenures: list[dict]
    lock: bool = True

    @property
    def switches(self) -> float:
        """Per second: how often another thread than before was next."""
        order = sorted(self.tenures, key=lambda tenure: tenure["taken"])
        changes = sum(a["thread"] != b["thread"] for a, b in zip(order, order[1:]))
        return changes / max(tenure["given"] for tenure in order)

    @property
    def waits(self) -> list[float]:
        """How long each had to wait; where nobody said since when, since it ran before."""
        last: dict[int, float] = {}
        found = []
        for tenure in sorted(self.tenures, key=lambda tenure: tenure["taken"]):
            since = tenure.get("asked", last.get(tenure["thread"]))
            if since is not None:
                found.append(tenure["taken"] - since)
            last[tenure["thread"]] = tenure["given"]
        return found

    @property
    def words(self) -> str:
        if not self.lock:
            return "no lock: each whenever it has a core"
        longest = f", waits up to {time_text(max(self.waits))}" if self.waits else ""
        return f"{self.switches:,.0f} switches/s{longest}"


@dataclass(frozen=True)
class Convoy:
    """How late a thread was, each time that it wanted the lock."""

    label: str
    language: str
    latencies: list[float]  # sorted

    @property
    def middle(self) -> float:
        return median(self.latencies)

    @property
    def most(self) -> float:
        """Only one waking in twenty was later."""
        return self.latencies[int(0.95 * len(self.latencies))]

    @property
    def longest(self) -> float:
        return self.latencies[-1]


@dataclass(frozen=True)
class Payload:
    """A job with more and more of arguments, by a process; and by the thread that asks for it."""

    label: str
    points: list[tuple[int, float, float]]  # bytes, seconds by a process, seconds without one

    @property
    def shares(self) -> list[tuple[int, float]]:
        """How many times as long as the job by itself."""
        return [(size, seconds / alone) for size, seconds, alone in self.points]

    @property
    def dear(self) -> int | None:
        """The least bytes from which on the arguments cost more than the job."""
        dear = None
        for size, share in reversed(self.shares):
            if share < 2:
                break
            dear = size
        return dear

    @property
    def words(self) -> str:
        if self.dear is None:
            return f"the job costs more than {size_text(self.points[-1][0])}"
        return f"from {size_text(self.dear)} on, arguments cost more than the job"


@dataclass(frozen=True)
class Watched:
    example: str
    timelines: list[Timeline]
    convoys: list[Convoy]
    payloads: list[Payload]


def of_run(run: Run) -> Watched | None:
    """What lies in the folder of a run; None without it. Raises ValueError with one sentence."""
    if run.folder is None or not (run.folder / FILE).is_file():
        return None
    file = run.folder / FILE
    found = read(results.load_document(file), str(file))
    if found.example not in (ladder.example for ladder in run.ladders):
        raise ValueError(f"{file}: the run has no example called '{found.example}'")
    return found


def read(document: dict, source: str) -> Watched:
    try:
        timelines = [
            Timeline(
                entry["label"],
                [_tenure(tenure) for tenure in _some(entry, "tenures")],
                entry.get("interpreter", {}).get("gil", True),
            )
            for entry in document["timelines"]
        ]
        convoys = [
            Convoy(entry["label"], entry["language"], sorted(map(_seconds, late)))
            for entry in document["convoys"]
            for late in [_some(entry, "latencies")]
        ]
        payloads = [
            Payload(entry["label"], sorted(map(_point, _some(entry, "points"))))
            for entry in document["payloads"]
        ]
        return Watched(document["example"], timelines, convoys, payloads)
    except KeyError as error:
        raise ValueError(f"{source}: {error.args[0]!r} is missing") from None
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"{source}: not shaped as threads were watched: {error}") from None


def _some(entry: dict, name: str) -> list:
    if not entry[name]:
        raise ValueError(f"'{entry['label']}' has no {name}")
    return entry[name]


def _tenure(told: dict) -> dict:
    tenure = {name: _seconds(told[name]) for name in ("taken", "given")}
    if "asked" in told:
        tenure["asked"] = _seconds(told["asked"])
    return {"thread": int(told["thread"]), **tenure}


def _point(told: dict) -> tuple[int, float, float]:
    seconds, alone = _seconds(told["seconds"]), _seconds(told["job_seconds"])
    if not (told["bytes"] > 0 and seconds > 0 and alone > 0):
        raise ValueError("a size or a time is not above 0")
    return int(told["bytes"]), seconds, alone


def _seconds(told: float) -> float:
    seconds = float(told)
    if not 0 <= seconds < math.inf:
        raise ValueError(f"{told} is no time")
    return seconds
