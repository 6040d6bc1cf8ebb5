"""The pictures of a machine beside its passport."""

from __future__ import annotations

import sys
from pathlib import Path

from .. import charts
from ..runs import documents, results
from ..runs.results import Run
from ..runs.words import printable
from .chart_files import THEMES

FORMS = ("svg", "png")


def draw(passport: Path) -> list[Path]:
    """Of the passport in a file: topology and ceilings, beside it; what was drawn."""
    if missing := charts.why_not():
        print(f"passport: no picture: {missing}", file=sys.stderr)
        return []
    from ..charts._files import picture

    written = []
    for chart in charts.of_machine(run_of(documents.read(passport, "passport"))):
        base = passport.with_name(chart.name)
        results.write_text(base.with_suffix(".csv"), chart.csv())
        results.write_text(base.with_suffix(".txt"), f"{printable(chart.alt)}\n")
        for theme in THEMES:
            for form in FORMS:
                written.append(base.with_name(f"{base.name}-{theme}.{form}"))
                results.write_bytes(written[-1], picture(chart, form, theme))
    return written


def run_of(passport: dict) -> Run:
    """One in which nothing was run: what charts know to draw of."""
    told = {"started": passport["written"], **{n: passport[n] for n in ("suite", "machine")}}
    return Run(told, [], [])
