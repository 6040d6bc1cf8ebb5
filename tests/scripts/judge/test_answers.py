"""The answers to the myths, from verdicts that are made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from suite.judge import answers
from suite.runs import claims, documents, results
from suite.runs.results import PROJECT
from synthetic_run import Builder, case, rung

BOTH, ONE = "both sides", answers.ONE_WAY
SOURCES = sorted((PROJECT / "src").glob("*/claims.json"))


@pytest.mark.parametrize(
    ("rule", "for_it", "against_it", "expected"),
    [
        (BOTH, ["holds"], ["holds"], "partly"),
        (BOTH, ["holds"], ["fails"], "true"),
        (BOTH, ["fails"], ["holds"], "busted"),
        (BOTH, ["fails"], ["fails"], "partly"),
        (BOTH, ["holds", "holds"], [], "true"),
        (BOTH, ["holds", "fails"], [], "partly"),
        (BOTH, ["fails", "fails"], [], "busted"),
        (BOTH, ["holds"], ["holds", "fails"], "partly"),
        (ONE, ["holds"], ["holds", "holds"], "busted"),
        (ONE, ["holds"], ["holds", "fails"], "partly"),
        (ONE, ["holds"], ["fails", "fails"], "true"),
        (ONE, ["fails"], ["fails", "fails"], "partly"),
    ],
)
def test_the_answer_follows_from_both_sides(rule, for_it, against_it, expected):
    assert answers.outcome(rule, for_it, against_it) == expected


@pytest.mark.parametrize(
    ("rule", "for_it", "against_it", "expected"),
    [
        (BOTH, ["undecided"], ["holds"], answers.NOT_DECIDED),
        (BOTH, ["holds"], ["holds", "undecided"], "partly"),
        (ONE, ["undecided"], ["holds", "holds"], "busted"),
        (ONE, ["holds"], ["holds", "undecided"], answers.NOT_DECIDED),
    ],
)
def test_what_is_undecided_matters_only_where_the_answer_depends_on_it(
    rule, for_it, against_it, expected
):
    assert answers.outcome(rule, for_it, against_it) == expected


MYTH = {
    "id": "slow",
    "kind": "myth",
    "says": "It is slow",
    "refuted_by": BOTH,
    "why": {"true": "It is.", "partly": "Sometimes.", "busted": "It is not."},
}


def asked(verdicts: dict[str, dict], myth: dict = MYTH) -> list[dict]:
    """`verdicts` by the ids of claims, each with what it speaks; all of them decide."""
    stated = [
        {
            "id": name,
            "says": f"{name} is so",
            "speaks": told["speaks"],
            "decides": True,
            "of": "loop",
            "over": "loop",
            "at_least": 1,
        }
        for name, told in verdicts.items()
    ]
    builder = Builder(rounds=1).ladder(
        "sums",
        cases=[case("n:10", 10)],
        rungs=[rung("loop", 5, "src/sums/05_loop.py", "A loop.")],
        claims=stated,
        myth=myth["id"],
    )
    run = results.read({**builder.document(), "myths": [myth]})
    decided = [
        {"example": "sums", "claim": name, "says": f"{name} is so", **told}
        for name, told in verdicts.items()
    ]
    return answers.answered(run, decided)


def told(speaks: str, verdict: str, **more: str) -> dict:
    return {"speaks": speaks, "verdict": verdict, **more}


def test_an_answer_names_what_decided_it_for_the_myth_first():
    (answer,) = asked({"no": told("against", "fails"), "yes": told("for", "holds")})
    assert (answer["answer"], answer["why"]) == ("TRUE", "It is.")
    assert [entry["claim"] for entry in answer["deciding"]] == ["yes", "no"]


def test_advice_has_words_of_its_own():
    words = {"true": "GOOD", "partly": "SO SO", "busted": "BAD"}
    verdicts = {"yes": told("for", "holds"), "no": told("against", "holds")}
    (answer,) = asked(verdicts, {**MYTH, "answers": words})
    assert answer["answer"] == "SO SO"


def test_an_answer_that_is_not_decided_says_what_is_missing():
    verdicts = {"yes": told("for", "undecided", reason="there was no time")}
    (answer,) = asked(verdicts)
    assert answer["answer"] == "NOT DECIDED"
    assert answer["why"] == "1 of 1 deciding claim is undecided: there was no time."


def test_what_the_machine_lacks_decides_nothing():
    verdicts = {
        "yes": told("for", "holds"),
        "no": told("against", "holds"),
        "other": told("against", "undecided", lacks="numba", reason="numba is not installed"),
    }
    (answer,) = asked(verdicts, {**MYTH, "refuted_by": ONE})
    assert answer["answer"] == "BUSTED"


def test_where_everything_lacks_nothing_is_decided():
    verdicts = {"no": told("against", "undecided", lacks="numba", reason="numba is not installed")}
    (answer,) = asked(verdicts)
    assert answer["answer"] == "NOT DECIDED"
    assert "numba is not installed" in answer["why"]


def test_a_myth_that_nothing_decides_has_no_answer():
    assert asked({}) == []


# What the project itself claims


def test_each_myth_is_decided_by_two_to_five_claims_of_the_project():
    myths = claims.myths(PROJECT / "slides" / "myths.json")
    count = dict.fromkeys(myths, 0)
    for file in SOURCES:
        example = documents.read(file, "claims")
        for claim in example["claims"]:
            count[claim.get("myth", example["myth"])] += claim.get("decides", False)
    assert all(2 <= each <= 5 for each in count.values()), count


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.parent.name)
def test_each_claim_of_the_project_speaks_and_its_sentence_stands_alone(file: Path):
    for claim in json.loads(file.read_text(encoding="utf-8"))["claims"]:
        assert "speaks" in claim, claim["id"]
        words = claim["says"].replace(",", "").split()
        assert words[0] not in {"They", "It", "Nor", "So", "On", "At", "In", "With"}, claim["says"]
        assert not {"our", "Our", "too", "nor"} & set(words), claim["says"]
