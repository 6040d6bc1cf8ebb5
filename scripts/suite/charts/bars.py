"""What a chart shows, as plain records: one bar per rung. Nothing here draws."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..runs.intervals import FEWEST_ROUNDS, Interval, median_interval, ratio_interval, word
from ..runs.quantities import count_text, factor_text, plural, size_text, time_text
from ..runs.results import Group, Row, Run, bar_labels, csv_text, ground, groups, interpreter_label

# A run that adds less than this to the memory of its process teaches nothing about memory.
WORTH_CHARTING_BYTES = 128e6

# The bar itself says how long it would take; only a reason beyond that needs words.
FORECAST_ALONE = re.compile(r"(^|, )forecast [\d.,]+ [^\W\d]+( for \d+ rounds?)?$")

# A note's name ends in its unit; any other is a count.
SECONDS, BYTES = "_seconds", "_bytes"

LANGUAGES = {"c++": "C++", "python": "Python"}


@dataclass(frozen=True)
class Bar:
    """One row of a group as a chart shows it."""

    row: Row
    label: str
    seconds: Interval | None  # None: not measured
    forecast: float | None  # seconds; None: measured, or nobody can tell
    ratio: Interval | None  # time / time of the ground rung
    word: str  # ground, faster, slower, within noise, not separated; empty: not measured

    @property
    def limit(self) -> float | None:
        """Seconds at which this machine's ceiling stands; None if nobody can tell."""
        return None if self.length is None else self.row.limit

    @property
    def of_limit(self) -> Interval | None:
        """Which share of the machine's ceiling the rung reaches; None if not measured."""
        if not self.seconds or not self.row.limit:
            return None
        return ratio_interval(self.row.limits, self.row.rounds())

    @property
    def status(self) -> str:
        """measured, forecast, skipped or failed"""
        if self.row.status == "ok":
            return "measured"
        if self.row.status == "failed":
            return "failed"
        return "skipped" if self.forecast is None else "forecast"

    @property
    def rounds(self) -> int:
        return len(self.row.round_seconds())

    @property
    def length(self) -> float | None:
        """Seconds the bar reaches to; None when there is no bar."""
        if self.status == "failed":
            return None
        return self.seconds.value if self.seconds else self.forecast

    @property
    def time(self) -> str:
        """What stands on the bar."""
        if self.seconds:
            return time_text(self.seconds.value)
        if self.forecast is not None:
            return f"forecast {time_text(self.forecast)}"
        return f"{self.row.status}: {self.row.reason}"

    @property
    def comparison(self) -> str:
        """What stands beside the time: the factor against the ground rung."""
        if self.ratio is None or self.word == "ground":
            return "ground rung" if self.word == "ground" else ""
        if self.word == "within noise":
            return "= ground, within noise"
        if self.word == "not separated":
            return "not separated from ground"
        return f"{self.factor} {self.word}"

    @property
    def factor(self) -> str:
        """12.3×, never below one: `word` says in which direction."""
        return factor_text(self.ratio.value if self.word == "slower" else 1 / self.ratio.value)


def ladder_bars(group: Group) -> list[Bar]:
    """All rows of a group in the order of the ladder, the failed ones too."""
    base = ground(group)
    return [_bar(row, label, base) for row, label in zip(group.rows, bar_labels(group))]


def bars_drawn(bars: list[Bar]) -> list[Bar]:
    """A wrong answer has no time worth a bar: it is named under the chart instead."""
    return [bar for bar in bars if bar.status != "failed"]


def notes(bars: list[Bar]) -> list[str]:
    """What has to be said under a chart: wrong answers, and why something was not run."""
    failed = [f"{bar.label} ({_without_kind(bar.row.reason)})" for bar in bars if _is_wrong(bar)]
    broken = [
        f"{bar.label} ({_without_kind(bar.row.reason)})"
        for bar in bars
        if bar.status == "failed" and not _is_wrong(bar)
    ]
    lines = []
    if failed:
        lines.append("Wrong answers, left out: " + "; ".join(failed))
    if broken:
        lines.append("Failed, left out: " + "; ".join(broken))
    not_run: dict[str, list[str]] = {}
    for bar in bars:
        reason = FORECAST_ALONE.sub("", bar.row.reason)
        if bar.status == "forecast" and reason:
            not_run.setdefault(reason, []).append(bar.label)
    lines += [f"Not run, {reason}: {', '.join(labels)}" for reason, labels in not_run.items()]
    return lines


def phases_text(row: Row) -> str:
    """What the time of a run went into, by the rung's own account: build 31 ms + search 12 ms."""
    phases = [
        f"{name.removesuffix(SECONDS).replace('_', ' ')} {time_text(value)}"
        for name, value in row.notes().items()
        if name.endswith(SECONDS)
    ]
    return " + ".join(phases)


