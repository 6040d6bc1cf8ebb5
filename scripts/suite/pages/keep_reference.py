"""Keep a complete run as a reference: copy it into results/reference, without the host's name."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ..runs import documents, results, studies, watched
from ..runs.documents import Refused
from ..runs.file_names import file_name, inside

REFERENCES = results.RESULTS / "reference"
BESIDE = ((studies.FILE, "study", studies.of_run), (watched.FILE, "threads", watched.of_run))


def objection(run: dict) -> str | None:
    """Why a run is no evidence, or None."""
    if not run["complete"]:
        return "is not complete; finish it with make bench RESUME=" + run["run_id"]
    if run["suite"]["dirty"]:
        return "was measured with uncommitted changes"
    if run["suite"]["commit"] == "unknown":
        return "does not know its commit: " + run["suite"].get("reason", "it does not say why")
    failed = sorted({f"{r['example']}/{r['rung']}" for r in run["rows"] if r["status"] == "failed"})
    if failed:
        return "has wrong answers: " + ", ".join(failed)
    return None


def anonymous(run: dict, name: str) -> dict:
    """The run with the name of the machine in place of the host's."""
    stamp = run["run_id"].partition("_")[0]
    return {**run, "run_id": f"{stamp}_{name}", "machine": {**run["machine"], "name": name}}


def anonymous_raw(document: Any, name: str) -> Any:
    """A raw file likewise, and without the paths of whoever measured."""
    if isinstance(document, list):  # what was counted says nothing of the machine
        return document
    context = {**document["context"], "host_name": name}
    if "executable" in context:
        context["executable"] = Path(context["executable"]).name
    return {**document, "context": context}


def keep(folder: Path, name: str) -> Path:
    """Copy run.json, raw files and study; return the folder of the copy.

    Charts are no evidence: they can be drawn from it at any time. Evidence is kept whole or not
    at all: anything damaged in the folder is refused.
    """
    if file_name(name) != name:
        raise Refused(f"'{name}' is no name for a machine, such as epyc_2_cores")
    run = results.load(folder)
    reason = objection(run.document)
    if reason:
        raise Refused(f"{folder.name} {reason}")
    told = {results.FILE: anonymous(run.document, name)}
    told.update(
        (f"raw/{raw.name}", anonymous_raw(documents.read_raw(raw), name)) for raw in _raw_of(folder)
    )
    for file, kind, reader in BESIDE:
        if reader(run) is not None:
            told[file] = documents.read(folder / file, kind)
    target = REFERENCES / name
    draft = target.with_name(f".{name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    for place, document in told.items():
        results.write_json(draft / place, document)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    return target


def _raw_of(folder: Path) -> list[Path]:
    return sorted(inside(folder, "raw").glob("*.json"))
