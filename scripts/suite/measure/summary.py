"""The end of a run on one screen: each myth with its answer, and what to do next.

All claims with their evidence are shown by `make verdicts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..judge.answers import number_text, telling
from ..judge.next_steps import next_steps
from ..judge.trust import trust
from ..judge.verdicts import counts_text
from ..runs import results
from ..runs.quantities import plural
from .terminal import listed, told

OUTCOMES = {
    "true": "bold green",
    "partly": "bold cyan",
    "busted": "bold red",
    "not decided": "bold yellow",
}
LONGEST_LIST = 3


def summary(document: dict, run: Path) -> list[RenderableType]:
    """Paragraphs of run.json, verdicts and answers included; `run` is its folder."""
    found: list[RenderableType] = [_heading(document)]
    for answer in document["answers"]:
        found.append(_answer(answer, telling(document["ladders"], answer, document["verdicts"])))
    if lines := wrong(document):
        found.append(listed("wrong answers and crashes", lines, "bold red"))
    found.append(Group(_counts(document), _trust(document)))
    found.append(listed("next", what_next(document, run), "bold"))
    return found


def wrong(document: dict) -> list[str]:
    failed = [row for row in document["rows"] if row["status"] == "failed"]
    return shortened([f"{_name(row)}: {row['reason']}" for row in failed], "row")


def shortened(lines: Sequence[str], noun: str, most: int = LONGEST_LIST) -> list[str]:
    """The first few; the report has all."""
    if len(lines) <= most:
        return list(lines)
    return [*lines[:most], f"and {plural(len(lines) - most, f'other {noun}')} in the report"]


def what_next(document: dict, run: Path) -> list[str]:
    report = run / "report.html"
    where = f"open {report.resolve().as_uri()}" if report.is_file() else f"the run: {run}"
    return [*next_steps(document, document["verdicts"]), where]


def _heading(document: dict) -> Text:
    cpu = document["machine"].get("cpu", {})
    cores = cpu.get("usable_cores")
    machine = [
        cpu.get("model", document["machine"]["name"]),
        plural(cores, "core") if cores else "",
    ]
    what = ", ".join(filter(None, [*machine, document["started"][:10]]))
    return Text.assemble(told(what, "bold"), told("; in brackets: 95 % intervals"))


def _answer(answer: dict, numbers_of: Sequence[dict]) -> RenderableType:
    head = Table.grid(padding=(0, 2, 0, 0))
    head.add_column(no_wrap=True)
    head.add_column()
    says = told(f"“{answer['says']}”", "bold")
    head.add_row(told(answer["answer"], OUTCOMES[answer["outcome"]]), says)
    numbers = Table.grid(padding=(0, 2, 0, 2))
    numbers.add_column(no_wrap=True, justify="right")
    numbers.add_column(overflow="fold")
    for verdict in numbers_of:
        numbers.add_row(told(number_text(verdict)), told(f"{verdict['says']}: {_word(verdict)}"))
    return Group(head, told(answer["why"]), numbers)


def _word(verdict: dict) -> str:
    return "not on this machine" if "lacks" in verdict else verdict["verdict"]


def _trust(document: dict) -> Text:
    trusted = trust(document)
    worst, *others = trusted.reasons or [""]
    doubts = len(others) + len(document["warnings"])
    rest = f"{doubts} less grave in the report." if doubts else ""
    return Text.assemble(
        told(f"trust in this run: {trusted.word}. ", "bold"),
        told(" ".join(filter(None, [worst, rest]))),
    )


def _counts(document: dict) -> Text:
    verdicts = document["verdicts"]
    words = counts_text(verdicts) or "none decided"
    share = _share_in_samples(document.get("time_spent", {}))
    return told(f"{plural(len(verdicts), 'claim')}: {words} (make verdicts){share}")


def _name(row: dict) -> str:
    python = row["interpreter"]
    under = f" ({results.interpreter_label(python)})" if python else ""
    return f"{row['example']}/{row['rung']}{under} {results.case_label(row['case'])}"


def _share_in_samples(spent: dict) -> str:
    if not spent.get("seconds"):
        return ""
    return f"; {spent['in_samples'] / spent['seconds']:.0%} of the time in samples"
