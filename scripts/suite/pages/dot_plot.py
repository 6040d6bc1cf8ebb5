"""The small dot plot in the tile of a myth: the best of each tool on one ladder, as places in %.

It is drawn by the page itself, so that it follows the theme and needs no library.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..judge.standings import case_text
from ..judge.tools import TOOLS, compared
from ..runs.intervals import ends
from ..runs.quantities import count_text
from ..runs.results import Run
from .inline_charts import css_name

# Beside the dots stand names on the left and factors on the right.
LEFT, RIGHT = 40.0, 78.0
MOST_LABELS = 3
ROW = 20  # pixels


def dot_plot(run: Run, example: str) -> dict | None:
    """None where nothing was measured beside the baseline, or only one tool: that is no plot."""
    ladder = run.ladder(example)
    found = compared(run, ladder)
    if found is None or len(found[1]) < 2:
        return None
    group, best = found
    measured = [(name, color) for name, color in TOOLS.items() if name in best]
    factors = [end for each in best.values() for end in ends(each.factor)]
    low, high = min(1.0, *factors), max(1.0, *factors)
    dots = [
        {
            "name": name,
            "color": css_name(color),
            "text": best[name].text,
            "at": _place(best[name].factor.value, low, high),
            "low": _place(best[name].factor.low, low, high),
            "high": _place(best[name].factor.high, low, high),
            "y": ROW * index + ROW // 2,
        }
        for index, (name, color) in enumerate(measured)
    ]
    base = ladder.rung(ladder.baseline).label
    caption = (
        f"Times as fast as {base} on {example} ({case_text(group)}), logarithmic, 95 % intervals"
    )
    told = ", ".join(f"{dot['name']} {dot['text']}" for dot in dots)
    return {
        "caption": caption,
        "alt": f"Dot plot. {caption}: {told}.",
        "dots": dots,
        "ticks": [
            {"text": f"{count_text(value)} ×", "at": _place(value, low, high)}
            for value in _ticks(low, high)
        ],
        "height": ROW * (len(dots) + 1),
        "bottom": ROW * len(dots),
    }


def _place(value: float, low: float, high: float) -> str:
    share = math.log(value / low) / math.log(high / low) if high > low else 0.5
    return f"{LEFT + share * (RIGHT - LEFT):.1f}%"


def _ticks(low: float, high: float) -> Sequence[float]:
    """1, where the baseline is, and few powers of ten above it, at equal distance."""
    decades = math.floor(math.log10(high) + 1e-9)
    step = max(1, math.ceil(decades / (MOST_LABELS - 1)))
    return [10.0**power for power in range(0, decades + 1, step)]
