"""Build report.html from a run: one file that needs nothing else, to read on any screen."""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .. import charts
from ..judge import verdicts
from ..judge.climbs import climb_text
from ..judge.next_steps import next_steps
from ..judge.standings import Standing, standings, without_baseline
from ..judge.trust import trust
from ..machine import ceilings
from ..runs import results, studies, topology, watched
from ..runs.amounts import (
    added_bytes,
    allocations_text,
    counts_text,
    later_faults_text,
    memory_texts,
    percent_text,
    phases_text,
    share_text,
)
from ..runs.intervals import Interval
from ..runs.quantities import count_text, factor_text, plural, size_text, time_text
from ..runs.results import Group, Ladder, Row, Run
from ..runs.studies import Study
from ..runs.untrusted import csv_text
from .answer_tiles import claim_anchor, doubts, grouped, tiles
from .beside_reference import beside_reference
from .embedded import packed
from .glossary import glossary
from .inline_charts import ChartSheet, css_name, theme_css
from .keep_reference import REFERENCES
from .rendering import rendered, why_not

# Colours of the page beside those of the charts; text on each keeps a contrast of 4.5 at least.
PAGE_COLORS = {
    "light": {
        "raised": "#f4f6f8",
        "line": "#d0d6dd",
        "link": "#0b57a4",
        "holds": "#00684c",
        "fails": "#a83a00",
        "undecided": "#4b535d",
        "partly": "#7a5200",
        "on-mark": "#ffffff",
        "fails-text": "#a83a00",
        "code-keyword": "#7a2e8c",
        "code-string": "#0a5f39",
        "code-comment": "#545d69",
        "code-number": "#8f4300",
        "code-name": "#0b4f9e",
    },
    "dark": {
        "raised": "#1d232a",
        "line": "#39424d",
        "link": "#8ec3f5",
        "holds": "#5fd3ac",
        "fails": "#ff9a5c",
        "undecided": "#b4bcc6",
        "partly": "#f0c060",
        "on-mark": "#10151a",
        "fails-text": "#ff9a5c",
        "code-keyword": "#d7a6ef",
        "code-string": "#7fd1a3",
        "code-comment": "#a3adb8",
        "code-number": "#f0b27a",
        "code-name": "#8ec3f5",
    },
}


def build(folder: Path, output: Path | None = None) -> Path | None:
    """Write the report of a run, by default into its folder; None if it has to be skipped.

    Raises ValueError when the run cannot be read. A fault in an example's own text is said in
    the report and on stderr, and does not cost the rest.
    """
    missing = why_not()
    if missing:
        print(f"report: skipped: {missing}", file=sys.stderr)
        return None
    path = output or folder / "report.html"
    run = results.load(folder)
    page = content(run)
    for ladder in page["ladders"]:
        if ladder["fault"]:
            print(f"report: {ladder['fault']}", file=sys.stderr)
    for fault in page["faults"]:
        print(f"report: {fault['why']}", file=sys.stderr)
    results.write_text(path, rendered("report.html.j2", **page))
    return path


def content(run: Run) -> dict:
    """All that the template shows, as texts."""
    no_charts = charts.why_not()
    # What is at fault beside the run, the page says itself.
    sheet = None if no_charts else ChartSheet(charts.of_run(run, say=lambda fault: None))
    decided = verdicts.decide(run)
    claims = [_verdict(run, verdict) for verdict in decided]
    beside, faults = _beside(run)
    page = {
        "run": _run_facts(run),
        "answers": tiles(run, decided),
        "next_steps": next_steps(run.document, decided),
        "beside_reference": beside_reference(run, decided, REFERENCES),
        "glossary": glossary(),
        "claims": claims,
        "claim_groups": grouped(run, claims),
        "summary": verdicts.counts_text(decided),
        "differing": verdicts.differing(run, decided),
        "wrong": _wrong(run),
        "charts": sheet.figures("run") if sheet else [],
        "ladders": [
            {**_ladder(run, ladder, beside, sheet, no_charts), **_claims_of(ladder, claims)}
            for ladder in run.ladders
        ],
        "faults": faults,
        "left_out": _left_out_by_example(run),
        "warnings": run.document["warnings"],
        "sentinels": [_sentinel(run, entry) for entry in run.document["sentinels"]],
        "machine": machine_facts(run.machine),
        "machine_charts": sheet.figures("machine") if sheet else [],
        "light": page_css("light", bool(sheet)),
        "dark": page_css("dark", bool(sheet)),
    }
    # Known once all of them are drawn: what they share.
    return {**page, "charts_css": sheet.css() if sheet else ""}


