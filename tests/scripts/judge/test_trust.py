"""How far a run is to be trusted: the rule, line by line."""

from __future__ import annotations

import pytest
from test_doubts import document, processors, row, sentinel

from suite.judge.trust import trust
from synthetic_run import two_examples

STEADY = [1.0, 1.01, 0.99, 1.0, 1.01, 1.0]
UNSTEADY = [1.0, 1.2, 1.1, 0.9, 1.0, 1.0]
WILD = [1.0, 3.0, 1.1, 2.0, 1.0, 1.0]


def test_a_steady_run_of_six_rounds_on_a_quiet_machine_is_trusted_without_a_reason():
    found = trust(document([row(STEADY)], processors(busy=52, own=50), [sentinel(1, 1.0, 1.01)]))
    assert (found.word, found.reasons) == ("high", [])
    assert trust(document([row(STEADY)])).word == "high"  # where nobody tells who else was there


@pytest.mark.parametrize(
    ("changed", "word", "says"),
    [
        (document([row(UNSTEADY)]), "fair", "The typical row varied by 10%"),
        (document([row(WILD)]), "low", "The typical row varied by"),
        (document([row(STEADY)], sentinels=[sentinel(1, 1.0, 0.9)]), "fair", "at its end"),
        (document([row(STEADY)], sentinels=[sentinel(1, 1.0, 1.5)]), "low", "at its end"),
        (document([row(STEADY)], processors(busy=60, own=50)), "fair", "Other programs took 10%"),
        (document([row(STEADY)], processors(busy=80, own=50)), "low", "Other programs took 30%"),
        (document([row(STEADY)], processors(50, 50, steal=25)), "low", "Others on the same"),
        (document([row(STEADY)], {"power": "battery"}), "fair", "Plug it in."),
        ({**document([row(STEADY)]), "complete": False}, "fair", "RESUME="),
        (document([row(STEADY[:3])]), "low", "1 of 1 measured rows have fewer than 6 rounds."),
        (document([row(STEADY[:3])] * 2 + [row(STEADY)]), "fair", "2 of 3 measured rows"),
        (document([]), "low", "0 of 0 measured rows"),
    ],
)
def test_each_reason_makes_the_run_fair_or_low_and_is_told(changed, word, says):
    found = trust(changed)
    assert found.word == word
    (reason,) = found.reasons
    assert says in reason


def test_one_wild_row_of_many_and_one_drifting_round_of_many_leave_trust_high():
    rounds = [sentinel(1, 1.0, 2.0), sentinel(2, 1.0, 1.0), sentinel(3, 1.0, 1.0)]
    assert trust(document([row(STEADY), row(STEADY), row(WILD)], sentinels=rounds)).word == "high"


def test_the_worst_reason_is_the_first_and_gives_the_word():
    found = trust(document([row(UNSTEADY)], processors(busy=90, own=50)))
    assert found.word == "low"
    assert found.reasons[0].startswith("Other programs took 40%")
    assert len(found.reasons) == 2


def test_a_whole_run_has_its_word():
    assert trust(two_examples().document()).word == "high"
