"""Two printed pages to take home: the answers of a run, six of its figures, and what to try."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from .. import charts
from ..judge import verdicts
from ..judge.next_steps import next_steps
from ..judge.trust import trust
from ..runs import results
from . import browser
from .answer_tiles import tiles
from .build_report import page_css
from .deck import Teller, measured_where, place_of
from .rendering import rendered, why_not

# Kinds of charts and examples, the most telling first; six of those that a run has are shown.
FIGURES = (
    ("overview", ""),
    ("ladder", "locator"),
    ("waterfall", "bytecode"),
    ("memory", "dummy_objects"),
    ("speedup", "gil"),
    ("sizes", "arrays"),
    ("bandwidth", "temporaries"),
    ("sizes", "wrapper"),
    ("ladder", "matmul"),
    ("ladder", "gil"),
)
MOST_FIGURES = 6


def write(folder: Path, output: Path | None = None) -> list[Path]:
    """The files that were written, by default in the folder slides beside it: HTML, and PDF where a
    browser is found. Raises Refused for a run that cannot be read."""
    if missing := why_not():
        print(f"handout: skipped: {missing}", file=sys.stderr)
        return []
    html = (output or place_of(folder)) / "handout.html"
    results.write_text(html, page(results.load(folder)))
    try:
        browser.print_pdf(html, html.with_suffix(".pdf"))
    except browser.NoPicture as why:
        print(f"handout: no pdf: {why}", file=sys.stderr)
        return [html]
    return [html, html.with_suffix(".pdf")]


def page(run: results.Run) -> str:
    decided = verdicts.decide(run)
    teller = Teller(run, "light")
    figures = [teller.chart(*which) for which in FIGURES]
    return rendered(
        "handout.html.j2",
        tiles=tiles(run, decided),
        figures=[shown for shown in figures if re.search("<img", shown)][:MOST_FIGURES],
        no_figures=charts.why_not() or "this run measured too little for a figure",
        counts=verdicts.counts_text(decided),
        trust=vars(trust(run.document)),
        next_steps=next_steps(run.document, decided),
        source=measured_where(run),
        colors=page_css("light", not charts.why_not()),
    )
