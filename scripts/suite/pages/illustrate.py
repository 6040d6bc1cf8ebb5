"""Charts and report of a run that was just measured: each is drawn once for both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..runs.words import brief
from . import build_report, chart_files

PARTS: dict[str, Callable[[Path], object]] = {
    "report": build_report.build,
    "charts": chart_files.draw_run,
}


class Undrawn(Exception):
    """A sentence for each part that could not be written."""


def illustrate(folder: Path) -> int:
    """Writes the report and the files of the charts; of how many problems there were.

    One of the two costs the other nothing. Raises Undrawn.
    """
    faults = []
    for name, write in PARTS.items():
        try:
            write(folder)
        except OSError:
            raise  # what the system refuses ends every command alike
        except Exception as error:
            faults.append(f"the {name} could not be written: {brief(repr(error))}")
    if faults:
        raise Undrawn("; ".join(faults))
    return len(list((folder / "charts").glob("*-ladder-light.svg")))
