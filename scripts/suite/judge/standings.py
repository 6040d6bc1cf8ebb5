"""How the rungs of a case stand: against the baseline of their ladder, and against each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..runs.intervals import FEWEST_ROUNDS, Interval, enough, median_interval, ratio_interval, word
from ..runs.quantities import digits, factor_text, plural, time_text
from ..runs.results import Group, Row, bar_labels, baseline
from ..runs.words import DURATIONS, duration

# How a reason ends that is about time: the seconds are told once for all rungs.
FORECAST = re.compile(r"(?:^|, )forecast ([\d.]+) ([^\W\d]+)(?: for \d+ rounds?)?$")
UNITS = {name: size for _, size, name in DURATIONS}
LANGUAGES = {"c++": "C++", "python": "Python"}


@dataclass(frozen=True)
class Standing:
    """One row of a group, measured or not."""

    row: Row
    label: str
    seconds: Interval | None  # None: not measured
    forecast: float | None  # seconds; None: measured, or nobody can tell
    ratio: Interval | None  # time / time of the baseline; None: nothing to compare with
    word: str  # baseline, faster, slower, within noise, not separated; empty: nothing can be said
    work: float = 1.0  # of its run, over that of a run of the baseline

    @property
    def limit(self) -> float | None:
        """Seconds at which this machine's ceiling stands; None if nobody can tell."""
        return self.row.limit if self.seconds else None

    @property
    def of_limit(self) -> Interval | None:
        """Which share of the machine's ceiling the rung reaches; None if not measured."""
        if not self.seconds or not self.row.limit:
            return None
        return ratio_interval(self.row.limits, self.row.rounds())

    @property
    def status(self) -> str:
        """measured, skipped or failed"""
        return "measured" if self.row.status == "ok" else self.row.status

    @property
    def rounds(self) -> int:
        return len(self.row.round_seconds())

    @property
    def few(self) -> bool:
        """Measured, but too few times for an interval, and so for any comparison."""
        return 0 < self.rounds < FEWEST_ROUNDS

    @property
    def said(self) -> str:
        """Its name in a sentence: without its number, its threads in words."""
        return plain_name(self.label)

    @property
    def time(self) -> str:
        if self.seconds:
            return time_text(self.seconds.value)
        return f"{self.row.status}: {self.row.reason}"

    @property
    def comparison(self) -> str:
        """What stands beside the time: the factor against the baseline, or why there is none."""
        if self.few:
            return plural(self.rounds, "round")
        if self.work != 1.0:
            return f"{self.work:.3g}× the work"
        if self.ratio is None or self.word in ("baseline", "within noise", "not separated"):
            return self.word
        return f"{self.factor} {self.word}"

    @property
    def factor(self) -> str:
        """12.3×, never below one: `word` says in which direction."""
        if self.ratio is None:
            return ""
        return factor_text(self.ratio.value if self.word == "slower" else 1 / self.ratio.value)


def plain_name(label: str) -> str:
    name = label.partition(" ")[2]
    return re.sub(r" ×(\d+)", lambda many: f" with {plural(int(many[1]), 'thread')}", name)


def standings(group: Group) -> list[Standing]:
    """All rows of a group in the order of the ladder, the failed ones too."""
    base = baseline(group)
    return [
        _standing(row, label, base, group.noise)
        for row, label in zip(group.rows, bar_labels(group))
    ]


def measured(every: list[Standing]) -> list[Standing]:
    return [each for each in every if each.status == "measured"]


def case_text(group: Group) -> str:
    return group.label.replace("/", ", ") or "the only case"


def without_baseline(group: Group) -> str:
    """Why a case has no factors; empty where it has."""
    if baseline(group) is not None:
        return ""
    label = group.ladder.rung(group.ladder.baseline).label
    return f"No factors: {label}, the baseline of this ladder, was not measured on this case"


