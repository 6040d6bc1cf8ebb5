"""What an example may claim, and which sentence says what is wrong with a claims.json."""

import json
from pathlib import Path

import pytest

from suite.runs import claims, documents
from suite.runs.documents import Refused

PROJECT = Path(__file__).resolve().parents[3]
OVER_SEVERAL = {"like": "CPython", "at_least": 1}


@pytest.fixture
def refusal(tmp_path):
    """What is said of a claims.json, after its name, of an example with rungs a and b."""
    file = tmp_path / "claims.json"

    def of(**told) -> str:
        file.write_text(json.dumps({"title": "T", "kind": "myth", "claims": [], **told}))
        with pytest.raises(Refused) as caught:
            claims.load(file, ["a", "b"], ["n"])
        assert "\n" not in str(caught.value)
        name, _, said = str(caught.value).partition(": ")
        assert name == str(file)
        return said

    return of


def claim(**changes) -> dict:
    told = {"id": "it", "says": "So it is.", "of": "a", "over": "b", "at_least": 2, **changes}
    return {name: value for name, value in told.items() if value is not None}


def test_the_claims_of_every_example_are_well_formed():
    files = sorted((PROJECT / "src").glob("*/claims.json"))
    assert len(files) > 5
    for file in files:
        told = documents.read(file, "claims")
        rungs = [path.stem.split(".")[0][3:] for path in sorted(file.parent.glob("[0-9][0-9]_*"))]
        parameters = {name for each in told["claims"] for name in _parameters(each)}
        claims.check(told, str(file), rungs, parameters | {told.get("sizes", {}).get("parameter")})


def _parameters(told: dict):
    for holder in (told, told.get("of"), told.get("over")):
        if isinstance(holder, dict):
            yield from holder.get("case", {})


def test_a_good_claims_file_is_read(tmp_path):
    told = claim(case={"n": 4}, of={"rung": "a", "case": {"n": 8}})
    file = tmp_path / "claims.json"
    file.write_text(json.dumps({"title": "T", "kind": "myth", "claims": [told]}))
    assert claims.load(file, ["a", "b"], ["n"])["claims"] == [told]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"of": "nobody"}, "claim 'it': 'of': there is no rung 'nobody', only a, b"),
        ({"over": {"rung": "nobody"}}, "claim 'it': 'over': there is no rung 'nobody'"),
        ({"over": None}, "'over' is missing in entry 1 (it) of 'claims'"),
        ({"over": 3}, "'over' of entry 1 (it) of 'claims' must be an object, but is 3"),
        ({"over": {"rung": "a", "cases": {}}}, "'cases' is not known in 'over' of entry 1 (it)"),
        ({"says": ""}, "'says' of entry 1 (it) of 'claims' must be a text of 1 or more characters"),
        ({"says": " "}, "must be a sentence"),
        ({"id": "It is"}, "'id' of entry 1 (It is) of 'claims' must be"),
        ({"at_least": None}, "entry 1 (it) of 'claims' lacks a bound, 'at_least' or 'at_most'"),
        ({"at_least": "2"}, "'at_least' of entry 1 (it) of 'claims' must be a number, but is '2'"),
        ({"at_least": True}, "must be a number, but is true"),
        ({"at_least": -1}, "must be at least 1e-15, but is -1"),
        ({"at_least": 3, "at_most": 2}, "claim 'it': 'at_least' is above 'at_most'"),
        ({"measure": "minutes"}, "'measure' of entry 1 (it)"),
        (
            {"measure": "of_bound"},
            "is about the share of its own bound, which is over nothing else",
        ),
        ({"case": []}, "'case' of entry 1 (it) of 'claims' must be an object"),
        ({"case": {"m": 3}}, "claim 'it': there is no parameter 'm' in the cases"),
        ({"case": {"n": [1]}}, "'n' of 'case' of entry 1 (it) of 'claims' must be a number"),
        ({"interpreter": 3}, "'interpreter' of entry 1 (it) of 'claims' must be a text"),
        ({"atleast": 3}, "'atleast' is not known in entry 1 (it) of 'claims'"),
        ({"interpreters": 3}, "'interpreters' of entry 1 (it)"),
        ({"interpreters": {"at_least": 2}}, "'like' is missing in 'interpreters'"),
        ({"interpreters": {"like": "CPython"}}, "'at_least' is missing in 'interpreters'"),
        ({"interpreters": {"like": "CPython", "at_least": 0}}, "must be at least 1, but is 0"),
        ({"interpreters": {**OVER_SEVERAL, "lock": "off"}}, "must be true or false"),
        (
            {"interpreters": OVER_SEVERAL, "interpreter": "PyPy"},
            "names one interpreter and several",
        ),
        ({"overlaps": 3}, "'overlaps' of entry 1 (it) of 'claims' must be an object"),
        ({"overlaps": {"of": "a", "over": "b"}}, "'interpreters' is missing in 'overlaps'"),
        (
            {"overlaps": {"of": "a", "interpreters": OVER_SEVERAL}},
            "'over' is missing in 'overlaps'",
        ),
        (
            {"overlaps": {"of": "nobody", "over": "b", "interpreters": OVER_SEVERAL}},
            "claim 'it': 'overlaps': 'of': there is no rung 'nobody'",
        ),
    ],
)
def test_what_is_wrong_with_a_claim_is_said_in_one_sentence(refusal, changes, complaint):
    assert complaint in refusal(claims=[claim(**changes)])


