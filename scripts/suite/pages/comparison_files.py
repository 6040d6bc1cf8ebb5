"""A comparison as files: one page to read on any screen, Markdown, CSV and JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from .. import charts
from ..judge.comparison import NOT_COMPARABLE, Beside, Compared, Mean
from ..runs import results
from ..runs.file_names import file_name
from ..runs.intervals import ends
from ..runs.quantities import plural
from ..runs.timings import Timing, Timings
from ..runs.untrusted import csv_text, in_markdown
from . import build_report, comparison_words
from .comparison_words import LEVEL, difference, share_of, speed_text, time_of
from .embedded import packed_table
from .inline_charts import ChartSheet
from .rendering import rendered, why_not

COMPARISONS = results.RESULTS / "comparisons"
COLUMNS = [
    *("example", "rung", "case", "threads", "made_by", "machine", "beside", "word", "why"),
    *("times_as_fast", "low", "high"),
    *("seconds", "of_peak", "of_bandwidth", "rounds"),
    *("base_seconds", "base_of_peak", "base_of_bandwidth", "base_rounds"),
]


def folder_of(machines: Sequence[Timings]) -> Path:
    return COMPARISONS / file_name(
        *(machine.name.lower().replace(" ", "_") for machine in machines)
    )


def write(machines: Sequence[Timings], besides: Sequence[Beside], folder: Path) -> list[Path]:
    """comparison.html, .md, .csv and .json; the page only where it can be made."""
    contents = {"csv": as_csv(besides), "md": as_markdown(machines, besides)}
    if missing := why_not():
        print(f"compare: no page: {missing}", file=sys.stderr)
    else:
        contents = {"html": as_page(machines, besides), **contents}
    written = []
    for form, text in contents.items():
        written.append(folder / f"comparison.{form}")
        results.write_text(written[-1], text)
    written.append(folder / "comparison.json")
    results.write_json(written[-1], as_document(machines, besides))
    return written


def as_csv(besides: Sequence[Beside]) -> str:
    return csv_text(COLUMNS, [_cells(each, row) for each in besides for row in each.rows])


def _cells(beside: Beside, row: Compared) -> list:
    shown = row.row
    speed = row.speed if row.ratio else None
    names = (beside.other.name, beside.base.name)
    sides = (cell for side in (row.other, row.base) for cell in _side(side))
    who = (*shown.place, shown.case, shown.threads, shown.made_by)
    return [*who, *names, row.word, row.why, *ends(speed), *sides]


def _side(timing: Timing | None) -> tuple:
    if timing is None or not timing.seconds:
        return (None, None, None, 0)
    return timing.median, timing.of_peak, timing.of_bandwidth, len(timing.seconds)


def as_document(machines: Sequence[Timings], besides: Sequence[Beside]) -> dict:
    """For other programs; all numbers are finite."""
    return {
        "schema_version": 1,
        "machines": [
            {
                "name": machine.name,
                "kind": machine.kind,
                "started": machine.started,
                "facts": {
                    name: values[number] for name, values, _ in comparison_words.passports(machines)
                },
            }
            for number, machine in enumerate(machines)
        ],
        "besides": [
            {
                "machine": each.other.name,
                "base": each.base.name,
                "noise": {"floor": each.floor, "chance": each.chance, "each": list(each.floors)},
                "mean": _mean_document(each, each.mean()),
                "by_example": {
                    name: _mean_document(each, each.mean(name)) for name in each.examples
                },
                "rows": [
                    {
                        name: cell
                        for name, cell in zip(COLUMNS, _cells(each, row))
                        if cell not in (None, "")
                    }
                    for row in each.rows
                ],
            }
            for each in besides
        ],
        "myths": comparison_words.myths(machines)["myths"],
    }


def _mean_document(beside: Beside, mean: Mean | None) -> dict | None:
    if mean is None:
        return None
    return {
        "word": beside.said(mean),
        "times_as_fast": mean.speed.value,
        **({} if mean.least.why else {"low": mean.speed.low, "high": mean.speed.high}),
        "rows": len(mean.rows),
        "least": {"row": mean.least.row.label, "times_as_fast": mean.least.speed.value},
        "most": {"row": mean.most.row.label, "times_as_fast": mean.most.speed.value},
    }


# Markdown


def as_markdown(machines: Sequence[Timings], besides: Sequence[Beside]) -> str:
    names = [machine.name for machine in machines]
    lines = [f"# {len(machines)} machines side by side", ""]
    lines += [in_markdown(f"Base: {names[0]}. In brackets: {LEVEL} intervals.")]
    for each in besides:
        lines += ["", in_markdown(comparison_words.answer(each)), ""]
        lines += [f"- {in_markdown(sentence)}" for sentence in _sentences(each)]
    means = comparison_words.example_rows(besides)
    lines += ["", "## By example", ""]
    lines += _table(
        ["example", *names[1:]],
        [[name or "all", *map(_mean_text, besides, own)] for name, own in means],
    )
    lines += ["", "## What differs", ""]
    differing = [
        (n, values) for n, values, differs in comparison_words.passports(machines) if differs
    ]
    lines += _table(["fact", *names], [[name, *values] for name, values in differing])
    told = comparison_words.myths(machines)
    if told["myths"]:
        lines += ["", "## Does the answer depend on the machine?", ""]
        lines += _table(
            ["the talk says", *told["machines"], "depends"],
            [
                [m["says"], *(c["answer"] if c else "not asked" for c in m["cells"]), m["depends"]]
                for m in told["myths"]
            ],
        )
    for each in besides:
        lines += ["", f"## All rows of {in_markdown(each.other.name)}", ""]
        head = ["row", "difference", "times as fast", each.base.name, each.other.name]
        lines += _table(head, [_row_cells(row) for row in each.rows])
    return "\n".join(lines) + "\n"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    told = [[in_markdown(cell) for cell in row] for row in [header, *rows]]
    told.insert(1, ["---"] * len(header))
    return [f"| {' | '.join(cells)} |" for cells in told]


def _row_cells(row: Compared) -> list[str]:
    speed = speed_text(row.speed, not row.why) if row.ratio else ""
    return [
        row.row.label,
        difference(row),
        speed,
        _time_and_share(row.base),
        _time_and_share(row.other),
    ]


def _time_and_share(timing: Timing | None) -> str:
    return ", ".join(filter(None, [time_of(timing), share_of(timing)]))


def _mean_text(beside: Beside, mean: Mean | None) -> str:
    if mean is None:
        return "no row in common"
    told = f"{speed_text(mean.speed, not mean.least.why)}, {beside.said(mean)}"
    return f"{told}, {plural(len(mean.rows), 'row')}"


def _sentences(beside: Beside) -> list[str]:
    """What there is to say of a machine, beside the answer."""
    mean = beside.mean()
    told = [comparison_words.exceptions(beside)]
    if mean:
        told += [comparison_words.how_sure(beside), comparison_words.counts(beside)]
        told += [f"{sentence}." for sentence in comparison_words.least_and_most(mean)]
    told += [comparison_words.left_out(beside), comparison_words.changed_code(beside)]
    return [sentence for sentence in told if sentence]


# The page


def as_page(machines: Sequence[Timings], besides: Sequence[Beside]) -> str:
    no_charts = charts.why_not()
    sheet = None if no_charts else ChartSheet(charts.of_comparison(besides))

    def figures(*of: str, slug: str = "") -> list[dict]:
        return sheet.figures(*of, slug=slug) if sheet else []

    page = {
        "machines": [machine.name for machine in machines],
        "level": LEVEL,
        "sources": [f"{machine.name}: {machine.kind}, {machine.started}" for machine in machines],
        "answers": [
            {
                "name": each.other.name,
                "answer": comparison_words.answer(each),
                "sentences": _sentences(each),
                "said": each.said(mean).replace(" ", "-") if (mean := each.mean()) else "nothing",
            }
            for each in besides
        ],
        "means": _means(besides),
        "no_charts": no_charts,
        "charts": figures("comparison", "pair"),
        "passports": comparison_words.passports(machines),
        "myths": comparison_words.myths(machines),
        "examples": _examples(besides, figures),
        "left_out": _left_out(besides),
        "data": packed_table(as_csv(besides)),
        "light": build_report.page_css("light", bool(sheet)),
        "dark": build_report.page_css("dark", bool(sheet)),
    }
    page["charts_css"] = sheet.css() if sheet else ""
    return rendered("comparison.html.j2", **page)


def _means(besides: Sequence[Beside]) -> list[dict]:
    rows = comparison_words.example_rows(besides)
    return [
        {"name": name or "all rows", "cells": [*map(_mean_cell, besides, means)]}
        for name, means in rows
    ]


def _mean_cell(beside: Beside, mean: Mean | None) -> dict | None:
    if mean is None:
        return None
    return {
        "speed": speed_text(mean.speed, not mean.least.why),
        "said": beside.said(mean),
        "count": plural(len(mean.rows), "row"),
        "least": speed_text(mean.least.speed, sure=False),
        "most": speed_text(mean.most.speed, sure=False),
    }


def _examples(besides: Sequence[Beside], figures: Callable[..., list[dict]]) -> list[dict]:
    return [
        {
            "name": name or "all rows",
            "charts": figures("compared", slug=file_name(name or "all")),
            "tables": [
                {"name": each.other.name, "rows": rows}
                for each in besides
                if (rows := [_page_row(r) for r in each.common if r.row.example == name])
            ],
        }
        for name, _ in comparison_words.example_rows(besides)
    ]


def _page_row(row: Compared) -> dict:
    assert row.base and row.other
    return {
        "label": row.row.label,
        "difference": difference(row),
        "speed": speed_text(row.speed, not row.why),
        "base": time_of(row.base),
        "base_share": share_of(row.base),
        "other": time_of(row.other),
        "other_share": share_of(row.other),
        "rounds": f"{len(row.base.seconds)} and {len(row.other.seconds)}",
    }


def _left_out(besides: Sequence[Beside]) -> list[dict]:
    return [
        {
            "name": each.other.name,
            "summary": comparison_words.left_out(each).removeprefix("Not compared: "),
            "rows": [{"label": r.row.label, "why": r.why} for r in each.having(NOT_COMPARABLE)],
        }
        for each in besides
        if each.having(NOT_COMPARABLE)
    ]