def finding(group: Group) -> str:
    """What the case shows, in the words of a title; empty if nothing is sure.

    From the baseline to the fastest rung of Python, and on to the fastest of C++.
    """
    sure = [each for each in measured(standings(group)) if not each.few and each.work == 1.0]
    base = next((each for each in sure if each.word == "baseline"), None)
    best = [_fastest(each for each in sure if each.row.language == name) for name in LANGUAGES]
    cpp, python = best
    steps = [each for each in (base, python, cpp) if each is not None]
    said = [
        compared(
            of.said, over.said, ratio_interval(of.row.rounds(), over.row.rounds()), group.noise
        )
        for over, of in zip(steps, steps[1:])
        if of is not over and of.row.items == over.row.items
        if enough(of.row.rounds(), over.row.rounds())
    ]
    return ", ".join(said)


def compared(of: str, over: str, ratio: Interval, noise: float) -> str:
    """numba 80 times faster than loop; `ratio` is that of their times, from rounds enough."""
    said = word(ratio, noise)
    if said in ("faster", "slower"):
        times = 1 / ratio.value if said == "faster" else ratio.value
        return f"{of} {times_text(times)} times {said} than {over}"
    if said == "within noise":
        return f"{of} as fast as {over}"
    return f"no difference shown between {of} and {over}"


def times_text(factor: float) -> str:
    """As many digits as a sentence bears: 1,500, 80, 2.7, 1.08."""
    return digits(factor, 3 if factor < 1.995 else 2)


def notes(every: list[Standing]) -> list[str]:
    """What has to be said under a chart: wrong answers, and what was not run and why."""
    lines = []
    for title, of in (("Wrong answers, left out", True), ("Failed, left out", False)):
        failed = [e for e in every if e.status == "failed" and _is_wrong(e.row) == of]
        if failed:
            named = "; ".join(f"{e.label} ({_without_kind(e.row.reason)})" for e in failed)
            lines.append(f"{title}: {named}")
    skipped = [(e.label, e.row.reason) for e in every if e.status == "skipped"]
    return [*lines, *(f"Not run: {told}" for told in not_run(skipped))]


def not_run(named: list[tuple[str, str]]) -> list[str]:
    """Names with their reasons in a line, or none: a, b, c (no time: about 40 s in all)"""
    alike: dict[str, list[str]] = {}
    seconds: dict[str, float] = {}
    for name, reason in named:
        forecast = FORECAST.search(reason)
        why = "no time" if forecast else reason
        alike.setdefault(why, []).append(name)
        if forecast:
            seconds[why] = seconds.get(why, 0.0) + float(forecast[1]) * UNITS[forecast[2]]
    told = [
        f"{', '.join(names)} ({why}{_in_all(seconds[why]) if why in seconds else ''})"
        for why, names in alike.items()
    ]
    return ["; ".join(told)] if told else []


def _in_all(seconds: float) -> str:
    return f": about {duration(seconds)} in all"


def rounds_text(rounds: Iterable[int]) -> str:
    """7 rounds, or 1 to 7 rounds, of all that was measured."""
    counts = sorted(rounds)
    if not counts:
        return "nothing measured"
    most = plural(counts[-1], "round")
    return most if counts[0] == counts[-1] else f"{counts[0]} to {most}"


def _fastest(of: Iterable[Standing]) -> Standing | None:
    return min(of, key=lambda each: each.row.took(), default=None)


def _standing(row: Row, label: str, base: Row | None, noise: float) -> Standing:
    if row.status != "ok":
        forecast = row.forecast.get("seconds")
        # From a small case in a cache, say; but no machine is faster than it can be.
        return Standing(row, label, None, forecast and max(forecast, row.limit or 0.0), None, "")
    rounds = row.rounds()
    seconds = median_interval([*rounds.values()])
    if row is base:
        return Standing(row, label, seconds, None, Interval(1.0, 1.0, 1.0), "baseline")
    if base is None or not enough(rounds, base.rounds()):
        return Standing(row, label, seconds, None, None, "")
    if row.items != base.items:
        # More threads may do more work: such times are not held against each other.
        return Standing(row, label, seconds, None, None, "", row.items / (base.items or 1.0))
    ratio = ratio_interval(rounds, base.rounds())
    return Standing(row, label, seconds, None, ratio, word(ratio, noise))


def _is_wrong(row: Row) -> bool:
    wrong = "error" in row.check and not row.check["passed"]
    return wrong or row.reason.startswith("wrong answer")


def _without_kind(reason: str) -> str:
    return re.sub(r"^(wrong answer|failed): ", "", reason)
