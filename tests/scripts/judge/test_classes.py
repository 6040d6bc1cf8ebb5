"""Many machines as one class: places, answers, and who is far off."""

from __future__ import annotations

import random

import pytest

from class_of_runs import small_run
from suite.judge import classes
from suite.runs import results

USUAL = {"virtualization": "none", "load_before": 0.0}


def a_class(*documents: dict) -> classes.Class:
    return classes.of(classes.member(results.read(document)) for document in documents)


def equal_machines(count: int) -> list[dict]:
    return [small_run(seed, slower=1.0, **USUAL) for seed in range(1, count + 1)]


def test_the_fastest_is_first_on_every_example_and_in_all():
    fast = small_run(9, slower=0.5, **USUAL)
    whole = a_class(*equal_machines(6), fast)
    mark = classes.member(results.read(fast)).mark
    told = classes.standings(whole)
    assert [each.example for each in told] == ["", *whole.examples]
    for standing in told:
        assert next(iter(standing.speeds)) == mark
        assert standing.speeds[mark] == pytest.approx(2.0, rel=0.1)
        assert standing.level_with_first == []


def test_who_is_not_surely_slower_shares_the_first_place():
    told = classes.standings(a_class(*equal_machines(3)))
    assert all(standing.level_with_first for standing in told)


def test_the_order_of_the_files_changes_nothing():
    documents = equal_machines(7)
    one = a_class(*documents)
    random.Random(1).shuffle(documents)
    other = a_class(*documents)
    assert one.names == other.names
    assert [row.seconds for row in one.rows] == [row.seconds for row in other.rows]
    assert classes.outliers(one) == classes.outliers(other)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"power": "battery"}, "runs on battery"),
        ({"virtualization": "kvm"}, "a virtual machine (kvm)"),
        ({"cgroup": {"cpu_quota": 0.5}}, "A control group grants 0.5"),
        ({"load_before": 99.0}, "was busy when the run began"),
        ({"openmp": {"omp_num_threads": "1"}}, "OMP_NUM_THREADS is 1"),
        ({"governor": "powersave"}, "governor is powersave"),
        ({"build": {"compiler": "Clang 14.0.6"}}, "Another compiler than most: Clang 14.0.6, not "),
    ],
)
def test_a_slow_machine_is_explained_from_its_passport(facts, reason):
    slow = small_run(9, slower=3.0, **{**USUAL, **facts})
    (outlier,) = classes.outliers(a_class(*equal_machines(6), slow))
    assert outlier.far[0].speed == pytest.approx(1 / 3, rel=0.1)
    assert any(reason in sentence for sentence in outlier.why)


def test_a_limit_of_processors_explains_a_slow_machine():
    slow = small_run(9, slower=3.0, **USUAL)
    slow["machine"]["cpu"].update(cores=8, threads_per_core=2, usable_cores=4)
    (outlier,) = classes.outliers(a_class(*equal_machines(6), slow))
    assert "It may use 4 of its 16 logical processors." in outlier.why


def test_what_makes_machines_slow_explains_no_fast_one():
    fast = small_run(9, slower=0.3, **{**USUAL, "power": "battery"})
    (outlier,) = classes.outliers(a_class(*equal_machines(6), fast))
    assert outlier.far[0].speed > 2
    assert outlier.why == []


def test_nobody_is_far_off_among_equals_or_among_too_few():
    assert classes.outliers(a_class(*equal_machines(8))) == []
    few = [*equal_machines(3), small_run(9, slower=5.0)]
    assert classes.outliers(a_class(*few)) == []


def test_answers_are_counted_over_the_machines():
    told = classes.myths(a_class(*equal_machines(5)))
    assert [asked.says for asked in told] == [
        "Dummy objects that screw up memory",
        "Python comes too late",
    ]
    for asked in told:
        assert sum(len(marks) for _, _, marks in asked.told) == 5
        assert asked.otherwise == []
    assert [asked.told[0][1] for asked in told] == ["TRUE", "BUSTED"]


def test_who_decides_a_myth_by_claims_of_another_kind_has_no_vote():
    odd = small_run(9, slower=1.0)
    claims = [c for ladder in odd["ladders"] for c in ladder["claims"] if c.get("decides")]
    for claim in claims:
        claim["says"] = "Whatever you like"
    whole = a_class(*equal_machines(4), odd)
    mark = classes.member(results.read(odd)).mark
    for asked in classes.myths(whole):
        assert asked.otherwise == [mark]
        assert sum(len(marks) for _, _, marks in asked.told) == 4


def test_other_work_of_the_same_name_is_another_row():
    odd = small_run(9, slower=1.0)
    for ladder in odd["ladders"]:
        for each in ladder["cases"]:
            each["work"]["items"] *= 2
    for row in odd["rows"]:
        row["work"]["items"] *= 2
    mark = classes.member(results.read(odd)).mark
    whole = a_class(*equal_machines(3), odd)
    assert whole.rows
    assert not any(mark in row.seconds for row in whole.rows)