def page_css(theme: str, with_charts: bool) -> str:
    own = " ".join(f"--{name}: {color};" for name, color in PAGE_COLORS[theme].items())
    scheme = f"color-scheme: {theme};"
    return f"{scheme} {own} {theme_css(theme) if with_charts else _plain_css(theme)}"


def _plain_css(theme: str) -> str:
    """Where matplotlib, and with it the style of the charts, is missing."""
    paper, ink = ("#ffffff", "#1b1f24") if theme == "light" else ("#14181d", "#e8ebef")
    roles = {"paper": paper, "ink": ink, "muted": PAGE_COLORS[theme]["undecided"]}
    roles.update(cpp=PAGE_COLORS[theme]["link"], python=PAGE_COLORS[theme]["fails"])
    return " ".join(f"--chart-{role}: {color};" for role, color in roles.items())


def _run_facts(run: Run) -> dict:
    document = run.document
    suite = document["suite"]
    commit = suite["commit"][:10] + (" with changes" if suite["dirty"] else "")
    if "reason" in suite:
        commit += f" ({suite['reason']})"
    started = document["started"][:19].replace("T", " ") + " UTC"
    model = run.machine.get("cpu", {}).get("model", "unknown processor")
    mode = "quick run" if document["settings"]["quick"] else "full run"
    rounds = plural(document["settings"]["rounds"], "round")
    return {
        "id": document["run_id"],
        "machine": run.machine["name"],
        "date": started[:10],
        "complete": document["complete"],
        "trust": vars(trust(document)),
        "doubts": doubts(run),
        "facts": " · ".join([model, started, mode, f"{rounds} planned", f"commit {commit}"]),
        "footer": f"mythbench {suite['version']}, run {document['run_id']}",
    }


def _verdict(run: Run, verdict: dict) -> dict:
    ladder = run.ladder(verdict["example"])
    claim = next(claim for claim in ladder.claims if claim["id"] == verdict["claim"])
    text = ""
    if "ratio" in verdict:
        measure = verdicts.measure_text(verdict)
        text = f"{measure[:1].upper()}{measure[1:]}: {verdicts.ratio_text(verdict)}."
    if verdict.get("each"):
        text = f"{text} Under each interpreter: {verdicts.each_text(verdict)}.".strip()
    return {
        **verdict,
        "anchor": claim_anchor(verdict),
        "myth": ladder.myth_of(claim),
        "speaks": _speaks_text(claim),
        "title": ladder.title,
        "measure_and_ratio": text,
        "bound": verdicts.claimed_text(verdict),
        "reason": verdict.get("reason", ""),
        "evidence": [_evidence(ladder, verdict, entry) for entry in verdict["evidence"]],
        "data": {
            "csv": packed(_evidence_csv(verdict)),
            "json": packed(json.dumps({**verdict, "claim": claim}, ensure_ascii=False)),
        },
    }


def _evidence_csv(verdict: dict) -> str:
    entries = [
        {**entry, "case": results.case_label(entry["case"])} for entry in verdict["evidence"]
    ]
    columns = list(dict.fromkeys(name for entry in entries for name in entry))
    rows = [[entry.get(name) for name in columns] for entry in entries]
    return csv_text(["verdict", *columns], [[verdict["verdict"], *row] for row in rows])


def _speaks_text(claim: dict) -> str:
    """Speaks against the myth, and decides."""
    speaks = claim.get("speaks")
    if not speaks:
        return ""
    side = "Explains." if speaks == "explains" else f"Speaks {speaks} the myth."
    return f"{side[:-1]}, and decides." if claim.get("decides") else side


