"""The first screen of the report: what the run answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("jinja2")
from suite.pages import answer_tiles, build_report
from suite.runs import results
from synthetic_run import MYTHS, two_examples, with_myths


@pytest.fixture(autouse=True)
def _no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts take most of the time of a report, and none is asked about here."""
    monkeypatch.setattr(build_report.charts, "why_not", lambda: "not in this test")


def reported(folder: Path, document: dict) -> str:
    results.write_json(folder / "run.json", document)
    path = build_report.build(folder)
    assert path
    return path.read_text(encoding="utf-8")


def answers_of(html: str) -> list[str]:
    return re.findall(r'<p class="answer">([^<]*)</p>', html)


def slower(document: dict, rung: str, factor: float) -> dict:
    for row in document["rows"]:
        if row["rung"] == rung:
            for sample in row["samples"]:
                sample["seconds"] *= factor
    return document


def test_each_myth_has_its_answer_in_the_order_of_the_talk(tmp_path):
    assert answers_of(reported(tmp_path, with_myths(two_examples()))) == ["TRUE", "BUSTED"]


def test_the_tiles_stand_before_all_else(tmp_path):
    html = reported(tmp_path, with_myths(two_examples()))
    assert html.index('class="tiles"') < html.index('id="verdicts"')
    assert html.index("<section") == html.index('<section id="answers"')


def test_the_answer_follows_the_samples_and_not_the_file(tmp_path):
    document = slower(with_myths(two_examples()), "numba_closed_form", 1000)
    document["answers"] = [
        {
            "myth": "late",
            "says": "Made up",
            "outcome": "busted",
            "answer": "BUSTED INDEED",
            "why": "Because.",
            "deciding": [],
        }
    ]
    html = reported(tmp_path, document)
    assert answers_of(html) == ["TRUE", "PARTLY TRUE"]
    assert "INDEED" not in html


def test_a_tile_tells_the_numbers_that_decide_with_interval_and_leads_to_their_claims(tmp_path):
    html = reported(tmp_path, with_myths(two_examples()))
    (tile,) = re.findall(r'<article class="tile busted".*?</article>', html, flags=re.S)
    assert len(re.findall(r"<strong>[\d.,]+ \(95 % interval [^<]*\)</strong>", tile)) == 2
    anchors = re.findall(r'href="#([^"]*)"', tile)
    assert anchors == ["claim-locator-numba-talk", "claim-locator-threads-scale", "locator"]
    assert all(f'id="{anchor}"' in html for anchor in anchors)
    assert "It need not." in tile


def test_of_two_sides_each_gives_a_number_and_what_is_decided_goes_first():
    document = with_myths(two_examples())
    of_memory = document["ladders"][0]["claims"]
    of_memory[1].update(speaks="against", decides=True)
    more = {**of_memory[0], "id": "vain", "of": "no_array", "case": {"n": 100000}}
    document["ladders"][0]["claims"] = [more, *of_memory]
    run = results.read(document)
    tile = answer_tiles.tiles(run, build_report.verdicts.decide(run))[0]
    assert [number["anchor"] for number in tile["numbers"]] == [
        "claim-dummy_objects-row-temporary-memory",
        "claim-dummy_objects-row-temporary-time",
    ]


def test_a_run_without_myths_has_no_tiles(tmp_path):
    html = reported(tmp_path, two_examples().document())
    assert 'id="answers"' not in html
    assert answers_of(html) == []


def test_the_doubts_about_a_run_are_counted_at_its_top(tmp_path):
    doubts = ["Others were at work.", "It drifted."]
    html = reported(tmp_path, {**with_myths(two_examples()), "warnings": doubts})
    assert html.index('<a href="#steadiness">2 doubts</a>') < html.index('id="answers"')


def test_the_words_of_a_myth_are_escaped(tmp_path):
    evil = "<script>1</script>"
    document = with_myths(two_examples())
    document["myths"] = [
        {**myth, "says": evil, "why": dict.fromkeys(myth["why"], evil)} for myth in MYTHS
    ]
    assert evil not in reported(tmp_path, document)


def test_claims_are_listed_by_their_myths_each_with_its_verdict_and_folded_evidence(tmp_path):
    document = with_myths(two_examples())
    document["ladders"][1]["claims"][2]["myth"] = "memory"
    html = reported(tmp_path, document)
    groups = re.findall(r'<div class="claims" data-myth="(\w+)">(.*?)</div>', html, flags=re.S)
    assert [(myth, re.findall('id="claim-([^"]*)"', claims)) for myth, claims in groups] == [
        (
            "memory",
            [
                "dummy_objects-row-temporary-memory",
                "dummy_objects-row-temporary-time",
                "locator-numba-is-c",
            ],
        ),
        ("late", ["locator-numba-talk", "locator-threads-scale"]),
    ]
    claim = html[html.index('id="claim-locator-numba-talk"') :]
    assert claim.index(">holds</span>") < claim.index("</summary>") < claim.index("Evidence: ")
    assert "Speaks against the myth, and decides." in claim


def test_claims_about_no_myth_of_the_run_stand_last(tmp_path):
    document = with_myths(two_examples())
    del document["ladders"][0]["myth"]
    html = reported(tmp_path, document)
    assert re.findall(r'data-myth="(\w+)"', html) == ["late", "none"]


def test_a_section_tells_the_answer_then_why_then_its_claims_then_tables_and_sources(tmp_path):
    html = reported(tmp_path, with_myths(two_examples()))
    section = html[html.index('<section id="locator"') :]
    parts = ['class="of-myth"', 'class="climb"', 'class="of-ladder"', "<table", 'class="source"']
    places = [section.index(part) for part in parts]
    assert places == sorted(places)
    assert "Its claims: 2 holds, 1 undecided" in section
