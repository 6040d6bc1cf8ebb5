"""What would decide what a run left undecided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..runs.quantities import plural
from ..runs.words import duration

# Of what is due to time, twice the budget decides most.
MORE = 2


def next_steps(document: dict, decided: Sequence[dict]) -> list[str]:
    """What to try, the command first; nothing where all is decided."""
    undecided = [v for v in decided if v["verdict"] == "undecided"]
    lacking = Counter(v["lacks"] for v in undecided if "lacks" in v)
    of_time = len(undecided) - sum(lacking.values())
    steps = []
    if of_time:
        budget = duration(MORE * document["settings"]["budget_seconds"]).replace(" ", "")
        left = plural(of_time, "undecided claim")
        steps.append(f"make bench BUDGET={budget}: more time, for {left}")
    if lacking:
        missing = (f"{what}, for {plural(count, 'claim')}" for what, count in lacking.most_common())
        steps.append(f"not found on this machine: {'; '.join(missing)}")
    return steps
