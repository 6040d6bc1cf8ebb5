"""How rungs grow beyond the cases of their ladder, as a study beside a run tells it."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from ..runs.intervals import Interval
from ..runs.quantities import count_text
from ..runs.results import Run
from ..runs.studies import Series, Study
from . import _lines, _look

OF = "study"
HEIGHT = 4.6  # inches


@dataclass(frozen=True)
class Growth:
    study: Study
    languages: dict[str, str]  # of rungs, by their labels


def shown(run: Run, study: Study) -> Growth | None:
    rungs = run.ladder(study.example).rungs
    return Growth(study, {rung.label: rung.language for rung in rungs}) if study.charted else None


def words(growth: Growth) -> _look.Words:
    study = growth.study
    said = []
    for series in study.charted:
        ends = [
            f"{series.amount_text(amount)} at {count_text(x)}"
            for x, amount in (series.points[0], series.points[-1])
        ]
        said.append(f"{series.label}: {', '.join(ends)}, as the power {series.exponent_text}")
    axes = f"per {study.per} against {study.x}, both logarithmic"
    return _look.Words(
        title=_finding(study) or study.title,
        myth=study.title,
        what=f"time {axes}; lines: powers that fit, with 95 % intervals",
        alt=f"Chart of points and fitted lines, {study.title}: seconds {axes}. {'; '.join(said)}.",
        notes=_drawn(growth).notes,
        measured=study.setting,
    )


def draw(growth: Growth, look: _look.Look) -> Figure:
    lines = _drawn(growth)
    figure, axes = lines.figure(look, words(growth))
    seen = [(point.x, point.y.value) for line in lines.every for point in line.points]
    fitted = [end for line in lines.every for end in line.fitted]
    xs, ys = zip(*seen, *fitted)
    counts = [n * 10.0**power for n in (1, 5, 2) for power in range(18)]
    _look.log_axis(axes.xaxis, counts, count_text)
    _look.times_axis(axes.yaxis)
    axes.set_xlabel(growth.study.x)
    axes.set(xlim=_look.around(xs), ylim=_look.around(ys, more=1.5))
    lines.draw(axes, look)
    return figure


def table(growth: Growth) -> tuple[list[str], list[list]]:
    study, rows = growth.study, []
    for series in study.growth:
        power = [series.exponent, series.low, series.high]
        rows += [[series.label, x, amount, *power] for x, amount in series.points]
    return [f"what per {study.per}", study.x, "amount", "power", "low", "high"], rows


def _finding(study: Study) -> str:
    """Of the powers that are sure, the first two."""
    sure = [series for series in study.charted if series.low is not None]
    told = [f"{series.label} as its power {series.exponent:.2f}" for series in sure[:2]]
    return f"With the {study.x}: {', '.join(told)}" if told else ""


def _drawn(growth: Growth) -> _lines.Lines:
    return _lines.Lines([_line(each, growth.languages) for each in growth.study.charted], HEIGHT)


def _line(series: Series, languages: dict[str, str]) -> _lines.Line:
    points = [_lines.Point(x, Interval(amount, amount, amount)) for x, amount in series.points]
    fitted = [(x, series.fitted(x)) for x in (series.points[0][0], series.points[-1][0])]
    name = f"{series.label}, power {series.exponent_text}"
    language = languages.get(series.label.partition(": ")[0], "c++")
    return _lines.Line(name, language, points, fitted)
