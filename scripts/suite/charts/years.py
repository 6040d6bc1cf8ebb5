"""The rungs that every interpreter runs, interpreter by interpreter. Nothing here draws."""

from __future__ import annotations

from dataclasses import dataclass

from ..runs.intervals import Interval, median_interval
from ..runs.quantities import time_text
from ..runs.results import Ladder, Row, Run, Rung, case_label, csv_text, interpreter_label


@dataclass(frozen=True)
class Time:
    """Seconds per item of a rung under an interpreter, or of a rung that stands beside."""

    rung: str  # label
    interpreter: str  # empty for a rung beside
    seconds: Interval
    case: str
    rounds: int


@dataclass(frozen=True)
class Years:
    title: str
    example: str
    item: str
    rungs: list[str]  # labels of those that every interpreter runs
    interpreters: list[str]
    times: list[Time]
    beside: list[Time]
    missing: list[str]  # what was not measured, and why

    def time(self, rung: str, interpreter: str) -> Time | None:
        for time in self.times:
            if (time.rung, time.interpreter) == (rung, interpreter):
                return time
        return None

    @property
    def cases(self) -> list[str]:
        """Those that are shown, the largest first."""
        return list(dict.fromkeys(time.case for time in [*self.times, *self.beside]))

    @property
    def alt(self) -> str:
        under = []
        for interpreter in self.interpreters:
            times = [t for t in self.times if t.interpreter == interpreter]
            told = ", ".join(f"{t.rung} {time_text(t.seconds.value)}" for t in times)
            under.append(f"{interpreter}: {told}")
        beside = ", ".join(f"{t.rung} {time_text(t.seconds.value)}" for t in self.beside)
        lines = f" Beside them: {beside}." if beside else ""
        missing = f" Not measured: {'; '.join(self.missing)}." if self.missing else ""
        return (
            f"Chart, {self.title}: time per {self.item} under each interpreter, on "
            f"{', and '.join(self.cases)}. {'; '.join(under)}.{lines}{missing}"
        )

    def csv(self) -> str:
        rows = []
        for time in [*self.times, *self.beside]:
            interval = (time.seconds.value, time.seconds.low, time.seconds.high)
            numbers = [f"{number:.9g}" for number in interval]
            rows.append([time.interpreter, time.rung, time.case, *numbers, time.rounds])
        return csv_text("interpreter,rung,case,seconds_per_item,low,high,rounds", rows)


def years(run: Run, ladder: Ladder) -> Years | None:
    """None where the example has no such chart, or fewer than two interpreters were measured."""
    asking = [rung for rung in ladder.rungs if rung.every_interpreter]
    if not ladder.years or not asking:
        return None
    labels = _in_order(run, ladder, asking)
    times, missing = [], []
    for label in labels:
        for rung in asking:
            rows = [
                row
                for row in run.rows_of(ladder.example, rung.name)
                if interpreter_label(row.interpreter, full=True) == label
            ]
            _tell(rung, label, rows, times, missing)
    measured = {time.interpreter for time in times}
    if len(measured) < 2:
        return None
    beside: list[Time] = []
    for name in ladder.years.get("beside", []):
        rung = ladder.rung(name)
        rows = [row for row in run.rows_of(ladder.example, name) if not row.guest]
        _tell(rung, "", rows, beside, missing)
    return Years(
        title=ladder.years["title"],
        example=ladder.example,
        item=ladder.item,
        rungs=[rung.label for rung in asking],
        interpreters=[label for label in labels if label in measured],
        times=times,
        beside=beside,
        missing=missing,
    )


def _tell(rung: Rung, label: str, rows: list[Row], times: list[Time], missing: list[str]) -> None:
    """The largest case counts: there a loop is all that takes time."""
    solved = [row for row in rows if row.status == "ok" and row.items and row.threads == 1]
    if solved:
        row = max(solved, key=lambda row: row.items)
        each = [seconds / row.items for seconds in row.round_seconds()]
        case = case_label(row.problem).replace("/", ", ")
        times.append(Time(rung.label, label, median_interval(each), case, len(each)))
    elif rows:
        who = f"{rung.label} under {label}" if label else rung.label
        missing.append(f"{who} ({rows[0].reason})")


def _in_order(run: Run, ladder: Ladder, rungs: list[Rung]) -> list[str]:
    """Labels of the interpreters: CPython by version, then the others by name."""
    told = {
        interpreter_label(row.interpreter, full=True): row.interpreter
        for rung in rungs
        for row in run.rows_of(ladder.example, rung.name)
    }
    return sorted(told, key=lambda label: _place(told[label]))


def _place(interpreter: dict) -> tuple:
    numbers = tuple(
        int("".join(filter(str.isdigit, part)) or 0) for part in interpreter["version"].split(".")
    )
    name = interpreter["implementation"]
    return name != "CPython", name, numbers, interpreter.get("gil") is False
