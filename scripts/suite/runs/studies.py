"""A study beside a run: how rungs grow beyond the cases of their ladder, what a model foretells.

A script of the example's own measures it and writes study.json into the folder of the run;
results/study.schema.json says what stands in it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from . import documents
from .documents import Refused
from .quantities import count_text, time_text
from .results import Run, case_label

FILE = "study.json"


@dataclass(frozen=True)
class Series:
    """One amount that grows."""

    label: str
    points: list[tuple[float, float]]
    exponent: float
    low: float | None
    high: float | None
    seconds: bool  # the amounts are times

    @property
    def exponent_text(self) -> str:
        if self.low is None or self.high is None:
            return f"{self.exponent:.2f} (too few points for an interval)"
        return f"{self.exponent:.2f} ({self.low:.2f} to {self.high:.2f})"

    def fitted(self, x: float) -> float:
        """The power through the middle of the points."""
        middle_x, middle_y = (
            math.exp(sum(map(math.log, values)) / len(values)) for values in zip(*self.points)
        )
        return middle_y * (x / middle_x) ** self.exponent

    def amount_text(self, amount: float) -> str:
        return time_text(amount) if self.seconds else count_text(amount)


@dataclass(frozen=True)
class Prediction:
    """What the model says about a case, beside what was measured."""

    label: str
    case: str
    predicted: float
    measured: float

    @property
    def off(self) -> float:
        return self.predicted / self.measured - 1

    @property
    def off_text(self) -> str:
        return f"{100 * self.off:+.0f} %"


@dataclass(frozen=True)
class Study:
    example: str
    title: str
    x: str
    per: str
    setting: str
    binary_sha256: str
    growth: list[Series]
    foretold: list[Prediction]  # the cases that the model was not fitted on
    fitted: int  # how many it was

    def doubt(self, run: Run) -> str:
        """A study tells about its run only if both timed the same program."""
        of_run = run.machine.get("build", {}).get("binary_sha256")
        if of_run == self.binary_sha256:
            return ""
        return "Another build of the program was studied than the run timed."

    @property
    def charted(self) -> list[Series]:
        return [series for series in self.growth if series.seconds]

    @property
    def accuracy_text(self) -> str:
        """As the talk's source counts it: 90 % accurate is 10 % off."""
        if not self.foretold:
            return ""
        accuracy = [100 * (1 - abs(entry.off)) for entry in self.foretold]
        return (
            f"A model of the run time, fitted on {self.fitted} small cases, foretells "
            f"{len(accuracy)} larger ones: {median(accuracy):.0f} % accurate in the median, "
            f"{min(accuracy):.0f} % at worst."
        )


def of_run(run: Run) -> Study | None:
    """The study in the folder of a run; None without one. Raises Refused with one sentence."""
    if run.folder is None or not os.path.lexists(run.folder / FILE):
        return None
    file = run.folder / FILE
    document = documents.read(file, "study")
    if document["example"] not in (ladder.example for ladder in run.ladders):
        raise Refused(f"{file}: the run has no example called '{document['example']}'")
    return study_of(document, _labels(run))


def study_of(document: dict, labels: dict[tuple[str, str], str]) -> Study:
    """A study from its document; `labels` name the rungs by example and name."""
    example = document["example"]

    def named(rung: str) -> str:
        return labels.get((example, rung), rung)

    model = document.get("model", [])
    return Study(
        **{name: document[name] for name in ("example", "title", "x", "per", "setting")},
        binary_sha256=document.get("binary_sha256", "unknown"),
        growth=[_series(name, entry, named) for name, entry in document["growth"].items()],
        foretold=[_prediction(entry, named) for entry in model if not entry["fitted"]],
        fitted=sum(entry["fitted"] for entry in model),
    )


def _labels(run: Run) -> dict[tuple[str, str], str]:
    return {(lad.example, rung.name): rung.label for lad in run.ladders for rung in lad.rungs}


def _series(name: str, entry: dict, named: Callable[[str], str]) -> Series:
    rung, _, what = name.partition(": ")
    points = sorted((float(x), float(amount)) for x, amount in entry["points"])
    fit = entry["exponent"]
    return Series(
        label=f"{named(rung)}: {what}",
        points=points,
        exponent=float(fit["value"]),
        low=fit.get("low"),
        high=fit.get("high"),
        seconds=what.startswith("seconds"),
    )


def _prediction(entry: dict, named: Callable[[str], str]) -> Prediction:
    case = case_label(entry["case"]).replace("/", ", ")
    times = entry["predicted_seconds"], entry["measured_seconds"]
    return Prediction(named(entry["rung"]), case, *times)
