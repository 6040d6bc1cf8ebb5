"""What somebody else wrote, as text and nothing but text wherever it is shown.

A run may come from a stranger: its names, sentences and reasons are never a command to a terminal,
markup of a page, formatting of Markdown, or a formula of a spreadsheet. Templates of Jinja escape
by themselves; whatever else writes one of these goes through here.
"""

from __future__ import annotations

import csv
import html
import io
import math
import re
from collections.abc import Iterable, Sequence

from .words import printable

FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def in_terminal(text: str, columns: int | None = None) -> str:
    """On one line, in so many columns at most."""
    from rich.cells import cell_len, set_cell_size

    shown = printable(text)
    if columns is None or cell_len(shown) <= columns:
        return shown
    return f"{set_cell_size(shown, columns - 1).rstrip()}…"


def in_html(text: str) -> str:
    """Between tags, or within the quotes of an attribute."""
    return html.escape(printable(text))


def in_markdown(text: str) -> str:
    """As words of a sentence or a cell: no sign is markup, none links anywhere or calls anybody."""
    signs = re.sub(r"([\\`*_{}\[\]<>#|~$&!]|(?<=www)\.|:(?=//))", r"\\\1", printable(text))
    return re.sub(r"(?<=[@#])", "\N{WORD JOINER}", signs)


def in_csv(value: object) -> object:
    """Nine digits of a number; a text that a spreadsheet would take for a formula gets a mark."""
    if isinstance(value, float):
        return f"{value:.9g}"
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.lstrip().startswith(FORMULAS) and not _is_number(text) else text


def csv_text(header: str | Sequence[str], rows: Iterable[Sequence]) -> str:
    """A table as a file of comma-separated values; a header may be one text, separated already."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = header.split(",") if isinstance(header, str) else header
    writer.writerows([in_csv(value) for value in row] for row in [names, *rows])
    return text.getvalue()


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
