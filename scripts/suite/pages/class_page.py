"""The runs of a class as one page: what the machines answer, who is fastest at what, how the times
of each row are spread, who is far off and why, and what could not be read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..judge import classes
from ..judge.classes import Asked, Class, ClassRow, Member, Outlier, Standing
from ..runs import handed_in, results
from ..runs.documents import Refused
from ..runs.file_names import file_name
from ..runs.handed_in import Fault
from ..runs.quantities import digits, plural, size_text, time_text
from ..runs.untrusted import csv_text
from ..runs.words import printable
from . import build_report
from .embedded import packed_table
from .rendering import rendered

CLASSES = results.RESULTS / "classes"
MOST_DOTS = 60_000  # what a page of a few megabytes holds
MOST_MEMBERS = 300
REACHES = (1.5, 2.0, 4.0, 8.0, 16.0, 32.0)  # of an axis, to either side of the median
SHOWN_OF_ALL = 0.98  # of the dots within it; the others stand at its ends
LEFT, RIGHT = 4.0, 96.0  # per cent of a strip between which dots are placed
LANES = (7, 12, 17)  # heights of dots in a strip, so that fewer hide each other
MOST_FAR = 3
MOST_NAMED = 10  # files in a terminal
COLUMNS = ["example", "rung", "case", "threads", "interpreter", "machine", "seconds", "speed"]
WORDS_OF_ALL = "all rows"


@dataclass(frozen=True)
class Gathered:
    """A class and whatever could not become part of it."""

    whole: Class
    faults: list[Fault]


def gather(place: Path) -> Gathered:
    """Reads one run after the other, and keeps of each what the page shows. Raises Refused."""
    members: dict[str, Member] = {}
    faults = []
    for told in handed_in.runs(place):
        if isinstance(told, Fault):
            faults.append(told)
        elif why := _why_not(member := classes.member(told.run), members):
            faults.append(Fault(told.name, why))
        else:
            members[member.mark] = member
    if not members:
        first = f", {faults[0].name}: {faults[0].why}" if faults else ""
        raise Refused(f"{place}: holds no run that can be read{first}")
    return Gathered(classes.of(members.values()), faults)


def _why_not(member: Member, members: dict[str, Member]) -> str:
    """Why a run that was read is not part of the class; empty if it is."""
    if not member.timings.rows:
        return "nothing was measured in it"
    if member.mark in members:
        return "is the same run as another file"
    return f"more than {MOST_MEMBERS} runs are not shown" if len(members) >= MOST_MEMBERS else ""


def write(gathered: Gathered, place: Path, output: Path | None = None) -> Path:
    path = output or CLASSES / f"{file_name(place.resolve().name.lower())}.html"
    results.write_text(path, as_page(gathered))
    return path


def as_page(gathered: Gathered) -> str:
    whole = gathered.whole
    marks = [*whole.members]
    rows, left_out = _shown(whole)
    page = {
        "count": plural(len(marks), "machine"),
        "machines": [_machine(whole, mark) for mark in marks],
        "faults": gathered.faults,
        "myths": [_myth(whole, asked) for asked in classes.myths(whole)],
        "standings": [_standing(whole, each) for each in classes.standings(whole)],
        "outliers": [_outlier(whole, each) for each in classes.outliers(whole)],
        "too_few": len(marks) < classes.FEWEST_FOR_OUTLIERS,
        "fewest": classes.FEWEST_FOR_OUTLIERS,
        "examples": _examples(whole, rows),
        "left_out": left_out,
        "data": packed_table(as_csv(whole)),
        "numbers": _numbers(rows, marks),
        "light": build_report.page_css("light", False),
        "dark": build_report.page_css("dark", False),
    }
    return rendered("class.html.j2", **page)


def as_csv(whole: Class) -> str:
    return csv_text(
        COLUMNS,
        [
            [
                *(row.timing.example, row.timing.rung, row.timing.case, row.timing.threads),
                *(row.timing.made_by, whole.names[mark], seconds, row.speeds[mark]),
            ]
            for row in whole.rows
            for mark, seconds in row.seconds.items()
        ],
    )


def screen(gathered: Gathered, page: Path) -> list[str]:
    """What a terminal shows of it."""
    whole = gathered.whole
    lines = [f"{plural(len(whole.members), 'machine')} side by side"]
    for asked in classes.myths(whole):
        told = ", ".join(f"{answer} on {len(marks)}" for _, answer, marks in asked.told)
        lines.append(f"  {asked.says}: {told}{_otherwise(asked)}")
    for standing in classes.standings(whole):
        lines.append(f"  fastest at {standing.example or WORDS_OF_ALL}: {_first(whole, standing)}")
    for outlier in classes.outliers(whole):
        lines.append(f"  far off: {whole.names[outlier.mark]}, {_far(outlier)[0]}")
    lines += [f"  not used: {fault.name}: {fault.why}" for fault in gathered.faults[:MOST_NAMED]]
    if len(gathered.faults) > MOST_NAMED:
        lines.append(f"  not used: {len(gathered.faults) - MOST_NAMED} more, which the page names")
    return [*map(printable, lines), str(page)]


# Machines


def _machine(whole: Class, mark: str) -> dict:
    member = whole.members[mark]
    passport = member.timings.machine
    cpu = passport.get("cpu", {})
    told = [
        cpu.get("model"),
        cpu.get("usable_cores") and plural(int(cpu["usable_cores"]), "processor"),
        passport.get("memory_bytes") and size_text(passport["memory_bytes"]),
        passport.get("os"),
        member.facts.get("compiler"),
        member.facts.get("Python"),
    ]
    return {
        "name": whole.names[mark],
        "given": member.given_name,
        "facts": ", ".join(str(each) for each in told if each),
    }


def _places(whole: Class) -> dict[str, int]:
    """The number by which the page knows a machine."""
    return {mark: number for number, mark in enumerate(whole.members)}


def _names(whole: Class, marks: Sequence[str]) -> str:
    return ", ".join(whole.names[mark] for mark in marks)


# Answers


def _myth(whole: Class, asked: Asked) -> dict:
    places = _places(whole)
    every = sum(len(told) for _, _, told in asked.told)
    return {
        "says": asked.says,
        "answers": [
            {
                "outcome": outcome.replace(" ", "-"),
                "answer": answer,
                "count": len(told),
                "share": f"{100 * len(told) / every:.1f}%",
                "names": _names(whole, told),
                "machines": " ".join(str(places[mark]) for mark in told),
            }
            for outcome, answer, told in asked.told
        ],
        "otherwise": plural(len(asked.otherwise), "machine") if asked.otherwise else "",
    }


def _otherwise(asked: Asked) -> str:
    if not asked.otherwise:
        return ""
    return f"; decided by other claims on {len(asked.otherwise)}"


# Who is fastest


def _standing(whole: Class, standing: Standing) -> dict:
    places = _places(whole)
    return {
        "example": standing.example or WORDS_OF_ALL,
        "rows": plural(standing.rows, "row"),
        "first": _first(whole, standing),
        "places": [
            {"machine": places[mark], "speed": digits(speed)}
            for mark, speed in standing.speeds.items()
        ],
        "slowest": digits(min(standing.speeds.values())),
    }


def _first(whole: Class, standing: Standing) -> str:
    first, speed = next(iter(standing.speeds.items()))
    told = f"{whole.names[first]}, {digits(speed)} × as fast as the median"
    if standing.level_with_first:
        return f"{told}; not surely faster than {_names(whole, standing.level_with_first)}"
    return told


# Who is far off


def _outlier(whole: Class, outlier: Outlier) -> dict:
    return {
        **_machine(whole, outlier.mark),
        "machine": _places(whole)[outlier.mark],
        "way": _way(outlier.far[0].speed),
        "far": _far(outlier),
        "why": outlier.why,
    }


def _far(outlier: Outlier) -> list[str]:
    return [
        f"{digits(max(far.speed, 1 / far.speed))} × {_way(far.speed)} "
        f"than is typical in {far.what} ({plural(far.rows, 'row')})"
        for far in outlier.far[:MOST_FAR]
    ]


def _way(speed: float) -> str:
    return "faster" if speed > 1 else "slower"


# How the times of each row are spread


def _shown(whole: Class) -> tuple[list[ClassRow], str]:
    """The rows that most machines have, as many as a page holds, in their order."""
    rest, shown = MOST_DOTS, set()
    for row in sorted(whole.rows, key=lambda row: -len(row.seconds)):
        rest -= len(row.seconds)
        if rest < 0:
            break
        shown.add(id(row))
    rows = [row for row in whole.rows if id(row) in shown]
    missing = len(whole.rows) - len(rows)
    return rows, f"{plural(missing, 'row')} of fewest machines left out" if missing else ""


def _examples(whole: Class, rows: Sequence[ClassRow]) -> list[dict]:
    axis, places = Axis.of(rows), _places(whole)
    found: dict[str, dict[str, list[dict]]] = {}
    for number, row in enumerate(rows):
        cases = found.setdefault(row.timing.example, {})
        strip = _strip(whole, row, number, places, axis)
        cases.setdefault(row.timing.case, []).append(strip)
    ticks = [{"at": axis.place(value), "text": text} for value, text in axis.ticks()]
    return [
        {
            "name": example,
            "ticks": ticks,
            "cases": [{"name": name, "rows": strips} for name, strips in cases.items()],
        }
        for example, cases in found.items()
    ]


def _strip(whole: Class, row: ClassRow, number: int, places: dict[str, int], axis: Axis) -> dict:
    logs = sorted(math.log(speed) for speed in row.speeds.values())
    quarter = len(logs) // 4
    low, high = (axis.share(math.exp(log)) for log in (logs[quarter], logs[-1 - quarter]))
    timing = row.timing
    threads = f" ×{timing.threads}" if timing.threads > 1 else ""
    fast, slow = row.seconds[row.fastest], row.seconds[row.slowest]
    return {
        "number": number,
        "rung": timing.rung + threads,
        "python": timing.made_by,
        "middle": time_text(row.middle),
        "span": f"{time_text(fast)} to {time_text(slow)}",
        "count": plural(len(row.seconds), "machine"),
        "some": len(row.seconds) < len(places),
        "fastest": whole.names[row.fastest],
        "slowest": whole.names[row.slowest],
        "box": {"at": f"{low:.1f}%", "width": f"{high - low:.1f}%"},
        "dots": [
            {
                "machine": places[mark],
                "at": axis.place(speed),
                "lane": LANES[nth % len(LANES)],
                "beyond": axis.beyond(speed),
            }
            for nth, (mark, speed) in enumerate(row.speeds.items())
        ],
    }


@dataclass(frozen=True)
class Axis:
    """Times as fast as the median, logarithmic, to either side as far as nearly all dots lie."""

    reach: float

    @staticmethod
    def of(rows: Sequence[ClassRow]) -> Axis:
        away = sorted(max(speed, 1 / speed) for row in rows for speed in row.speeds.values())
        most = away[int(SHOWN_OF_ALL * (len(away) - 1))] if away else 1.0
        return Axis(next((reach for reach in REACHES if reach >= most), REACHES[-1]))

    def share(self, speed: float) -> float:
        within = max(-1.0, min(1.0, math.log(speed) / math.log(self.reach)))
        return LEFT + (RIGHT - LEFT) * (within + 1) / 2

    def place(self, speed: float) -> str:
        return f"{self.share(speed):.1f}%"

    def beyond(self, speed: float) -> bool:
        return max(speed, 1 / speed) > self.reach

    def ticks(self) -> list[tuple[float, str]]:
        middle = math.sqrt(self.reach) if self.reach > 2 else None
        sides = [self.reach, *([middle] if middle else [])]
        below = [(1 / side, f"{1 / side:.2g} ×") for side in sides]
        above = [(side, f"{side:.2g} ×") for side in reversed(sides)]
        return [*below, (1.0, "1 ×"), *above]


def _numbers(rows: Sequence[ClassRow], marks: Sequence[str]) -> list[list[float | None]]:
    """Seconds by row and machine, for the script that tells where one's own machine stands."""
    return [
        [_short(row.seconds[mark]) if mark in row.seconds else None for mark in marks]
        for row in rows
    ]


def _short(seconds: float) -> float:
    return float(f"{seconds:.4g}")
