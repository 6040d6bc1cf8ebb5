from dataclasses import replace

import pytest

from suite.judge.standings import (
    finding,
    not_run,
    notes,
    standings,
    without_baseline,
)
from suite.runs import results
from synthetic_run import Builder, case, close, hostile, noise, rung, two_examples


@pytest.fixture(scope="module")
def run():
    return results.read(two_examples().document())


def all_groups(run):
    return [group for ladder in run.ladders for group in results.groups(run, ladder)]


def group_of(run, slug):
    return next(group for group in all_groups(run) if group.slug == slug)


def ladder(rounds: int = 7, **seconds: float) -> Builder:
    """Rungs of Python, NumPy and C++; those of which the seconds are given were measured."""
    files = {"loop": "05_loop.py", "numpy": "07_numpy.py", "fused": "10_fused.cpp"}
    builder = Builder(rounds, noise=0.005).ladder(
        "sums",
        title="Sums are slow",
        baseline="loop",
        cases=[case("n:9", 9)],
        rungs=[rung(name, int(file[:2]), f"src/sums/{file}", "") for name, file in files.items()],
    )
    for name in files:
        if name in seconds:
            builder.ok("sums", name, "n:9", seconds[name])
        else:
            builder.skipped("sums", name, "n:9", "forecast 4.7 days", seconds=4e5)
    return builder


def only(builder: Builder):
    run = results.read(builder.document())
    (group,) = results.groups(run, run.ladders[0])
    return group


def test_a_finding_goes_from_the_baseline_to_the_best_of_python_and_on_to_the_best_of_cpp():
    said = finding(only(ladder(loop=8.0, numpy=0.1, fused=0.037)))
    assert said == "numpy 80 times faster than loop, fused 2.7 times faster than numpy"


def test_a_finding_may_be_that_something_is_slower_or_no_difference_is_shown():
    assert "fused 2.5 times slower than numpy" in finding(only(ladder(numpy=0.1, fused=0.25)))
    assert finding(only(close())) == "no difference shown between b and a"


def test_on_a_noisy_machine_a_small_difference_is_none():
    document = ladder(numpy=0.1, fused=0.104).document()
    for floor, said in ((0.01, "1.04 times slower than"), (0.08, "fused as fast as numpy")):
        document["machine"]["noise"] = noise(floor)
        run = results.read(document)
        (group,) = results.groups(run, run.ladders[0])
        assert said in finding(group)


def test_of_too_few_rounds_nothing_is_found_and_no_factor_is_told():
    group = only(ladder(rounds=2, loop=8.0, numpy=0.1, fused=0.037))
    assert finding(group) == ""
    assert {each.comparison for each in standings(group)} == {"2 rounds"}
    assert all(each.few for each in standings(group))


def test_runs_that_do_other_work_are_not_held_against_each_other():
    builder = Builder(noise=0.005).ladder(
        "sums",
        cases=[case(f"n:9/threads:{threads}", 9.0 * threads) for threads in (1, 2)],
        rungs=[rung("shared", 10, "src/sums/10_shared.cpp", "", threaded=True)],
    )
    for threads in (1, 2):
        builder.ok("sums", "shared", f"n:9/threads:{threads}", 1.0)
    group = only(builder)
    assert [each.comparison for each in standings(group)] == ["baseline", "2× the work"]
    assert finding(group) == ""


def test_without_the_baseline_there_are_no_factors_and_it_is_said():
    group = only(ladder(numpy=0.1, fused=0.037))
    assert [each.ratio for each in standings(group)] == [None] * 3
    assert without_baseline(group).startswith("No factors: 05 loop, the baseline of this ladder")
    assert without_baseline(only(ladder(loop=1.0))) == ""


def test_what_was_not_run_is_one_line_with_the_time_in_all():
    named = [
        ("a", "no time left in the budget of 5 min, forecast 10 s for 3 rounds"),
        ("b", "forecast 30 s"),
        ("c", "numba is not installed"),
        ("d", "forecast 80 GB of memory, 7.4 GB available"),
    ]
    assert not_run(named) == [
        "a, b (no time: about 40 s in all); c (numba is not installed); "
        "d (forecast 80 GB of memory, 7.4 GB available)"
    ]
    assert not_run([]) == []


def test_a_rung_that_broke_is_not_called_a_wrong_answer():
    builder = close()
    builder.rows[1].update(status="failed", reason="failed: it ended with signal 11", samples=[])
    del builder.rows[1]["check"]
    group = group_of(results.read(builder.document()), "close_n-1")
    assert notes(standings(group)) == ["Failed, left out: 11 b (it ended with signal 11)"]


def test_wrong_answers_come_before_what_was_not_run():
    run = results.read(hostile().document())
    (group,) = all_groups(run)
    (wrong, skipped) = notes(standings(group))
    assert wrong.startswith("Wrong answers, left out: 92 z")
    assert skipped.startswith("Not run: 90 x (CPython 3.11), 90 x (PyPy 3.9) (no time: about 10")


def test_what_is_not_told_apart_from_the_baseline_says_so():
    (group,) = all_groups(results.read(close().document()))
    assert [each.comparison.split()[-1] for each in standings(group)] == [
        "baseline",
        "separated",
        "slower",
    ]


def test_no_forecast_is_below_what_the_machine_can_do_at_most(run):
    group = next(
        g for g in results.groups(run, run.ladder("locator")) if any(r.limit for r in g.rows)
    )
    row = next(row for row in group.rows if row.limit)
    forecast = replace(row, status="skipped", reason="", forecast={"seconds": row.limit / 10})
    rows = [forecast if each is row else each for each in group.rows]
    (found,) = [e for e in standings(replace(group, rows=rows)) if e.row is forecast]
    assert found.forecast == row.limit


def test_a_share_of_the_limit_has_an_interval_of_its_own(run):
    group = group_of(run, "locator_grid-medium_events-64")
    one = next(each for each in standings(group) if each.row.rung == "fused")
    assert one.of_limit.low < one.of_limit.value < one.of_limit.high
    assert one.of_limit.value == pytest.approx(one.limit / one.seconds.value)
    others = standings(group_of(run, "dummy_objects_n-4000"))
    assert {each.of_limit for each in others} == {None}
