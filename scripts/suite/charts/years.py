"""The rungs that every interpreter runs, interpreter by interpreter, with others beside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from ..judge.standings import not_run, plain_name, rounds_text, times_text
from ..runs.intervals import (
    FEWEST_ROUNDS,
    Interval,
    ends,
    enough,
    median_interval,
    ratio_interval,
    word,
)
from ..runs.quantities import time_text
from ..runs.results import Ladder, Row, Run, case_label, interpreter_label
from . import _look

OF = "ladder"
# Two rungs are told apart by colour and by marker.
LOOKS = [("python", "o"), ("ink", "s"), ("muted", "D"), ("edge", "v")]


@dataclass(frozen=True)
class Time:
    """Of a rung under an interpreter, or of a rung that stands beside."""

    rung: str  # label
    interpreter: str  # empty for a rung beside
    row: Row

    @property
    def each(self) -> dict[int, float]:
        """Seconds per item by round."""
        return self.row.rounds(self.row.items)

    @property
    def seconds(self) -> Interval:
        return median_interval([*self.each.values()])

    @property
    def case(self) -> str:
        return case_label(self.row.problem).replace("/", ", ")

    @property
    def few(self) -> bool:
        return len(self.each) < FEWEST_ROUNDS


@dataclass(frozen=True)
class Years:
    ladder: Ladder
    rungs: list[str]  # labels of those that every interpreter runs
    interpreters: list[str]
    every: list[Time]
    missing: list[tuple[str, str]]  # what was not measured, and why
    noise: float  # the floor of the machine

    def under(self, interpreter: str) -> list[Time]:
        """Under an interpreter; of none, those that stand beside."""
        return [time for time in self.every if time.interpreter == interpreter]

    @property
    def names(self) -> list[str]:
        """Of the rows."""
        return [*self.interpreters, *(time.rung for time in self.under(""))]


def shown(run: Run, ladder: Ladder) -> Years | None:
    """None where the example has no such chart, or fewer than two interpreters were measured."""
    asking = [rung for rung in ladder.rungs if rung.every_interpreter][: len(LOOKS)]
    if not ladder.years or not asking:
        return None
    rows = {rung.name: run.rows_of(ladder.example, rung.name) for rung in ladder.rungs}
    labels = _in_order(row.interpreter for rung in asking for row in rows[rung.name])
    told = [
        (rung, label, [row for row in rows[rung.name] if _label(row.interpreter) == label])
        for label in labels
        for rung in asking
    ]
    for name in ladder.years.get("beside", []):
        told.append((ladder.rung(name), "", [row for row in rows[name] if not row.guest]))
    every, missing = [], []
    for rung, label, own in told:
        solved = [row for row in own if row.status == "ok" and row.items and row.threads == 1]
        if solved:
            # The largest case counts: there a loop is all that takes time.
            every.append(Time(rung.label, label, max(solved, key=lambda row: row.items)))
        elif own:
            who = f"{rung.label} under {label}" if label else rung.label
            missing.append((who, own[0].reason))
    measured = {time.interpreter for time in every}
    interpreters = [label for label in labels if label in measured]
    if len(interpreters) < 2:
        return None
    rungs = [rung.label for rung in asking]
    return Years(ladder, rungs, interpreters, every, missing, run.noise)


def words(years: Years) -> _look.Words:
    title, item = years.ladder.years["title"], years.ladder.item
    under = [f"{name}: {', '.join(map(_told, years.under(name)))}" for name in years.interpreters]
    beside = ", ".join(map(_told, years.under("")))
    cases = ", and ".join(dict.fromkeys(time.case for time in years.every))
    marks = ("disc", "square", "diamond", "triangle")
    key = ", ".join(f"{mark}: {rung}" for mark, rung in zip(marks, years.rungs))
    return _look.Words(
        title=_finding(years) or title,
        myth=f"{title} · {cases}",
        what=f"time per {item}, logarithmic, 95 % intervals; {key}",
        alt=f"Chart, {title}: time per {item} under each interpreter, on {cases}. "
        f"{'; '.join(under)}." + (f" Beside them: {beside}." if beside else ""),
        notes=[f"Not measured: {each}" for each in not_run(years.missing)],
        measured=rounds_text(len(time.each) for time in years.every),
    )


def draw(years: Years, look: _look.Look) -> Figure:
    rows = look.rows(years.names)
    figure, axes = look.figure(words(years), rows.height + 0.5)
    _look.times_axis(axes.xaxis)
    axes.set_xlim(*_look.around([end for t in years.every for end in ends(t.seconds)]))
    rows.name(axes)
    places = dict(zip(years.names, rows.places))
    ys = [places[time.interpreter or time.rung] for time in years.every]
    look.whiskers(axes, [None if time.few else time.seconds for time in years.every], ys)
    looks = dict(zip(years.rungs, LOOKS))
    for time, y in zip(years.every, ys):
        mark = look.mark(time.row.language, time.few)
        if time.interpreter:
            color, mark["marker"] = looks[time.rung]
            if not time.few:
                mark["markerfacecolor"] = look.colors[color]
        elif not look.narrow:
            dashed = {"color": look.colors["edge"], "linestyle": (0, (5, 3)), "zorder": 1}
            axes.axvline(time.seconds.value, **dashed)
        axes.plot(time.seconds.value, y, **mark)
    told = [years.under(name) for name in years.interpreters]
    for index, times in enumerate([*told, *([time] for time in years.under(""))]):
        rows.tell(axes, index, "", ", ".join(time_text(time.seconds.value) for time in times))
    return figure


def table(years: Years) -> tuple[str, list[list]]:
    return "interpreter,rung,case,seconds_per_item,low,high,rounds", [
        [time.interpreter, time.rung, time.case, *ends(time.seconds), len(time.each)]
        for time in years.every
    ]


def _told(time: Time) -> str:
    return f"{time.rung} {time_text(time.seconds.value)}"


def _label(interpreter: dict | None) -> str:
    return interpreter_label(interpreter, full=True)


def _in_order(interpreters: Iterable[Any]) -> list[str]:
    """Labels of the interpreters: CPython by version, then the others by name."""
    told = {_label(interpreter): interpreter for interpreter in interpreters}
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
        sure = [t for t in years.every if t.interpreter and t.rung == rung and not t.few]
        cases = [time.case for time in sure]
        times = [time for time in sure if time.case == max(cases, key=cases.count)]
        times.sort(key=lambda time: time.seconds.value)
        if len(times) < 2 or not enough(times[0].each, times[-1].each):
            continue
        fast, slow = times[0], times[-1]
        ratio = ratio_interval(slow.each, fast.each)
        if word(ratio, years.noise) == "slower":
            factor, name = times_text(ratio.value), plain_name(rung)
            return f"{fast.interpreter} {factor} times faster than {slow.interpreter}: {name}"
    return ""