def _evidence(ladder: Ladder, verdict: dict, entry: dict) -> dict:
    label = ladder.rung(entry["rung"]).label
    per_item = verdict["measure"] == "seconds per item"
    counted = verdict["measure"].rsplit(".", 1)[-1].removesuffix("_bytes").replace("_", " ")
    return {
        "label": f"{label} ({entry['interpreter']})" if entry["interpreter"] else label,
        "case": _case_words(entry["case"]),
        "measure": counted.capitalize() if "value" in entry else "Time",
        "amount": verdicts.amount_text(verdict, entry).replace("item", ladder.item)
        if per_item
        else verdicts.amount_text(verdict, entry),
        "rounds": verdicts.rounds_text(verdict, entry),
    }


def _beside(run: Run) -> tuple[list, list[dict]]:
    """What was studied and watched beside the run; and of what can not be shown, why."""
    found, faults = [], []
    for what, reader in (("study", studies.of_run), ("watched threads", watched.of_run)):
        try:
            found.append(reader(run))
        except ValueError as error:
            faults.append({"what": what, "why": str(error)})
    return [each for each in found if each], faults


def _ladder(
    run: Run, ladder: Ladder, beside: list, sheet: ChartSheet | None, no_charts: str
) -> dict:
    own = [each for each in beside if each.example == ladder.example]
    studied = [each for each in own if isinstance(each, Study)]
    reality, fault = _reality(run, ladder)
    measured = [group for group in results.groups(run, ladder) if group.measured]
    # What leads is the case that shows most of the ladder; of several, the largest.
    measured.sort(key=lambda group: (_rungs_measured(group), group.items), reverse=True)
    return {
        "example": ladder.example,
        "title": ladder.title,
        "kind": ladder.kind,
        "reality": reality,
        "fault": fault,
        "climb": climb_text(run, ladder),
        "studies": [_study(run, study, sheet) for study in studied],
        "watched": sheet.figures("watched", example=ladder.example) if sheet else [],
        "no_charts": f"skipped: {no_charts}" if no_charts else "",
        "item": ladder.item,
        "counted": list(INTERPRETER_COUNTS.values()),
        "charts": sheet.figures("ladder", "sweep", example=ladder.example) if sheet else [],
        "groups": [_group(run, group, sheet) for group in measured],
        "rungs": [
            {
                "label": rung.label,
                "language": css_name(rung.language),
                "caption": rung.caption,
                "file": rung.file,
                "code": highlighted(rung.source, rung.language),
            }
            for rung in ladder.rungs
        ],
    }


def _claims_of(ladder: Ladder, claims: list[dict]) -> dict:
    own = [claim for claim in claims if claim["example"] == ladder.example]
    return {"myth": ladder.myth, "claims": own, "summary": verdicts.counts_text(own)}


def _study(run: Run, study: Study, sheet: ChartSheet | None) -> dict:
    return {
        "title": study.title,
        "setting": study.setting,
        "doubt": study.doubt(run),
        "x": study.x,
        "growth": [
            {"label": series.label, "exponent": series.exponent_text} for series in study.growth
        ],
        "charts": sheet.figures("study", example=study.example) if sheet else [],
        "accuracy": study.accuracy_text,
        "model": [
            {
                "label": entry.label,
                "case": entry.case,
                "predicted": time_text(entry.predicted),
                "measured": time_text(entry.measured),
                "off": entry.off_text,
            }
            for entry in study.foretold
        ],
    }


def _rungs_measured(group: Group) -> int:
    return len({row.rung for row in group.rows if row.status == "ok"})


def _reality(run: Run, ladder: Ladder) -> tuple[str, str]:
    """The example's own text as HTML, or what is wrong with it."""
    from ..judge.reality import rendered as rendered_reality

    try:
        return rendered_reality(run, ladder), ""
    except ValueError as error:
        return "", str(error)


def _group(run: Run, group: Group, sheet: ChartSheet | None) -> dict:
    every = standings(group)
    factors = f"The factor is against {group.ladder.rung(group.ladder.baseline).label}"
    return {
        "label": group.label.replace("/", ", ") or "The only case",
        "factors": without_baseline(group) or factors,
        "limits": any(each.of_limit for each in every),
        "allocations": any(
            each.row.layer("memory.later_allocations") is not None for each in every
        ),
        "work": f"{count_text(group.items)} items; an item is one {group.ladder.item}",
        "charts": sheet.figures("case", slug=group.slug) if sheet else [],
        "rows": [_table_row(group, each) for each in every],
        "interpreters": _interpreter_table(group),
    }


