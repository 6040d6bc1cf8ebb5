"""What would decide what is undecided."""

from __future__ import annotations

from suite.judge.next_steps import next_steps

DOCUMENT = {"settings": {"budget_seconds": 300.0}}


def verdict(word: str, **more: str) -> dict:
    return {"verdict": word, **more}


def test_time_decides_what_lacks_nothing():
    (step,) = next_steps(DOCUMENT, [verdict("undecided"), verdict("holds"), verdict("fails")])
    assert step == "make bench BUDGET=10min: more time, for 1 undecided claim"


def test_what_is_not_on_the_machine_is_named_most_wanted_first():
    lacking = [verdict("undecided", lacks=what) for what in ("cores", "numba", "numba")]
    (step,) = next_steps(DOCUMENT, lacking)
    assert step.endswith(": numba, for 2 claims; cores, for 1 claim")


def test_where_all_is_decided_nothing_is_left_to_try():
    assert next_steps(DOCUMENT, [verdict("holds"), verdict("fails")]) == []
