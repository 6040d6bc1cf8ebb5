from __future__ import annotations

import pytest

from suite.runs import results
from suite.runs.intervals import Interval
from synthetic_run import Builder, case, rung
from words_of_charts import charts_of, texts

pytest.importorskip("matplotlib")
from suite.charts.speedup import Curve, Law, Point, SpeedUps, curves, shown, words


def curve(law: Law, threads: list[int], cores: int) -> Curve:
    points = [Point(t, Interval(law.speedup(t), law.speedup(t), law.speedup(t))) for t in threads]
    return Curve("10 rung", "c++", points, cores)


def test_amdahl_s_law_is_found_again_in_points_that_follow_it():
    found = curve(Law(0.1), [1, 2, 4], cores=4)
    assert found.amdahl.serial == pytest.approx(0.1)
    assert found.amdahl.speedup(1e9) == pytest.approx(10, rel=1e-6)


def test_the_universal_law_is_found_again_with_its_crosstalk():
    law = curve(Law(0.05, 0.01), [1, 2, 4, 8, 16], cores=16).usl
    assert (law.serial, law.crosstalk) == (pytest.approx(0.05), pytest.approx(0.01))
    assert law.speedup(16) < law.speedup(8)


def test_nothing_is_fitted_to_fewer_points_than_say_something():
    found = curve(Law(0.1), [1, 2], cores=2)
    assert found.amdahl is None and found.usl is None
    assert curve(Law(0.1), [1, 2, 4], cores=4).usl is None


def test_threads_beyond_the_cores_are_no_evidence_for_a_law():
    ideal = curve(Law(0.0), [1, 2, 4], cores=4)
    late = Point(8, Interval(0.5, 0.5, 0.5))
    found = Curve("10 rung", "c++", [*ideal.points, late], 4)
    assert found.amdahl.serial == pytest.approx(0.0)
    assert late not in found.on_cores


@pytest.mark.parametrize("law", [Law(-0.1, 0.02), Law(0.1, -0.005)])
def test_no_share_is_below_nothing(law):
    found = curve(law, [1, 2, 4, 8], cores=8).usl
    assert found.serial >= 0 and found.crosstalk >= 0


def measured(work_grows: bool, rounds: int = 7) -> dict:
    """One rung that takes turns: as long for as much work, however many threads there are."""
    items = {1: 100.0, 2: 200.0, 4: 400.0} if work_grows else dict.fromkeys((1, 2, 4), 100.0)
    builder = Builder(rounds, noise=0.001).ladder(
        "sums",
        cases=[case(f"n:9/threads:{t}", items[t]) for t in items],
        rungs=[
            rung("turns", 10, "src/sums/10_turns.cpp", "In turns.", threaded=True),
            rung("alone", 20, "src/sums/20_alone.cpp", "Alone."),
        ],
    )
    for threads, amount in items.items():
        builder.ok("sums", "turns", f"n:9/threads:{threads}", amount / 100)
    builder.ok("sums", "alone", "n:9/threads:1", 1.0)
    return builder.document()


@pytest.mark.parametrize("work_grows", [True, False])
def test_threads_that_take_turns_have_no_speed_up_whatever_their_work(work_grows):
    run = results.read(measured(work_grows))
    (group,) = results.groups(run, run.ladders[0])
    (turns,) = curves(run, group)  # a rung without threads has no curve
    assert [point.threads for point in turns.points] == [1, 2, 4]
    for point in turns.points:
        assert point.speedup.value == pytest.approx(1.0, rel=0.01)
        assert point.efficiency == pytest.approx(1.0 / point.threads, rel=0.01)
        assert point.speedup.low <= point.speedup.value <= point.speedup.high


def test_of_two_rounds_no_speed_up_is_told():
    run = results.read(measured(work_grows=True, rounds=2))
    (group,) = results.groups(run, run.ladders[0])
    told = words(shown(run, group))
    assert all(point.few for point in shown(run, group).curves[0].points)
    assert "times as much" not in told.title
    assert "×" not in told.alt


def test_the_title_says_what_a_thread_per_core_is_worth():
    run = results.read(measured(work_grows=True))
    (group,) = results.groups(run, run.ladders[0])
    assert (
        words(shown(run, group)).title == "With 2 threads no rung is shown to do more than with one"
    )


def test_a_rung_whose_threads_had_too_few_rounds_is_named_without_a_speed_up():
    document = measured(work_grows=True)
    for row in document["rows"]:
        if row["case"]["threads"] > 1:
            row["samples"] = [sample for sample in row["samples"] if sample["round"] <= 2]
    (chart,) = charts_of(results.read(document), "speedup")
    assert "10 turns" in texts(chart.figure())


def test_the_title_names_the_rung_before_its_threads():
    points = [Point(t, Interval(1.0 * t, 0.9 * t, 1.1 * t)) for t in (1, 2)]
    run = results.read(measured(work_grows=True))
    (group,) = results.groups(run, run.ladders[0])
    told = words(SpeedUps(group, [Curve("10 threads", "c++", points, cores=2)], "2 cores"))
    assert told.title == "threads does 2.0 times as much with 2 threads as with one"
