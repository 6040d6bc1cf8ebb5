"""Every Python rung, as the C++ tests do it for theirs: the problems come from the C++ program."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
HARNESS = PROJECT / "benchmarks" / "python.py"
RUNGS = sorted(PROJECT.glob("src/*/[0-9][0-9]_*.py"))

every_rung = pytest.mark.parametrize(
    "rung", RUNGS, ids=lambda path: f"{path.parent.name}/{path.stem}"
)


def verified(rung: Path, files: list[Path], out: Path, **environment: str) -> list[dict]:
    """What the harness found, without the skips of packages that are truly not here."""
    words = [word for file in files for word in ("--problem", str(file))]
    done = subprocess.run(
        [sys.executable, HARNESS, "--verify", "--rung", rung, *words, "--out", out],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )
    assert "Traceback" not in done.stderr, done.stderr
    rows = json.loads(out.read_text())["benchmarks"]
    assert len(rows) == len(files)
    failed = [
        row for row in rows if not row.get("error_message", "skipped: ").startswith("skipped: ")
    ]
    assert done.returncode == (1 if failed else 0)
    return rows


def right(rows: list[dict], rung: Path) -> None:
    messages = {row.get("error_message") for row in rows}
    # A rung may say of some cases that it can not do them.
    source = rung.read_text(encoding="utf-8")
    for message in messages - {None}:
        reason = message.removeprefix("skipped: ")
        if f'raise NotImplementedError("{reason}")' in source:
            messages.discard(message)
            if not messages:
                pytest.skip(message)
    for message in messages - {None}:
        missing = re.fullmatch(r"skipped: (\w+) is not installed", message)
        if missing and importlib.util.find_spec(missing.group(1)) is None:
            pytest.skip(message)
        # Compiled modules are for the interpreter that the build has found, and need its headers.
        if re.fullmatch(r"skipped: border_\w+ cannot be imported: ImportError: it is .*", message):
            pytest.skip(message)
    assert messages == {None}
    assert all(row["check_error"] <= row["check_tolerance"] for row in rows)


def test_there_are_python_rungs():
    assert RUNGS


@every_rung
def test_a_rung_gives_the_reference_answer_whatever_it_met_before(rung, problems, tmp_path):
    # There and back in one process: each problem is met again after all others, and the last one
    # twice in a row.
    awkward = problems.awkward(rung)
    assert len(awkward) >= 2
    right(verified(rung, awkward + awkward[::-1], tmp_path / "out.json"), rung)


@every_rung
def test_the_catalogue_knows_a_rung_by_its_file(rung, problems):
    entry = problems.entry(rung)
    assert (f"{entry['number']:02}", entry["name"]) == tuple(rung.stem.split("_", 1))
    assert entry["language"] == "python"
    first_line = rung.read_text(encoding="utf-8").splitlines()[0]
    assert first_line.strip('"').strip() == entry["caption"]


def test_the_catalogue_knows_the_rungs_on_disk_and_no_others(problems):
    catalogued = [
        PROJECT / entry["file"]
        for example in problems.examples.values()
        for entry in example["rungs"]
        if entry["language"] == "python"
    ]
    assert sorted(catalogued) == RUNGS


PACKAGE = re.compile(r"^(?:import|from) (numpy|numba|numexpr)\b", re.MULTILINE)


def needs() -> list[tuple[Path, str]]:
    return [
        (rung, package)
        for rung in RUNGS
        for package in PACKAGE.findall(rung.read_text(encoding="utf-8"))[:1]
    ]


@pytest.mark.parametrize("rung, package", needs(), ids=lambda part: getattr(part, "stem", part))
def test_a_rung_whose_package_is_missing_is_skipped_with_the_reason(
    rung, package, problems, tmp_path
):
    # A package of this name that says what the import system says where there is none.
    (tmp_path / f"{package}.py").write_text(f"raise ImportError(\"No module named '{package}'\")")
    file = problems.awkward(rung)[0]
    (row,) = verified(rung, [file], tmp_path / "out.json", PYTHONPATH=str(tmp_path))
    assert row["error_message"] == f"skipped: {package} is not installed"