INTERPRETER_COUNTS = {
    "bytecodes": "bytecodes",
    "dispatches": "dispatches",
    "boxed_values": "boxed values",
    "allocations": "allocations",
    "references_up": "references up",
    "references_down": "references down",
    "name_lookups": "name look-ups",
    "type_checks": "type checks",
}


def _interpreter_table(group: Group) -> list[dict]:
    """What interpreters did per item, rung by rung; empty where nobody counted."""
    lines = []
    for row, label in zip(group.rows, results.bar_labels(group)):
        counts = [row.layer(f"interpreter.{name}") for name in INTERPRETER_COUNTS]
        if row.items and any(count is not None for count in counts):
            each = [None if count is None else count / row.items for count in counts]
            lines.append({"label": label, "counts": [_per_item(count) for count in each]})
    return lines


def _per_item(count: float | None) -> str:
    """7.00; what is done a few times per run is nothing per item."""
    if count is None:
        return "not counted"
    return "0" if count == 0 else f"{count:.2f}" if count >= 0.005 else "below 0.01"


def _table_row(group: Group, standing: Standing) -> dict:
    row = standing.row
    shown = {
        "label": standing.label,
        "language": css_name(row.language),
        "caption": group.ladder.rung(row.rung).caption,
        "status": standing.status,
        "reason": f"{row.status}: {row.reason}" if row.status == "skipped" else row.reason,
    }
    shown.update(phases=phases_text(row), counts=counts_text(row))
    if standing.status != "measured" or standing.seconds is None:
        return shown
    several = not standing.few
    counted = added_bytes(row) is not None
    peak, faults = memory_texts(row)[1:] if counted else ("", "")
    return {
        **shown,
        "time": time_text(standing.seconds.value),
        "time_interval": _span(standing.seconds, time_text) if several else "",
        "factor": standing.comparison,
        "factor_interval": _factor_span(standing) if several else "",
        "per_item": time_text(standing.seconds.value / row.items) if row.items else "",
        "of_limit": share_text(standing.of_limit, False) if standing.of_limit else "",
        "of_limit_interval": _share_span(standing.of_limit)
        if standing.of_limit and several
        else "",
        "error": _error_text(row),
        "peak": peak or "not counted",
        "faults": faults or "not counted",
        "later_faults": later_faults_text(row),
        "allocations": allocations_text(row),
        "rounds": str(standing.rounds),
    }


def _span(interval: Interval, text: Callable[[float], str]) -> str:
    return f"{text(interval.low)} to {text(interval.high)}"


def _share_span(share: Interval) -> str:
    return f"{percent_text(share.low)} to {percent_text(share.high)} %"


def _factor_span(standing: Standing) -> str:
    """The interval of the factor in the direction in which it is told."""
    if standing.word == "baseline" or standing.ratio is None:
        return ""
    low, high = standing.ratio.low, standing.ratio.high
    if standing.word != "slower":
        low, high = 1 / high, 1 / low
    return f"{factor_text(low)} to {factor_text(high)}"


def _error_text(row: Row) -> str:
    error = row.check.get("error")
    if error is None:
        return "unknown"
    return "0" if error == 0 else f"{error:.1e}"


def _wrong(run: Run) -> list[dict]:
    """Failed rungs, each reason once with all its cases."""
    found: dict[tuple, list[str]] = {}
    for row in run.rows:
        if row.status == "failed":
            named = _named(run, row)
            key = (row.example, named["label"], row.reason)
            found.setdefault(key, []).append(named["case"])
    return [
        {"example": example, "label": label, "reason": reason, "cases": cases}
        for (example, label, reason), cases in found.items()
    ]


def _case_words(case: dict) -> str:
    """In a form that may be broken into lines."""
    return results.case_label(case).replace("/", ", ") or "the only case"


def _named(run: Run, row: Row) -> dict:
    """A row outside its chart, where its interpreter has to be told too."""
    label = run.ladder(row.example).rung(row.rung).label
    if row.interpreter:
        label += f" ({results.interpreter_label(row.interpreter)})"
    return {
        "example": row.example,
        "label": label,
        "case": _case_words(row.case),
        "reason": row.reason,
    }


