"""The file to hand in: a run without what only its owner needs, or what names its owner."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from ..machine import kept
from ..runs import results
from ..runs.animals import animal, fingerprint
from ..runs.documents import Refused
from ..runs.quantities import plural, size_text
from ..runs.results import Run
from ..runs.words import printable
from .keep_reference import anonymous

SHARES = results.RESULTS / "shares"
MOST_BYTES = 300_000
LONGEST_NAME = 60
OF_A_SAMPLE = ("round", "seconds", "memory_bytes_per_second")


def write(run: Run, name: str = "", output: Path | None = None) -> tuple[Path, str]:
    """The file, and what is in it, in words. Raises Refused."""
    if not any(row.samples for row in run.rows):
        raise Refused(f"{run.source}: nothing was measured in it")
    if len(name) > LONGEST_NAME:
        raise Refused(f"a name to share has {LONGEST_NAME} characters at most")
    document = shared(run, name)
    words = told(document, animal(fingerprint(run)))
    content = _archive({"README.txt": words, results.FILE: _text(document)})
    if len(content) > MOST_BYTES:
        sizes = f"{size_text(len(content))}, and a class takes {size_text(MOST_BYTES)}"
        raise Refused(f"{run.source}: what there is to share of it is of {sizes}")
    path = output or SHARES / f"{animal(fingerprint(run)).lower().replace(' ', '-')}.zip"
    results.write_bytes(path, content)
    return path, f"{words}It is of {size_text(len(content))}.\n"


def shared(run: Run, name: str = "") -> dict:
    """A run.json of which every verdict can be decided as of the whole; anonymous but for a name
    that its owner gives it."""
    document = anonymous(run.document, f"machine-{fingerprint(run)[:12]}")
    host, counted = run.machine["name"], _counted(run)
    return {
        **document,
        "settings": {**document["settings"], "pythons": []},
        "machine": {
            **kept.anonymous(_machine(run.machine), document["machine"]["name"]),
            **({"shared_as": printable(name)} if name.strip() else {}),
        },
        "ladders": [_ladder(ladder) for ladder in document["ladders"]],
        "rows": [_row(row, counted, host) for row in document["rows"]],
        "sentinels": [_of_interpreter(sentinel) for sentinel in document["sentinels"]],
        "warnings": [],
        "verdicts": [],
        "answers": [],
    }


def told(document: dict, name: str) -> str:
    """What is in the file and what is not, for whoever hands it in."""
    rows = [row for row in document["rows"] if row["status"] == "ok"]
    called = document["machine"].get("shared_as")
    whose = f"It is called “{printable(called)}”, as you asked." if called else "It names nobody."
    return (
        f"A run of mythbench to hand in. {whose} On the page of a class it is the {name}.\n"
        f"In it: the times of {plural(len(rows), 'row')} of {document['started'][:10]}, names and "
        "first lines of the rungs, what was skipped and why, the claims and what they count, and "
        "what the machine is: processor, memory, limits, system, compiler, interpreters with their "
        "packages, load, ceilings.\n"
        "Left out: names of host and user, paths, job and place of the processors, the sources of "
        "the rungs, raw files, plan, pictures, when each process began, and what was counted that "
        "no claim asks for.\n"
    )


def _machine(machine: dict) -> dict:
    if "pythons" not in machine:
        return machine
    return {**machine, "pythons": [_without_place(python) for python in machine["pythons"]]}


def _ladder(ladder: dict) -> dict:
    rungs = [{**rung, "source": ""} for rung in ladder["rungs"]]
    return {**{n: v for n, v in ladder.items() if n != "reality"}, "rungs": rungs}


def _row(row: dict, counted: set[str], host: str) -> dict:
    slim = {name: value for name, value in _of_interpreter(row).items() if name != "layers"}
    if "reason" in row:
        slim["reason"] = kept.impersonal(row["reason"], host)
    slim["samples"] = [
        {name: sample[name] for name in OF_A_SAMPLE if name in sample} for sample in row["samples"]
    ]
    if layers := _layers(row.get("layers", {}), counted):
        slim["layers"] = kept.impersonal(layers, host)
    return slim


def _of_interpreter(entry: dict) -> dict:
    own = entry["interpreter"]
    return {**entry, "interpreter": own and _without_place(own)}


def _without_place(python: dict) -> dict:
    return {name: value for name, value in python.items() if name != "executable"}


def _layers(layers: dict, counted: set[str]) -> dict:
    asked: dict[str, Any] = {}
    for place in counted:
        layer, _, name = place.partition(".")
        if name in layers.get(layer, {}):
            asked.setdefault(layer, {})[name] = layers[layer][name]
    return {**asked, **({"reason": layers["reason"]} if "reason" in layers else {})}


def _counted(run: Run) -> set[str]:
    """The counts that some claim asks for, such as os.minor_page_faults."""
    return {
        claim["measure"].partition(".")[2]
        for ladder in run.ladders
        for claim in ladder.claims
        if claim.get("measure", "").startswith("layers.")
    }


def _text(document: dict) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def _archive(files: dict[str, str]) -> bytes:
    """The same bytes for the same run: no entry tells when it was packed, or by whom."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode("utf-8"))
    return content.getvalue()
