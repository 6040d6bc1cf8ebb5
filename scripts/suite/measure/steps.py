"""What a plan is made of: processes, what became of them, and what they are planned by."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from ..runs.words import duration
from .forecasts import Sampling


@dataclass(frozen=True)
class Settings:
    budget: float
    rounds: int
    seed: int
    sampling: Sampling
    memory: float | None = None  # bytes available; None if unknown
    picture_seconds: float = 0.0  # for each picture of the report
    deciding_rounds: int = 0  # of the claims that decide; fewer than `rounds`: as many as others
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