def counts_text(row: Row) -> str:
    """What was counted in a run: temporaries 3, moved bytes 720 MB, nodes visited 64."""
    made = row.layer("memory.temporaries")
    counts = [] if made is None else [f"temporaries {count_text(made)}"]
    for name, value in row.notes().items():
        if name.endswith(BYTES):
            counts.append(f"{name.removesuffix(BYTES).replace('_', ' ')} {size_text(value)}")
        elif not name.endswith(SECONDS):
            counts.append(f"{name.replace('_', ' ')} {count_text(value)}")
    return ", ".join(counts)


def percent_text(part: float) -> str:
    """74 or 7.4, without the sign."""
    return f"{100 * part:.{0 if part >= 0.0995 else 1}f}"


def share_text(share: Interval, several: bool) -> str:
    """74 % (71 to 76 %)"""
    span = f" ({percent_text(share.low)} to {percent_text(share.high)} %)" if several else ""
    return f"{percent_text(share.value)} %{span}"


def rounds_text(bars: list[Bar]) -> str:
    rounds = [bar.rounds for bar in bars if bar.status == "measured"]
    if not rounds:
        return "nothing measured"
    fewest, most = min(rounds), max(rounds)
    return plural(most, "round") if fewest == most else f"{fewest} to {most} rounds"


def measured_groups(run: Run) -> list[Group]:
    """The groups worth a chart: something was measured in them."""
    return [g for ladder in run.ladders for g in groups(run, ladder) if g.measured]


def wants_memory_chart(group: Group) -> bool:
    """Where a claim counts memory or faults, or where rungs clearly differ in what they add."""
    counted = [row for row in group.rows if row.status == "ok" and added_bytes(row) is not None]
    if len({row.rung for row in counted}) < 2:
        return False
    if any(claim.get("measure", "").startswith("layers.") for claim in group.ladder.claims):
        return True
    added = [added_bytes(row) for row in counted]
    return max(added) >= WORTH_CHARTING_BYTES and max(added) > 2 * min(added)


def added_bytes(row: Row) -> float | None:
    """What the run itself added to the memory of its process, at its peak."""
    baseline, peak = (row.layer(f"os.{at}_resident_bytes") for at in ("baseline", "peak"))
    return None if baseline is None or peak is None else max(peak - baseline, 0.0)


def memory_bars(group: Group) -> list[Bar]:
    return [bar for bar in ladder_bars(group) if added_bytes(bar.row) is not None]


def memory_notes(group: Group) -> list[str]:
    shown = {bar.label for bar in memory_bars(group)}
    missing = [bar for bar in ladder_bars(group) if bar.label not in shown]
    lines = notes([bar for bar in missing if bar.status == "failed"])
    reasons: dict[str, list[str]] = {}
    for bar in missing:
        if bar.status == "failed":
            continue
        reason = FORECAST_ALONE.sub("", bar.row.reason) or "too long by forecast"
        if bar.status == "measured":
            reason = bar.row.why_nothing_was_counted()
        reasons.setdefault(reason, []).append(bar.label)
    return lines + [f"Not shown, {reason}: {', '.join(names)}" for reason, names in reasons.items()]


def ladder_csv(group: Group) -> str:
    header = (
        "label,number,rung,language,interpreter,threads,status,reason,seconds,seconds_low,"
        "seconds_high,rounds,time_over_ground,time_over_ground_low,time_over_ground_high,word,"
        "forecast_seconds,items,limit_seconds,of_limit,of_limit_low,of_limit_high,notes"
    )
    rows = []
    for bar in ladder_bars(group):
        rows.append(
            [
                *_identity(group, bar),
                *_cells(bar.seconds),
                bar.rounds or "",
                *_cells(bar.ratio),
                bar.word,
                _cell(bar.forecast),
                _cell(bar.row.items),
                _cell(bar.limit),
                *_cells(bar.of_limit),
                " ".join(f"{name}={_cell(value)}" for name, value in bar.row.notes().items()),
            ]
        )
    return csv_text(header, rows)


def memory_csv(group: Group) -> str:
    header = (
        "label,number,rung,language,interpreter,threads,status,reason,seconds,"
        "baseline_resident_bytes,peak_resident_bytes,minor_page_faults,major_page_faults,"
        "later_page_faults,later_allocations,later_allocated_bytes"
    )
    names = [
        "os.baseline_resident_bytes",
        "os.peak_resident_bytes",
        "os.minor_page_faults",
        "os.major_page_faults",
        "memory.later_page_faults",
        "memory.later_allocations",
        "memory.later_allocated_bytes",
    ]
    rows = []
    for bar in memory_bars(group):
        counts = [_cell(bar.row.layer(name)) for name in names]
        seconds = _cell(bar.seconds.value if bar.seconds else None)
        rows.append([*_identity(group, bar), seconds, *counts])
    return csv_text(header, rows)


