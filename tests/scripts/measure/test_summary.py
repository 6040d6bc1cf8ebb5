"""The last screen of a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from suite.judge import answers, verdicts
from suite.measure import summary, terminal
from suite.runs import results
from synthetic_run import two_examples

WHY = {"true": "It is.", "partly": "Sometimes.", "busted": "It is not."}
MYTH = {
    "id": "slow",
    "kind": "myth",
    "says": "It is slow",
    "refuted_by": "both sides",
    "why": WHY,
}


@pytest.fixture
def document() -> dict:
    """Of one claim, which decides a myth, and holds."""
    document = two_examples().document()
    for ladder in document["ladders"]:
        ladder["claims"] = []
    claim = {"id": "quick", "says": "C is faster", "of": "naive", "over": "shared", "at_least": 2}
    example = document["ladders"][0]["example"]
    document["ladders"][0]["claims"] = [{**claim, "speaks": "for", "decides": True}]
    document["myths"] = [MYTH]
    document["verdicts"] = [
        {
            "example": example,
            "claim": "quick",
            "says": "C is faster",
            "verdict": "holds",
            "measure": "seconds",
            "bound": {"at_least": 2},
            "ratio": {"value": 5.08, "low": 4.9, "high": 5.3},
            "evidence": [{"rung": "naive", "rounds": 7}, {"rung": "shared", "rounds": 7}],
        }
    ]
    document["answers"] = [
        {
            "myth": "slow",
            "says": "It is slow",
            "outcome": "true",
            "answer": "TRUE",
            "why": "It is.",
            "deciding": [{"example": example, "claim": "quick"}],
        }
    ]
    return document


def shown(document: dict, capsys: pytest.CaptureFixture, run: Path = Path("nowhere")) -> str:
    for paragraph in summary.summary(document, run):
        terminal.say(paragraph)
    return capsys.readouterr().out


def test_each_myth_has_its_answer_why_and_the_number_that_decides(document, capsys):
    lines = shown(document, capsys).splitlines()
    place = lines.index("TRUE  “It is slow”")
    assert lines[place + 1] == "It is."
    assert lines[place + 2].split("  ")[-2:] == ["5.08 × (4.90 to 5.30)", "C is faster: holds"]


def test_an_interval_of_few_rounds_is_not_told(document, capsys):
    document["verdicts"][0]["evidence"][0]["rounds"] = 2
    assert "5.08 ×  C is faster" in shown(document, capsys)


def test_what_is_undecided_comes_with_what_helps(document, capsys):
    (verdict,) = document["verdicts"]
    verdict.update(verdict="undecided", reason="no time left")
    lacking = {**verdict, "claim": "other", "lacks": "numba", "reason": "numba is not installed"}
    document["verdicts"].append(lacking)
    document["settings"]["budget_seconds"] = 300.0
    told = shown(document, capsys)
    assert "make bench BUDGET=10min: more time, for 1 undecided claim" in told
    assert "not found on this machine: numba, for 1 claim" in told


def test_nothing_undecided_asks_for_no_more_time(document, capsys):
    assert "BUDGET" not in shown(document, capsys)


def test_the_report_is_named_where_there_is_one(document, capsys, tmp_path):
    assert "report.html" not in shown(document, capsys, tmp_path)
    (tmp_path / "report.html").write_text("")
    assert (tmp_path / "report.html").resolve().as_uri() in shown(document, capsys, tmp_path)


def test_wrong_answers_are_named_and_many_are_counted(document, capsys):
    document["rows"] = document["rows"][:5]
    for row in document["rows"]:
        row.update(status="failed", reason="wrong answer: error 1")
    told = shown(document, capsys)
    assert told.count("wrong answer: error 1") == 3
    assert "and 2 other rows in the report" in told


def test_how_far_to_trust_a_run_comes_with_why(document, capsys):
    document["warnings"] = ["a row varied"]
    document["complete"] = False
    told = shown(document, capsys)
    assert "trust in this run: " in told
    assert "The run was stopped." in told
    assert "1 less grave in the report." in told


def test_the_share_of_samples_is_told_where_it_is_known(document, capsys):
    assert "in samples" not in shown(document, capsys)
    document["time_spent"] = {"seconds": 10.0, "in_samples": 6.5}
    assert "65% of the time in samples" in " ".join(shown(document, capsys).split())


def test_the_end_of_a_whole_run_fits_on_forty_lines_of_eighty_columns():
    run = sorted((results.PROJECT / "results" / "reference").iterdir())[0]
    document = json.loads((run / "run.json").read_text())
    read = results.read(document, run)
    document["verdicts"] = verdicts.decide(read)
    document["answers"] = answers.answered(read, document["verdicts"])
    console = Console(width=80)
    with console.capture() as captured:
        for paragraph in summary.summary(document, run):
            console.print("", paragraph, sep="\n")
    # One line says at the beginning what comes.
    assert 1 + len(captured.get().splitlines()) <= 40
