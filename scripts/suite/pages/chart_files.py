"""Draw the charts of a run as files, for slides and papers, with data and words beside each."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from .. import charts
from ..runs import results
from ..runs.documents import Refused
from ..runs.file_names import inside
from ..runs.words import printable

FORMATS, THEMES = ("svg", "pdf", "png"), ("light", "dark")


def draw_run(
    folder: Path, formats: Iterable[str] = ("svg",), themes: Iterable[str] = THEMES
) -> list[Path]:
    """Draw a run into its own charts/; the files that were written."""
    missing = charts.why_not()
    if missing:
        print(f"charts: skipped: {missing}", file=sys.stderr)
        return []
    from ..charts._files import picture

    written: list[Path] = []
    place = inside(folder, "charts")
    every = charts.of_run(results.load(folder))
    if len({chart.name for chart in every}) < len(every):
        raise Refused(f"{folder / results.FILE}: two of its charts would be one file")
    for chart in every:
        base = place / chart.name
        contents = {
            f"{base}.csv": chart.csv().encode(),
            f"{base}.txt": f"{printable(chart.alt)}\n".encode(),
            **{
                f"{base}-{theme}.{form}": picture(chart, form, theme)
                for theme in themes
                for form in formats
            },
        }
        for name, content in contents.items():
            written.append(Path(name))
            results.write_bytes(written[-1], content)
    return written


def say_kinds() -> None:
    for kind in charts.kinds():
        name = kind.__name__.rpartition(".")[2]
        print(f"{name:<12} {kind.OF:<8} {(kind.__doc__ or '').splitlines()[0]}")
