"""The small dot plot in the tile of a myth: the best of each tool on one ladder, as places in %.

It is drawn by the page itself, so that it follows the theme and needs no library.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ..judge.standings import case_text
from ..judge.tools import TOOLS, Best, compared
from ..runs.intervals import ends
from ..runs.quantities import count_text
from ..runs.results import Run
from .inline_charts import css_name

# Beside the dots stand names on the left and factors on the right.
LEFT, RIGHT = 40.0, 78.0
MOST_LABELS = 3


def dot_plot(run: Run, example: str) -> dict | None:
    """None where nothing was measured beside the baseline, or only one tool: that is no plot."""
    ladder = run.ladder(example)
    found = compared(run, ladder)
    if found is None or len(found[1]) < 2:
        return None
    group, best = found
    factors = [1.0, *(end for each in best.values() for end in ends(each.factor))]
    place = Axis(min(factors), max(factors)).place
    dots = [_dot(name, best[name], place) for name in TOOLS if name in best]
    base = ladder.rung(ladder.baseline).label
    where = f"{base} on {example} ({case_text(group)})"
    caption = f"The best rung of each, times as fast as {where}, logarithmic, 95 % intervals"
    told = ", ".join(f"{dot['name']} {dot['text']}" for dot in dots)
    ticks = [{"text": f"{count_text(v)} ×", "at": place(v)} for v in _ticks(max(factors))]
    return {
        "caption": caption,
        "alt": f"Dot plot. {caption}: {told}.",
        "dots": dots,
        "ticks": ticks,
    }


@dataclass(frozen=True)
class Axis:
    """Logarithmic, from low to high."""

    low: float
    high: float

    def place(self, value: float) -> str:
        wide = math.log(self.high / self.low)
        share = math.log(value / self.low) / wide if wide else 0.5
        return f"{LEFT + share * (RIGHT - LEFT):.1f}%"


def _dot(name: str, best: Best, place: Callable[[float], str]) -> dict:
    value, low, high = map(place, ends(best.factor))
    told = {"name": name, "color": css_name(TOOLS[name]), "text": best.text}
    return {**told, "at": value, "low": low, "high": high}


def _ticks(high: float) -> list[float]:
    """1, where the baseline is, and few powers of ten above it, at equal distance."""
    decades = math.floor(math.log10(high) + 1e-9)
    step = max(1, math.ceil(decades / (MOST_LABELS - 1)))
    return [10.0**power for power in range(0, decades + 1, step)]
