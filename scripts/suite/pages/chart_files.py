"""Draw the charts of a run as files, for slides and papers, with data and words beside each."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from .. import charts
from ..charts import Chart
from ..runs import results
from ..runs.documents import Refused
from ..runs.file_names import inside
from ..runs.results import Run
from ..runs.words import printable, refuse_unknown
from .build_report import page_css
from .rendering import rendered, why_not

FORMATS, THEMES = ("svg", "pdf", "png"), ("light", "dark")


def draw_run(
    folder: Path,
    formats: Sequence[str] = ("svg",),
    themes: Sequence[str] = THEMES,
    only: Collection[str] = (),
) -> list[Path]:
    """Draw a run, or these examples of it, into its own charts/; the files that were written.

    Beside each chart lie its data and its words, and beside all of them a page to choose from.
    """
    missing = charts.why_not()
    if missing:
        print(f"charts: skipped: {missing}", file=sys.stderr)
        return []
    from ..charts._files import picture

    written: list[Path] = []
    place = inside(folder, "charts")
    run = results.load(folder)
    refuse_unknown("example", only, [ladder.example for ladder in run.ladders])
    every = [
        chart
        for chart in charts.of_run(run)
        if not only or getattr(chart.thing, "example", None) in only
    ]
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
    if not why_not():
        written.append(place / "index.html")
        results.write_text(written[-1], _index(run, every, formats, themes))
    return written


def _index(run: Run, every: Iterable[Chart], formats: Sequence[str], themes: Sequence[str]) -> str:
    """The charts by what they are of, each with its picture, its words and its files."""
    titles = {ladder.example: ladder.title for ladder in run.ladders}
    groups: dict[str, list[dict]] = {title: [] for title in ["All ladders", *titles.values()]}
    for chart in every:
        title = titles.get(getattr(chart.thing, "example", ""), "All ladders")
        endings = [f"-{theme}.{form}" for theme in themes for form in formats]
        shown = next((chart.name + end for end in endings if not end.endswith("pdf")), "")
        groups[title].append(
            {
                "title": chart.words.title,
                "alt": chart.alt,
                "shown": shown,
                "files": {
                    chart.name + end: " ".join(reversed(end.strip("-.").split(".")))
                    for end in [*endings, ".csv", ".txt"]
                },
            }
        )
    return rendered(
        "charts.html.j2",
        groups={title: shown for title, shown in groups.items() if shown},
        source=charts.source(run),
        light=page_css("light", with_charts=True),
        dark=page_css("dark", with_charts=True),
    )


def say_kinds() -> None:
    for kind in charts.kinds():
        name = kind.__name__.rpartition(".")[2]
        print(f"{name:<12} {kind.OF:<8} {(kind.__doc__ or '').splitlines()[0]}")
