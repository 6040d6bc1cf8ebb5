"""The rungs that every interpreter runs, interpreter by interpreter, with others beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from ..judge.standings import not_run, plain_name, times_text
from ..runs.intervals import (
    FEWEST_ROUNDS,
    Interval,
    enough,
    median_interval,
    ratio_interval,
    word,
)
from ..runs.quantities import plural, time_text
from ..runs.results import Ladder, Row, Run, Rung, case_label, interpreter_label
from . import _look

OF = "ladder"
# Two rungs are told apart by colour and by marker.
LOOKS = [("python", "o"), ("ink", "s"), ("muted", "D"), ("edge", "v")]


@dataclass(frozen=True)
class Time:
    """Seconds per item of a rung under an interpreter, or of a rung that stands beside."""

    rung: str  # label
    interpreter: str  # empty for a rung beside
    language: str
    seconds: Interval
    case: str
    each: dict[int, float]  # seconds per item by round

    @property
    def rounds(self) -> int:
        return len(self.each)

    @property
    def few(self) -> bool:
        return self.rounds < FEWEST_ROUNDS


@dataclass(frozen=True)
class Years:
    ladder: Ladder
    rungs: list[str]  # labels of those that every interpreter runs
    interpreters: list[str]
    times: list[Time]
    beside: list[Time]
    missing: list[tuple[str, str]]  # what was not measured, and why

    def time(self, rung: str, interpreter: str) -> Time | None:
        for time in self.times:
            if (time.rung, time.interpreter) == (rung, interpreter):
                return time
        return None

    @property
    def cases(self) -> list[str]:
        """Those that are shown, the largest first."""
        return list(dict.fromkeys(time.case for time in [*self.times, *self.beside]))


def shown(run: Run, ladder: Ladder) -> Years | None:
    """None where the example has no such chart, or fewer than two interpreters were measured."""
    asking = [rung for rung in ladder.rungs if rung.every_interpreter]
    if not ladder.years or not asking:
        return None
    labels = _in_order(run, ladder, asking)
    times: list[Time] = []
    missing: list[tuple[str, str]] = []
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
        ladder=ladder,
        rungs=[rung.label for rung in asking],
        interpreters=[label for label in labels if label in measured],
        times=times,
        beside=beside,
        missing=missing,
    )


def words(years: Years) -> _look.Words:
    ladder = years.ladder
    under = []
    for interpreter in years.interpreters:
        times = [time for time in years.times if time.interpreter == interpreter]
        told = ", ".join(f"{time.rung} {time_text(time.seconds.value)}" for time in times)
        under.append(f"{interpreter}: {told}")
    beside = ", ".join(f"{time.rung} {time_text(time.seconds.value)}" for time in years.beside)
    cases = ", and ".join(years.cases)
    marks = ("disc", "square", "diamond", "triangle")
    key = ", ".join(f"{mark}: {rung}" for mark, rung in zip(marks, years.rungs))
    counts = [time.rounds for time in [*years.times, *years.beside]]
    most = plural(max(counts), "round")
    missing = [f"Not measured: {each}" for each in not_run(years.missing)]
    return _look.Words(
        title=_finding(years) or ladder.years["title"],
        myth=f"{ladder.years['title']} · {cases}",
        what=f"time per {ladder.item}, logarithmic, 95 % intervals; {key}",
        alt=f"Chart, {ladder.years['title']}: time per {ladder.item} under each interpreter, on "
        f"{cases}. {'; '.join(under)}."
        + (f" Beside them: {beside}." if beside else "")
        + "".join(f" {each}." for each in missing),
        notes=missing,
        measured=most if min(counts) == max(counts) else f"{min(counts)} to {most}",
    )


def draw(years: Years, look: _look.Look) -> Figure:
    rows = look.rows([*years.interpreters, *(time.rung for time in years.beside)])
    figure, axes = look.figure(words(years), rows.height + 0.5)
    _look.times_axis(axes.xaxis)
    every = [*years.times, *years.beside]
    axes.set_xlim(*_look.around([end for t in every for end in (t.seconds.low, t.seconds.high)]))
    rows.name(axes)
    places = dict(zip([*years.interpreters, *(time.rung for time in years.beside)], rows.places))
    ys = [places[time.interpreter or time.rung] for time in every]
    look.whiskers(axes, [None if time.few else time.seconds for time in every], ys)
    for index, interpreter in enumerate(years.interpreters):
        told = []
        for (color, marker), rung in zip(LOOKS, years.rungs):
            time = years.time(rung, interpreter)
            if time is not None:
                mark = {**look.mark("python", time.few), "marker": marker}
                if not time.few:
                    mark["markerfacecolor"] = look.colors[color]
                axes.plot(time.seconds.value, rows.places[index], **mark)
                told.append(time_text(time.seconds.value))
        rows.tell(axes, index, "", ", ".join(told))
    for index, time in enumerate(years.beside, start=len(years.interpreters)):
        if not look.narrow:
            dashed = {"color": look.colors["edge"], "linestyle": (0, (5, 3)), "zorder": 1}
            axes.axvline(time.seconds.value, **dashed)
        axes.plot(time.seconds.value, rows.places[index], **look.mark(time.language, time.few))
        rows.tell(axes, index, "", time_text(time.seconds.value))
    return figure


def table(years: Years) -> tuple[str, list[list]]:
    rows = []
    for time in [*years.times, *years.beside]:
        interval = (time.seconds.value, time.seconds.low, time.seconds.high)
        numbers = [f"{number:.9g}" for number in interval]
        rows.append([time.interpreter, time.rung, time.case, *numbers, time.rounds])
    return "interpreter,rung,case,seconds_per_item,low,high,rounds", rows


def _tell(rung: Rung, label: str, rows: list[Row], times: list[Time], missing: list) -> None:
    """The largest case counts: there a loop is all that takes time."""
    solved = [row for row in rows if row.status == "ok" and row.items and row.threads == 1]
    if solved:
        row = max(solved, key=lambda row: row.items)
        each = row.rounds(row.items)
        case = case_label(row.problem).replace("/", ", ")
        seconds = median_interval([*each.values()])
        times.append(Time(rung.label, label, row.language, seconds, case, each))
    elif rows:
        who = f"{rung.label} under {label}" if label else rung.label
        missing.append((who, rows[0].reason))


def _in_order(run: Run, ladder: Ladder, rungs: list[Rung]) -> list[str]:
    """Labels of the interpreters: CPython by version, then the others by name."""
    told = {
        interpreter_label(row.interpreter, full=True): row.interpreter
        for rung in rungs
        for row in run.rows_of(ladder.example, rung.name)
    }
    return sorted(told, key=lambda label: _place(told[label]))


def _place(interpreter: Any) -> tuple:
    numbers = tuple(
        int("".join(filter(str.isdigit, part)) or 0) for part in interpreter["version"].split(".")
    )
    name = interpreter["implementation"]
    return name != "CPython", name, numbers, interpreter.get("gil") is False


def _finding(years: Years) -> str:
    """The fastest interpreter against the slowest, on the first rung that shows a difference."""
    for rung in years.rungs:
        sure = [time for time in years.times if time.rung == rung and not time.few]
        cases = [time.case for time in sure]
        times = [time for time in sure if time.case == max(cases, key=cases.count)]
        times.sort(key=lambda time: time.seconds.value)
        if len(times) < 2 or not enough(times[0].each, times[-1].each):
            continue
        fast, slow = times[0], times[-1]
        ratio = ratio_interval(slow.each, fast.each)
        if word(ratio) == "slower":
            factor, name = times_text(ratio.value), plain_name(rung)
            return f"{fast.interpreter} {factor} times faster than {slow.interpreter}: {name}"
    return ""
