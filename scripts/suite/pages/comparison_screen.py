"""A comparison on one screen of a terminal: 40 lines of 80 columns, the answer in the first ten."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

from ..judge.comparison import FASTER, SLOWER, Beside, Compared, Mean
from ..runs.quantities import digits
from ..runs.timings import Timings
from ..runs.untrusted import in_terminal
from . import comparison_words as words

LINES, COLUMNS, FIRST = 40, 80, 10
MACHINES = 3  # beside the base, that have room side by side
EXAMPLES, ROWS, FACTS, MYTHS = 10, 3, 3, 4


def screen(machines: Sequence[Timings], besides: Sequence[Beside], page: Path | None) -> list[str]:
    """At most LINES of them. `page` is the file in which all is."""
    parts = [_examples(besides), _clearest(besides), _myths(machines)]
    found = [*_answers(besides), *parts[0], *parts[1]]
    room = LINES - len(found) - len(parts[2]) - 3
    end = f"all rows: VERBOSE=1, or {page}" if page else "all rows: VERBOSE=1"
    lines = [*found, *_passports(machines, max(room, FACTS)), *parts[2], end]
    return [line.rstrip() for line in lines[:LINES]]


def every_row(besides: Sequence[Beside]) -> list[str]:
    """Of each machine all rows, as wide as they are."""
    found = []
    for each in besides:
        found += ["", *_titled(f"all rows, {each.other.name} beside {each.base.name}")]
        found += [_whole(row) for row in each.rows]
    return found


def _whole(row: Compared) -> str:
    speed = f"{words.speed_text(row.speed, not row.why)}  " if row.ratio else ""
    cells = [f"{words.time_of(row.base)} | {words.time_of(row.other)}"]
    shares = [f"{words.share_of(side) or '–'}" for side in (row.base, row.other)]
    if set(shares) != {"–"}:
        cells.append(" | ".join(shares))
    told = f"{row.row.label}: {speed}{words.difference(row)}; {'; '.join(cells)}"
    return in_terminal(f"  {told}")


def _answers(besides: Sequence[Beside]) -> list[str]:
    """Which machine is faster, by how much, how sure, at what not."""
    if len(besides) == 1:
        (each,) = besides
        mean = each.mean()
        ends = [*map(_cut, words.least_and_most(mean))] if mean else []
        sentences = [words.answer(each), words.exceptions(each)]
        if mean:
            sentences += [words.how_sure(each), words.counts(each)]
        sentences.append(words.left_out(each))
        told = [line for sentence in sentences for line in _wrapped(sentence)]
        return [*told[: FIRST - 1 - len(ends)], _legend(each.base.name), *ends]
    found = []
    for each in besides[:MACHINES]:
        found += [*_wrapped(words.answer(each)), _cut(f"  {words.counts(each)}")]
    if len(besides) > MACHINES:
        found.append(f"and {len(besides) - MACHINES} more in the page")
    return [*found[:FIRST], _legend(besides[0].base.name)]


def _legend(base: str) -> str:
    return _cut(f"In brackets {words.LEVEL} intervals; from here on ×: times as fast as {base}.")


def _examples(besides: Sequence[Beside]) -> list[str]:
    rows = words.example_rows(besides)
    if len(rows) < 2:
        return []
    shown = besides[:MACHINES]
    if len(shown) == 1:
        head = f"{'mean':<25}{'least':>9}{'most':>9}{'faster':>8}{'slower':>8}"
    else:
        head = "".join(f"{in_terminal(each.other.name, 20):<21}" for each in shown)
    lines = [f"{'by example':<17}{head}"]
    for name, means in rows[:EXAMPLES]:
        cells = (
            [_mean(*pair) for pair in zip(shown, means)]
            if len(shown) > 1
            else [_mean_and_more(shown[0], means[0])]
        )
        lines.append(_cut(f"{in_terminal(name or 'all', 15):<17}{''.join(cells)}"))
    if len(rows) > EXAMPLES:
        lines[-1] = f"and {len(rows) - EXAMPLES + 1} more examples"
    return ["", *lines]


def _mean(beside: Beside, mean: Mean | None) -> str:
    if mean is None:
        return f"{'–':<21}"
    return f"{digits(mean.speed.value)} × {beside.said(mean)}".ljust(21)


def _mean_and_more(beside: Beside, mean: Mean | None) -> str:
    if mean is None:
        return "–"
    ends = [f"{words.speed_text(row.speed, sure=False):>9}" for row in (mean.least, mean.most)]
    called = [sum(row.word == word for row in mean.rows) for word in (FASTER, SLOWER)]
    told = words.speed_text(mean.speed, not mean.least.why)
    return f"{told:<25}{''.join(ends)}{called[0]:>8}{called[1]:>8}"


def _clearest(besides: Sequence[Beside]) -> list[str]:
    """Rows that surely differ; only where one machine stands beside the base there is room."""
    rows = words.largest(besides[0], ROWS) if len(besides) == 1 else []
    if not rows:
        return []
    lines = []
    for row in rows:
        times = f"{words.time_of(row.base)} | {words.time_of(row.other)}"
        told = f"  {words.difference(row):<16}{times:<22}"
        lines.append(told + in_terminal(row.row.label, COLUMNS - len(told)))
    return ["", *_titled("clearest differences"), *lines]


def _passports(machines: Sequence[Timings], most: int) -> list[str]:
    rows = [(name, values) for name, values, differs in words.passports(machines) if differs]
    if not rows:
        return ["", "The passports differ in nothing that matters for speed."]
    width = (COLUMNS - 17) // min(len(machines), MACHINES + 1)
    head = [("what differs", [machine.name for machine in machines]), *rows]
    lines = []
    for name, values in head[: most + 1]:
        cells = [f"{in_terminal(value, width - 2):<{width}}" for value in values[: MACHINES + 1]]
        lines.append(f"{name:<17}{''.join(cells)}".rstrip())
    return ["", *lines]


def _myths(machines: Sequence[Timings]) -> list[str]:
    told = words.myths(machines)
    if not told["myths"]:
        return []
    lines = ["does the answer depend on the machine?"]
    for myth in told["myths"][:MYTHS]:
        answers = [
            cell["answer"] if cell else "not asked" for cell in myth["cells"][: MACHINES + 1]
        ]
        said = " | ".join(answers) if len(set(answers)) > 1 else f"{answers[0]} on all"
        lines.append(_cut(f"  {myth['depends']:<10}{in_terminal(myth['says'], 36)}: {said}"))
    return ["", *lines]


def _titled(title: str) -> list[str]:
    return [in_terminal(f"{title}:", COLUMNS)]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(in_terminal(text), COLUMNS, subsequent_indent="  ") if text else []


def _cut(line: str) -> str:
    return in_terminal(line, COLUMNS)