def _left_out_by_example(run: Run) -> list[dict]:
    entries = []
    for ladder in run.ladders:
        order = [rung.name for rung in ladder.rungs]
        rows = [row for row in run.rows_of(ladder.example) if row.status == "skipped"]
        rows.sort(key=lambda row: (order.index(row.rung), row.items, row.threads))
        if rows:
            title = f"{ladder.example}: {plural(len(rows), 'row')}"
            entries.append({"title": title, "rows": [_left_out(run, row) for row in rows]})
    return entries


def _left_out(run: Run, row: Row) -> dict:
    parts = []
    if "seconds" in row.forecast:
        parts.append(time_text(row.forecast["seconds"]))
    if "bytes" in row.forecast:
        parts.append(f"{size_text(row.forecast['bytes'])} of memory")
    return {**_named(run, row), "forecast": ", ".join(parts) or "none"}


def _sentinel(run: Run, entry: dict) -> dict:
    label = run.ladder(entry["example"]).rung(entry["rung"]).label
    drift = entry["again_seconds"] / entry["first_seconds"] - 1
    return {
        "round": entry["round"],
        "rung": f"{entry['example']}, {label}, {_case_words(entry['case'])}",
        "first": time_text(entry["first_seconds"]),
        "again": time_text(entry["again_seconds"]),
        "drift": f"{100 * drift:+.1f} %",
    }


def machine_facts(machine: dict) -> list[tuple[str, str]]:
    """The passport as names and texts; what is unknown says so, with the reason."""
    facts = []
    for name, value in machine.items():
        if name == "cpu":
            facts += [(f"cpu {key}".replace("_", " "), _fact(key, v)) for key, v in value.items()]
        elif name == "ceilings":
            facts += ceilings.described(value)
        elif name == "topology":
            facts.append((name, f"{topology.summary(value)}; told by {value['told_by']}"))
        elif name == "noise":
            facts.append(("noise floor", f"{value['floor']:.1%}, of {value['measured'][:10]}"))
        elif name in ("build", "huge_pages", "cgroup"):
            facts += [
                (f"{name} {key}".replace("_", " "), _fact(key, v)) for key, v in value.items()
            ]
        elif name == "environment":
            kept = [f"{each['name']}={each['value']}" for each in value["kept"]]
            facts.append(("environment, kept", " ".join(kept)))
            facts.append(("environment, taken out", " ".join(value["removed"])))
        elif name != "unknown":
            facts.append((name.replace("_", " "), _fact(name, value)))
    for name, reason in machine.get("unknown", {}).items():
        facts.append((name.replace("_", " "), f"unknown ({reason})"))
    return [(name.removesuffix(" bytes"), value or "none") for name, value in facts]


def _fact(name: str, value: Any) -> str:
    if name == "caches":
        return ", ".join(_cache(cache) for cache in value)
    if name == "pythons":
        return ", ".join(_interpreter(python) for python in value)
    if name.endswith("_bytes") and isinstance(value, (int, float)):
        return size_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {_fact(key, v)}" for key, v in value.items())
    if isinstance(value, list):
        return " ".join(_fact("", entry) for entry in value)
    return str(value)


def _cache(cache: dict) -> str:
    # Caches are built in powers of two.
    size = cache["size_bytes"] / 1024
    text = f"{size:g} KiB" if size < 1024 else f"{size / 1024:g} MiB"
    times = f"{cache['instances']} × " if "instances" in cache else ""
    return f"L{cache['level']} {cache['type']} {times}{text}"


def _interpreter(python: dict) -> str:
    packages = [f"{name} {version}" for name, version in python.get("packages", {}).items()]
    label = results.interpreter_label(python, full=True)
    return f"{label} ({', '.join(packages)})" if packages else label


def highlighted(source: str, language: str) -> str:
    """HTML of a source file; plain where Pygments is missing."""
    try:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import CppLexer, PythonLexer
    except ImportError:
        return html.escape(source)
    lexer = PythonLexer(stripnl=False) if language == "python" else CppLexer(stripnl=False)
    coloured = highlight(source, lexer, HtmlFormatter(nowrap=True))
    # Names, signs and spaces have no colour of their own, and are most of the bytes.
    return re.sub(r'<span class="(?:n|w|p|o|nn|no|nl|na|bp)">([^<]*)</span>', r"\1", coloured)
