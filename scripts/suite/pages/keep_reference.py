"""Keep a complete run as a reference: copy it into results/reference, without the host's name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ..runs import results, studies, watched
from . import chart_files

REFERENCES = results.RESULTS / "reference"


def objection(run: dict) -> str | None:
    """Why a run is no evidence, or None."""
    if not run["complete"]:
        return "is not complete; finish it with make bench RESUME=" + run["run_id"]
    if run["suite"].get("dirty", True):
        return "was measured with uncommitted changes"
    failed = sorted({f"{r['example']}/{r['rung']}" for r in run["rows"] if r["status"] == "failed"})
    if failed:
        return "has wrong answers: " + ", ".join(failed)
    return None


def anonymous(run: dict, name: str) -> dict:
    """The run with the name of the machine in place of the host's."""
    stamp = run["run_id"].partition("_")[0]
    return {**run, "run_id": f"{stamp}_{name}", "machine": {**run["machine"], "name": name}}


def anonymous_raw(document: object, name: str) -> object:
    """A raw file likewise, and without the paths of whoever measured."""
    if not isinstance(document, dict) or "context" not in document:
        return document
    context = {**document["context"], "host_name": name}
    context["executable"] = Path(context["executable"]).name
    return {**document, "context": context}


def keep(folder: Path, name: str) -> Path:
    """Copy run.json, raw files and study, draw the charts anew; return the folder of the copy."""
    run = results.load(folder).document
    reason = objection(run)
    if reason:
        raise ValueError(f"{folder.name} {reason}")
    target = REFERENCES / name
    draft = target.with_name(f".{name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    results.write_json(draft / "run.json", anonymous(run, name))
    for raw in sorted((folder / "raw").glob("*.json")):
        document = json.loads(raw.read_text(encoding="utf-8"))
        results.write_json(draft / "raw" / raw.name, anonymous_raw(document, name))
    for beside in (studies.FILE, watched.FILE):
        if (folder / beside).is_file():
            results.write_json(draft / beside, results.load_document(folder / beside))
    chart_files.draw_run(draft)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    return target