def test_two_claims_of_one_id_are_refused(refusal):
    assert refusal(claims=[claim()] * 2) == "claim 'it': there are two of this id"


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ({"title": 3}, "'title' must be a text, but is 3"),
        ({"kind": "tale"}, "'kind' must be one of 'myth', 'rumour', 'emerging', but is 'tale'"),
        ({"claims": {}}, "'claims' must be a list, but is an object of 0"),
        ({"claims": [3]}, "entry 1 of 'claims' must be an object, but is 3"),
        ({"x": 1}, "'x' is not known"),
        ({"baseline": "x"}, "'baseline': there is no rung 'x', only a, b"),
        ({"waterfall": [{"rung": "a", "cost": "c"}]}, "'waterfall' must be a list of 2 or more"),
        ({"waterfall": [{"rung": "a"}] * 2}, "'cost' is missing in entry 1 (a) of 'waterfall'"),
        (
            {"waterfall": [{"rung": "a", "cost": "c"}, {"rung": "x", "cost": "d"}]},
            "'waterfall': there is no rung 'x'",
        ),
        (
            {"waterfall": [{"rung": "b", "cost": "c"}, {"rung": "a", "cost": "d"}]},
            "'waterfall': the rungs must be in the order of the ladder, each once",
        ),
        ({"years": {"beside": []}}, "'title' is missing in 'years'"),
        ({"years": {"title": "T", "beside": ["x"]}}, "'years': there is no rung 'x'"),
        ({"years": {"title": "T", "since": 1991}}, "'since' is not known in 'years'"),
        ({"sizes": []}, "'sizes' must be an object"),
        ({"sizes": {"parameter": "m"}}, "'sizes': there is no parameter 'm' in the cases"),
        ({"sizes": {"parameter": "n", "bandwidth_at": 0}}, "'bandwidth_at' of 'sizes' must be at"),
        ({"sizes": {"parameter": "n", "of": "a"}}, "'of' is not known in 'sizes'"),
        ({"sizes": {"parameter": "n", "crossovers": {}}}, "'crossovers' of 'sizes' must be a list"),
        (
            {"sizes": {"parameter": "n", "crossovers": [{"of": "a"}]}},
            "'over' is missing in entry 1 of 'crossovers' of 'sizes'",
        ),
        (
            {
                "sizes": {
                    "parameter": "n",
                    "crossovers": [{"of": "a", "over": "x", "within": 1, "says": "so"}],
                }
            },
            "'sizes': a crossover: there is no rung 'x'",
        ),
    ],
)
def test_what_is_wrong_beside_the_claims_is_said_in_one_sentence(refusal, told, complaint):
    assert complaint in refusal(**told)


def test_a_missing_claims_file_is_named(tmp_path):
    with pytest.raises(Refused, match=r"claims\.json: there is no such file"):
        claims.load(tmp_path / "claims.json", [], [])
