"""Hundreds of files that nobody should have written, each through every command that reads it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import damaged_files
from suite.runs import results
from synthetic_run import close

PROJECT = Path(__file__).resolve().parents[2]
MOST_BYTES = 500e6
PATIENCE = 60  # seconds; the aim is 5, but a busy machine is no fault of a file


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> list[dict]:
    pytest.importorskip("jinja2")
    pytest.importorskip("matplotlib")
    folder = tmp_path_factory.mktemp("tried")
    script = Path(__file__).with_name("try_damaged_files.py")
    done = subprocess.run([sys.executable, script, folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "outcomes.json").read_text())


def named(trial: dict) -> str:
    return f"{trial['file']}: {trial['damage']}"


def test_many_files_of_each_kind_are_tried(outcomes):
    tried = {}
    for trial in outcomes:
        tried.setdefault(trial["file"].partition("/")[0], set()).add(trial["damage"])
    assert sum(map(len, tried.values())) > 300
    for file in ("run.json", "study.json", "threads.json", "claims.json", "start.json", "raw"):
        assert len(tried[file]) > 15


def test_every_file_is_read_with_what_is_sound_or_refused_in_one_sentence_that_names_it(outcomes):
    faults = []
    for trial in outcomes:
        for command, ended in trial["status"].items():
            said = trial["said"].get(command, "")
            file = trial["file"].removeprefix("kept ").rpartition("/")[2]
            if ended == 0 or (ended == 2 and said.count("\n") == 1 and file in said):
                continue
            faults.append(f"{named(trial)}: {command}: {ended}: {said}")
    assert faults == []


def test_what_is_no_file_of_the_suite_is_never_taken_for_one(outcomes):
    """A kind of damage that all would take for sound would test nothing."""
    for kind in damaged_files.KINDS:
        told = [trial for trial in outcomes if trial["damage"].startswith(f"{kind} ")]
        refused = sum(2 in trial["status"].values() for trial in told)
        assert refused or kind == "with_a_whole_number_as_any", kind
    for trial in outcomes:
        whole = trial["damage"] in (*damaged_files.WHOLE_CONTENTS, *damaged_files.ODD_FILES)
        if whole and trial["file"] == "run.json":
            assert set(trial["status"].values()) == {2}, named(trial)


def test_what_is_broken_beside_a_run_costs_nothing_but_itself(outcomes):
    """The report and the charts are made without it and say so; evidence is kept whole or not."""
    beside = [trial for trial in outcomes if trial["file"] in ("study.json", "threads.json")]
    said = [trial for trial in beside if trial["status"]["keep"] == 2]
    assert len(said) > 40
    for trial in beside:
        rest = {command: ended for command, ended in trial["status"].items() if command != "keep"}
        assert set(rest.values()) == {0}, named(trial)
    for trial in said:
        for command in ("report", "charts"):
            assert trial["file"] in trial["said"][command], named(trial)


def test_nothing_is_written_for_a_file_that_is_refused_nor_outside_the_run(outcomes):
    assert {named(trial): trial["written"] for trial in outcomes if trial["written"]} == {}


def test_no_file_takes_long_or_much_memory(outcomes, record_property):
    longest = max(outcomes, key=lambda trial: trial["seconds"])
    largest = max(outcomes, key=lambda trial: trial["peak_bytes"])
    record_property("longest", f"{named(longest)}: {longest['seconds']:.1f} s")
    record_property("largest", f"{named(largest)}: {largest['peak_bytes'] / 1e6:.0f} MB")
    assert longest["seconds"] < PATIENCE, named(longest)
    assert largest["peak_bytes"] < MOST_BYTES, named(largest)


@pytest.mark.parametrize(
    ("name", "options"),
    [("verdicts", []), ("report", []), ("charts", []), ("keep", ["--as", "kept"])],
)
def test_a_command_ends_with_status_2_and_one_line(tmp_path, name, options):
    results.write_json(tmp_path / "run.json", {**close().document(), "complete": "yes"})
    before = damaged_files.listing(tmp_path)
    command = [sys.executable, PROJECT / "scripts" / "suite", name, "--run", tmp_path, *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert f"{tmp_path}/run.json: 'complete' must be true or false, but is 'yes'" in done.stderr
    assert damaged_files.listing(tmp_path) == before
