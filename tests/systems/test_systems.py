"""The matrix of systems, without making one: its catalogue, its table, the recipes of images."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import table
from catalogue import SYSTEMS
from packages import packages
from system import PROJECT, STEPS, Outcome, System, Tried, tried
from try_systems import before, reason

RECIPES = ["Containerfile", "scripts/containers/mythbench.def"]
OLD = System("old", "An old system", "bookworm")


def test_no_two_systems_have_one_name():
    assert len({system.name for system in SYSTEMS}) == len(SYSTEMS)


def test_a_system_goes_on_with_one_of_the_same_release_that_stands_before_it():
    for at, system in enumerate(SYSTEMS):
        for other in before(system):
            assert other in SYSTEMS[:at]
            assert other.suite == system.suite


def test_whatever_was_kept_is_of_a_system_and_of_its_steps():
    known = {system.name: system for system in SYSTEMS}
    for told in tried():
        assert set(told.steps) <= set(known[told.name].steps)


def test_the_page_shows_what_was_kept():
    assert table.section() in table.PAGE.read_text(encoding="utf-8")


def test_what_is_kept_of_a_system_is_read_back_as_it_was(tmp_path):
    step = Outcome("passed", "2026-01-31", 12.5, of="some")
    kept = Tried("old", "0123abc", {"compiler": "g++ 12"}, {"tests": step})
    kept.write(tmp_path)
    assert list(tried(tmp_path)) == [kept]


def test_a_cell_says_passed_or_why_not_or_that_it_was_not_tried():
    steps = {
        "set-up": Outcome("passed", "2026-01-30", 1),
        "tests": Outcome("passed", "2026-01-31", 1, of="some"),
        "bench": Outcome("failed", "2026-01-31", 1, "no | left"),
    }
    told = Tried("old", "0123abc", {"compiler": "g++ 12", "catch2": "2.13.10-1"}, steps)
    cells = ["passed", "not tried", "passed, some", "failed: no \\| left"]
    assert table.row(OLD, told) == [OLD.title, *cells, "2026-01-31", "g++ 12, Catch2 2.13.10"]
    assert table.row(OLD, None) == [OLD.title, *["not tried"] * len(STEPS), "", ""]


def test_a_step_that_a_system_has_from_another_is_not_called_untried():
    late = System("late", "A late system", "bookworm", after="old", steps=("tests", "bench"))
    assert table.row(late, None)[1:5] == ["as before", "as before", "not tried", "not tried"]


def test_the_reason_of_a_failure_is_the_last_that_was_said():
    assert reason("first\nlast words\n\n", 3) == "last words (exit status 3)"
    assert reason("", 1) == "said nothing (exit status 1)"
    assert len(reason("x" * 10_000, 1)) < 250


@pytest.mark.parametrize("recipe", RECIPES)
def test_an_image_has_every_package_that_the_set_up_may_ask_for(recipe):
    text = (PROJECT / recipe).read_text(encoding="utf-8")
    [command] = re.findall(r"\$\((sed .*) /tmp/packages\.txt\)", text)
    listed = subprocess.run(
        f"{command} scripts/packages.txt",
        shell=True,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout.split() == [*packages()]
