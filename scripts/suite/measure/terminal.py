"""What the terminal shows: as wide as it is and in its colours; plain lines where it is a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..judge.verdicts import evidence_cells, evidence_text
from ..runs.words import printable

WIDEST = 100  # columns: longer lines of prose are hard to follow
# In a pipe a sentence is one line, however long: whoever searches it shall find it whole.
UNBROKEN = 10_000
COLOURS = {"holds": "bold green", "fails": "bold red", "undecided": "bold yellow"}


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Where rich would end us with the status of wrong answers. Called while it is handled."""
        raise


def console() -> Console:
    """Names hold brackets and colons, which are neither markup nor emoji here."""
    shown = _Console(markup=False, emoji=False, highlight=False)
    if not shown.is_terminal:
        shown.width = UNBROKEN
    return shown


def say(*shown: RenderableType) -> None:
    """Prints, wrapped between words where a terminal is narrow."""
    to = console()
    if to.is_terminal:
        to.print(*shown, sep="\n", width=min(to.width, WIDEST))
        return
    with to.capture() as captured:
        to.print(*shown, sep="\n")
    # The blanks that make a table's columns equally wide help nobody here.
    lines = captured.get().removesuffix("\n").split("\n")
    print(*(line.rstrip() for line in lines), sep="\n", flush=True)


def say_whole(text: str) -> None:
    """A line that is copied, such as one with a path: never broken by us."""
    console().print(text, soft_wrap=True)


def say_lines(lines: Iterable[str]) -> None:
    """Lines that are as wide as they shall be."""
    for line in lines:
        say_whole(line)


def listed(title: str, lines: Iterable[str], style: str = "bold") -> Group:
    """A heading with a line for each, indented."""
    indented = (Padding(told(line), (0, 0, 0, 2)) for line in lines)
    return Group(Text(f"{title}:", style), *indented)


def told(words: str, style: str = "") -> Text:
    """What a run says, which is never a command to the terminal."""
    return Text(printable(words), style)


def verdict_table(verdicts: Sequence[dict]) -> RenderableType:
    """Each with its ratio, bound and evidence."""
    if not verdicts:
        return Text("No claims to decide.")
    rows = [evidence_cells(v, i) for v in verdicts for i in range(len(v["evidence"]))]
    widths = [max(map(len, column)) for column in zip(*rows)]
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for verdict in verdicts:
        word = Text(verdict["verdict"], COLOURS.get(verdict["verdict"], ""))
        says = told(f"{verdict['example']}: {verdict['says']}", "bold")
        evidence = _Evidence(verdict, widths)
        table.add_row(word, Group(says, told(evidence_text(verdict)), evidence, Text()))
    return table


class _Evidence:
    """Rows of cells. Where there is room they stand below those of the other verdicts; where there
    is hardly any, a row is a line of words."""

    def __init__(self, verdict: dict, widths: Sequence[int]) -> None:
        count = len(verdict["evidence"])
        self._rows = [evidence_cells(verdict, index) for index in range(count)]
        self._widths = widths

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.max_width
        aligned = self._table(self._widths)
        for table in (aligned, self._table([0] * len(self._widths))):
            if console.measure(table, options=options.update(max_width=UNBROKEN)).minimum <= room:
                yield table
                return
        yield from (told("  ".join(filter(None, row))) for row in self._rows)

    def _table(self, widths: Sequence[int]) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0))
        for width in widths:
            table.add_column(min_width=width, overflow="fold")
        for row in self._rows:
            table.add_row(*map(told, row))
        return table
