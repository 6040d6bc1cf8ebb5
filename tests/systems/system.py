"""What a system of the matrix is, and what is kept of a try of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "scripts"))

from suite.runs import documents  # noqa: E402

RESULTS = PROJECT / "results" / "systems"
STEPS = ("set-up", "build", "tests", "bench")
PASSED = "passed"


@dataclass(frozen=True)
class Limits:
    """What the kernel is to grant: of processors, of memory, and which processors."""

    cores: float | None = None
    memory_bytes: int | None = None
    processors: str | None = None


@dataclass(frozen=True)
class System:
    """One row of the matrix: a root, who works in it, and with what around them."""

    name: str
    title: str
    suite: str  # Debian's name of the release that the root is made of
    packages: tuple[str, ...] = ()  # beside git and make
    after: str | None = None  # the system whose tree this one goes on with, built and at rest
    user: str = "root"
    sudo: bool = False
    offline: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    prepare: str = ""  # as root, with a network, in the folder of the checkout
    check: str = ""  # beside the tests
    shares: tuple[str, ...] = ()  # folders of this machine that the root sees
    limits: Limits = Limits()
    before: str = ""  # goes before every command: `taskset -c 0`
    steps: tuple[str, ...] = STEPS


@dataclass(frozen=True)
class Outcome:
    """How a step went: passed, or failed and why."""

    outcome: str
    date: str
    seconds: float
    why: str = ""
    of: str = ""  # which tests


@dataclass(frozen=True)
class Tried:
    """What is kept of a system: how each step went that was tried."""

    name: str
    commit: str
    versions: dict[str, str]
    steps: dict[str, Outcome]

    def write(self, folder: Path = RESULTS) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(self), indent=2) + "\n"
        (folder / f"{self.name}.json").write_text(text, encoding="utf-8")


def tried(folder: Path = RESULTS) -> Iterator[Tried]:
    """All that was kept."""
    for file in sorted(folder.glob("*.json")):
        told = documents.read(file, "system")
        told["steps"] = {step: Outcome(**each) for step, each in told["steps"].items()}
        yield Tried(**told)
