"""Charts and report of a run that was just measured: each is drawn once for both."""

from __future__ import annotations

from pathlib import Path

from . import build_report, chart_files


def illustrate(folder: Path) -> int:
    """Writes the report and the files of the charts; of how many problems there were."""
    build_report.build(folder)
    chart_files.draw_run(folder)
    return len(list((folder / "charts").glob("*-ladder-light.svg")))
