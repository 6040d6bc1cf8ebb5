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
    """What the rung answers is right. It may refuse some cases, or all, with a reason."""
    refused = {row["error_message"] for row in rows if "error_message" in row}
    source = rung.read_text(encoding="utf-8")
    assert [message for message in refused if not is_refusal(message, source)] == []
    answered = [row for row in rows if "error_message" not in row]
    if not answered:
        pytest.skip("; ".join(sorted(refused)))
    assert all(row["check_error"] <= row["check_tolerance"] for row in answered)


def is_refusal(message: str, source: str) -> bool:
    reason = message.removeprefix("skipped: ")
    # A rung may say of some cases that it can not do them.
    if f'raise NotImplementedError("{reason}")' in source:
        return True
    missing = re.fullmatch(r"(\w+) is not installed", reason)
    if missing:
        return importlib.util.find_spec(missing.group(1)) is None
    # Compiled modules are for the interpreter that the build has found, and need its headers.
    return bool(re.fullmatch(r"border_\w+ cannot be imported: ImportError: it is .*", reason))


def test_what_a_rung_refuses_does_not_hide_what_it_answers_wrongly(tmp_path):
    rung = tmp_path / "10_odd.py"
    rung.write_text('raise NotImplementedError("only even numbers")')
    refused = {"error_message": "skipped: only even numbers"}
    answered = {"check_error": 1e-9, "check_tolerance": 1e-8}
    right([refused, answered], rung)
    with pytest.raises(AssertionError):
        right([refused, {**answered, "check_error": 1e-7}], rung)
    with pytest.raises(AssertionError):
        right([{"error_message": "wrong answer: error 1, tolerated 0"}, answered], rung)


def test_there_are_python_rungs():
    assert RUNGS


@every_rung
def test_a_rung_gives_the_reference_answer_whatever_it_met_before(rung, problems, tmp_path):
    # There and back in one process: each problem is met again after all others, and the last one
    # twice in a row. On the way there others take its place, one of the same shape and a small one.
    awkward = problems.awkward(rung)
    assert len(awkward) >= 2
    back = [problems.alone(file) for file in awkward[::-1]]
    right(verified(rung, awkward + back, tmp_path / "out.json"), rung)


def test_every_awkward_problem_has_a_twin_whose_answer_is_known(problems):
    for rung in {rung.parent: rung for rung in RUNGS}.values():
        for file in problems.awkward(rung):
            problem = json.loads(file.read_text())
            twin = json.loads((file.parent / problem["twin"]).read_text())
            assert twin["answer"] != problem["answer"]


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
