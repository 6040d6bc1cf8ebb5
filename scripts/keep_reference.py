#!/usr/bin/env python3
"""Keep a complete run as a reference: copy it into results/reference, without the host's name."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import results

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


def renamed(text: str, host: str, name: str) -> str:
    return text.replace(host, name) if host else text


def keep(folder: Path, name: str) -> Path:
    """Copy run.json, the raw files and the charts of a run; return the folder of the copy."""
    run = results.load(folder).document
    reason = objection(run)
    if reason:
        raise ValueError(f"{folder.name} {reason}")
    host = run["machine"]["name"]
    target = REFERENCES / name
    draft = target.with_name(target.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    for source in sorted(folder.rglob("*")):
        kept = source.name == "run.json" or source.parent.name in ("raw", "charts")
        if source.is_file() and kept:
            copy = draft / renamed(str(source.relative_to(folder)), host, name)
            results.write_text(copy, renamed(source.read_text(encoding="utf-8"), host, name))
    results.load(draft)  # a name that stood elsewhere too would have damaged it
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    return target


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", default="latest", help="id or folder of the run (default: latest)")
    parser.add_argument("--as", dest="name", required=True, help="the machine, e.g. epyc_2_cores")
    arguments = parser.parse_args()
    try:
        print(keep(results.find_run(arguments.run), arguments.name))
    except (OSError, ValueError) as error:
        print(f"keep_reference: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
