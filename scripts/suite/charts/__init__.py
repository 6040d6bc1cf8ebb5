"""One file per kind of chart, and the look that they share.

A module here is a kind of chart; nobody lists them. It says
  OF            what it is of: case, ladder, sweep, run, machine, study or watched; of machines
                beside another: comparison, compared (an example of them), pair
  shown(run, thing)     plain records, or None where there is nothing to show
  words(records)        the finding as its title, the myth above it, notes, the same for the blind
  table(records)        header and rows of the data beside it
  draw(records, look)   a figure of matplotlib
Where machines are compared, `run` is all of them, each beside the first.
A name that begins with an underscore is no chart.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..judge.comparison import Beside
from ..judge.sizes import of_ladder as sweeps_of
from ..runs.file_names import file_name
from ..runs.results import Run, groups
from ..runs.studies import of_run as study_of
from ..runs.untrusted import csv_text
from ..runs.watched import of_run as watched_of
from ..runs.words import printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ._look import Words

PARTS = ("OF", "shown", "words", "table", "draw")


@dataclass(frozen=True)
class Chart:
    """A kind of chart of one thing of a run, or of several."""

    kind: ModuleType
    source: str  # where and when it was measured
    thing: Any
    slug: str  # of what it shows, for names of files
    records: object

    @property
    def name(self) -> str:
        return f"{self.slug}-{self.kind.__name__.rpartition('.')[2]}"

    @property
    def words(self) -> Words:
        return self.kind.words(self.records)

    @property
    def alt(self) -> str:
        """What it shows and what stands under it, for those who cannot see it."""
        words = self.words
        return " ".join([words.alt, *(f"{note.removesuffix('.')}." for note in words.notes)])

    def csv(self) -> str:
        return csv_text(*self.kind.table(self.records))

    def figure(self, theme: str = "light", narrow: bool = False) -> Figure:
        from matplotlib import style

        from ._look import STYLES, Look

        with style.context(STYLES[theme], after_reset=True):
            look = Look(theme, narrow, self.source)
            return self.kind.draw(self.records, look)


def kinds() -> list[ModuleType]:
    """By name. Raises TypeError for a file that lacks a part of what makes it a chart."""
    names = [found.name for found in iter_modules(__path__) if not found.name.startswith("_")]
    modules = [import_module(f"{__name__}.{name}") for name in sorted(names)]
    for module in modules:
        lacking = [part for part in PARTS if not hasattr(module, part)]
        if lacking:
            raise TypeError(f"{module.__file__}: a chart needs {', '.join(lacking)}")
    return modules


def of_run(run: Run, say: Callable[[str], None] | None = None) -> list[Chart]:
    """All charts of a run and of what lies beside it. A fault in that costs no other chart."""
    return _drawn(run, things(run, say or _say), source(run))


def of_machine(run: Run) -> list[Chart]:
    """Those of the machine alone, whatever else was measured on it."""
    return _drawn(run, {"machine": [("machine", run.machine)]}, source(run))


def of_comparison(besides: Sequence[Beside]) -> list[Chart]:
    """All charts of machines beside another."""
    examples = dict.fromkeys(name for each in besides for name in each.examples)
    every: dict[str, list[tuple[str, object]]] = {
        "comparison": [("machines", besides)],
        "compared": [(file_name(name or "all"), name) for name in examples],
        "pair": [(f"machine-{number}", each) for number, each in enumerate(besides, start=2)],
    }
    names = [besides[0].base, *(each.other for each in besides)]
    told = [" ".join(filter(None, [each.name, each.started[:10]])) for each in names]
    return _drawn(besides, every, printable(" · ".join(told)))


def _drawn(of: Any, every: dict[str, list[tuple[str, object]]], source: str) -> list[Chart]:
    charts = []
    for kind in kinds():
        for slug, thing in every.get(kind.OF, ()):
            records = kind.shown(of, thing)
            if records is not None:
                charts.append(Chart(kind, source, thing, slug, records))
    return charts


def _say(fault: str) -> None:
    print(f"charts: {fault}", file=sys.stderr)


def things(run: Run, say: Callable[[str], None]) -> dict[str, list[tuple[str, object]]]:
    """What charts can be of, by sort, each with a name for files."""
    sweeps = [sweep for ladder in run.ladders for sweep in sweeps_of(run, ladder)]
    cases = [group for ladder in run.ladders for group in groups(run, ladder)]
    return {
        "run": [("run", run)],
        "machine": [("machine", run.machine)],
        "ladder": [(ladder.example, ladder) for ladder in run.ladders],
        "sweep": [(sweep.slug, sweep) for sweep in sweeps],
        "case": [(group.slug, group) for group in cases],
        "study": _beside(run, study_of, say),
        "watched": _beside(run, watched_of, say),
    }


def _beside(
    run: Run, reader: Callable[[Run], Any], say: Callable[[str], None]
) -> list[tuple[str, object]]:
    try:
        found = reader(run)
    except ValueError as fault:
        say(str(fault))
        return []
    return [] if found is None else [(found.example, found)]


def why_not() -> str:
    """Empty when pictures can be drawn."""
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        # Matplotlib may be there, and what it needs may not.
        missing = (error.name or "matplotlib").partition(".")[0]
        return f"{missing} is not installed (python3 -m pip install {missing})"
    return ""


def source(run: Run) -> str:
    """Where and when this was measured."""
    suite = run.document["suite"]
    commit = suite["commit"][:10] + (", changed" if suite["dirty"] else "")
    model = run.machine.get("cpu", {}).get("model", "unknown processor")
    return " · ".join(
        [run.machine["name"], model, run.document["started"][:10], f"commit {commit}"]
    )
