"""A run beside the reference runs that are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("jinja2")
from suite.judge import verdicts
from suite.pages import build_report
from suite.pages.beside_reference import beside_reference
from suite.runs import results
from synthetic_run import two_examples, with_myths


def kept(folder: Path, name: str, **other: object) -> None:
    document = with_myths(two_examples())
    document["machine"]["name"] = name
    results.write_json(folder / name / "run.json", {**document, **other})


def beside(folder: Path) -> dict:
    run = results.read(with_myths(two_examples()))
    return beside_reference(run, verdicts.decide(run), folder)


def test_each_answer_stands_beside_those_of_the_references_with_their_machines(tmp_path):
    kept(tmp_path, "epyc", started="2020-01-01T00:00:00Z")
    found = beside(tmp_path)
    assert found["machines"][1:] == ["epyc"]
    assert [[cell["answer"] for cell in myth["cells"]] for myth in found["myths"]] == [
        ["TRUE", "TRUE"],
        ["BUSTED", "BUSTED"],
    ]
    assert all(cell["number"] for myth in found["myths"] for cell in myth["cells"])


def test_a_run_is_not_beside_itself_and_a_draft_is_no_reference(tmp_path):
    kept(tmp_path, "itself")
    kept(tmp_path, ".draft", started="2020-01-01T00:00:00Z")
    assert beside(tmp_path)["myths"] == []


def test_what_a_reference_says_of_other_myths_is_left_out(tmp_path):
    other = {**with_myths(two_examples())["myths"][0], "id": "other"}
    kept(tmp_path, "epyc", started="2020-01-01T00:00:00Z", myths=[other])
    assert beside(tmp_path)["myths"] == []


def test_a_reference_that_cannot_be_read_is_named_and_costs_nothing_else(tmp_path):
    kept(tmp_path, "epyc", started="2020-01-01T00:00:00Z")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    found = beside(tmp_path)
    assert len(found["myths"]) == 2
    (fault,) = found["faults"]
    assert "broken" in fault


def test_the_report_shows_the_table_and_what_to_try_next(tmp_path, monkeypatch):
    monkeypatch.setattr(build_report.charts, "why_not", lambda: "not in this test")
    kept(tmp_path / "reference", "epyc", started="2020-01-01T00:00:00Z")
    monkeypatch.setattr(build_report, "REFERENCES", tmp_path / "reference")
    kept(tmp_path, "mine")
    path = build_report.build(tmp_path / "mine")
    assert path
    html = path.read_text(encoding="utf-8")
    assert html.index("mine (this run)") < html.index("epyc</th>") < html.index('id="verdicts"')
    assert "not found on this machine: numba, for 1 claim" in html
