"""What the claims need, found among the rows before anything is measured."""

from __future__ import annotations

from suite.measure.forecasts import rows_of
from suite.measure.wanted import wanted

CASES = [
    {
        "label": f"grid:{grid}/events:{events}/threads:{threads}",
        "parameters": {"grid": grid, "events": events, "threads": threads},
        "work": {"items": float(size * events), "flops": 0.0, "bytes": 0.0},
    }
    for grid, size in (("small", 1), ("medium", 100))
    for events in (1, 10)
    for threads in (1, 2)
]


def rung(name: str, language: str, threaded: bool) -> dict:
    fitting = [c["label"] for c in CASES if threaded or c["parameters"]["threads"] == 1]
    return {"name": name, "language": language, "threaded": threaded, "cases": fitting}


PYTHONS = {
    "cpython": {"implementation": "CPython", "version": "3.11.2", "gil": True},
    "cpython-free": {"implementation": "CPython", "version": "3.11.2", "gil": False},
    "pypy": {"implementation": "PyPy", "version": "3.9.16", "gil": True},
    "cpython-12": {"implementation": "CPython", "version": "3.12.1", "gil": True},
    "cpython-13": {"implementation": "CPython", "version": "3.13.1", "gil": True},
}
RUNGS = [rung("numpy", "python", False), rung("plain", "c++", False), rung("all", "c++", True)]


def cases_wanted(claim: dict) -> list[tuple[str, str]]:
    ladder = {"example": "locator", "cases": CASES, "rungs": RUNGS, "claims": [claim]}
    rows = rows_of([ladder], ["cpython", "pypy"])
    return [
        (f"{of.rung} {of.case}", f"{over.rung} {over.case}")
        for of, over in wanted([ladder], rows, PYTHONS)
    ]


def pythons_wanted(claim: dict) -> list[tuple[str, str]]:
    ladder = {"example": "locator", "cases": CASES, "rungs": RUNGS, "claims": [claim]}
    pairs = wanted([ladder], rows_of([ladder], PYTHONS), PYTHONS)
    return [(of.interpreter, over.interpreter) for of, over in pairs]


def test_a_claim_that_names_no_case_needs_the_smallest():
    assert cases_wanted({"of": "numpy", "over": "plain"}) == [
        ("numpy grid:small/events:1/threads:1", "plain grid:small/events:1/threads:1")
    ]


def test_a_claim_about_one_rung_needs_that_one_alone():
    claim = {"of": "all", "case": {"grid": "medium", "events": 10}, "measure": "of_bound"}
    ((of, over),) = cases_wanted(claim)
    assert of == over == "all grid:medium/events:10/threads:2"


def test_a_claim_needs_the_case_that_it_names_with_all_threads():
    claim = {"of": "plain", "over": "all", "case": {"grid": "medium", "events": 10}}
    assert cases_wanted(claim) == [
        ("plain grid:medium/events:10/threads:1", "all grid:medium/events:10/threads:2")
    ]


def test_a_side_may_name_its_own_threads_and_case():
    one = {"rung": "all", "case": {"threads": 1, "events": 10}}
    claim = {"of": one, "over": "all", "case": {"grid": "medium"}}
    assert cases_wanted(claim) == [
        ("all grid:medium/events:10/threads:1", "all grid:medium/events:1/threads:2")
    ]


def test_a_claim_about_a_case_that_no_rung_has_needs_nothing():
    assert cases_wanted({"of": "numpy", "over": "plain", "case": {"grid": "huge"}}) == []


def test_python_rungs_are_wanted_under_the_first_interpreter_only():
    assert pythons_wanted({"of": "numpy", "over": "plain"}) == [("cpython", "")]


def test_an_interpreter_that_a_claim_names_is_wanted():
    claim = {"of": "numpy", "over": "numpy", "interpreter": "CPython 3.12"}
    assert pythons_wanted(claim) == [("cpython-12", "cpython-12")]
    named_in_full = {**claim, "interpreter": "CPython 3.11.2"}
    assert pythons_wanted(named_in_full) == [("cpython", "cpython")]
    assert pythons_wanted({**claim, "interpreter": "CPython 2.7"}) == []


def test_of_several_interpreters_one_more_is_wanted_than_has_to_keep_the_bound():
    claim = {"of": "numpy", "over": "plain", "interpreters": {"like": "CPython 3", "at_least": 2}}
    assert [of for of, _ in pythons_wanted(claim)] == ["cpython", "cpython-free", "cpython-12"]
    for lock, known in ((True, ["cpython", "cpython-12", "cpython-13"]), (False, ["cpython-free"])):
        told = {**claim, "interpreters": {**claim["interpreters"], "lock": lock}}
        assert [of for of, _ in pythons_wanted(told)] == known


def test_what_a_claim_has_to_overlap_is_wanted_beside_its_own():
    beside = {"of": "numpy", "over": "numpy", "interpreters": {"like": "PyPy", "at_least": 1}}
    claim = {"of": "all", "over": "plain", "overlaps": beside}
    assert pythons_wanted(claim) == [("", ""), ("pypy", "pypy")]
