"""Decide the claims of the examples from what a run measured.

A claim is one ratio, measure(of) / measure(over), with a bound. It holds when the whole 95 %
interval of the ratio lies within the bound, and fails when all of it lies outside; where rounds are
too few for such an interval, or the bound is nearer than the noise floor of the machine, nothing is
decided. A claim may be of several interpreters: then so
many of those found have to keep the bound. Or its interval has to overlap, beside keeping the
bound, the intervals of another ratio under so many interpreters. And it may be of one rung and the
machine: which share of its bound the rung reaches.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from ..runs import results
from ..runs.intervals import (
    FEWEST_ROUNDS,
    LEVEL,
    Interval,
    common_rounds,
    enough,
    level,
    ratio_interval,
    within_noise,
)
from ..runs.quantities import count_text, digits, plural, size_text, time_text
from ..runs.results import Ladder, Row, Run
from ..runs.words import refuse_unknown

TIMES = ("seconds", "run_seconds")
OF_BOUND = "of_bound"
WORDS = ("holds", "fails", "undecided")
# As benchmarks/python.py words it.
NOT_INSTALLED = re.compile(r"(\S+) is not installed")


class Lacking(LookupError):
    """Not measured, since this machine does not have what the claim is about."""

    def __init__(self, why: str, what: str) -> None:
        super().__init__(why)
        self.what = what


@dataclass(frozen=True)
class Side:
    """One half of a ratio: which rows may stand for it."""

    rung: str
    case: dict
    overridden: frozenset = frozenset()
    interpreter: str | None = None


def decide(run: Run) -> list[dict]:
    """A verdict for each claim of a run, in the order of the ladders, as run.json holds them."""
    return [_decided(run, ladder, claim) for ladder in run.ladders for claim in ladder.claims]


def chosen(run: Run, decided: list[dict], myth: str = "", only: Sequence[str] = ()) -> list[dict]:
    """Those about a myth, and of these examples. Raises ValueError for what the run has none of."""
    examples = [ladder.example for ladder in run.ladders]
    about = {
        (ladder.example, claim["id"]): ladder.myth_of(claim)
        for ladder in run.ladders
        for claim in ladder.claims
    }
    refuse_unknown("example", only, examples)
    refuse_unknown("myth", [myth] if myth else [], dict.fromkeys(filter(None, about.values())))
    return [
        verdict
        for verdict in decided
        if (not only or verdict["example"] in only)
        and (not myth or about[verdict["example"], verdict["claim"]] == myth)
    ]


def differing(run: Run, decided: list[dict]) -> str:
    """One sentence where the run holds other verdicts than those that its samples give; or nothing.

    What it holds is never shown: anybody may have written it.
    """
    stored = {(v["example"], v["claim"]): v["verdict"] for v in run.document["verdicts"]}
    ours = {(v["example"], v["claim"]): v["verdict"] for v in decided}
    if not stored or stored == ours:
        return ""
    named = [*ours, *(claim for claim in stored if claim not in ours)]
    other = ["/".join(claim) for claim in named if stored.get(claim) != ours.get(claim)]
    verb = "is" if len(other) == 1 else "are"
    return (
        f"Of the verdicts that the run holds, {len(other)} {verb} not what its samples say, "
        f"{other[0]} first; shown is what the samples say."
    )


def counts_text(decided: Sequence[dict]) -> str:
    """57 holds, 1 fails, 21 undecided: what there is none of is left out."""
    counts = Counter(verdict["verdict"] for verdict in decided)
    return ", ".join(f"{counts[word]} {word}" for word in WORDS if counts[word])


def evidence_text(verdict: dict) -> str:
    """The ratio with its interval, the bound, and the reason if there is one."""
    parts = []
    if "ratio" in verdict:
        parts.append(f"{measure_text(verdict)}: {ratio_text(verdict)}")
    if verdict.get("each"):
        parts.append(f"{measure_text(verdict)}: {each_text(verdict)}")
    parts.append(f"claimed {claimed_text(verdict)}")
    if "reason" in verdict:
        parts.append(verdict["reason"])
    return "; ".join(parts)


def measure_text(verdict: dict) -> str:
    """Of what the ratio is: ratio of times, of peak resident bytes …"""
    measure = verdict["measure"]
    if measure == "seconds":
        return "ratio of times"
    if measure == "seconds per item":
        return "ratio of times per item"
    if measure == OF_BOUND:
        return "share of its bound"
    return "ratio of " + measure.rsplit(".", 1)[-1].replace("_", " ")


def ratio_text(verdict: dict) -> str:
    """5.1 (95 % interval 4.9 to 5.3); of fewer rounds the interval holds less: 75 %, say."""
    ratio = verdict["ratio"]
    if verdict.get("exact"):
        return f"{digits(ratio['value'])} (counted, no interval)"
    holds = level(min(entry["rounds"] for entry in verdict["evidence"][:2]))
    if not holds:
        return digits(ratio["value"])
    interval = f"{digits(ratio['low'])} to {digits(ratio['high'])}"
    percent = math.floor(100 * min(holds, LEVEL))
    return f"{digits(ratio['value'])} ({percent} % interval {interval})"


def each_text(verdict: dict) -> str:
    """CPython 2.7.18 0.72 (holds), CPython 3.6.15 0.64 (fails)"""
    words = {"holds": "overlaps", "fails": "apart"} if verdict.get("overlaps") else {}
    told = []
    for one in verdict["each"]:
        ratio = f"{digits(one['ratio']['value'])} " if "ratio" in one else ""
        said = words.get(one["verdict"], one["verdict"])
        told.append(f"{one['interpreter']} {ratio}({said})")
    return ", ".join(told)


def claimed_text(verdict: dict) -> str:
    """The bound, and of how many interpreters, if of more than one."""
    bound = bound_text(verdict["bound"])
    several = verdict.get("interpreters")
    if not several:
        return bound
    of_several = f"of {several['at_least']} {kind_text(several)}s or more"
    if verdict.get("overlaps"):
        return f"{bound}, and to overlap the interval {of_several}"
    return f"{bound}, {of_several}"


def kind_text(several: dict) -> str:
    """CPython 3, free-threaded CPython 3"""
    lock = {True: "", False: "free-threaded "}[several.get("lock", True)]
    return f"{lock}{several['like']}"


def bound_text(bound: dict) -> str:
    words = {"at_least": "at least", "at_most": "at most"}
    return " and ".join(f"{words[key]} {bound[key]:g}" for key in words if key in bound)


def amount_text(verdict: dict, entry: dict) -> str:
    """The absolute value behind one half of the ratio."""
    if "value" in entry:
        measure = verdict["measure"]
        if measure.endswith("_bytes"):
            return size_text(entry["value"])
        return (time_text if measure.endswith("seconds") else count_text)(entry["value"])
    if verdict["measure"] == "seconds per item":
        return f"{time_text(entry['median_seconds'] / entry['items'])} per item"
    return time_text(entry["median_seconds"])


def rounds_text(verdict: dict, entry: dict) -> str:
    return "counted once" if verdict.get("exact") else plural(entry["rounds"], "round")


def evidence_cells(verdict: dict, index: int) -> list[str]:
    entry = verdict["evidence"][index]
    rung = entry["rung"]
    if entry["interpreter"]:
        rung += f" ({entry['interpreter']})"
    own = "ratio" in verdict
    return [
        ("of", "over")[index] if "each" not in verdict or (own and index < 2) else "",
        rung,
        results.case_label(entry["case"]),
        amount_text(verdict, entry),
        rounds_text(verdict, entry),
    ]


def _verdict(run: Run, ladder: Ladder, claim: dict) -> dict:
    measure = claim.get("measure", "seconds")
    bound = {key: claim[key] for key in ("at_least", "at_most") if key in claim}
    verdict = {
        "example": ladder.example,
        "claim": claim["id"],
        "says": claim["says"],
        "verdict": "undecided",
        "measure": measure,
        "bound": bound,
        "evidence": [],
    }
    sides = sides_of(claim)
    try:
        if measure == OF_BOUND:
            verdict.update(_share_of_bound(measured_row(run, ladder, sides[0])))
        elif measure in TIMES:
            of, over = measured_pair(run, ladder, sides, timed=True)
            verdict.update(_compared_times(of, over, whole_runs=measure == "run_seconds"))
        else:
            verdict.update(_compared_counts(*measured_pair(run, ladder, sides), measure))
    except Lacking as lacking:
        return {**verdict, "reason": lacking.args[0], "lacks": lacking.what}
    except LookupError as error:
        return {**verdict, "reason": error.args[0]}
    if "ratio" in verdict and "reason" not in verdict:
        ratio = Interval(**verdict["ratio"])
        verdict["verdict"] = _judged(ratio, bound)
        if verdict["verdict"] == "undecided":
            verdict["reason"] = "the interval reaches across the bound"
        elif "exact" not in verdict and _near(ratio, bound, run.noise):
            noise = f"within noise of the bound: times differ by {run.noise:.1%} for no reason here"
            verdict.update(verdict="undecided", reason=noise)
    return verdict


def _decided(run: Run, ladder: Ladder, claim: dict) -> dict:
    if "interpreters" in claim:
        return _verdict_of_several(run, ladder, claim)
    if "overlaps" in claim:
        return _verdict_beside_several(run, ladder, claim)
    return _verdict(run, ladder, claim)


def singles(claim: dict, interpreters: Iterable[dict]) -> dict[str, dict]:
    """By interpreter, the claim that each of those makes that a claim of several is about."""
    several = claim.get("interpreters") or claim["overlaps"]["interpreters"]
    single = {**claim, **claim.get("overlaps", {})}
    for key in ("interpreters", "overlaps"):
        single.pop(key, None)
    return {
        label: {**single, "interpreter": label}
        for python in interpreters
        for label in [results.interpreter_label(python, full=True)]
        if is_like(label, several["like"])
        and several.get("lock") in (None, python.get("gil", True))
    }


def _verdict_of_several(run: Run, ladder: Ladder, claim: dict) -> dict:
    """Each interpreter of that kind is judged by itself; so many of them have to keep the bound."""
    several = claim["interpreters"]
    own = {name: value for name, value in claim.items() if name != "interpreters"}
    each = _of_each(run, ladder, claim)
    verdict = {**_verdict(run, ladder, own), "interpreters": several, "evidence": _evidence(each)}
    verdict.pop("ratio", None)
    verdict.pop("reason", None)
    return {**verdict, **_told_of_each(each), **_counted(each, several)}


def _verdict_beside_several(run: Run, ladder: Ladder, claim: dict) -> dict:
    """Judged by its own bound, and each interpreter by whether the two intervals overlap."""
    several = claim["overlaps"]["interpreters"]
    own = _verdict(run, ladder, {name: v for name, v in claim.items() if name != "overlaps"})
    each = {label: _overlapping(v, own) for label, v in _of_each(run, ladder, claim).items()}
    beside = {"interpreters": several, "overlaps": True, **_told_of_each(each)}
    verdict = {**own, **beside, "evidence": own["evidence"] + _evidence(each)}
    if own["verdict"] != "holds":
        return verdict
    return {**verdict, **_counted(each, several)}


def _of_each(run: Run, ladder: Ladder, claim: dict) -> dict[str, dict]:
    pythons = run.machine.get("pythons", [])
    return {
        label: _verdict(run, ladder, single) for label, single in singles(claim, pythons).items()
    }


def _overlapping(verdict: dict, own: dict) -> dict:
    """Confirmed where the intervals have a value in common, whatever the bound says of either."""
    for one in (verdict, own):
        if "ratio" not in one or min(e["rounds"] for e in one["evidence"]) < FEWEST_ROUNDS:
            return {**verdict, "verdict": "undecided"}
    other, ratio = verdict["ratio"], own["ratio"]
    meet = other["low"] <= ratio["high"] and ratio["low"] <= other["high"]
    judged = {**verdict, "verdict": "holds" if meet else "fails"}
    judged.pop("reason", None)
    return judged


def _told_of_each(each: dict[str, dict]) -> dict:
    names = ("verdict", "ratio", "reason")
    return {
        "each": [
            {"interpreter": label, **{name: v[name] for name in names if name in v}}
            for label, v in each.items()
        ]
    }


def _evidence(each: dict[str, dict]) -> list[dict]:
    evidence: list[dict] = []
    for verdict in each.values():
        evidence += [entry for entry in verdict["evidence"] if entry not in evidence]
    return evidence


def _counted(each: dict[str, dict], several: dict) -> dict:
    """Whether so many keep what is asked of each."""
    measured = [v for v in each.values() if "ratio" in v]
    kept = sum(v["verdict"] == "holds" for v in measured)
    may_keep = sum(v["verdict"] != "fails" for v in measured)
    if kept >= several["at_least"]:
        return {"verdict": "holds"}
    if not each:
        kind = kind_text(several)
        return {"verdict": "undecided", "reason": f"no {kind} was found", "lacks": kind}
    if len(measured) < several["at_least"]:
        reason = f"{plural(len(measured), 'interpreter')} measured, too few"
        return {"verdict": "undecided", "reason": reason}
    if may_keep < several["at_least"]:
        return {"verdict": "fails"}
    reason = f"{kept} of {len(measured)} surely keep the bound"
    return {"verdict": "undecided", "reason": reason}


def _near(ratio: Interval, bound: dict, noise: float) -> bool:
    """Whether the ratio differs from what it is held against by nothing that could be told."""
    return any(within_noise(ratio.value / limit, noise) for limit in bound.values() if limit)


def _judged(ratio: Interval, bound: dict) -> str:
    low, high = bound.get("at_least", 0.0), bound.get("at_most", math.inf)
    if low <= ratio.low and ratio.high <= high:
        return "holds"
    if ratio.high < low or ratio.low > high:
        return "fails"
    return "undecided"


def _compared_times(of: Row, over: Row, whole_runs: bool) -> dict:
    # Runs of different size are comparable only piece by piece, unless just that is the question:
    # what it costs to do the work twice.
    per_item = not whole_runs and of.items != over.items
    if per_item and not (of.items and over.items):
        raise LookupError("the two cases differ in size and one does not say its work")
    sides = [row.rounds(row.items if per_item else 1.0) for row in (of, over)]
    rounds = common_rounds(*sides)
    if not rounds:
        raise LookupError("no round measured both")
    compared = {
        "measure": "seconds per item" if per_item else "seconds",
        "ratio": vars(ratio_interval(*sides)),
        "evidence": [
            {
                **_identity(row),
                "rounds": len(rounds),
                "median_seconds": median(row.rounds()[number] for number in rounds),
                "items": row.items,
            }
            for row in (of, over)
        ],
    }
    return {**compared, **_too_few(len(rounds))}


def _share_of_bound(row: Row) -> dict:
    if not row.limits:
        raise LookupError(f"{row.rung}: its bound is not known on this machine")
    compared = {
        "ratio": vars(ratio_interval(row.limits, row.rounds())),
        "evidence": [{**_identity(row), "median_seconds": row.seconds(), "items": row.items}],
    }
    return {**compared, **_too_few(len(row.rounds()))}


def _too_few(rounds: int) -> dict:
    if rounds >= FEWEST_ROUNDS:
        return {}
    words = "is" if rounds == 1 else "are"
    return {
        "reason": f"{plural(rounds, 'round')} {words} too few for a 95 % interval: "
        f"{FEWEST_ROUNDS} are needed"
    }


def _compared_counts(of: Row, over: Row, measure: str) -> dict:
    """Counts are exact: the interval is the point itself."""
    name = measure.partition(".")[2]
    counts = [_count_of(row, name) for row in (of, over)]
    compared = {
        "exact": True,
        "evidence": [{**_identity(row), "value": count} for row, count in zip((of, over), counts)],
    }
    if counts[1] == 0:
        return {**compared, "reason": f"{over.rung}: {name} is 0, so there is no ratio"}
    value = counts[0] / counts[1]
    return {**compared, "ratio": {"value": value, "low": value, "high": value}}


def _count_of(row: Row, name: str) -> float:
    count = row.layer(name)
    if count is None:
        raise LookupError(f"{row.rung}: no {name}: {row.why_nothing_was_counted()}")
    return count


def _identity(row: Row) -> dict:
    return {
        "rung": row.rung,
        "case": row.case,
        "interpreter": results.interpreter_label(row.interpreter, full=True) or None,
        "rounds": len(row.round_seconds()),
    }


def sides_of(claim: dict) -> list[Side]:
    """Both halves of a claim; of one about a single rung, that one."""
    return [side_of(claim, name) for name in ("of", "over") if name in claim]


def side_of(claim: dict, name: str) -> Side:
    """The half of a claim called `name`, "of" or "over"."""
    side = claim[name] if isinstance(claim[name], dict) else {"rung": claim[name]}
    own = side.get("case", {})
    return Side(
        rung=side["rung"],
        case={**claim.get("case", {}), **own},
        overridden=frozenset(own),
        interpreter=side.get("interpreter", claim.get("interpreter")),
    )


def measured_row(run: Run, ladder: Ladder, side: Side) -> Row:
    """The row with the most work, then the most threads. Raises LookupError, saying why not."""
    return max(_candidates(run, ladder, side), key=lambda row: (row.items, row.threads))


def measured_pair(
    run: Run, ladder: Ladder, sides: list[Side], timed: bool = False
) -> tuple[Row, Row]:
    """The pair of comparable rows with the most work; if times are to be compared, of those that
    were timed beside each other often enough, if there are any. Raises LookupError, saying why not.
    """
    of, over = (_candidates(run, ladder, side) for side in sides)
    free = {"threads"} | sides[0].overridden | sides[1].overridden
    pairs = [(a, b) for a in of for b in over if _common(a, free) == _common(b, free)]
    if not pairs:
        raise LookupError("no case was measured for both rungs")

    def worth(pair: tuple[Row, Row]) -> tuple:
        together = timed and enough(pair[0].rounds(), pair[1].rounds())
        return together, pair[0].items, pair[1].items, _hands(pair)

    return max(pairs, key=worth)


def _hands(pair: tuple[Row, Row]) -> int:
    return pair[0].threads + pair[1].threads


def _common(row: Row, free: set) -> dict:
    return {name: value for name, value in row.case.items() if name not in free}


def _candidates(run: Run, ladder: Ladder, side: Side) -> list[Row]:
    threaded = ladder.rung(side.rung).threaded
    rows = [row for row in run.rows_of(ladder.example, side.rung) if _fits(row, side, threaded)]
    rows = _of_interpreter(run, rows, side.interpreter)
    if rows and (why := _too_many_threads(run, rows)):
        raise Lacking(f"{side.rung}: {why}", "cores")
    measured = [row for row in rows if row.status == "ok"]
    if measured:
        return measured
    if rows:
        largest = max(rows, key=lambda row: row.items)
        why = f"{side.rung}: {largest.reason}"
        if missing := NOT_INSTALLED.fullmatch(largest.reason):
            raise Lacking(why, missing[1])
        raise LookupError(why)
    raise LookupError(f"{side.rung} was not measured{_where(side)}")


def _too_many_threads(run: Run, rows: list[Row]) -> str:
    """Threads that share a core take turns whatever the language is."""
    cores = run.machine.get("cpu", {}).get("usable_cores")
    threads = min(row.threads for row in rows)
    if not cores or threads <= cores:
        return ""
    return f"{plural(threads, 'thread')} on {plural(cores, 'core')} would take turns anyway"


def _where(side: Side) -> str:
    place = f" on {results.case_label(side.case)}" if side.case else ""
    return place + (f" under {side.interpreter}" if side.interpreter else "")


def _fits(row: Row, side: Side, threaded: bool) -> bool:
    if any(row.case.get(name) != value for name, value in side.case.items()):
        return False
    return threaded or "threads" in side.case or row.threads == 1


def _of_interpreter(run: Run, rows: list[Row], wanted: str | None) -> list[Row]:
    labels = {id(row): results.interpreter_label(row.interpreter, full=True) for row in rows}
    if wanted is not None:
        meant = {"", *meant_by(wanted, labels.values())}
        return [row for row in rows if labels[id(row)] in meant]
    own = [results.interpreter_label(p, full=True) for p in run.machine.get("pythons", [])]
    first = next((label for label in [*own, *labels.values()] if label in labels.values()), "")
    return [row for row in rows if labels[id(row)] == first]


def meant_by(wanted: str, labels: Iterable[str]) -> set[str]:
    """Those that a name is for. One in full means that build, not a free-threaded one beside it."""
    known = set(labels)
    return {wanted} if wanted in known else {label for label in known if is_like(label, wanted)}


def is_like(label: str, wanted: str) -> bool:
    """CPython 3.12.1 is "CPython", "CPython 3.12" and "CPython 3.12.1", not "CPython 3.1"."""
    return label == wanted or label.startswith((wanted + " ", wanted + ".", wanted + ","))