def ladder_alt(group: Group) -> str:
    """The chart in words."""
    bars = ladder_bars(group)
    said = []
    for bar in bars_drawn(bars):
        beside = [bar.comparison, phases_text(bar.row), counts_text(bar.row)]
        if bar.of_limit:
            beside.append(
                f"{share_text(bar.of_limit, bar.rounds > 1)} of this machine's limit for it"
            )
        told = "; ".join(words for words in beside if words)
        in_brackets = f" ({told})" if told else ""
        said.append(f"{bar.label}, {LANGUAGES[bar.row.language]}: {bar.time}{in_brackets}")
    text = (
        f"Bar chart, {group.ladder.title}, case {group.label}: time of one run on a logarithmic "
        f"axis, from the ground up. {'; '.join(said)}."
    )
    return " ".join([text, *(f"{note}." for note in notes(bars))])


def memory_alt(group: Group) -> str:
    said = []
    for bar in memory_bars(group):
        baseline, peak, faults = memory_texts(bar)
        time = bar.time if bar.seconds else "no time"
        said.append(
            f"{bar.label}: peak {peak}, {baseline} of it before, {faults} page faults, {time}"
        )
    text = (
        f"Bar chart, {group.ladder.title}, case {group.label}: memory and page faults of one run "
        f"beside its time. {'; '.join(said)}."
    )
    return " ".join([text, *(f"{note}." for note in memory_notes(group))])


def memory_texts(bar: Bar) -> tuple[str, str, str]:
    """Baseline, peak and page faults."""
    baseline = bar.row.layer("os.baseline_resident_bytes")
    peak = bar.row.layer("os.peak_resident_bytes")
    faults = page_faults(bar.row)
    return (
        size_text(baseline),
        size_text(peak),
        "not counted" if faults is None else count_text(faults),
    )


def allocations_text(row: Row) -> str:
    """What a run asks of malloc once the first has been there: 4, of 327 MB."""
    calls, size = (row.layer(f"memory.later_allocat{end}") for end in ("ions", "ed_bytes"))
    if calls is None or size is None:
        return "not counted"
    return f"{count_text(calls)}, of {size_text(size)}" if calls else "none"


def later_faults_text(row: Row) -> str:
    """Page faults of a run that is not the first; empty if nobody made one to count them."""
    faults = row.layer("memory.later_page_faults")
    return "" if faults is None else f"then {count_text(faults)}"


def page_faults(row: Row) -> float | None:
    """All pages the kernel had to hand out, read from a disk or not."""
    minor, major = (row.layer(f"os.{kind}_page_faults") for kind in ("minor", "major"))
    return None if minor is None else minor + (major or 0)


def _bar(row: Row, label: str, base: Row | None) -> Bar:
    if row.status != "ok":
        forecast = row.forecast.get("seconds")
        # From a small case in a cache, say; but no machine is faster than it can be.
        return Bar(row, label, None, forecast and max(forecast, row.limit or 0.0), None, "")
    rounds = row.rounds()
    seconds = median_interval([*rounds.values()])
    if row is base:
        return Bar(row, label, seconds, None, Interval(1.0, 1.0, 1.0), "ground")
    base_rounds = base.rounds()
    ratio = ratio_interval(rounds, base_rounds)
    if min(len(rounds), len(base_rounds)) < FEWEST_ROUNDS:
        # Too few rounds for an interval: the direction alone is told.
        return Bar(row, label, seconds, None, ratio, "faster" if ratio.value < 1 else "slower")
    return Bar(row, label, seconds, None, ratio, word(ratio))


def _is_wrong(bar: Bar) -> bool:
    check = bar.row.check
    wrong = "error" in check and not check["passed"]
    return bar.status == "failed" and (wrong or bar.row.reason.startswith("wrong answer"))


def _without_kind(reason: str) -> str:
    return re.sub(r"^(wrong answer|failed): ", "", reason)


def _identity(group: Group, bar: Bar) -> list:
    row = bar.row
    return [
        bar.label,
        group.ladder.rung(row.rung).number,
        row.rung,
        row.language,
        interpreter_label(row.interpreter, full=True),
        row.threads,
        bar.status,
        row.reason,
    ]


def _cells(interval: Interval | None) -> list[str]:
    if interval is None:
        return ["", "", ""]
    return [_cell(interval.value), _cell(interval.low), _cell(interval.high)]


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.9g}"
