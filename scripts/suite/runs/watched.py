"""What was watched of threads beside a run, as studies/study_threads.py wrote it into threads.json.

results/threads.schema.json says what stands in it. Nothing here draws.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from statistics import median

from . import documents
from .documents import Refused
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
    """What lies in the folder of a run; None without it. Raises Refused with one sentence."""
    if run.folder is None or not os.path.lexists(run.folder / FILE):
        return None
    file = run.folder / FILE
    document = documents.read(file, "threads")
    if document["example"] not in (ladder.example for ladder in run.ladders):
        raise Refused(f"{file}: the run has no example called '{document['example']}'")
    for number, entry in enumerate(document["timelines"], start=1):
        if not any(tenure["given"] > 0 for tenure in entry["tenures"]):
            raise Refused(f"{file}: entry {number} of 'timelines' ends when it begins")
    return watched_of(document)


def watched_of(document: dict) -> Watched:
    timelines = [
        Timeline(entry["label"], entry["tenures"], entry.get("interpreter", {}).get("gil", True))
        for entry in document["timelines"]
    ]
    convoys = [
        Convoy(entry["label"], entry["language"], sorted(entry["latencies"]))
        for entry in document["convoys"]
    ]
    payloads = [
        Payload(
            entry["label"],
            sorted((p["bytes"], p["seconds"], p["job_seconds"]) for p in entry["points"]),
        )
        for entry in document["payloads"]
    ]
    return Watched(document["example"], timelines, convoys, payloads)
