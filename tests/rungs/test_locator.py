"""The Python half of the locator's contract, and Python rungs gone wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
HARNESS = PROJECT / "benchmarks" / "python.py"
EXAMPLE = PROJECT / "src" / "locator"


@pytest.fixture
def contract(monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLE))
    monkeypatch.delitem(sys.modules, "locator", raising=False)
    import locator

    yield locator
    sys.modules.pop("locator", None)


def content(problems, label: str) -> dict:
    return json.loads(problems.file(f"locator/{label}").read_text())


def test_the_axes_are_those_of_the_talks_loops(problems):
    numpy = pytest.importorskip("numpy")
    given = content(problems, "grid:small/events:1/threads:1")["input"]
    assert given["x"] == list(range(498000, 505000 + 250, 250))
    assert given["y"] == list(range(4174000, 4181000 + 250, 250))
    assert given["z"] == list(range(0, 3000 + 250, 250))
    assert given["amplitudes"] == numpy.arange(1, 20 + 1, 1).tolist()


def test_the_talks_expression_has_the_same_bits_in_both_languages(problems, contract):
    # The per cent error comes from the C++ reference; only its last digit may depend on sum().
    for case in problems.examples["locator"]["awkward_cases"]:
        problem = content(problems, case["label"])
        given = contract.make_input(problem["input"])
        answers = list(zip(problem["answer"][::2], problem["answer"][1::2]))
        for group in given.groups:
            for event, observed in zip(group.events, group.observed):
                index, per_cent = answers[event]
                node, k = divmod(int(index), len(given.amplitudes))
                error = contract.talk_error(
                    given, group, observed, given.point(node), given.amplitudes[k]
                )
                power = sum(observation**2 for observation in observed)
                assert 100 * (error / power) ** 0.5 == pytest.approx(per_cent, rel=1e-14, abs=1e-18)


def test_both_languages_find_the_same_events_unlocatable(problems, contract):
    for case in problems.examples["locator"]["awkward_cases"]:
        problem = content(problems, case["label"])
        given = contract.make_input(problem["input"])
        grouped = {event for group in given.groups for event in group.events}
        located = {e for e, index in enumerate(problem["answer"][::2]) if index >= 0}
        assert grouped == located


def test_an_answer_with_another_index_is_infinitely_far(contract):
    expected = [7, 12.0, -1, 0.0]
    assert contract.distance(expected, expected) == 0
    assert contract.distance([8, 12.0, -1, 0.0], expected) == float("inf")
    assert contract.distance([7, 12.0], expected) == float("inf")
    assert contract.distance([7, float("nan"), -1, 0.0], expected) == float("inf")
    assert contract.distance([7, 12.0 * (1 + 1e-9), -1, 0.0], expected) == pytest.approx(1e-9)
    # Of a perfect fit only rounding is left.
    assert contract.distance([7, 3e-14], [7, 1e-14]) < 1e-12 < contract.distance([7, 3e-11], [7, 0])


HEAD = """
import literal as right
from locator import *

"""

MUTANTS = {
    "writes nothing": """
        def mutant(problem):
            return [UNLOCATABLE] * problem.event_count
    """,
    "off by one node": """
        def mutant(problem):
            step = len(problem.amplitudes)
            return [l._replace(index=l.index + step) for l in right.python_talk(problem)]
    """,
    "off by one amplitude": """
        def mutant(problem):
            return [l._replace(index=l.index + 1) for l in right.python_talk(problem)]
    """,
    "single precision": """
        import struct
        def mutant(problem):
            narrow = lambda x: struct.unpack("f", struct.pack("f", x))[0]
            return [l._replace(per_cent=narrow(l.per_cent)) for l in right.python_talk(problem)]
    """,
    "last of equal errors": """
        def mutant(problem):
            locations = [UNLOCATABLE] * problem.event_count
            for group in problem.groups:
                for event, observed in zip(group.events, group.observed):
                    errors = [
                        (talk_error(problem, group, observed, problem.point(n), A), -n, -k)
                        for n in range(problem.nodes) if n not in problem.masked
                        for k, A in enumerate(problem.amplitudes)
                    ]
                    error, n, k = min(errors)
                    power = sum(o * o for o in observed)
                    index = -n * len(problem.amplitudes) - k
                    locations[event] = Location(index, error, 100 * (error / power) ** 0.5)
            return locations
    """,
    "reads missing as zero": """
        def mutant(problem):
            stations = list(range(len(problem.names)))
            events = sorted(event for group in problem.groups for event in group.events)
            zeros = [[problem.recorded[e].get(s, 0.0) for s in stations] for e in events]
            problem.groups = [Group(stations, events, zeros)]
            return right.python_talk(problem)
    """,
}

# Where each is seen: some are wrong in one family only.
FAMILY = {"last of equal errors": "mirror", "reads missing as zero": "missing"}

STALE = """
    kept = []
    def mutant(problem):
        if not kept:
            kept.append(right.python_talk(problem))
        return kept[0]
"""


@pytest.fixture
def rows_of(tmp_path, problems):
    shutil.copy(EXAMPLE / "locator.py", tmp_path)
    shutil.copy(EXAMPLE / "05_python_talk.py", tmp_path / "literal.py")

    def rows(source: str, *families: str) -> list[dict]:
        rung = tmp_path / "05_mutant.py"
        rung.write_text(HEAD.lstrip() + textwrap.dedent(source))
        labels = [f"locator/family:{family}/seed:2/events:5/threads:1" for family in families]
        words = [word for label in labels for word in ("--problem", problems.file(label))]
        out = tmp_path / "out.json"
        command = [sys.executable, HARNESS, "--verify", "--rung", rung, *words, "--out", out]
        done = subprocess.run(command, capture_output=True, text=True)
        found = json.loads(out.read_text())["benchmarks"]
        wrong = [row for row in found if "error_occurred" in row]
        assert done.returncode == (1 if wrong else 0)
        return found

    return rows


def test_what_the_mutants_are_made_from_is_right(rows_of):
    source = "def mutant(problem):\n    return right.python_talk(problem)\n"
    for family in ("random", "mirror", "missing"):
        assert not any("error_occurred" in row for row in rows_of(source, family))


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_rejected(rows_of, name):
    (row,) = rows_of(MUTANTS[name], FAMILY.get(name, "random"))
    assert row["error_message"].startswith("wrong answer: ")


def test_a_stale_answer_is_rejected_at_the_first_problem_already(rows_of):
    for row in rows_of(STALE, "random", "mirror"):
        assert row["error_message"].startswith("wrong answer: ")
