"""Charts and report of a run that was just measured, at once."""

from __future__ import annotations

import signal
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from ..charts import draw_charts
from . import build_report


def illustrate(folder: Path) -> int:
    """Draws the charts in one process and those of the report in this one; how many problems."""
    # Ctrl-C is for this process alone to answer.
    quiet = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(1, initializer=signal.signal, initargs=quiet) as other:
        drawing = other.submit(draw_charts.draw_run, folder)
        build_report.build(folder)
        drawing.result()
    return len(list((folder / "charts").glob("*-ladder-light.svg")))
